"""What an organiser sets before evaluators are assigned: one canonical JSON object, read and checked by key path.

Entries and evaluators stand by their ids as text. `seats`, `least` and `most` hold for everybody whom no exception names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluations.domain.reader import Reader

EACH = "*"
RULES = ("forbidden", "required")
MOST_SEATS = 500
MOST_LOAD = 5000
LONGEST_SEED = 60
LONGEST_REASON = 500
SCALARS = ("seats", "least", "most", "one_per_employer", "balance", "fairness", "seed", "same", "other")
TABLES = ("ranges", "entries", "loads", "pairs")


@dataclass(frozen=True)
class Own:
    """An exception for one evaluator; None is the plan's own number. An empty discipline is the first of their sectors."""

    least: int | None = None
    most: int | None = None
    discipline: str = ""


@dataclass(frozen=True)
class PairRule:
    """What is set by hand for one evaluator at one entry: a fit of 0 to 100, or "forbidden" or "required" with its reason."""

    fit: int | None = None
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """`same` and `other`: the fit of an evaluator with and without the entry's sector. `ranges`: sector ("*": each other one)
    to (least, most) of its evaluators on every entry. `anchors` are read by everyone who may."""

    seats: int
    most: int
    seed: str
    least: int = 0
    one_per_employer: bool = False
    balance: bool = True
    fairness: bool = True
    same: int = 100
    other: int = 0
    ranges: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    seats_of: Mapping[str, int] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()
    loads: Mapping[str, Own] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], PairRule] = field(default_factory=dict)

    def load_of(self, evaluator: str) -> tuple[int, int]:
        """Least and most; an exception that lies beyond the plan's other bound moves it along."""
        own = self.loads.get(evaluator, Own())
        least, most = own.least, own.most
        if least is None:
            least = self.least if most is None else min(self.least, most)
        if most is None:
            most = max(self.most, least)
        return least, most

    def to_json(self) -> dict[str, Any]:
        """Canonical: nothing that says nothing."""
        entries: dict[str, dict] = {entry: {"seats": seats} for entry, seats in self.seats_of.items()}
        for entry in self.anchors:
            entries.setdefault(entry, {})["anchor"] = True
        pairs: dict[str, dict] = {}
        for (entry, evaluator), rule in self.pairs.items():
            words = {"fit": rule.fit, "rule": rule.rule or None, "reason": rule.reason or None}
            if told := {key: value for key, value in words.items() if value is not None}:
                pairs.setdefault(entry, {})[evaluator] = told
        loads = {
            evaluator: told
            for evaluator, own in self.loads.items()
            if (
                told := {
                    key: value
                    for key, value in (("least", own.least), ("most", own.most), ("discipline", own.discipline or None))
                    if value is not None
                }
            )
        }
        return {name: getattr(self, name) for name in SCALARS} | {
            "ranges": {code: list(bounds) for code, bounds in sorted(self.ranges.items())},
            "entries": {entry: entries[entry] for entry in sorted(entries)},
            "loads": {evaluator: loads[evaluator] for evaluator in sorted(loads)},
            "pairs": {entry: dict(sorted(pairs[entry].items())) for entry in sorted(pairs)},
        }


