"""How full the caps of an advancement rule are while its places are given."""

from collections import Counter
from collections.abc import Iterable

from competition.domain.advancement_row import Row
from competition.domain.advancement_rule import Cap


def under(cap: Cap, value: str, row: Row) -> bool:
    """Does `row` count against the cap for `value`?"""
    return getattr(row, cap.by) == value and cap.value in (None, value)


class Caps:
    """A cap without a value of its own holds for each value by itself: everything is kept by (cap, value)."""

    def __init__(self, caps: Iterable[Cap]):
        self.caps = tuple(caps)
        self._fillers: dict[tuple[Cap, str], list[Row]] = {}  # who fills a cap, the held ones as far as there is room
        self._full_by: dict[tuple[Cap, str], tuple[int, str]] = {}  # how many fill a cap, and their ranks in words
        self._closed: set[tuple[Cap, str]] = set()

    def fill(self, rows: list[Row]) -> None:
        for cap in self.caps:
            for row in rows:
                key = (cap, getattr(row, cap.by))
                if under(*key, row) and self.left(*key) > 0:
                    self._fillers.setdefault(key, []).append(row)

    def close(self, ends: list[tuple[Cap, str]]) -> None:
        """Nobody else goes in, whatever is left."""
        self._closed.update(ends)

    def left(self, cap: Cap, value: str) -> int:
        return 0 if (cap, value) in self._closed else cap.most - len(self._fillers.get((cap, value), ()))

    def full(self, row: Row) -> Cap | None:
        """The first cap that has no room for `row`."""
        for cap in self.caps:
            value = getattr(row, cap.by)
            if under(cap, value, row) and self.left(cap, value) <= 0:
                return cap
        return None

    def ending_in(self, rows: list[Row]) -> list[tuple[Cap, str]]:
        """The caps that end inside `rows`."""
        return [key for key, count in self._asked(rows).items() if count > self.left(*key)]

    def most_over(self, rows: list[Row]) -> int:
        """By how many `rows` are more than the fullest cap takes; 0 where all have room."""
        return max((count - self.left(*key) for key, count in self._asked(rows).items() if count > self.left(*key)), default=0)

    def params(self, cap: Cap, row: Row) -> dict:
        """Of the reason why `row` is past a full cap."""
        value = getattr(row, cap.by)
        fillers = self._fillers.get((cap, value), ())
        number, ranks = self._full_by.get((cap, value), (None, ""))
        if number != len(fillers):
            ranks = ", ".join(str(filler.rank) for filler in sorted(fillers, key=lambda row: row.rank))
            self._full_by[cap, value] = len(fillers), ranks
        return {"by": cap.by, "value": value, "max": cap.most, "ranks": ranks}

    def _asked(self, rows: list[Row]) -> Counter:
        keys = ((cap, getattr(row, cap.by), row) for cap in self.caps for row in rows)
        return Counter((cap, value) for cap, value, row in keys if under(cap, value, row))
