"""Ballots: the answer on a jury member's sheet, and a vote counted into the standings."""

import hashlib
from datetime import datetime

from competition.domain.standing import StandingRow
from competition.domain.vote_ranking import ranked_by_vote
from competition.domain.votes import ANSWERS, Vote
from competition.models import Standings
from competition.selectors.rules import advancement_of
from competition.services.standings import record_snapshot
from evaluations.models import Ballot, Sheet
from evaluations.selectors.ballots import VOTE, counted, counts_of, rows_of
from evaluations.selectors.scores import COUNTED, racing
from evaluations.services.scoreboards import lock_board
from ledger.domain import canonical
from ledger.domain.reason import Reason, Refused


def write_answer(sheet: Sheet, marks: dict[str, str]) -> None:
    """In the transaction that saves the sheet: `{"vote": "yes" | "no" | "abstain" | ""}`; the empty text takes the answer back."""
    if unknown := sorted(set(marks) - {VOTE}):
        raise Refused(Reason("evaluations.criterion_unknown", {"codes": unknown}))
    if VOTE not in marks:
        return
    answer = str(marks[VOTE] or "").strip()
    if not answer:
        Ballot.objects.filter(sheet=sheet).delete()
    elif answer in ANSWERS:
        Ballot.objects.update_or_create(sheet=sheet, defaults={"answer": answer})
    else:
        raise Refused(Reason("evaluations.ballot_answer_unknown", {"criterion": VOTE}), field=VOTE)


def take_note(round, board, *, at: datetime) -> None:
    """While the round is judged nothing is counted: that the newest ballots are known is all there is to compute."""
    board.results_version = board.scores_version
    sheets = Sheet.objects.filter(assignment__entry__round=round, assignment__state="confirmed", state__in=COUNTED)
    board.computed_sheets, board.computed_at = sheets.count(), at
    board.save(update_fields=["results_version", "computed_sheets", "computed_at"])


def record_vote(round, vote: Vote, *, actor, at: datetime) -> Standings:
    """Counts the ballots and hands them down as the next immutable snapshot. The caller holds the round's lock."""
    board = lock_board(round)
    entries, ballots = racing(round), counted(round)
    counts = counts_of(round, ballots, entries)
    rows = ranked_by_vote(rows_of(entries, counts), vote)
    equals: dict[int | None, list[int]] = {}
    for row in rows:
        equals.setdefault(row.rank, []).append(int(row.entry))
    rule = advancement_of(round)
    content = {
        "rule": rule.digest,
        "ballots": [[ballot.entry, ballot.evaluator, ballot.answer] for ballot in ballots],
        "counts": {str(pk): found.as_json() for pk, found in sorted(counts.items())},
        "entries": [[entry.pk, entry.state, entry.revision_id, entry.track] for entry in entries],
    }
    take_note(round, board, at=at)
    return record_snapshot(
        round,
        rows=[_standing(row, equals[row.rank]) for row in rows],
        scores_version=board.scores_version,
        input_digest=hashlib.sha256(canonical.encode(content)).hexdigest(),
        scheme_digest=rule.digest,
        method={VOTE: rule.rule["take"][VOTE]},
        actor=actor,
        at=at,
    )


def _standing(row, equals: list[int]) -> StandingRow:
    """`equals`: the entries that share its rank."""
    return StandingRow(
        entry=int(row.entry),
        rank=row.rank,
        track_rank=row.track_rank,
        total=None,
        exact=None,
        tied_with=sorted(other for other in equals if other != int(row.entry)) if row.rank else [],
        panel={"size": row.ballots.voted, "ballots": row.ballots.as_json()} if row.ballots else {},
        flags=sorted(row.flags),
        reason=row.reason.as_json() if row.reason else None,
    )