def changed(plan: Plan, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's JSON with `changes`: scalars and `ranges` are replaced whole, `entries`, `loads` and the evaluators of each entry
    in `pairs` one by one (an empty value takes the exception away)."""
    data = plan.to_json()
    for name, value in changes.items():
        if name in ("entries", "loads"):
            data[name] = {key: told for key, told in (data[name] | dict(value)).items() if told}
        elif name == "pairs":
            for entry, rules in value.items():
                data["pairs"][entry] = {key: told for key, told in (data["pairs"].get(entry, {}) | dict(rules)).items() if told}
        else:
            data[name] = value
    return data


def read_plan(data: Any) -> Plan:
    """Raises Refused with the key path of each fault."""
    reader = Reader()
    root = reader.object(data, "", needs=SCALARS, may=TABLES)
    reader.refuse_faults()
    numbers = {
        name: reader.count(root[name], name, most=most) for name, most in (("seats", MOST_SEATS), ("least", MOST_LOAD), ("most", MOST_LOAD))
    }
    numbers |= {name: reader.count(root[name], name, most=100) for name in ("same", "other")}
    flags = {name: reader.flag(root[name], name) for name in ("one_per_employer", "balance", "fairness")}
    seed = reader.code(root["seed"], "seed")
    if seed and len(seed) > LONGEST_SEED:
        reader.fault("not_a_seed", "seed")
    if None not in (numbers["least"], numbers["most"]) and numbers["least"] > numbers["most"]:
        reader.fault("bounds_reversed", "most")
    ranges = _ranges(reader, root.get("ranges") or {})
    seats_of, anchors = _entries(reader, root.get("entries") or {})
    loads, pairs = _loads(reader, root.get("loads") or {}), _pairs(reader, root.get("pairs") or {})
    reader.refuse_faults()
    return Plan(seed=seed, ranges=ranges, seats_of=seats_of, anchors=frozenset(anchors), loads=loads, pairs=pairs, **numbers, **flags)


def _ranges(reader: Reader, data: Any) -> dict[str, tuple[int, int | None]]:
    found = {}
    for code, bounds in (reader.object(data, "ranges", may=tuple(data)) or {}).items() if isinstance(data, Mapping) else ():
        path = f"ranges.{code}"
        if not isinstance(bounds, list | tuple) or len(bounds) != 2:
            reader.fault("not_a_pair", path)
            continue
        least = reader.count(bounds[0], path, most=MOST_SEATS)
        most = None if bounds[1] is None else reader.count(bounds[1], path, most=MOST_SEATS)
        if least is not None and most is not None and least > most:
            reader.fault("bounds_reversed", path)
        if least is not None:
            found[code] = (least, most)
    return found


def _rows(reader: Reader, data: Any, path: str, may: tuple[str, ...]):
    """(id, its path, its mapping) of each row that is one."""
    if reader.object(data, path, may=tuple(data) if isinstance(data, Mapping) else ()) is None:
        return
    for key, row in data.items():
        own = f"{path}.{key}"
        if reader.code(key, own) and reader.object(row, own, may=may) is not None:
            yield key, own, row


def _entries(reader: Reader, data: Any) -> tuple[dict[str, int], set[str]]:
    seats, anchors = {}, set()
    for entry, path, row in _rows(reader, data, "entries", ("seats", "anchor")):
        if "seats" in row and (number := reader.count(row["seats"], f"{path}.seats", most=MOST_SEATS)) is not None:
            seats[entry] = number
        if "anchor" in row and reader.flag(row["anchor"], f"{path}.anchor"):
            anchors.add(entry)
    return seats, anchors


def _loads(reader: Reader, data: Any) -> dict[str, Own]:
    found = {}
    for evaluator, path, row in _rows(reader, data, "loads", ("least", "most", "discipline")):
        least, most = (
            reader.count(row[name], f"{path}.{name}", most=MOST_LOAD) if row.get(name) is not None else None for name in ("least", "most")
        )
        if least is not None and most is not None and least > most:
            reader.fault("bounds_reversed", f"{path}.most")
        discipline = reader.code(row["discipline"], f"{path}.discipline") if row.get("discipline") else ""
        found[evaluator] = Own(least, most, discipline or "")
    return found


def _pairs(reader: Reader, data: Any) -> dict[tuple[str, str], PairRule]:
    found = {}
    if reader.object(data, "pairs", may=tuple(data) if isinstance(data, Mapping) else ()) is None:
        return found
    for entry, rules in data.items():
        for evaluator, path, row in _rows(reader, rules, f"pairs.{entry}", ("fit", "rule", "reason")):
            fit = None if row.get("fit") is None else reader.count(row["fit"], f"{path}.fit", most=100)
            rule = reader.choice(row["rule"], f"{path}.rule", RULES) if row.get("rule") else ""
            reason = row.get("reason") or ""
            if rule and (not isinstance(reason, str) or not reason.strip() or len(reason) > LONGEST_REASON):
                reader.fault("not_a_code", f"{path}.reason")
                continue
            found[entry, evaluator] = PairRule(fit, rule or "", reason.strip() if rule else "")
    return found
