"""The worked tables of docs/scoring.md, read from it: what stands there is what the tests compute."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "scoring.md"
HEAD = re.compile(r"### ([A-Z][0-9]+) · (.+)")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Cell:
    text: str

    @property
    def plain(self) -> str:
        return self.text.replace("**", "").replace("`", "").strip()

    @property
    def numbers(self) -> list[str]:
        """Decimal texts in their order, "—" for a hole."""
        return re.findall(NUMBER.pattern + "|—", self.plain)

    @property
    def number(self) -> str:
        (only,) = self.numbers
        return only

    @property
    def groups(self) -> list[list[str]]:
        """(80, 90) (75, 85) → its rows."""
        return [Cell(group).numbers for group in re.findall(r"\(([^)]*)\)", self.plain)]


@dataclass(frozen=True)
class Algorithm:
    title: str
    prose: str
    rows: tuple[tuple[Cell, ...], ...]  # of its table, without the heads


@cache
def halves() -> tuple[dict[str, Algorithm], dict[str, Algorithm]]:
    """English and Chinese: identifier → algorithm, in the order of the page."""
    english, chinese = PAGE.read_text().split("\n---\n")
    return _algorithms(english), _algorithms(chinese)


def _algorithms(half: str) -> dict[str, Algorithm]:
    found = {}
    for block in re.split(r"\n(?=#{2,3} )", half):
        head = HEAD.match(block)
        if head:
            if head[1] in found:
                raise ValueError(f"{head[1]} stands twice")
            lines = block.splitlines()[1:]
            table = [line for line in lines if line.startswith("|")]
            rows = tuple(tuple(Cell(cell.strip()) for cell in line.strip("|").split(" | ")) for line in table[2:])
            found[head[1]] = Algorithm(head[2], "\n".join(line for line in lines if not line.startswith("|")), rows)
    return found


def worked(identifier: str) -> list[tuple[Cell, ...]]:
    """The rows of the table of one algorithm; it must have some."""
    rows = halves()[0][identifier].rows
    if not rows:
        raise LookupError(f"{identifier} has no table")
    return list(rows)


def fractions(cell: Cell) -> list[Fraction | None]:
    return [None if text == "—" else Fraction(text) for text in cell.numbers]
