"""The analysis of a snapshot in plain values, as pages draw it and documents keep it. Evaluators stand behind their codes."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from django.utils.translation import gettext as _

from competition.domain.balance import gini
from competition.domain.groups import race_of
from competition.labels import OUTCOME_MARKS, list_name
from competition.models import Entry, Region
from evaluations.domain.decimals import exact_value
from evaluations.models import Evaluator
from evaluations.selectors.analysis import Found, inside_of
from evaluations.selectors.analysis_input import MACRO_REGIONS
from evaluations.selectors.ranking import rows_of
from ledger.domain.reason import Reason

MOST_LANES = 40  # around the cut, in one picture
MOST_JUDGES = 60  # the strictest and the most generous, where there are more
SURE = 0.05  # a margin case is inside the line in more than 5 and less than 95 draws of 100


def on_the_margin(p: float | None) -> bool:
    return p is not None and SURE <= p <= 1 - SURE


def agreement_lines(result: dict, names: dict) -> list[dict]:
    """`names`: figure → what it is called. {label, value, reason (a Reason or None)} of each, in that order; figures that are missing for
    the same reason stand in one line, which says it once."""
    lines: list[dict] = []
    for figure, label in names.items():
        reason = result["reasons"].get(figure)
        line = {"label": str(label), "value": result[figure], "reason": reason and Reason.from_json(reason)}
        alike = [one for one in lines if one["value"] is None and one["reason"] == line["reason"]] if line["value"] is None else []
        if alike:
            alike[0]["label"] = _(", ").join((alike[0]["label"], line["label"]))
        else:
            lines.append(line)
    return lines


def margin(found: Found) -> dict[int, float]:
    """{entry: P(inside)} of those that the draws put on both sides of the line."""
    return {entry: p for entry, p in inside_of(found.result("robustness")).items() if on_the_margin(p)}


def margin_cases(found: Found, known: dict) -> list[dict]:
    """The same by rank, for a page; `known`: {entry: its standing with the cluster}."""
    inside = margin(found)
    rows = sorted((known[entry] for entry in inside if entry in known), key=lambda row: (row.rank is None, row.rank or 0, row.entry_id))
    return [
        {"entry": row.entry_id, "name": str(row.entry.application.cluster), "rank": row.rank, "total": row.total, "p": inside[row.entry_id]}
        for row in rows
    ]


def lists_of(found: Found, standings, outcomes: dict[int, str]) -> list[dict]:
    """One list, or one for each track or group where the rule takes by it; of each the lanes nearest to the cut."""
    robust, weights = found.result("robustness"), found.result("weights")
    groups = (robust or {}).get("groups") or (weights or {}).get("groups") or ()
    if not groups:
        return []
    places = {row.entry_id: row for row in rows_of(standings)}
    by_weight = {entry: row for group in (weights or {}).get("groups", ()) for entry, row in group["rows"].items()}
    tracks = {row.entry.track.code: row.entry.track for row in places.values() if row.entry.track}
    return [_list(group, places, by_weight, outcomes, tracks, robust=bool((robust or {}).get("groups"))) for group in groups]


def _list(group, places, by_weight, outcomes, tracks, *, robust: bool) -> dict:
    track, number = race_of(group["track"] or "")

    def rank(row):
        return row.group_rank if number is not None else row.rank if group["track"] is None else row.track_rank

    rows = sorted((places[int(entry)] for entry in group["rows"]), key=lambda row: (rank(row), row.entry_id))
    start = min(max(0, group["places"] - MOST_LANES // 2), max(0, len(rows) - MOST_LANES))
    shown = [
        _line(row, rank(row), group["rows"][str(row.entry_id)] if robust else {}, by_weight.get(str(row.entry_id)) or {}, outcomes)
        for row in rows[start : start + MOST_LANES]
    ]
    marks = [OUTCOME_MARKS.get(outcomes.get(row.entry_id, ""), "out") for row in rows]
    return {
        "name": list_name(tracks.get(track), number),
        "places": group["places"],
        "reserve": marks.count("reserve"),
        "size": len(rows),
        "left_off": len(rows) - len(shown),
        "evaluators": group.get("evaluators"),
        "changing": group.get("changing"),
        "joint": group.get("joint"),
        "rows": shown,
    }


def _line(row, rank, drawn: dict, weighed: dict, outcomes) -> dict:
    cluster = row.entry.application.cluster
    return {
        "entry": row.entry_id,
        "name": str(cluster),
        "label": cluster.words("short"),
        "rank": rank,
        "tied": bool(row.tied_with),
        "total": row.total,
        "outcome": OUTCOME_MARKS.get(outcomes.get(row.entry_id, ""), "out"),
        **{name: drawn.get(name) for name in ("p", "low", "high", "removals", "margin", "margin_se")},
        "weights": {name: weighed.get(name) for name in ("p", "low", "high")},
    }


def judges_of(found: Found, *, names: bool) -> dict:
    """Evaluators from the strictest to the most generous: `rows`, `left_off`; `names` puts them beside the codes."""
    result = found.result("severity") or {"evaluators": [], "components": 0}
    rows = sorted(result["evaluators"], key=lambda row: (row["severity"] is None, row["severity"] or 0, row["code"]))
    left_off = max(0, len(rows) - MOST_JUDGES)
    if left_off:
        rows = rows[: MOST_JUDGES // 2] + rows[-MOST_JUDGES // 2 :]
    said = _names(row["code"] for row in rows) if names else {}
    return {"rows": [row | {"name": said.get(row["code"], "")} for row in rows], "left_off": left_off, "components": result["components"]}


def _names(codes: Iterable[str]) -> dict[str, str]:
    return {row.code: row.user.display_name() for row in Evaluator.objects.filter(code__in=list(codes)).select_related("user")}


def extremes_of(found: Found) -> tuple[float, float] | None:
    """The strictest and the most generous severity."""
    known = [row["severity"] for row in (found.result("severity") or {"evaluators": ()})["evaluators"] if row["severity"] is not None]
    return (min(known), max(known)) if known else None


def severity_reasons(found: Found) -> dict[str, Reason]:
    """Why severities or their errors are missing, with the seats that would connect the parts: at most one query."""
    result = found.result("severity")
    if result is None:
        return {}
    reasons = {name: Reason.from_json(reason) for name, reason in result["reasons"].items()}
    if result["bridges"]:
        named = cluster_names(int(entry) for entry, _code in result["bridges"])
        seats = [f"{code} → {named.get(int(entry), entry)}" for entry, code in result["bridges"]]
        reasons["severity"] = Reason("evaluations.analysis_not_connected", {"parts": result["components"], "seats": seats})
    return reasons


def outliers_of(found: Found) -> list[dict]:
    """The scores that the additive model does not expect, the farthest first: one query."""
    rows = (found.result("severity") or {"outliers": []})["outliers"]
    named = cluster_names(int(row["entry"]) for row in rows)
    return [row | {"entry": int(row["entry"]), "name": named.get(int(row["entry"]), "")} for row in rows]


def cluster_names(entries: Iterable[int]) -> dict[int, str]:
    wanted = set(entries)
    rows = Entry.objects.filter(pk__in=wanted).select_related("application__cluster") if wanted else ()
    return {entry.pk: str(entry.application.cluster) for entry in rows}


def compared(found: Found, lines: list[dict]) -> list[dict]:
    """Beside each line the rank it would have by totals freed of severity, and by mean z-scores."""
    values = (found.result("severity") or {"entries": {}})["entries"]
    adjusted, z = (_ranks({entry: row[name] for entry, row in values.items()}) for name in ("adjusted", "z"))
    return [
        line | {"adjusted": (values.get(key) or {}).get("adjusted"), "adjusted_rank": adjusted.get(key), "z_rank": z.get(key)}
        for line in lines
        for key in [str(line["entry"])]
    ]


def _ranks(values: dict[str, float | None]) -> dict[str, int]:
    known = sorted((value for value in values.values() if value is not None), reverse=True)
    first = {value: place for place, value in reversed(list(enumerate(known, start=1)))}
    return {entry: first[value] for entry, value in values.items() if value is not None}


def macro_regions(entries) -> dict[int, str]:
    """One query."""
    return dict(Entry.objects.filter(pk__in=list(entries)).values_list("pk", "application__cluster__lead_region__macro_region"))


def regions_now(outcomes: dict[int, str], regions: dict[int, str]) -> dict:
    """Entries and those inside the line over the four macro-regions, of the list as it is now: `marks` (macro-region → outcomes, those
    inside first) and the exact Gini of both. `regions`: {entry: macro-region}."""
    marks: dict[str, list[str]] = {name: [] for name in MACRO_REGIONS}
    for entry, outcome in outcomes.items():
        marks.setdefault(regions[entry], []).append(OUTCOME_MARKS.get(outcome, "out"))
    order = ("in", "reserve", "out")
    marks = {name: sorted(found, key=order.index) for name, found in marks.items()}
    inside = Counter({name: found.count("in") for name, found in marks.items()})
    return {
        "marks": marks,
        "inside": inside,
        "gini_entries": gini([len(found) for found in marks.values()]),
        "gini_winners": gini([inside[name] for name in marks]),
        "n": len(marks),
    }


def balance_of(found: Found) -> dict | None:
    """The stored balance with exact numbers read back, `regions` named; one query."""
    result = found.result("balance")
    if result is None:
        return None
    names = {region.code: str(region) for region in Region.objects.filter(code__in=result["counts"]["province"])}

    def numbers(row):
        return {name: exact_value(value) for name, value in row.items()}

    return {
        **{name: result[name] for name in ("n", "entries", "winners", "with_output")},
        "macro": [{"code": code, **numbers(row)} for code, row in result["counts"]["macro"].items()],
        "provinces": [{"code": code, "name": names.get(code, code), **numbers(row)} for code, row in result["counts"]["province"].items()],
        "gini": {level: {name: value and exact_value(value) for name, value in row.items()} for level, row in result["gini"].items()},
        "total_output": sum((exact_value(row["output"]) for row in result["counts"]["macro"].values()), Fraction(0)),
    }
