"""Standings as the command line prints them, read back as the rows that a rule of advancement sees."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from competition.domain.advancement import Row
from competition.domain.table_file import LONGEST_CODE, code_of, read_table, refuse_cell
from competition.domain.votes import Ballots
from ledger.domain.reason import Reason, Refused

ATTRIBUTES = ("track", "region", "macro_region", "recommender", "sector", "group")
# Totals of standings without a rounded total are printed with this many digits and are not official themselves.
UNROUNDED_DIGITS = 6
MOST_MEMBERS = 9_999
_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
_EXACT = re.compile(r"-?[0-9]{1,2000}/[1-9][0-9]{0,1999}")


def read_standings(data: Any) -> list[Row]:
    """`data` is the JSON of ``manage.py standings``; of each row `entry` and `rank` (or `ballots`) are needed. Row 1 is the
    first one."""
    standings = data.get("standings") if isinstance(data, Mapping) else None
    if not isinstance(standings, list):
        raise Refused(Reason("competition.standings_absent"))
    rows: dict[str, int] = {}
    found = []
    for number, item in enumerate(standings, 1):
        if not isinstance(item, Mapping):
            refuse_cell(number, "?", "competition.standings_not_an_object")
        row = _row(number, item)
        first = rows.setdefault(row.entry, number)
        if first != number:
            refuse_cell(number, "entry", "competition.file_entry_twice", first=first)
        found.append(row)
    return found


def read_attributes(source: bytes) -> dict[str, tuple[int, dict[str, str]]]:
    """ENTRIES.csv: {entry: (row, its attributes)}. Entries that are not in the standings may stand in it."""
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for row, cells in read_table(source, ("entry",), ATTRIBUTES):
        entry = code_of(row, "entry", cells.pop("entry"))
        if entry in found:
            refuse_cell(row, "entry", "competition.file_entry_twice", first=found[entry][0])
        for column, cell in cells.items():
            if cell:
                code_of(row, column, cell)
        found[entry] = row, cells
    return found


def with_attributes(rows: list[Row], attributes: Mapping[str, tuple[int, Mapping[str, str]]]) -> list[Row]:
    """A track or group that the file alone knows starts a count of its own inside it."""
    found = []
    for row in rows:
        number, own = attributes.get(row.entry, (0, {}))
        track = own.get("track", "")
        if track and row.track and track != row.track:
            refuse_cell(number, "track", "competition.file_track_differs", value=track, earlier=row.track)
        if not own:
            found.append(row)
            continue
        group = own.get("group", "")
        if group and row.group and group != row.group:
            refuse_cell(number, "group", "competition.file_group_differs", value=group, earlier=row.group)
        inside = {"track": track or row.track, "group": group or row.group}
        if track and not row.track:
            inside |= {"track_rank": None, "group_rank": None}
        if group and not row.group:
            inside["group_rank"] = None
        places = {name: own.get(name) or getattr(row, name) for name in ("region", "macro_region", "recommender", "sector")}
        found.append(replace(row, **inside, **places))
    return found


def _row(number: int, item: Mapping) -> Row:
    flags = item.get("flags") or []
    if not isinstance(flags, list) or not all(isinstance(flag, str) for flag in flags):
        refuse_cell(number, "flags", "competition.standings_not_a_list")
    if "rank" not in item and "ballots" not in item:
        refuse_cell(number, "rank", "competition.standings_key_absent")
    reason = _text(number, item, "reason", longest=None)
    return Row(
        entry=_code(number, item),
        rank=_rank(number, item, "rank"),
        track=_text(number, item, "track"),
        track_rank=_rank(number, item, "track_rank"),
        total=_total(number, item),
        flags=frozenset(flags),
        reason=Reason("competition.standings_reason", {"text": reason}) if reason else None,
        ballots=_ballots(number, item["ballots"]) if item.get("ballots") is not None else None,
        group=_text(number, item, "group"),
        group_rank=_rank(number, item, "group_rank"),
    )


def _ballots(row: int, value) -> Ballots:
    """`members` who may vote; `yes`, `no`, `abstain` and `excused` are 0 where they are absent."""
    if not isinstance(value, Mapping):
        refuse_cell(row, "ballots", "competition.standings_not_an_object")
    names = ("members", "yes", "no", "abstain", "excused")
    if unknown := sorted(str(name)[:LONGEST_CODE] for name in set(value) - set(names)):
        refuse_cell(row, f"ballots.{unknown[0]}", "competition.standings_key_unknown")
    if "members" not in value:
        refuse_cell(row, "ballots.members", "competition.standings_key_absent")
    for name in names:
        number = value.get(name, 0)
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_MEMBERS:
            refuse_cell(row, f"ballots.{name}", "competition.standings_not_a_count", value=str(number)[:LONGEST_CODE])
    found = Ballots(**value)
    if found.voted > found.members:
        refuse_cell(row, "ballots", "competition.ballots_above_members", voted=found.voted, members=found.members)
    return found


def _code(number: int, item: Mapping) -> str:
    if "entry" not in item:
        refuse_cell(number, "entry", "competition.standings_key_absent")
    return code_of(number, "entry", _text(number, item, "entry"))


def _text(number: int, item: Mapping, key: str, longest: int | None = LONGEST_CODE) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        refuse_cell(number, key, "competition.standings_not_a_text")
    return code_of(number, key, value) if value and longest else value


def _rank(number: int, item: Mapping, key: str) -> int | None:
    value = item.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        refuse_cell(number, key, "competition.standings_not_a_rank", value=str(value)[:LONGEST_CODE])
    return value


def _total(number: int, item: Mapping) -> Fraction | None:
    """The official total: the rounded one, or the exact one where nothing was rounded."""
    total, exact = _text(number, item, "total"), _text(number, item, "exact", longest=None)
    if total and not _DECIMAL.fullmatch(total):
        refuse_cell(number, "total", "competition.standings_not_a_decimal", value=total)
    if exact and not _EXACT.fullmatch(exact):
        refuse_cell(number, "exact", "competition.standings_not_a_fraction", value=exact[:LONGEST_CODE])
    whole, _point, part = total.partition(".")
    if exact and (len(part) == UNROUNDED_DIGITS or not total):
        numerator, _slash, denominator = exact.partition("/")
        return Fraction(int(numerator), int(denominator))
    return Fraction(int(whole + part), 10 ** len(part)) if total else None
