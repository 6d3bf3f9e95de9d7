"""Counting changes of marks: one number per round, and a queued computation."""

from evaluations.models import Scoreboard, Sheet
from evaluations.selectors.progress import REFRESH
from jobs.services import enqueue


def lock_board(round) -> Scoreboard:
    """The round's scoreboard under its lock: whoever changes sheets or seats takes it before any of them, and so does the
    closing, so that all changes of one round stand in line and none slips past its closing."""
    board = Scoreboard.objects.select_for_update(no_key=True).filter(round=round).first()
    if board is None:
        Scoreboard.objects.bulk_create([Scoreboard(round=round)], ignore_conflicts=True)
        board = Scoreboard.objects.select_for_update(no_key=True).get(round=round)
    return board


def count_change(round, *sheets: Sheet, requested_by: str = "system") -> int:
    """In the caller's transaction: the round's `scores_version` grows by one, the sheets carry it, and one computation is
    queued (at most one waits)."""
    board = lock_board(round)
    version = board.scores_version + 1
    Scoreboard.objects.filter(pk=board.pk).update(scores_version=version)
    if sheets:
        Sheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(scores_version=version)
    enqueue(REFRESH, f"round:{round.pk}", requested_by=requested_by)
    return version
