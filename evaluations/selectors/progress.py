"""How far the judging of a round is: numbers and states, never a mark, a total or a rank."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Value, When

from competition.domain.states import IN_RACE
from competition.models import Entry
from evaluations.models import Assignment, Evaluator, Scoreboard
from evaluations.selectors.ballots import BY_VOTE
from jobs.models import Job
from jobs.selectors import latest

REFRESH = "standings.refresh"
GIVEN_UP = ("recused", "replaced", "waived")
DONE = "submitted"
# In the order in which a seat passes through them.
STAGES = ("proposed", "published", "confirmed", "begun", "returned", "submitted", *GIVEN_UP)
WORKING = ("proposed", "published", "confirmed", "begun", "returned", "submitted")

STAGE = Case(
    When(state__in=("proposed", *GIVEN_UP), then=F("state")),
    When(sheet__state__in=("submitted", "locked"), then=Value(DONE)),
    When(sheet__state="returned", then=Value("returned")),
    When(sheet__edit_version__gt=0, then=Value("begun")),
    When(state="confirmed", then=Value("confirmed")),
    default=Value("published"),
    output_field=CharField(),
)


@dataclass
class Line:
    """An evaluator or an entry with the number of seats at each stage."""

    subject: object
    stages: Counter = field(default_factory=Counter)

    @property
    def seats(self) -> int:
        return sum(self.stages[stage] for stage in WORKING)

    @property
    def done(self) -> int:
        return self.stages[DONE]

    @property
    def untouched(self) -> int:
        return sum(self.stages[stage] for stage in ("proposed", "published", "confirmed"))

    @property
    def waiting(self) -> int:
        return self.seats - self.done + self.stages["recused"]


def staged(round):
    """Seats of the round's entries in the race, each with `stage`."""
    return Assignment.objects.filter(entry__round=round, entry__state__in=IN_RACE).annotate(stage=STAGE)


def totals(round) -> Line:
    """All seats together: one query."""
    rows = staged(round).order_by().values_list("stage").annotate(n=Count("pk"))
    return Line(round, Counter(dict(rows)))


def evaluator_lines(round) -> list[Line]:
    """Everybody who has or had a seat, by code: two queries."""
    people = Evaluator.objects.filter(assignments__entry__round=round).select_related("user").distinct().order_by("code")
    return _lines(people, staged(round).order_by().values_list("evaluator_id", "stage").annotate(n=Count("pk")))


def entries_of(round):
    return (
        Entry.objects.filter(round=round)
        .select_related("application__cluster__lead_region", "track")
        .order_by("application__cluster__name_zh", "pk")
    )


def entry_lines(round, entries: list[Entry]) -> list[Line]:
    """The given entries of a page: one query."""
    rows = staged(round).filter(entry__in=[entry.pk for entry in entries]).order_by().values_list("entry_id", "stage")
    return _lines(entries, rows.annotate(n=Count("pk")))


def _lines(subjects, rows) -> list[Line]:
    found = {subject.pk: Line(subject) for subject in subjects}
    for pk, stage, number in rows:
        if pk in found:
            found[pk].stages[stage] = number
    return list(found.values())


def seats_of(round, *, evaluator: str = "", stage: str = ""):
    """Single seats for the page that lists them, each with `stage`."""
    rows = staged(round).select_related("evaluator__user", "entry__application__cluster", "entry__round", "sheet")
    if evaluator.isdecimal():
        rows = rows.filter(evaluator=evaluator)
    if stage in STAGES:
        rows = rows.filter(stage=stage)
    return rows.order_by("evaluator__code", "pk")


@dataclass(frozen=True)
class Computed:
    """How the results stand to the marks. `current`: nothing has changed since they were computed. `by_vote`: the round has ballots
    for marks."""

    scores_version: int
    results_version: int
    sheets: int
    at: object
    job: Job | None
    by_vote: bool = False

    @property
    def current(self) -> bool:
        return self.scores_version == self.results_version


def computed(round) -> Computed:
    """Two queries, three before the first sheet is in."""
    votes = BY_VOTE.filter(round=OuterRef("round"))
    board = Scoreboard.objects.filter(round=round).annotate(by_vote=Exists(votes)).first()
    by_vote = board.by_vote if board else BY_VOTE.filter(round=round).exists()
    board = board or Scoreboard(round=round)
    job = latest(REFRESH, f"round:{round.pk}")
    return Computed(board.scores_version, board.results_version, board.computed_sheets, board.computed_at, job, by_vote)


def unseated(round, seats: int) -> int:
    """Entries with fewer seats than the round wants: one query."""
    held = Count("assignments", filter=Q(assignments__state__in=("proposed", "published", "confirmed")))
    rows = Entry.objects.filter(round=round, state="running", revision__isnull=False).annotate(held=held)
    return rows.filter(held__lt=seats).count()
