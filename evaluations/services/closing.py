"""What the judging does when a round is closed or re-opened, and when an entry leaves it."""

from django.db import connection

from competition.models import Round
from competition.workflow import hook, perform_all, provide
from evaluations.models import Scoreboard, Sheet
from evaluations.selectors.assignments import open_seats
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.findings import unchecked
from evaluations.services.analysis import queue_analysis
from evaluations.services.scoreboards import count_change, lock_board
from evaluations.services.standings import record_standings


@provide("round", "close", "pending")
def _pending(act) -> int:
    """Counted under the scoreboard's lock: no sheet and no seat of the round changes until the closing commits. A page that
    only asks in advance is in no transaction and takes none."""
    if connection.in_atomic_block:
        lock_board(act.subject)
    return open_seats(act.subject).count()


@provide("round", "close", "unchecked")
def _unchecked(act) -> int:
    """Counted under the same lock: whoever records a finding takes it first."""
    return unchecked([act.subject])[act.subject.pk]


def sheets_of(round):
    return Sheet.objects.filter(assignment__entry__round=round).select_related("assignment__entry__round")


@hook("round", "close")
def _close(act) -> None:
    """Sheets still in the works belong to entries that left: they are void. The others are locked for good."""
    round = act.subject
    act.also["void"] = perform_all(sheets_of(round).filter(state__in=("draft", "returned")), "void", actor=None, at=act.at)
    act.also["locked"] = perform_all(sheets_of(round).filter(state="submitted"), "lock", actor=None, at=act.at)
    standings = record_standings(round, actor=act.actor, at=act.at)
    _analyse(round, standings, act)
    act.also |= {"standings": standings.number, "input_digest": standings.input_digest}


def _analyse(round, standings, act) -> None:
    """Marks are analysed; the ballots of a vote speak for themselves."""
    if VOTE not in standings.method:
        queue_analysis(round, actor=act.actor, at=act.at)


@hook("round", "reopen")
def _reopen(act) -> None:
    lock_board(act.subject)
    act.also["unlocked"] = perform_all(sheets_of(act.subject).filter(state="locked"), "unlock", actor=None, at=act.at)
    count_change(act.subject)


@hook("entry", "withdraw")
@hook("entry", "disqualify")
@hook("entry", "suspend")
@hook("entry", "resume")
def _entry_moved(act) -> None:
    """While the round is judged its results are computed anew; a closed one that has lost an entry gets the next snapshot."""
    round = Round.objects.select_for_update(no_key=True).get(pk=act.subject.round_id)
    if not Scoreboard.objects.filter(round=round).exists():
        return
    if round.state == "judging":
        count_change(round)
    elif round.state == "closed" and act.action in ("withdraw", "disqualify"):
        count_change(round)
        standings = record_standings(round, actor=act.actor, at=act.at)
        act.also["standings"] = standings.number
        _analyse(round, standings, act)
