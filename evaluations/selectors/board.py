"""The organiser's view of a round's seats: entries × evaluators, loads, conflicts, what is short. States only, never a mark."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q
from django.http import Http404

from competition.domain.states import IN_RACE
from competition.models import Competition, Entry
from competition.permissions.conflicts import conflicts
from competition.selectors.competitions import round_of
from competition.selectors.rules import vote_of
from evaluations.models import Assignment, AssignmentPlan
from evaluations.selectors.assignments import HELD, LEFT, judged_entries, pool
from evaluations.selectors.seats import stage

SHEET_STAGES = ("answer", "draft", "returned", "submitted", "locked", "recused", "replaced", "waived", "gone")


@dataclass
class EntryRow:
    """One entry with its seats; `short`: how many are missing of those the plan, else the round, asks for."""

    entry: Entry
    seats: list[Assignment]
    short: int


@dataclass
class Choice:
    """An evaluator for one entry; `against` holds kinds of conflict, or "seat_taken" codes: empty means selectable."""

    evaluator: object
    load: int
    fits: bool
    kinds: list[str] = field(default_factory=list)
    taken: str = ""

    @property
    def free(self) -> bool:
        return not self.kinds and not self.taken


def current_round(competition: Competition):
    """The round that the judging is about now: judged, else taking in, else the newest that was, else the first."""
    rounds = list(competition.rounds.order_by("order"))
    for state in ("judging", "open"):
        for round in rounds:
            if round.state == state:
                return round
    done = [round for round in rounds if round.state in ("closed", "released")]
    if not rounds:
        raise Http404
    return done[-1] if done else rounds[0]


def seats_wanted(round) -> tuple[int, dict]:
    """How many seats an entry has, and the exceptions by id as text: of the plan where there is one. A jury that votes is short only
    where nobody of it sits. Two queries at most."""
    row = AssignmentPlan.objects.filter(round=round).first()
    if row is None:
        return (1 if vote_of(round) else round.seats), {}
    return row.definition["seats"], {entry: told["seats"] for entry, told in row.definition["entries"].items() if "seats" in told}


def entries_of(round):
    """Entries that can be judged, with their seats; to be cut into pages."""
    seats = (
        Assignment.objects.select_related("evaluator__user", "evaluator__employer", "sheet", "entry")
        .defer("sheet__comment")
        .order_by("evaluator__code", "pk")
    )
    return judged_entries(round).select_related("application__organisation").prefetch_related(Prefetch("assignments", queryset=seats))


def entry_rows(round, entries, wanted: tuple[int, dict]) -> list[EntryRow]:
    """One page of entries as rows; each seat with `stage` and `kinds` of conflict. `wanted`: `seats_wanted`. As many queries more than
    the page itself, whatever its size."""
    entries = list(entries)
    seats = [seat for entry in entries for seat in entry.assignments.all()]
    bound = conflicts({seat.evaluator.user_id for seat in seats}, {entry.application.cluster_id for entry in entries})
    return _rows(entries, wanted, bound)


def _rows(entries, wanted, bound) -> list[EntryRow]:
    (usual, seats_of), rows = wanted, []
    for entry in entries:
        own = list(entry.assignments.all())
        for seat in own:
            seat.stage = "proposed" if seat.state == "proposed" else stage(seat)
            seat.kinds = sorted(set(bound.get((seat.evaluator.user_id, entry.application.cluster_id), [])))
        held = sum(1 for seat in own if seat.state in HELD)
        rows.append(EntryRow(entry, own, max(0, seats_of.get(str(entry.pk), usual) - held)))
    return rows


def counts_of(round, wanted: tuple[int, dict]) -> dict[str, int]:
    """entries, proposed, published, left, short: of the whole round, in one query. `wanted`: `seats_wanted`."""
    usual, seats_of = wanted
    rows = Entry.objects.filter(round=round, state="running").order_by("pk").values_list("pk", "revision", "assignments__state")
    entries, seats, states = set(), Counter(), Counter()
    for entry, revision, state in rows:
        states[state] += 1  # None: an entry without a seat
        if revision is not None:
            entries.add(entry)
        if state in HELD:
            seats[entry] += 1
    return {
        "entries": len(entries),
        "proposed": states["proposed"],
        "published": states["published"] + states["confirmed"],
        "left": sum(states[state] for state in LEFT),
        "short": sum(max(0, seats_of.get(str(entry), usual) - seats[entry]) for entry in entries),
    }


def entry_with_choices(entry: Entry) -> tuple[EntryRow, list[Choice]]:
    """One entry as a row, and everybody of the pool for it: the free ones first, by fit and load; the others with why not. Http404
    for an entry that cannot be judged."""
    entries, evaluators = list(entries_of(entry.round).filter(pk=entry.pk)), list(pool(entry.round.competition))
    seats = [seat for found in entries for seat in found.assignments.all()]
    people = {evaluator.user_id for evaluator in evaluators} | {seat.evaluator.user_id for seat in seats}
    bound = conflicts(people, [entry.application.cluster_id])
    rows = _rows(entries, seats_wanted(entry.round), bound)
    if not rows:
        raise Http404
    return rows[0], _choices(entry, evaluators, bound, {seat.evaluator_id: seat.state for seat in seats})


def _choices(entry, evaluators, bound, taken) -> list[Choice]:
    cluster = entry.application.cluster
    found = [
        Choice(
            evaluator,
            evaluator.load,
            cluster.sector_id in {sector.pk for sector in evaluator.sectors.all()},
            sorted(set(bound.get((evaluator.user_id, cluster.pk), []))),
            taken.get(evaluator.pk, ""),
        )
        for evaluator in evaluators
    ]
    return sorted(found, key=lambda choice: (not choice.free, not choice.fits, choice.load, choice.evaluator.code))


def entry_of(viewer, pk) -> Entry:
    """An entry of a round that the viewer assigns evaluators in; Http404 for strangers, NotAllowed for colleagues."""
    found = (
        Entry.objects.filter(pk=pk)
        .select_related("application__cluster__sector", "application__cluster__lead_region", "application__organisation")
        .first()
    )
    if found is None:
        raise Http404
    found.round = round_of(viewer, found.round_id, action="assignment.create")
    return found


def seat_of(viewer, pk, *, action) -> Assignment:
    """A seat for the organiser."""
    found = (
        Assignment.objects.filter(pk=pk)
        .select_related("entry__round__competition", "entry__application__cluster__lead_region", "evaluator__user", "sheet")
        .first()
    )
    if found is None:
        raise Http404
    round_of(viewer, found.entry.round_id, action=action)
    found.stage = "proposed" if found.state == "proposed" else stage(found)
    return found


def seats_of_round(round):
    """Every seat in whatever state, by entry: one query."""
    rows = Assignment.objects.filter(entry__round=round).select_related("entry", "sheet").defer("sheet__comment")
    return rows.order_by("entry_id", "pk")


def sheet_seats(round, where: str = ""):
    """Seats shown to their evaluators, by evaluator; `where`: only those at this stage."""
    rows = (
        Assignment.objects.filter(entry__round=round)
        .exclude(state="proposed")
        .select_related("evaluator__user", "sheet", "entry__application__cluster", "entry__track")
        .order_by("evaluator__code", "pk")
    )
    gone = ~Q(entry__state__in=IN_RACE)
    if where in LEFT:
        return rows.filter(state=where)
    rows_held = rows.exclude(state__in=LEFT)
    if where == "gone":
        return rows_held.filter(gone).exclude(sheet__state__in=("submitted", "locked"))
    if where == "answer":
        return rows_held.exclude(gone).filter(sheet__isnull=True)
    if where in ("draft", "returned"):
        return rows_held.exclude(gone).filter(sheet__state=where)
    if where in ("submitted", "locked"):
        return rows_held.filter(sheet__state=where)
    return rows


def stage_counts(round) -> dict[str, int]:
    """How many seats stand at each stage. One query."""
    rows = Assignment.objects.filter(entry__round=round).exclude(state="proposed").select_related("sheet", "entry")
    found = Counter(stage(seat) for seat in rows.only("state", "entry__state", "sheet__state"))
    return {name: found[name] for name in SHEET_STAGES if found[name]}
