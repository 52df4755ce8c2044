# Two commands do everything: `make serve` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
OPENBUDGET_DATABASE_URL ?= sqlite:///var/openbudget.sqlite
export HOST PORT OPENBUDGET_DATABASE_URL

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: serve load test format lint types contracts tests npm generate lock benchmark clean
.DEFAULT_GOAL := serve

$(BIN)/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "openbudget needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' || \
	  { echo "This Python cannot make virtual environments: install the package python3-venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python requirements.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

serve: load ## install, load seed/ and serve the API
	$(BIN)/openbudget serve

load: $(VENV)/.installed ## install and load seed/ into the database
	$(BIN)/openbudget load seed

test: format lint types contracts tests ## everything that must pass

format: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	$(BIN)/lint-imports

tests: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

npm: ## needs npm; installs the client of Babbage and d3-hierarchy, which tests run
	mkdir -p var/npm
	npm install --prefix var/npm --silent --ignore-scripts --no-audit --no-fund \
	  lodash@4 bluebird@3 isomorphic-fetch@2 d3-hierarchy@3
	npm pack --silent --pack-destination var/npm babbage.ui@1.7.0
	mkdir -p var/npm/node_modules/babbage.ui
	tar -xzf var/npm/babbage.ui-1.7.0.tgz -C var/npm/node_modules/babbage.ui --strip-components=1

generate: $(VENV)/.installed-dev ## write openapi.yaml, schemas/ and docs/rules.md anew
	$(BIN)/openbudget openapi --output openapi.yaml
	$(BIN)/openbudget schemas --output schemas
	$(BIN)/openbudget rules --markdown --output docs/rules.md

lock: ## needs uv; writes the requirement locks anew
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  pyproject.toml --group build --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  pyproject.toml --group build --group dev --constraint requirements.txt \
	  --output-file requirements-dev.txt

benchmark: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
