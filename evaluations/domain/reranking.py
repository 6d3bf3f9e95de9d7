"""Ranks after a few totals changed: what stayed apart stays in its order, and only those whose total somebody joined or left are
compared again. Comes to what ranking all of them comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from evaluations.domain.ranking import Place, descending, numbered, rank
from evaluations.domain.scheme import Rung
from evaluations.domain.totals import Score


@dataclass(frozen=True)
class Reranked:
    """`places` of the compared entries, those without a rank too; `numbers` are {entry: (rank, rank in its track)} of the others."""

    places: dict[str, Place]
    numbers: dict[str, tuple[int, int]]


def reranked(
    kept: Mapping[int | Fraction, Sequence[tuple[int, str]]],
    compared: Iterable[Score],
    ties: Sequence[Rung],
    *,
    tracks: Mapping[str, str],
    seed: str | None = None,
    unit: int = 1,
) -> Reranked:
    """`kept` holds, by official total times `unit`, the (former rank, entry) of those who have it as before and with the same others;
    no total of `compared` is among its keys. A unit that makes whole numbers of all of them is fast, any other as exact."""
    compared = list(compared)
    totals = {score.entry: score.total * unit for score in compared if score.total is not None}
    places = rank(compared, ties, tracks=tracks, seed=seed)
    shared: dict[int | Fraction, list[list[str]]] = {}
    for place in places:
        if place.rank is not None:
            _join(shared.setdefault(totals[place.entry], []), place.entry, new=not place.tied_with or place.entry < min(place.tied_with))
    if shared.keys() & kept.keys():
        raise ValueError("a total is among those that were kept")
    for total, members in kept.items():
        before = None
        for former, entry in sorted(members):
            _join(shared.setdefault(total, []), entry, new=former != before)
            before = former
    numbers = numbered((group for total in descending(shared) for group in shared[total]), tracks)
    found = {}
    for place in places:
        number, in_track = numbers.pop(place.entry, (None, None))
        found[place.entry] = replace(place, rank=number, track_rank=in_track)
    return Reranked(found, numbers)


def _join(groups: list[list[str]], entry: str, *, new: bool) -> None:
    if new:
        groups.append([entry])
    else:
        groups[-1].append(entry)
