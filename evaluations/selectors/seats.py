"""The seats of one evaluator: what there is to do, by round, and which comes next."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.permissions import require
from competition.domain.states import IN_RACE
from competition.models import Round
from evaluations.models import Assignment, Undertaking
from evaluations.selectors.assignments import LEFT, own_assignments
from evaluations.selectors.flags import own_flags
from evaluations.selectors.sheets import deadline_of

DONE = ("submitted", "locked")
OPEN = ("answer", "draft", "returned")


@dataclass
class OwnRound:
    """`counts`: submitted, open, left (recused, replaced, waived)."""

    round: Round
    counts: Counter
    signed: bool
    due_at: object = None

    @property
    def all(self) -> int:
        return self.counts["submitted"] + self.counts["open"]

    @property
    def begun(self) -> bool:
        return self.round.state == "judging"


def stage(seat: Assignment) -> str:
    """answer (conflict not answered yet), draft, returned, submitted, locked; recused, replaced, waived; gone (the entry
    left the race)."""
    if seat.state in LEFT:
        return seat.state
    sheet = getattr(seat, "sheet", None)
    where = sheet.state if sheet else "answer"
    return where if where in DONE or seat.entry.state in IN_RACE else "gone"


def own_rounds(viewer) -> list[OwnRound]:
    """Every round with seats of the viewer, the newest judging first. Two queries."""
    signed = set(Undertaking.objects.filter(evaluator__user=viewer).values_list("round_id", flat=True))
    found: dict[int, OwnRound] = {}
    for seat in own_assignments(viewer):
        round = seat.entry.round
        own = found.setdefault(round.pk, OwnRound(round, Counter(), round.pk in signed))
        where = stage(seat)
        if where in DONE:
            own.counts["submitted"] += 1
        elif where in OPEN:
            own.counts["open"] += 1
            due = deadline_of(seat)
            own.due_at = min(filter(None, (own.due_at, due)), default=None)
        else:
            own.counts["left"] += 1
    return sorted(found.values(), key=lambda own: (not own.counts["open"], own.round.state in ("closed", "released"), -own.round.pk))


def open_tasks(viewer) -> list[QuerySet]:
    """Sheets and questions that wait for the viewer, for the menu to count."""
    sheets = Assignment.objects.filter(
        evaluator__user=viewer, state__in=("published", "confirmed"), entry__round__state="judging", entry__state__in=IN_RACE
    )
    return [sheets.filter(Q(sheet__isnull=True) | Q(sheet__state__in=("draft", "returned"))), own_flags(viewer)]


def seats_in(viewer, round) -> list[Assignment]:
    """The viewer's seats of a round in the order of the sheets, each with `stage`."""
    seats = list(own_assignments(viewer, round).order_by("pk"))
    asked = set(own_flags(viewer).values_list("version__sheet", flat=True))
    for seat in seats:
        seat.stage = stage(seat)
        seat.asked = hasattr(seat, "sheet") and seat.sheet.pk in asked
    return seats


def own_round(viewer, pk) -> Round:
    """Http404 for whoever has no seat there."""
    found = Round.objects.select_related("competition").filter(pk=pk).first()
    if found is None or not own_assignments(viewer, found).exists():
        raise Http404
    require(viewer, "undertaking.sign", found)
    return found


def seat(viewer, pk, *, action="assignment.view") -> Assignment:
    """One of the viewer's own published seats; Http404 else."""
    found = (
        own_assignments(viewer)
        .select_related("evaluator__user", "entry__revision", "entry__application__organisation")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    require(viewer, action, found)
    found.stage = stage(found)
    return found


@dataclass
class Place:
    """Where a sheet stands among the viewer's seats of the round."""

    number: int
    all: int
    strip: list[str]
    previous: Assignment | None
    next: Assignment | None


def place(viewer, seat: Assignment) -> Place:
    """`next` is the next one that waits, wrapping around; `previous` the one before in the row, given up ones left out."""
    seats = seats_in(viewer, seat.entry.round)
    here = next(index for index, row in enumerate(seats) if row.pk == seat.pk)
    strip = [
        "now" if index == here else "in" if row.stage in DONE else "held" if row.stage in (*LEFT, "gone") else "next"
        for index, row in enumerate(seats)
    ]
    after = seats[here + 1 :] + seats[:here]
    waiting = [row for row in after if row.stage in OPEN]
    before = [row for row in seats[:here] if row.stage not in (*LEFT, "gone")]
    return Place(here + 1, len(seats), strip, before[-1] if before else None, waiting[0] if waiting else None)
