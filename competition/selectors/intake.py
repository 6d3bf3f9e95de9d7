"""What was submitted, as staff read it."""

from django.db.models import Count, F, OuterRef, Subquery
from django.http import Http404

from accounts.permissions import visible
from competition.domain.differences import differences
from competition.models import Application, Entry, Revision
from competition.selectors.answers import labels, shown
from competition.selectors.applications import application, revision_years
from competition.selectors.competitions import competition as find_competition
from competition.selectors.parties import party_changes, submitted_partners


def intake(viewer, competition, *, state="", track=None):
    """The queue: those ever submitted, the longest waiting first, with `receipt` and `submitted_at` of the newest revision
    and `revision_count`; `region_says` is the state of the recommendation, None where none is asked."""
    newest = Revision.objects.filter(application=OuterRef("pk")).order_by("-number")
    counted = Revision.objects.filter(application=OuterRef("pk")).order_by().values("application").annotate(n=Count("pk")).values("n")
    rows = visible(viewer, "application.view", Application.objects.filter(competition=competition))
    rows = rows.filter(pk__in=Revision.objects.values("application"))
    if state:
        rows = rows.filter(state=state)
    if track is not None:
        rows = rows.filter(track=track)
    return (
        rows.select_related("cluster__lead_region", "cluster__sector", "organisation", "track", "round")
        .annotate(
            receipt=Subquery(newest.values("receipt_number")[:1]),
            submitted_at=Subquery(newest.values("submitted_at")[:1]),
            revision_count=Subquery(counted),
            region_says=F("recommendation__state"),
        )
        .order_by("submitted_at", "pk")
    )


def counts(competition) -> dict[str, int]:
    """State → how many of those ever submitted."""
    rows = Application.objects.filter(competition=competition, pk__in=Revision.objects.values("application"))
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def waiting(competition_pk):
    return Application.objects.filter(competition=competition_pk, state="submitted")


def submitted(viewer, pk, competition_pk) -> Application:
    """For staff, once it was submitted; Http404 for strangers, NotAllowed for colleagues on another side."""
    find_competition(viewer, competition_pk, action="competition.staff")
    found = application(viewer, pk)
    if found.competition_id != competition_pk:
        raise Http404
    return found


def revisions(application) -> list[Revision]:
    """The newest first."""
    return list(application.revisions.select_related("round__competition", "form", "submitted_by").order_by("-number"))


def changes(before: Revision, after: Revision) -> dict:
    """`answers`: what changed, labelled, in words, by the form of the newer one; `partners` likewise;
    `count` of both; `added` and `removed` files."""
    definition, years = after.form.definition, revision_years(after)
    names = labels(definition)
    rules = {field["code"]: field for section in definition["sections"] for field in section["fields"]}
    old, new = set(before.attachments.all()), set(after.attachments.all())
    competition = after.round.competition
    partners = party_changes(submitted_partners(before, competition), submitted_partners(after, competition))
    answers = [
        {
            "name": names.get(row.path) or names.get(row.path.rpartition(".")[0], row.path),
            "part": "" if row.path in names else row.path.rpartition(".")[2],
            "before": _words(rules.get(row.path), row.before),
            "after": _words(rules.get(row.path), row.after),
        }
        for row in differences(definition, _without_files(before.data, rules), _without_files(after.data, rules), years)
    ]
    return {
        "partners": partners,
        "answers": answers,
        "count": len(partners) + len(answers),
        "added": sorted(new - old, key=lambda file: file.pk),
        "removed": sorted(old - new, key=lambda file: file.pk),
    }


def _without_files(data, rules) -> dict:
    return {code: value for code, value in data.items() if code in rules and rules[code]["type"] != "attachment"}


def _words(rules, value) -> str:
    if value is None:
        return ""
    if value is True:
        return "✓"
    return shown(rules, value) if rules else str(value)


def entry(viewer, pk, competition_pk) -> Entry:
    """For its applicant and for staff; Http404 for everybody else."""
    found = Entry.objects.filter(pk=pk, round__competition=competition_pk).select_related("round__competition").first()
    if found is None:
        raise Http404
    found.application = application(viewer, found.application_id)
    return found
