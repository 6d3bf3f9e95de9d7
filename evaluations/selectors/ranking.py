"""Standings of a closed round as its staff read them, and one entry's marks. Who may read is decided before."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import F

from competition.models import Entry, Standing
from evaluations.models import Criterion, Mark, Rubric, Sheet


def ranked(standings, track: str = ""):
    """Entries with a rank, best first."""
    place = "track_rank" if track else "rank"
    rows = standings.rows.exclude(rank=None).order_by(place, "entry_id")
    return rows.filter(entry__track__code=track) if track else rows


def rows_of(standings, track: str = ""):
    """Best first, those without a rank last: the official order of the list, with what a page shows of each."""
    rows = standings.rows.select_related("entry__track", "entry__application__cluster__lead_region", "entry__application__cluster__sector")
    if track:
        rows = rows.filter(entry__track__code=track)
    return rows.order_by(F("track_rank" if track else "rank").asc(nulls_last=True), "entry_id")


def names_of(entries: set[int]) -> dict[int, str]:
    """Clusters of the given entries, by entry: one query."""
    rows = Entry.objects.filter(pk__in=entries).select_related("application__cluster")
    return {entry.pk: str(entry.application.cluster) for entry in rows}


def distance(row: Standing, against: Standing | None) -> Fraction | None:
    """Official total less that of `against`."""
    if row.total is None or against is None or against.total is None:
        return None
    return Fraction(row.total) - Fraction(against.total)


def earlier_ranks(round, applications: list[int]) -> dict[int, dict[int, int]]:
    """{application: {order of the round: rank}} from the newest snapshots of the rounds before: one query."""
    rows = (
        Standing.objects.filter(
            standings__round__competition_id=round.competition_id,
            standings__round__order__lt=round.order,
            standings__round__state="released",
            entry__application__in=applications,
        )
        .order_by("standings__number")
        .values_list("entry__application_id", "standings__round__order", "rank")
    )
    found: dict[int, dict[int, int]] = {}
    for application, order, rank in rows:
        found.setdefault(application, {})[order] = rank
    return found


@dataclass(frozen=True)
class PanelRow:
    """One evaluator's marks: `marks` beside the rubric's criteria, hundredths, None for an abstention, absent for none."""

    sheet: Sheet
    marks: dict[int, int | None]
    dropped: str


def panel_of(entry, dropped) -> tuple[list[Criterion], list[PanelRow]]:
    """Counted sheets of one entry in the order of the codes. Three queries. `dropped` as in the standing's panel."""
    newest = Rubric.objects.filter(round=entry.round).order_by("-version").values("pk")[:1]
    criteria = list(Criterion.objects.filter(dimension__rubric=newest).select_related("dimension"))
    sheets = list(
        Sheet.objects.filter(assignment__entry=entry, assignment__state="confirmed", state__in=("submitted", "locked"))
        .select_related("assignment__evaluator__user")
        .order_by("assignment__evaluator__code")
    )
    marks: dict[int, dict[int, int | None]] = {}
    for sheet, criterion, value in Mark.objects.filter(sheet__in=sheets).values_list("sheet_id", "criterion_id", "value"):
        marks.setdefault(sheet, {})[criterion] = value
    whole = {evaluator: end for evaluator, criterion, end in dropped if criterion is None}
    return criteria, [PanelRow(sheet, marks.get(sheet.pk, {}), whole.get(sheet.assignment.evaluator.code, "")) for sheet in sheets]
