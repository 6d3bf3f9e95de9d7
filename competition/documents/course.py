"""The track: a competition's rounds as one course, as thick as the field that still runs."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from competition.documents.charts import course
from competition.domain.calendar import beijing_date
from competition.models import Entry, Notice, Revision, Round
from competition.selectors.setup import number_of

OVER = ("closed", "released")


def counted(rounds) -> list:
    """Rounds (a queryset) in order, each with `applied` (applications submitted to its intake, wherever they are now), `entered`
    (entries that came in), `revised` (those with an accepted revision), `left` (that went on; None before the release) and
    `public_until` (the last day of its publicity, if it has one): one query."""
    notices = Notice.objects.filter(proposal__round=OuterRef("pk"), state="published").order_by("-ends_on")
    rows = rounds.annotate(
        applied=number_of(Revision.objects, "application"),
        entered=number_of(Entry.objects),
        revised=number_of(Entry.objects.filter(revision__isnull=False)),
        advanced=number_of(Entry.objects.filter(outcome="advance")),
        public_until=Subquery(notices.values("ends_on")[:1]),
    )
    found = list(rows.order_by("competition_id", "order"))
    for row in found:
        row.left = row.advanced if row.state == "released" else None
    return found


def fields_of(competitions) -> dict[int, list]:
    """{competition: its rounds as `counted`}: one query for any number of competitions."""
    found: dict[int, list] = {row.pk: [] for row in competitions}
    for row in counted(Round.objects.filter(competition__in=list(found))):
        found[row.competition_id].append(row)
    return found


def course_of(competition, *, at, here=None, rounds=None) -> list[dict]:
    """Stages for components/track.html. The call with its applications first, then each round, then publicity."""
    rounds = fields_of([competition])[competition.pk] if rounds is None else rounds
    if not rounds:
        return []
    first, last = rounds[0], rounds[-1]
    top = max([first.applied, *(row.entered for row in rounds), 1])
    now = next((row for row in rounds if row.state not in OVER), None) if here is None else here
    intake = {"planned": "next", "open": "now"}.get(first.state, "done")
    stages = [
        {
            "name": _("Applications"),
            "state": intake,
            "course": course(first.applied, first.entered, top, intake),
            "passed": _("%(n)s submitted") % {"n": first.applied},
            "when": window(first.intake_opens, first.intake_closes),
        }
    ]
    for row in rounds:
        state = _state(row, now)
        stages.append(
            {
                "name": str(row),
                "state": state,
                "course": course(row.entered, row.left if row.left is not None else row.entered, top, state, cut=row.state in OVER),
                "passed": f"{row.entered} → {row.left}" if row.left is not None else str(row.entered),
                "when": window(row.judging_opens, row.judging_closes),
            }
        )
    chosen = last.left or 0
    public = "next" if last.state != "released" else "now" if last.public_until and last.public_until >= beijing_date(at) else "done"
    days = _("%(n)s working days") if competition.publicity_unit == "working" else _("%(n)s days")
    stages.append(
        {
            "name": _("Publicity"),
            "state": public,
            "course": course(chosen or 1, chosen or 1, top, public, cut=None),
            "passed": str(chosen) if chosen else "",
            "when": days % {"n": competition.publicity_days},
        }
    )
    return stages


def _state(row, now) -> str:
    if now is not None and row.pk == now.pk and row.state not in ("open", "released"):
        return "now"
    return "done" if row.state in OVER else "now" if row.state == "judging" else "next"


def window(opens, closes) -> str:
    """ "9月1日–30日", in Beijing."""
    if not closes:
        return ""
    ends = date_format(timezone.localtime(closes), "MONTH_DAY_FORMAT")
    return f"{date_format(timezone.localtime(opens), 'MONTH_DAY_FORMAT')} – {ends}" if opens else ends
