"""Entries under a vote: with a majority first, then by the part of yes votes; and what is said of each (docs/scoring.md, A5)."""

from collections.abc import Iterable
from dataclasses import replace

from competition.domain.advancement_row import Row
from competition.domain.votes import Ballots, Vote, part_text
from ledger.domain.reason import Reason


def ranked_by_vote(rows: Iterable[Row], vote: Vote) -> list[Row]:
    """The rows with the ranks, flags and reasons that their ballots give them, whatever ranks they came with. Without a quorum there
    is no rank. A row without ballots keeps its reason; a vetoed one stays ineligible."""
    rows = [replace(row, rank=None, track_rank=None, group_rank=None, flags=row.flags - {"below_threshold"}) for row in rows]
    keys = {
        row.entry: (vote.carried(row.ballots), row.ballots.support)
        for row in rows
        if row.ballots is not None and "ineligible" not in row.flags and vote.quorate(row.ballots)
    }
    tracks = {row.entry: row.track for row in rows}
    overall, inside = _places(keys.items()), {}
    for track in set(tracks.values()):
        inside |= _places((entry, key) for entry, key in keys.items() if tracks[entry] == track)
    return [_placed(row, vote, keys, overall, inside) for row in rows]


def _places(keys) -> dict[str, int]:
    """1, 2, 2, 4."""
    places, before, number = {}, None, 0
    for position, (entry, key) in enumerate(sorted(keys, key=lambda item: item[1], reverse=True), 1):
        if key != before:
            before, number = key, position
        places[entry] = number
    return places


def _placed(row: Row, vote: Vote, keys, overall, inside) -> Row:
    if row.entry in keys:
        found = replace(row, rank=overall[row.entry], track_rank=inside[row.entry])
        if keys[row.entry][0]:
            return found
        return replace(found, flags=found.flags | {"below_threshold"}, reason=verdict("vote_short", vote, row.ballots))
    if "ineligible" in row.flags or row.ballots is None:
        return row if row.reason else replace(row, reason=None if "ineligible" in row.flags else Reason("competition.vote_absent"))
    quorum = {"quorum": vote.needed(row.ballots.members)}
    return replace(row, reason=verdict("vote_inquorate", vote, row.ballots, quorum))


def verdict(code: str, vote: Vote, ballots: Ballots, more=None) -> Reason:
    """With the counts; members who are excused are said only where there are any. Consensus has words of its own."""
    params = {"voted": ballots.voted, "members": ballots.members, "yes": ballots.yes, "no": ballots.no, "abstain": ballots.abstain}
    if code in ("vote_short", "advance_vote"):
        params |= {"basis": vote.basis}
        params |= {} if vote.majority is None else {"majority": part_text(vote.majority)}
        code += "_all" if vote.majority is None else ""
    if ballots.excused:
        params |= {"excused": ballots.excused}
        code += "_excused"
    return Reason(f"competition.{code}", params | (more or {}))
