"""Reads an XLSX or XLS in a process of its own: run as a script, bytes in, JSON out.

The parser is native code. On damaged files it may ask for all memory there is, end the process or
not end at all, and nothing in the same process could stop it: here the operating system does.

Standard input holds the workbook. The arguments are the most cells of all sheets together, and the
bytes of memory and seconds of processor time allowed. Standard output gets `{"sheets": [...]}` or
`{"error": "password" | "cells" | "memory" | "damaged", "message": ...}`.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import python_calamine as calamine

from openbudget.reading.bounds import bound
from openbudget.reading.sheets import value_text


class _TooManyCellsError(Exception):
    pass


def main(cells: int, memory_bytes: int, seconds: int) -> None:
    """Read standard input and write the answer."""
    bound("memory", memory_bytes)
    bound("processor", seconds)
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read(), cells)))


def answer(content: bytes, cells: int) -> dict[str, Any]:
    """Read a workbook in this process, which it may end."""
    try:
        return {"sheets": _sheets(content, cells)}
    except calamine.PasswordError:
        return {"error": "password", "message": ""}
    except _TooManyCellsError as error:
        return {"error": "cells", "message": str(error)}
    except MemoryError:
        return {"error": "memory", "message": ""}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        return {"error": "damaged", "message": f"{type(error).__name__}: {error}"}


def _sheets(content: bytes, cells: int) -> list[dict[str, Any]]:
    with calamine.load_workbook(io.BytesIO(content)) as workbook:
        sheets = []
        for index, found in enumerate(workbook.sheets_metadata):
            if found.typ == calamine.SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_index(index)
                cells -= sheet.height * sheet.width
                if cells < 0:
                    raise _TooManyCellsError(found.name)
                sheets.append({"index": index, "name": found.name, **_content(sheet)})
        return sheets


def _content(sheet: calamine.CalamineSheet) -> dict[str, Any]:
    """Return the filled cells and the merged ranges, counted from the first cell of the sheet."""
    top, left = sheet.start or (0, 0)
    texts = [
        (row, left + column, text)
        for row, values in enumerate(sheet.to_python(), start=top)
        for column, value in enumerate(values)
        if (text := value_text(value))
    ]
    return {"texts": texts, "merged": sheet.merged_cell_ranges or []}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
