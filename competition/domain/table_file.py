"""Reading a CSV file with a header, row by row. The first fault ends it, with its row and column."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from ledger.domain.reason import Reason, Refused

LONGEST_CODE = 200


def refuse_cell(row: int, column: str, code: str, **params: Any) -> NoReturn:
    raise Refused(Reason(code, {"row": row, "column": column, **params}))


def read_table(source: bytes, needs: Sequence[str], may: Sequence[str] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """(row, {column: cell}) of a UTF-8 CSV file; the header is row 1. Blank lines are passed over. Raises Refused."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        refuse_cell(source.count(b"\n", 0, fault.start) + 1, "?", "competition.file_not_utf8")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    number, header = 0, None
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as fault:
            refuse_cell(number, "?", "competition.file_malformed", fault=str(fault))
        if header is None:
            header = _header(cells, needs, may)
        elif len(cells) > len(header):
            refuse_cell(number, str(len(header) + 1), "competition.file_cell_too_many", columns=len(header))
        elif cells and len(cells) < len(header):
            refuse_cell(number, header[len(cells)], "competition.file_cell_absent")
        elif cells:
            yield number, dict(zip(header, cells, strict=True))
    if header is None:
        refuse_cell(1, needs[0], "competition.file_column_absent")


def _header(cells: list[str], needs: Sequence[str], may: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    for name in header:
        if name not in needs and name not in may:
            refuse_cell(1, name[:LONGEST_CODE], "competition.file_column_unknown")
        if header.count(name) > 1:
            refuse_cell(1, name, "competition.file_column_twice")
    for name in needs:
        if name not in header:
            refuse_cell(1, name, "competition.file_column_absent")
    return header


def code_of(row: int, column: str, cell: str) -> str:
    """Any text of 1 to 200 characters, as it stands."""
    if not cell:
        refuse_cell(row, column, "competition.file_code_empty")
    if len(cell) > LONGEST_CODE:
        refuse_cell(row, column, "competition.file_code_too_long", most=LONGEST_CODE)
    return cell
