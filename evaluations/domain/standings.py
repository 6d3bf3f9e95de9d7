"""Standings as plain rows: what the command line prints and what is handed down to the race."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from competition.domain.groups import ranks_inside
from evaluations.domain.decimals import exact_text
from evaluations.domain.ranking import Place, rank
from evaluations.domain.scheme import Scheme
from evaluations.domain.totals import EntryTotal
from ledger.domain.reason import Reason


def standing_rows(
    scheme: Scheme,
    totals: Sequence[EntryTotal],
    *,
    tracks: Mapping[str, str],
    seed: str | None,
    say: Callable[[Reason], str],
    groups: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Best first, those without a rank last by entry code; `say` puts a reason into words. `groups`: {entry: its group inside its
    track}; where it is given a row has `group` and `group_rank`."""
    by_entry = {total.entry: total for total in totals}
    places = rank((total.score for total in totals), scheme.ties, tracks=tracks, seed=seed)
    rows = [standing_row(scheme, by_entry[place.entry], place, say) for place in places]
    if not groups:
        return rows
    inside = {entry: (tracks.get(entry, ""), group) for entry, group in groups.items()}
    found = ranks_inside({place.entry: place.rank for place in places}, inside)
    return [row | {"group": groups.get(row["entry"]), "group_rank": found.get(row["entry"])} for row in rows]


def standing_row(scheme: Scheme, total: EntryTotal, place: Place, say: Callable[[Reason], str]) -> dict[str, Any]:
    return {
        "entry": total.entry,
        "total": total.total_text(scheme.rounding.total),
        "exact": None if total.exact is None else exact_text(total.exact),
        "rank": place.rank,
        "track": place.track or None,
        "track_rank": place.track_rank,
        "tied_with": list(place.tied_with),
        "tie_broken_by": place.tie_broken_by,
        "panel": {
            "size": total.panel_size,
            "abstained": total.abstained,
            "dropped": [{"evaluator": evaluator, "criterion": criterion, "end": end} for evaluator, criterion, end in total.dropped],
        },
        "criteria": dict(total.criteria),
        "dimensions": dict(total.dimensions),
        "flags": list(total.flags),
        "reason": " ".join(say(reason) for reason in total.reasons) or None,
    }
