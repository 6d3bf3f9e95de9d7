"""Standings of a closed round as its staff read them, and one entry's marks. Who may read is decided before."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, F

from competition.labels import OUTCOME_MARKS
from competition.models import Entry, Proposal, Standing
from competition.selectors.rules import advancement_of
from evaluations.models import Assignment, Criterion, Mark, Sheet
from evaluations.selectors.rubrics import rubric_of


@dataclass(frozen=True)
class Line:
    """Where a list is cut. `outcomes`: of each entry, as the newest proposal on this snapshot has it; without one a forecast by the
    rule's number. `cut`: entries inside, `reserve`: behind it, where one line runs through the list; `cut` None where it does
    not (several tracks, caps, a share)."""

    outcomes: dict[int, str]
    cut: int | None
    reserve: int
    proposal: Proposal | None
    rule: dict | None


def line_of(round, standings, track: str = "") -> Line:
    """Up to four queries, whatever the number of entries."""
    found = advancement_of(round)
    rule = found.rule if found else None
    proposals = round.proposals.exclude(state="void").filter(standings=standings).select_related("standings", "rule", "meeting")
    proposal = proposals.order_by("-number").first()
    order = list(ranked(standings, track).values_list("entry_id", "track_rank" if track else "rank"))
    outcomes = dict(proposal.rows.values_list("entry_id", "outcome")) if proposal else _forecast(rule, order, track)
    return Line(outcomes, *_one_line([outcomes.get(pk, "") for pk, _rank in order]), proposal, rule)


def _forecast(rule: dict | None, order: list[tuple[int, int]], track: str) -> dict[int, str]:
    """Only where the rule is a plain number of places in this very list."""
    if rule is None or rule.get("caps") or rule.get("floors"):
        return {}
    top = rule["take"].get("top")
    if (rule.get("scope") == "track" or isinstance(top, dict)) != bool(track):
        return {}
    if isinstance(top, dict):
        top = top.get(track, top.get("*"))
    if top is None:
        return {}
    last = top + rule.get("reserve", 0)
    return {pk: "advance" if rank <= top else "reserve" if rank <= last else "eliminated" for pk, rank in order}


def _one_line(outcomes: list[str]) -> tuple[int | None, int]:
    """(entries inside, reserves right behind them), where those inside stand before all others; else (None, 0)."""
    marks = [OUTCOME_MARKS.get(outcome, "out") for outcome in outcomes]
    inside, reserve = marks.count("in"), marks.count("reserve")
    if not inside or set(marks[:inside]) != {"in"}:
        return None, 0
    return inside, reserve if set(marks[inside : inside + reserve]) <= {"reserve"} else 0


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


def at_the_line(standings, cut: int, track: str = "") -> tuple[Standing | None, Standing | None]:
    """The last inside and the first outside: one query."""
    found = list(ranked(standings, track)[cut - 1 : cut + 1])
    return (found[0] if found else None, found[1] if len(found) > 1 else None)


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


def sheet_counts(round) -> Counter:
    """State of the round's sheets → number: one query."""
    rows = Sheet.objects.filter(assignment__entry__round=round).order_by().values_list("state")
    return Counter(dict(rows.annotate(n=Count("pk"))))


def undertakings(round) -> tuple[int, int]:
    """Evaluators of the round who have signed, and how many there are: two queries."""
    people = Assignment.objects.filter(entry__round=round, state="confirmed").order_by().values("evaluator").distinct()
    return round.undertakings.filter(evaluator__in=people).count(), people.count()


@dataclass(frozen=True)
class PanelRow:
    """One evaluator's marks: `marks` beside the rubric's criteria, hundredths, None for an abstention, absent for none."""

    sheet: Sheet
    marks: dict[int, int | None]
    dropped: str


def panel_of(entry, dropped) -> tuple[list[Criterion], list[PanelRow]]:
    """Counted sheets of one entry in the order of the codes. Three queries. `dropped` as in the standing's panel."""
    criteria = list(Criterion.objects.filter(dimension__rubric=rubric_of(entry.round)).select_related("dimension"))
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
