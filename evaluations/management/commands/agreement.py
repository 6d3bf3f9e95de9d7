"""How far evaluators agree, how strict each of them is, and which scores ask for a second look; from a file."""

import math

from competition.management.files import FileCommand, json_text, read_file
from evaluations.domain.agreement import agreement
from evaluations.domain.analysis import severity_reasons
from evaluations.domain.rating_file import read_ratings
from evaluations.domain.ratings import Ratings
from evaluations.domain.severity import Severity, severity
from ledger.reasons import say

NAMED = {"alpha": "alpha_interval", "alpha_k": "alpha_interval_k"}


class Command(FileCommand):
    help = "Agreement, severity and outliers of the evaluators in a file of scores. Opens no database."

    def add_arguments(self, parser):
        parser.add_argument("scores", metavar="SCORES.csv", help="entry,evaluator,criterion,score[,track]")
        super().add_arguments(parser)

    def answer(self, *, scores: str, **options) -> str:
        ratings = read_file(scores, read_ratings)
        found, strictness = agreement(ratings), severity(ratings)
        values = {name: getattr(found, name) for name in ("kendall_w", "chi2", "df", "p", "icc_2_1", "icc_2_k", "alpha", "alpha_k")}
        reasons = {**found.reasons, **severity_reasons(ratings, strictness)}
        return json_text(
            {
                **{NAMED.get(name, name): value for name, value in values.items()},
                "evaluators": _evaluators(ratings, strictness),
                "reasons": {NAMED.get(name, name): say(reason) for name, reason in reasons.items()},
            }
        )


def _evaluators(ratings: Ratings, found: Severity) -> dict:
    rows = {
        name: {"severity": _number(value), "se": _number(error), "outliers": []}
        for name, value, error in zip(ratings.evaluators, found.severity.tolist(), found.se.tolist(), strict=True)
    }
    for outlier in found.outliers:
        rows[outlier.evaluator]["outliers"].append(
            {"entry": outlier.entry, "score": outlier.score, "expected": outlier.expected, "t": _number(outlier.t)}
        )
    return rows


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
