"""INSTANCE.json of the command assign, read and checked by key path."""

import math
from collections.abc import Mapping
from typing import Any

from evaluations.domain.assignment_problem import EACH, GROUNDS, Load, Need, Problem
from evaluations.domain.reader import Reader

KEYS = ("fit", "forbidden", "required", "one_per_employer", "discipline_range", "anchors", "seed", "fairness")
MOST = 1_000_000


def parse_instance(data: Any) -> Problem:
    """Raises Refused with the key path of each fault. An absent `max` is no limit."""
    reader = Reader()
    root = reader.object(data, "", needs=("entries", "evaluators"), may=KEYS)
    reader.refuse_faults()
    needs, loads = _needs(reader, root["entries"]), _loads(reader, root["evaluators"])
    reader.refuse_faults()
    entries, evaluators = {need.entry for need in needs}, {load.evaluator for load in loads}
    fit = _fit(reader, root.get("fit"), len(needs), len(loads))
    forbidden = _pairs(reader, root, "forbidden", entries, evaluators)
    required = _pairs(reader, root, "required", entries, evaluators)
    bounds = _discipline_range(reader, root.get("discipline_range"))
    anchors = reader.list(root.get("anchors") or [], "anchors") or []
    for place, entry in enumerate(anchors):
        _known(reader, entry, f"anchors[{place}]", entries)
    flags = {key: reader.flag(root.get(key, default), key) for key, default in (("one_per_employer", False), ("fairness", True))}
    seed = root.get("seed", 1)
    if isinstance(seed, bool) or not isinstance(seed, int | str):
        reader.fault("not_a_seed", "seed")
    reader.refuse_faults()
    return Problem(
        needs=tuple(needs),
        loads=tuple(loads),
        fit=fit,
        forbidden=forbidden,
        required=frozenset(required),
        seed=str(seed),
        balance=False,
        discipline_range=bounds,
        anchors=frozenset(anchors),
        **flags,
    )


def _needs(reader: Reader, rows: Any) -> list[Need]:
    found: dict[str, Need] = {}
    for place, row in enumerate(reader.list(rows, "entries") or ()):
        path = f"entries[{place}]"
        if reader.object(row, path, needs=("id", "seats")) is None or not {"id", "seats"} <= set(row):
            continue
        entry, seats = reader.code(row["id"], f"{path}.id"), reader.count(row["seats"], f"{path}.seats")
        if entry in found:
            reader.fault("code_repeated", f"{path}.id", value=entry)
        if entry is not None and seats is not None:
            found[entry] = Need(entry, seats)
    return list(found.values())


def _loads(reader: Reader, rows: Any) -> list[Load]:
    found: dict[str, Load] = {}
    for place, row in enumerate(reader.list(rows, "evaluators") or ()):
        path = f"evaluators[{place}]"
        if reader.object(row, path, needs=("id",), may=("min", "max", "employer", "discipline")) is None or "id" not in row:
            continue
        evaluator = reader.code(row["id"], f"{path}.id")
        least = reader.count(row.get("min", 0), f"{path}.min", most=MOST)
        most = MOST if row.get("max") is None else reader.count(row["max"], f"{path}.max", most=MOST)
        employer, discipline = (_word(reader, row.get(key), f"{path}.{key}") for key in ("employer", "discipline"))
        if evaluator in found:
            reader.fault("code_repeated", f"{path}.id", value=evaluator)
        if evaluator is not None and least is not None and most is not None:
            found[evaluator] = Load(evaluator, most, least, employer, discipline)
    return list(found.values())


def _word(reader: Reader, value: Any, path: str) -> str:
    if value is None or value == "":
        return ""
    return reader.code(value, path) or ""


def _fit(reader: Reader, rows: Any, entries: int, evaluators: int):
    if rows is None:
        return {}
    if reader.list(rows, "fit") is None:
        return {}
    if len(rows) != entries:
        reader.fault("rows_wrong", "fit", count=len(rows), expected=entries)
    for place, row in enumerate(rows):
        path = f"fit[{place}]"
        if reader.list(row, path) is None:
            continue
        if len(row) != evaluators:
            reader.fault("rows_wrong", path, count=len(row), expected=evaluators)
        for column, value in enumerate(row):
            kind = type(value)
            if kind is not int and (kind is not float or not math.isfinite(value)):
                reader.fault("not_a_number", f"{path}[{column}]", value=str(value)[:60])
                break
    return rows


def _pairs(reader: Reader, root: Mapping, key: str, entries: set[str], evaluators: set[str]) -> dict[tuple[str, str], str]:
    """{pair: ground}; the ground of a forbidden pair may stand third, by which a shortage is counted."""
    found = {}
    for place, pair in enumerate(reader.list(root.get(key) or [], key) or ()):
        path = f"{key}[{place}]"
        if not isinstance(pair, list) or not (len(pair) == 2 or (len(pair) == 3 and key == "forbidden")):
            reader.fault("not_a_pair", path)
            continue
        known = _known(reader, pair[0], f"{path}[0]", entries), _known(reader, pair[1], f"{path}[1]", evaluators)
        ground = reader.choice(pair[2], f"{path}[2]", GROUNDS) if len(pair) == 3 else "other"
        if all(known) and ground:
            found[pair[0], pair[1]] = ground
    return found


def _known(reader: Reader, value: Any, path: str, codes: set[str]) -> bool:
    if not isinstance(value, str) or value not in codes:
        reader.fault("id_unknown", path, value=str(value)[:60])
        return False
    return True


def _discipline_range(reader: Reader, data: Any) -> dict[str, tuple[int, int | None]]:
    """`[least, most]` for every discipline alike, or by discipline ("*": each other one); most null for no limit."""
    if data is None:
        return {}
    if isinstance(data, list):
        data = {EACH: data}
    if reader.object(data, "discipline_range", may=tuple(data) if isinstance(data, Mapping) else ()) is None:
        return {}
    found = {}
    for discipline, bounds in data.items():
        path = f"discipline_range.{discipline}"
        if isinstance(bounds, Mapping):
            reader.object(bounds, path, may=("min", "max"))
            bounds = [bounds.get("min", 0), bounds.get("max")]
        if not isinstance(bounds, list) or len(bounds) != 2:
            reader.fault("not_a_pair", path)
            continue
        least = reader.count(0 if bounds[0] is None else bounds[0], path)
        most = None if bounds[1] is None else reader.count(bounds[1], path)
        if least is not None and most is not None and least > most:
            reader.fault("bounds_reversed", path)
        if least is not None:
            found[discipline] = (least, most)
    return found
