"""The words of this app's reasons, by noun."""

from evaluations.reasons import analysis, ballots, findings, groups, judging, rubrics, scoring

__all__ = ["analysis", "ballots", "findings", "groups", "judging", "rubrics", "scoring"]
