"""Reading the values of a rule of advancement; `Refused` with the place and the fault."""

from collections.abc import Mapping
from fractions import Fraction

from competition.domain.figures import parse
from ledger.domain.reason import Reason, Refused


def malformed(place: str, fault: str) -> Refused:
    return Refused(Reason("competition.rule_malformed", {"place": place, "fault": fault}))


def known(data: Mapping, keys: set[str], place: str) -> None:
    if unknown := sorted(str(key) for key in set(data) - keys):
        raise malformed(place, f"unknown: {', '.join(unknown)}")


def number(value, place: str) -> Fraction:
    parsed = parse(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    if parsed is None:
        raise malformed(place, "a decimal as text")
    return parsed


def count(value, place: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise malformed(place, f"a whole number, {least} or more")
    return value
