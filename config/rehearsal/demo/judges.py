"""Invented marks: merit of the cluster, the criterion's own turn, the severity of the evaluator, and chance."""

import random


def mark(cluster_key: str, merit: int, criterion: str, evaluator: str, seed: int) -> str:
    """A whole number from 40 to 99 as text; the same arguments give the same."""
    taste = random.Random(f"{seed}:{cluster_key}:{criterion}").uniform(-5, 5)
    severity = random.Random(f"{seed}:{evaluator}").uniform(-3, 3)
    chance = random.Random(f"{seed}:{cluster_key}:{criterion}:{evaluator}").uniform(-4, 4)
    return str(max(40, min(99, round(merit + taste + severity + chance))))


def ballot(cluster_key: str, wanted: bool, evaluator: str, seed: int) -> str:
    """Yes for whom the jury wants, no for the others; one of six is of another mind, or abstains."""
    turn = random.Random(f"{seed}:{cluster_key}:{evaluator}:vote").random()
    return "abstain" if turn < 1 / 12 else ("no" if wanted else "yes") if turn < 1 / 6 else ("yes" if wanted else "no")
