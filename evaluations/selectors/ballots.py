"""The ballots of a round: a member's own answer, and after the closing who voted what and how it adds up."""

from typing import NamedTuple

from competition.domain.advancement_row import Row
from competition.domain.states import IN_RACE
from competition.domain.votes import Ballots
from competition.models import AdvancementRule, Entry
from competition.permissions.conflicts import conflicts
from evaluations.models import Assignment, Ballot
from evaluations.selectors.scores import COUNTED, Racer
from ledger.domain.reason import Reason

VOTE = "vote"  # the key of an answer among the marks of a sheet
# Of the rules of a round: whether it is decided by a vote.
BY_VOTE = AdvancementRule.objects.filter(rule__take__has_key=VOTE)


def answer_of(sheet) -> dict[str, str]:
    """{"vote": answer} as it is saved, empty without one. One query."""
    answer = Ballot.objects.filter(sheet=sheet).values_list("answer", flat=True).first()
    return {VOTE: answer} if answer else {}


class Counted(NamedTuple):
    entry: int
    evaluator: int
    answer: str


def counted(round) -> list[Counted]:
    """Ballots handed in on entries in the race, ascending. One query."""
    rows = Ballot.objects.filter(
        sheet__state__in=COUNTED,
        sheet__assignment__state="confirmed",
        sheet__assignment__entry__round=round,
        sheet__assignment__entry__state__in=IN_RACE,
    )
    names = ("sheet__assignment__entry_id", "sheet__assignment__evaluator_id", "answer")
    return [Counted(*row) for row in rows.order_by(*names[:2]).values_list(*names)]


def counts_of(round, ballots: list[Counted], entries: list[Racer]) -> dict[int, Ballots]:
    """Entry → its ballots, of those in the race. Who may vote on it: whoever holds a seat there, and whose seat was waived without
    a conflict. Excused: members of the jury (with a seat anywhere in the round) whom a conflict keeps from this entry. Three queries and
    those of the conflicts."""
    judged = [entry.pk for entry in entries if entry.judged]
    clusters = dict(Entry.objects.filter(pk__in=judged).values_list("pk", "application__cluster_id"))
    seats = Assignment.objects.filter(entry__round=round).exclude(state="replaced").order_by("pk")
    held: dict[int, dict[int, str]] = {pk: {} for pk in judged}
    users: dict[int, int] = {}
    for entry, evaluator, user, state in seats.values_list("entry_id", "evaluator_id", "evaluator__user_id", "state"):
        users[evaluator] = user
        if entry in held:
            held[entry][evaluator] = state
    bound = conflicts(set(users.values()), set(clusters.values()))
    answers: dict[int, list[str]] = {pk: [] for pk in judged}
    for ballot in ballots:
        answers[ballot.entry].append(ballot.answer)
    found = {}
    for pk in judged:
        kept = {evaluator for evaluator, user in users.items() if (user, clusters[pk]) in bound}
        seated = {evaluator for evaluator, state in held[pk].items() if state in ("proposed", "published", "confirmed")}
        absent = {evaluator for evaluator, state in held[pk].items() if state == "waived"} - kept
        excused = (kept | {evaluator for evaluator, state in held[pk].items() if state == "recused"}) - seated
        given = answers[pk]
        found[pk] = Ballots(len(seated | absent), *(given.count(answer) for answer in ("yes", "no", "abstain")), excused=len(excused))
    return found


def rows_of(entries: list[Racer], counts: dict[int, Ballots]) -> list[Row]:
    """As the rule reads them; who has left the race, or brought nothing in, has no ballots and says why."""
    return [
        Row(str(entry.pk), None, track=entry.track, ballots=counts.get(entry.pk), reason=None if entry.pk in counts else _left(entry))
        for entry in entries
    ]


def _left(entry: Racer) -> Reason:
    return Reason("evaluations.entry_nothing_to_judge" if entry.revision_id is None else f"competition.entry_{entry.state}")


def panel_of(entry) -> list[Assignment]:
    """Seats of one entry whose ballots count, with sheet and answer, in the order of the members' codes. One query."""
    rows = Assignment.objects.filter(entry=entry, state="confirmed", sheet__state__in=COUNTED, sheet__ballot__isnull=False)
    return list(rows.select_related("evaluator__user", "sheet__ballot").order_by("evaluator__code"))
