"""The data table: items × years, computed items, and what is doubtful or wrong with a figure (docs/scoring.md, M1).
Exact: fractions.

A computed item is never filled in. `sum`: parts × times. `ratio`: of / by × times. `growth`: per cent on the year
before; its headline is the plain mean of the yearly rates over the table's years."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ledger.domain.reason import Reason

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_SEPARATORS = str.maketrans("", "", ",   '_")


def parse(text) -> Fraction | None:
    """A typed figure, full-width digits and thousands separators allowed; None where it is no number."""
    if not isinstance(text, str):
        return None
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").translate(_SEPARATORS)
    return Fraction(plain) if _NUMBER.fullmatch(plain) else None


def number(text, rules: Mapping) -> Fraction | Reason:
    """The figure, or what is wrong with it under `min`, `max` and `decimals` of a field or item."""
    value = parse(text)
    if value is None:
        return Reason("competition.not_a_number")
    if "decimals" in rules and (value * 10 ** rules["decimals"]).denominator != 1:
        return Reason("competition.too_many_decimals", {"most": rules["decimals"]})
    low, high = rules.get("min"), rules.get("max")
    if (low is not None and value < Fraction(low)) or (high is not None and value > Fraction(high)):
        if low is None or high is None:
            code = "competition.figure_too_low" if high is None else "competition.figure_too_high"
            return Reason(code, {"value": decimal(value), "bound": low if high is None else high})
        return Reason("competition.figure_out_of_range", {"value": decimal(value), "low": low, "high": high})
    return value


def decimal(value: Fraction, digits: int = 6) -> str:
    """Half up, without trailing zeros."""
    scaled = abs(value) * 10**digits
    whole, rest = divmod(int((scaled + Fraction(1, 2)) // 1), 10**digits)
    text = f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".") if digits else str(whole)
    return f"-{text}" if value < 0 and text != "0" else text


def reads(item: Mapping) -> tuple[str, ...]:
    """The codes of the items that a computed one is made from."""
    match item.get("computed"):
        case {"sum": parts}:
            return tuple(part["item"] for part in parts)
        case {"ratio": {"of": over, "by": under}}:
            return (over, under)
        case {"growth": code}:
            return (code,)
    return ()


def grid(items: Sequence[Mapping], table: Mapping, years: Sequence[int]) -> dict[str, dict[int, Fraction | None]]:
    """Item → year → figure, computed ones included; None where it is missing, unreadable or cannot be computed."""
    rows: dict[str, dict[int, Fraction | None]] = {}
    for item in items:
        if "computed" in item:
            rows[item["code"]] = {year: _compute(item["computed"], rows, year) for year in years}
        else:
            values = (table.get(item["code"]) or {}).get("values") or {}
            rows[item["code"]] = {year: parse(values.get(str(year))) for year in years}
    return rows


def _compute(how: Mapping, rows: Mapping, year: int) -> Fraction | None:
    match how:
        case {"sum": parts}:
            values = [rows[part["item"]][year] for part in parts]
            if None in values:
                return None
            return sum((value * Fraction(part.get("times", "1")) for value, part in zip(values, parts, strict=True)), Fraction(0))
        case {"ratio": {"of": over, "by": under, **rest}}:
            above, below = rows[over][year], rows[under][year]
            return None if above is None or not below else above / below * Fraction(rest.get("times", "1"))
        case {"growth": code}:
            now, before = rows[code][year], rows[code].get(year - 1)
            return None if now is None or not before or before < 0 else (now - before) / before * 100
    raise LookupError(f"no way to compute {how}")


def headline(items: Sequence[Mapping], table: Mapping, years: Sequence[int]) -> dict[str, Fraction | None]:
    """One figure per item: the last year's; of `growth` the mean of the yearly rates, None if any year is missing."""
    rows = grid(items, table, years)
    heads = {}
    for item in items:
        row = rows[item["code"]]
        if "growth" in item.get("computed", {}):
            rates = [row[year] for year in years[1:]]
            heads[item["code"]] = sum(rates, Fraction(0)) / len(rates) if rates and None not in rates else None
        else:
            heads[item["code"]] = row[years[-1]]
    return heads


def table_faults(items: Sequence[Mapping], table: Mapping, years: Sequence[int]) -> Iterator[tuple[str, Reason]]:
    """Faults by path inside the table: `output.2024`, `output.source`, `output.explanation`."""
    rows = grid(items, table, years)
    for item in items:
        if "computed" not in item:
            yield from _item_faults(item, table.get(item["code"]) or {}, rows, years)


def _item_faults(item: Mapping, given: Mapping, rows: Mapping, years: Sequence[int]) -> Iterator[tuple[str, Reason]]:
    code, values = item["code"], given.get("values") or {}
    filled = [year for year in years if str(values.get(str(year)) or "").strip()]
    sound = set()
    for year in years:
        if year not in filled:
            # Begun is finished: a row with a hole would break what is computed from it.
            if item.get("required", True) or filled:
                yield f"{code}.{year}", Reason("competition.figure_missing", {"year": year})
            continue
        checked = number(values[str(year)], item)
        if isinstance(checked, Reason):
            yield f"{code}.{year}", checked
            continue
        sound.add(year)
        whole = rows[item["at_most"]][year] if "at_most" in item else None
        if whole is not None and checked > whole:
            yield (
                f"{code}.{year}",
                Reason("competition.part_exceeds_whole", {"value": decimal(checked), "whole": decimal(whole), "item": item["at_most"]}),
            )
    if filled and not str(given.get("source") or "").strip():
        yield f"{code}.source", Reason("competition.source_missing")
    if "jump" in item and not str(given.get("explanation") or "").strip():
        for year in years[1:]:
            jump = _jump(item, rows[code], year) if {year, year - 1} <= sound else None
            if jump is not None:
                yield f"{code}.{year}", jump


def _jump(item: Mapping, row: Mapping, year: int) -> Reason | None:
    before, now = row[year - 1], row[year]
    if not before:
        return None
    change = (now - before) / before * 100
    low, high = (Fraction(bound) for bound in item["jump"])
    if low <= change <= high:
        return None
    params = {"year": year, "change": decimal(change, 1), "low": item["jump"][0], "high": item["jump"][1]}
    return Reason("competition.jump_unexplained", params)
