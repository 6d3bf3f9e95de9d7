"""What is computed beside an official result (docs/scoring.md, "Analysis"), as plain JSON: floats, labelled as analysis.

Everything starts from the official totals: what a total holds besides the panel's sheets (carry, bonus, the roundings in between)
is added to each draw unchanged, so that without any drawing the analysis comes to the official result."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from evaluations.domain.agreement import agreement
from evaluations.domain.decimals import TEN_THOUSANDTH
from evaluations.domain.exact import Exact
from evaluations.domain.panels import collapse_values
from evaluations.domain.ratings import Ratings, ratings_of
from evaluations.domain.robustness import CONCENTRATION, DRAWS, robustness, weight_robustness
from evaluations.domain.scheme import Scheme
from evaluations.domain.score_panels import Panels
from evaluations.domain.severity import Severity, severity, z_scores
from ledger.domain.reason import Reason

EXACT_WHOLE = 2**53
MICRO = 10**6
DIGITS = 9


@dataclass(frozen=True)
class Group:
    """One list with one cut: all ranked entries (`track` None), or those of a track. `members` are places in the field's
    entries; `places` how many the rule lets through, 0 where it lets through none; `least`: the points that it asks for, where it
    goes by points."""

    track: str | None
    members: tuple[int, ...]
    places: int
    least: Fraction | None = None

    @property
    def cut(self) -> bool:
        return self.places > 0 or self.least is not None


@dataclass(frozen=True)
class Field:
    """The ranked entries of a round. `sheets` (points) and `present` are entries × seats, `evaluator` numbers the seats into
    `evaluators`; `totals` are the official ones; `contribution` (points, without carry) and `known` are entries × weighted criteria."""

    scheme: Scheme
    entries: tuple[str, ...]
    evaluators: tuple[str, ...]
    sheets: Exact
    present: np.ndarray
    evaluator: np.ndarray
    totals: tuple[Fraction, ...]
    contribution: Exact
    known: np.ndarray
    groups: tuple[Group, ...]

    @property
    def own(self) -> Fraction:
        """The share of this round's points in a total that carries earlier rounds."""
        if self.scheme.scale == "factor":
            return Fraction(1)
        return 1 - Fraction(sum(row.weight for row in self.scheme.carry), 100 * TEN_THOUSANDTH)

    @property
    def ratings(self) -> Ratings:
        """Every sheet's total, by entry and evaluator."""
        return ratings_of(
            {
                (self.entries[row], self.evaluators[self.evaluator[row, seat]]): Fraction(int(self.sheets.num[row, seat]), self.sheets.den)
                for row, seat in np.argwhere(self.present).tolist()
            }
        )


def number(value) -> float | None:
    """As it is stored: finite, to nine digits, so that another machine writes the same."""
    value = float(value)
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None


def robustness_of(field: Field, *, seed: int) -> dict:
    """{"groups": [{track, places, size, joint, evaluators, changing, rows: {entry: {p, low, high, removals, margin, margin_se}}}]}."""
    if not field.present.any() or not field.scheme.marked:
        return {"groups": [], "reason": Reason("evaluations.analysis_no_panel").as_json()}
    panels, per = panels_of(field)
    return {"groups": [_group(field, panels, per, group, seed) for group in field.groups], "draws": DRAWS, "reason": None}


def _group(field: Field, panels: Panels, per: int, group: Group, seed: int) -> dict:
    rows = list(group.members)
    part = Panels(
        panels.scores[rows],
        panels.seated[rows],
        panels.evaluator[rows],
        panels.method,
        panels.drop_high,
        panels.drop_low,
        panels.min_to_trim,
        None if panels.fixed is None else panels.fixed[rows],
    )
    least = None if group.least is None else round(group.least * per)
    found = robustness(part, places=max(group.places, 1), seed=seed, least=least)
    cut = group.cut
    return {
        "track": group.track,
        "places": group.places,
        "size": len(rows),
        "joint": found.joint,
        "evaluators": found.evaluators,
        "changing": found.changing if cut else None,
        "rows": {
            field.entries[row]: {
                "p": number(found.inside[place]) if cut else None,
                "low": int(found.rank_low[place]),
                "high": int(found.rank_high[place]),
                "removals": int(found.removals[place]) if cut else None,
                "margin": number(found.margin[place] / per) if cut else None,
                "margin_se": number(found.margin_se[place]) if cut else None,
            }
            for place, row in enumerate(rows)
        },
    }


def panels_of(field: Field) -> tuple[Panels, int]:
    """Whole units, and how many of them are a point. Where the exact unit would outgrow a float it is a millionth."""
    rule, own = field.scheme.panel, field.own
    middle = collapse_values(field.sheets, field.present, rule, None).value.fractions()
    offsets = [total - own * points for total, points in zip(field.totals, middle, strict=True)]
    lines = [group.least.denominator for group in field.groups if group.least is not None]
    per = lcm(field.sheets.den * own.denominator, *(offset.denominator for offset in offsets), *lines)
    highest = max(max(map(abs, field.totals), default=0), abs(Fraction(int(np.abs(field.sheets.num).max(initial=0)), field.sheets.den)))
    if per * (highest + 1) * field.present.shape[1] >= EXACT_WHOLE:
        per = MICRO
    factor = own * per / field.sheets.den
    scores = np.array([[round(int(num) * factor) for num in row] for row in field.sheets.num.tolist()], dtype=np.int64)
    fixed = np.array([round(offset * per) for offset in offsets], dtype=np.int64) if any(offsets) else None
    return Panels(scores, field.present, field.evaluator, rule.method, rule.drop_high, rule.drop_low, rule.min_to_trim, fixed), per


