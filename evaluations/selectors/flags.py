"""Questions to evaluators about totals that nobody expected. Before closing the organiser learns numbers only, and each evaluator the
own sheet; values are for the staff, after closing."""

from django.db.models import Count, Exists, OuterRef

from competition.domain.states import IN_RACE
from competition.workflow import provide
from evaluations.models import Flag, OutlierSearch, SheetVersion
from evaluations.selectors.sheets import late
from jobs.models import Job
from jobs.selectors import latest
from ledger.domain.reason import Reason

LOOK = "outliers.look"
ANSWERABLE = ("judging", "closed")


def open_flags(rows=None):
    """Not answered, of the newest version of a sheet that still counts: a returned sheet has overtaken its question."""
    newer = SheetVersion.objects.filter(sheet=OuterRef("version__sheet"), number__gt=OuterRef("version__number"))
    rows = Flag.objects.all() if rows is None else rows
    return rows.filter(
        ~Exists(newer),
        state="open",
        version__sheet__state__in=("submitted", "locked"),
        version__sheet__assignment__state="confirmed",
        version__sheet__assignment__entry__state__in=IN_RACE,
        version__sheet__assignment__entry__round__state__in=ANSWERABLE,
    )


def own_flags(viewer):
    """The viewer's own questions that wait."""
    return open_flags(Flag.objects.filter(version__sheet__assignment__evaluator__user=viewer))


def flag_of(sheet) -> Flag | None:
    """The question about a sheet as it stands: one query."""
    return open_flags(Flag.objects.filter(version__sheet=sheet)).select_related("search", "version__sheet").first()


def opened_by_itself(sheet) -> bool:
    """Whether a sheet that is open again was opened by its evaluator's own answer, and not returned: one query."""
    newer = SheetVersion.objects.filter(sheet=sheet, number__gt=OuterRef("version__number"))
    return Flag.objects.filter(~Exists(newer), version__sheet=sheet, state="corrected").exists()


def searches_of(round) -> list[OutlierSearch]:
    """The newest first: one query."""
    return list(OutlierSearch.objects.filter(round=round).select_related("asked_by").order_by("-id"))


def waiting_by_evaluator(round) -> list[tuple[str, int]]:
    """(code, open questions): not of which entry, nor in which direction. One query."""
    rows = open_flags(Flag.objects.filter(search__round=round)).order_by()
    code = "version__sheet__assignment__evaluator__code"
    return list(rows.values_list(code).annotate(n=Count("pk")).order_by(code))


def look_job(round) -> Job | None:
    return latest(LOOK, f"round:{round.pk}")


def flags_of(round, entry=None):
    """For staff after closing: everything that was asked, the farthest first."""
    rows = Flag.objects.filter(search__round=round).select_related(
        "version__sheet__assignment__evaluator", "version__sheet__assignment__entry__application__cluster"
    )
    if entry is not None:
        rows = rows.filter(version__sheet__assignment__entry=entry)
    return rows.order_by("version__sheet__assignment__entry_id", "id")


@provide("flag", "confirm", "against_answer")
def _against_answer(act):
    """The question has to be about the sheet as it stands."""
    return () if open_flags(Flag.objects.filter(pk=act.subject.pk)).exists() else (Reason("evaluations.flag_overtaken"),)


@provide("sheet", "correct", "against_correction")
def _against_correction(act):
    """Only where it is asked for, while the round is judged, and until the answer is due (or marks are)."""
    flag = flag_of(act.subject)
    if flag is None:
        return (Reason("evaluations.flag_none"),)
    if act.subject.assignment.entry.round.state == "judging" and act.at <= flag.search.due_at:
        return ()
    return late(act.subject, act.at)
