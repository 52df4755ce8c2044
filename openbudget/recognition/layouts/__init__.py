"""What tables look like, as data: one YAML file a family of layouts, and the shared vocabulary."""
