"""Competition ranks ("1, 2, 2, 4") overall and inside the track, from official totals and the tie ladder
(docs/scoring.md, T1 to T3)."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from evaluations.domain.scheme import Rung
from evaluations.domain.totals import Score
from ledger.domain.reason import Reason, Refused


@dataclass(frozen=True)
class Place:
    """`rank` and `track_rank` are None where the entry is not rankable or not eligible. `tied_with` are those who share
    the overall rank, by code; `tie_broken_by` is the rung that last set it apart from others of the same total."""

    entry: str
    track: str
    rank: int | None
    track_rank: int | None
    tied_with: tuple[str, ...] = ()
    tie_broken_by: str | None = None


def rank(scores: Iterable[Score], ties: Sequence[Rung], *, tracks: Mapping[str, str] | None = None, seed: str | None = None) -> list[Place]:
    """Best first; those without a rank last, by entry code. `tracks` is {entry: track}; an entry without one is in "".
    Raises Refused for a ladder with `lot` and no seed."""
    if any(rung.kind == "lot" for rung in ties) and not seed:
        raise Refused(Reason("evaluations.lot_without_seed"))
    tracks = tracks or {}
    scores = list(scores)
    ranked = [score for score in scores if score.total is not None and score.eligible]
    broken_by: dict[str, str] = {}
    groups = []
    for same in _descending(ranked, lambda score: score.total):
        groups.extend(_refined(same, ties, 0, seed, broken_by))
    alike = [sorted(score.entry for score in group) for group in groups]
    numbers = numbered(alike, tracks)
    places = []
    for codes in alike:
        for code in codes:
            others = tuple(other for other in codes if other != code) if len(codes) > 1 else ()
            places.append(Place(code, tracks.get(code, ""), *numbers[code], others, broken_by.get(code)))
    unranked = sorted(score.entry for score in scores if score.total is None or not score.eligible)
    return places + [Place(code, tracks.get(code, ""), None, None) for code in unranked]


def numbered(groups: Iterable[Sequence[str]], tracks: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """{entry: (rank, rank in its track)} of groups that share a rank, best first."""
    found, before, in_track = {}, 0, {}
    for codes in groups:
        counted: dict[str, int] = {}
        for code in codes:
            track = tracks.get(code, "")
            counted[track] = counted.get(track, 0) + 1
            found[code] = before + 1, in_track.get(track, 0) + 1
        before += len(codes)
        for track, number in counted.items():
            in_track[track] = in_track.get(track, 0) + number
    return found


def descending(values: Iterable[int | Fraction]) -> list[int | Fraction]:
    """Highest first, compared as whole numbers over one denominator."""
    values = list(values)
    common = lcm(*(value.denominator for value in values), 1)
    return sorted(values, key=lambda value: value.numerator * (common // value.denominator), reverse=True)


def lot_number(seed: str, entry: str) -> str:
    """What the lot compares, ascending: the hexadecimal SHA-256 of the UTF-8 text "seed|entry"."""
    return hashlib.sha256(f"{seed}|{entry}".encode()).hexdigest()


def _descending(scores: Sequence[Score], value: Callable[[Score], Fraction | None]) -> list[list[Score]]:
    """Groups of equal value, highest first, those without a value last; compared as whole numbers over one denominator."""
    values = [value(score) for score in scores]
    common = lcm(*{number.denominator for number in values if number is not None})
    found: dict[int | None, list[Score]] = {}
    for score, number in zip(scores, values, strict=True):
        found.setdefault(None if number is None else number.numerator * (common // number.denominator), []).append(score)
    without = found.pop(None, None)
    ordered = [found[key] for key in sorted(found, reverse=True)]
    return ordered if without is None else [*ordered, without]


def _refined(group: list[Score], ties: Sequence[Rung], step: int, seed: str | None, broken_by: dict[str, str]) -> list[list[Score]]:
    """The group cut by the rungs from `step` on; only those still equal are compared."""
    while len(group) > 1 and step < len(ties):
        rung = ties[step]
        if rung.kind == "lot":
            parts = [[score] for score in sorted(group, key=lambda score: lot_number(seed, score.entry))]
        else:
            parts = _descending(group, lambda score, step=step: score.rungs[step])
        step += 1
        if len(parts) > 1:
            for score in group:
                broken_by[score.entry] = rung.text
            return [finer for part in parts for finer in _refined(part, ties, step, seed, broken_by)]
    return [group]