def weights_of(field: Field, *, seed: int) -> dict:
    """{"groups": [{track, places, size, rows: {entry: {p, low, high}}}]} under weights that are drawn."""
    weights = np.array([rule.weight for rule in field.scheme.weighted], dtype=np.float64)
    if len(weights) < 2:
        return {"groups": [], "reason": Reason("evaluations.analysis_one_criterion").as_json()}
    share, own = weights / weights.sum(), float(field.own)
    points = np.asarray(field.contribution.num / field.contribution.den, dtype=np.float64)
    known = np.where(field.known, share, 0)
    # A criterion nobody marked takes the mean of the others, as a sheet is stretched over it.
    spread = np.where(field.known, points, 0).sum(axis=1) / known.sum(axis=1).clip(1e-12)
    values = own * np.where(field.known, points / share, spread[:, None])
    fixed = np.array([float(total) for total in field.totals]) - values @ share
    groups = []
    for group in field.groups:
        rows = list(group.members)
        least = None if group.least is None else float(group.least)
        found = weight_robustness(values[rows], weights, places=max(group.places, 1), seed=seed, fixed=fixed[rows], least=least)
        groups.append(
            {
                "track": group.track,
                "places": group.places,
                "size": len(rows),
                "rows": {
                    field.entries[row]: {
                        "p": number(found.inside[place]) if group.cut else None,
                        "low": int(found.rank_low[place]),
                        "high": int(found.rank_high[place]),
                    }
                    for place, row in enumerate(rows)
                },
            }
        )
    return {"groups": groups, "draws": DRAWS, "concentration": CONCENTRATION, "reason": None}


def severity_of(ratings: Ratings) -> dict:
    """Per evaluator: severity, se, component, scores, mean and the five numbers of the distribution; outliers; the bridges that are
    missing; per entry its value adjusted for severity and its mean z-score, as comparisons."""
    found = severity(ratings)
    scores, z = ratings.scores, z_scores(ratings)
    evaluators = []
    for place, code in enumerate(ratings.evaluators):
        own = scores[ratings.evaluator == place]
        evaluators.append(
            {
                "code": code,
                "severity": number(found.severity[place]),
                "se": number(found.se[place]),
                "component": int(found.component[place]),
                "scores": len(own),
                "mean": number(own.mean()),
                "five": [number(value) for value in np.quantile(own, (0, 0.25, 0.5, 0.75, 1))],
            }
        )
    return {
        "evaluators": evaluators,
        "components": found.components,
        "bridges": [list(bridge) for bridge in found.bridges],
        "outliers": [
            {
                "entry": one.entry,
                "evaluator": one.evaluator,
                "score": number(one.score),
                "expected": number(one.expected),
                "t": number(one.t),
            }
            for one in found.outliers
        ],
        "entries": {
            entry: {"adjusted": number(found.adjusted[place]), "z": _mean(z[ratings.entry == place])}
            for place, entry in enumerate(ratings.entries)
        },
        "reasons": {name: reason.as_json() for name, reason in severity_reasons(ratings, found).items()},
    }


def _mean(values: np.ndarray) -> float | None:
    return number(values.mean()) if len(values) else None


def severity_reasons(ratings: Ratings, found: Severity) -> dict[str, Reason]:
    """Why severities or their errors cannot be had."""
    reasons = {}
    if found.bridges:
        seats = [f"{evaluator} → {entry}" for entry, evaluator in found.bridges]
        reasons["severity"] = Reason("evaluations.analysis_not_connected", {"parts": found.components, "seats": seats})
    elif any(map(math.isnan, found.severity)):
        reasons["severity"] = Reason("evaluations.analysis_one_evaluator")
    if any(math.isnan(error) and not math.isnan(value) for value, error in zip(found.severity, found.se, strict=True)):
        reasons["se"] = Reason("evaluations.analysis_no_spare_scores")
    return reasons


AGREEMENT = ("kendall_w", "chi2", "df", "p", "icc_2_1", "icc_2_k", "alpha", "alpha_k", "k")


def agreement_of(ratings: Ratings) -> dict:
    """The figures of `Agreement`, n of entries and evaluators, and for each figure that is null its reason."""
    found = agreement(ratings)
    values = {name: getattr(found, name) for name in AGREEMENT}
    return {
        **{name: value if value is None or isinstance(value, int) else number(value) for name, value in values.items()},
        "entries": len(ratings.entries),
        "evaluators": len(ratings.evaluators),
        "scores": len(ratings.units),
        "reasons": {name: reason.as_json() for name, reason in found.reasons.items()},
    }


def field_of(
    scheme: Scheme, entries: Sequence[str], evaluators: Sequence[str], stages, totals: Mapping[str, Fraction], groups: Sequence
) -> Field:
    """From the stages of a whole round the part that is ranked: `totals` names it. `groups`: (track, entries, places, least)."""
    sheets, present = stages.sheets()
    rows = [place for place, entry in enumerate(entries) if entry in totals]
    kept = tuple(entries[row] for row in rows)
    at = {entry: place for place, entry in enumerate(kept)}
    seats = present.shape[1]
    value = stages.criteria.contribution
    return Field(
        scheme=scheme,
        entries=kept,
        evaluators=tuple(evaluators),
        sheets=Exact(sheets.num[rows], sheets.den, sheets.bound),
        present=(present & stages.cube.seated[:, :seats])[rows],
        evaluator=stages.cube.evaluator[:, :seats][rows],
        totals=tuple(totals[entry] for entry in kept),
        contribution=Exact(value.num[rows], value.den, value.bound),
        known=stages.criteria.known[rows],
        groups=tuple(
            Group(track, tuple(sorted(at[entry] for entry in members)), places, least) for track, members, places, least in groups
        ),
    )
