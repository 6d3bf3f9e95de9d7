"""Applications as each side may read them."""

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import Http404

from accounts.permissions import can, require, visible
from competition.domain.calendar import Window, in_beijing
from competition.domain.forms import keep, last_years, validate
from competition.domain.scans import FOUND, WAITING, against
from competition.domain.states import GONE
from competition.models import Application, Attachment, Cluster, Competition, Entry, Readmission, Revision, Round, Substitution
from competition.permissions.holding import organisations
from competition.selectors.parties import party_faults
from competition.selectors.readmissions import let_in
from competition.selectors.rules import form_of
from competition.workflow import provide
from ledger.domain.reason import Reason


def application(viewer, pk, *, action="application.view") -> Application:
    """Http404 for whoever may not even see it; NotAllowed without `action`."""
    found = (
        Application.objects.filter(pk=pk)
        .select_related("competition", "round__competition", "cluster__lead_region", "cluster__sector", "organisation", "track")
        .select_related("comeback__rule__reached__competition", "comeback__rule__enters")
        .annotate(marked=Exists(marked_files(OuterRef("pk"))))  # for pages that name them, else spared a query
        .first()
    )
    if found is None or not _seen(viewer, found):
        raise Http404
    require(viewer, action, found)
    return found


def _seen(viewer, found) -> bool:
    return can(viewer, "application.view", found).allowed


def own_applications(viewer):
    """What the viewer's organisations have applied for, newest first."""
    return (
        visible(viewer, "application.edit", Application)
        .select_related("competition", "round", "cluster", "organisation", "track")
        .annotate(
            revision_count=Count("revisions"),
            gone=Exists(Entry.objects.filter(application=OuterRef("pk"), round=OuterRef("round"), state__in=GONE)),
            offered=Exists(Substitution.objects.filter(reserve__application=OuterRef("pk"), answered_at=None)),
        )
        .order_by("-created_at", "-id")
    )


def open_calls(viewer, *, at):
    """Competitions that take applications now or later, each with `first` (the round that does), `choices`: the viewer's clusters
    that have not applied in it, and `back`: those of them that a rule of re-admission lets in, in a later round the only ones.
    Constant in queries."""
    if not organisations(viewer):
        return []
    taking = (
        Round.objects.filter(competition__state="published", state="open")
        .filter(Q(order=1) | Exists(Readmission.objects.filter(enters=OuterRef("pk"))))
        .filter(Q(intake_closes=None) | Q(intake_closes__gt=at))
        .select_related("competition__region")
        .order_by("intake_closes", "pk")
    )
    mine = list(Cluster.objects.filter(organisation__in=organisations(viewer)))
    applied = set(standing(Application.objects.filter(cluster__in=mine)).values_list("competition_id", "cluster_id"))
    taking = list(taking)
    back = let_in(mine, taking)
    calls = []
    for round in taking:
        competition = round.competition
        competition.first = round
        free = [cluster for cluster in mine if (competition.pk, cluster.pk) not in applied]
        competition.back = [cluster for cluster in free if (round.pk, cluster.pk) in back]
        competition.choices = free if round.order == 1 else competition.back
        calls.append(competition)
    return calls


def standing(rows):
    """Without drafts of organisations that were never confirmed and have lost their cluster."""
    return rows.exclude(Q(organisation__confirmed=False) & ~Q(organisation=F("cluster__organisation")))


def call(viewer, pk) -> Competition:
    """A published competition for somebody who may apply in it; Http404 for whoever applies for no organisation."""
    found = Competition.objects.exclude(state="draft").filter(pk=pk).first()
    if found is None or not organisations(viewer):
        raise Http404
    return found


def taking(competition) -> Round | None:
    """The round that an application would begin in now; the first one where none takes in."""
    rows = competition.rounds.order_by("order")
    return rows.filter(state="open").first() or rows.first()


def startable_clusters(viewer, competition):
    """In a later round only those that a rule of re-admission lets in."""
    rows = _free_clusters(viewer, competition)
    round = taking(competition)
    if round is None or round.order == 1:
        return rows
    return rows.filter(pk__in=[cluster for _round, cluster in let_in(rows, [round])])


def let_in_again(viewer, competition) -> list[Cluster]:
    """Those of the viewer's that a rule of re-admission lets in now."""
    rows, round = _free_clusters(viewer, competition), taking(competition)
    return list(rows.filter(pk__in=[cluster for _round, cluster in let_in(rows, [round])])) if round else []


def _free_clusters(viewer, competition):
    return (
        Cluster.objects.filter(organisation__in=organisations(viewer))
        .exclude(pk__in=standing(competition.applications).values("cluster"))
        .select_related("organisation")
    )


def draft_of(viewer, pk, competition_pk) -> Application:
    """An own application; Http404 for strangers and colleagues who may not even read it."""
    found = application(viewer, pk, action="application.edit")
    if found.competition_id != competition_pk:
        raise Http404
    return found


def revision(viewer, application_pk, competition_pk, number) -> Revision:
    """As it was submitted, for whoever may read the application."""
    found = (
        Revision.objects.filter(application=application_pk, application__competition=competition_pk, number=number)
        .select_related("form", "round__competition", "submitted_by")
        .first()
    )
    if found is None:
        raise Http404
    found.application = application(viewer, application_pk)
    return found


def files_by_slot(attachments) -> dict[str, list]:
    grouped: dict[str, list] = {}
    for file in attachments:
        grouped.setdefault(file.slot, []).append(file)
    return grouped


def revision_years(revision) -> tuple[int, ...]:
    return last_years(revision.round.competition.year, revision.form.definition.get("years", 3))


def years_of(application) -> tuple[int, ...]:
    """The years that the form's table asks for, oldest first."""
    form = form_of(application.round)
    return last_years(application.competition.year, form.definition["years"])


def answers(application, data=None) -> dict:
    """`data` (the draft where not given) as the form keeps it, with the files of each slot under the slot's code."""
    form = form_of(application.round)
    kept = keep(form.definition, application.draft if data is None else data, years_of(application))
    for slot, name in live_attachments(application).values_list("slot", "name"):
        kept.setdefault(slot, []).append(name)
    return kept


def live_attachments(application):
    return Attachment.objects.filter(application=application, removed_at=None).order_by("slot", "pk")


def faults(application) -> list[tuple[str, Reason]]:
    """What keeps the draft from being submitted, by path, in the order of the form."""
    form = form_of(application.round)
    found = validate(form.definition, answers(application), years_of(application))
    return [*found, *infected_faults(live_attachments(application).filter(scan=FOUND)), *party_faults(application)]


def infected_faults(files) -> list[tuple[str, Reason]]:
    """(slot, why) of each of these files in which malware was found since it was uploaded."""
    return [(file.slot, Reason("competition.file_infected_here", {"name": file.name})) for file in files if file.infected]


def late(application, at) -> tuple[Reason, ...]:
    """Why the intake window of its round is not open at `at`."""
    round = application.round
    if round.state != "open":
        return (Reason("competition.intake_not_open"),)
    if left_in(application, round):
        return (Reason("competition.entry_gone"),)
    return Window(round.intake_opens, round.intake_closes).against(at)


def left_in(application, round) -> bool:
    """Whether its entry has left the round whose intake it is in. Asks nothing in the first, where accepting makes the entry."""
    return round.order > 1 and application.entries.filter(round=round, state__in=GONE).exists()


def correction_late(application, at) -> tuple[Reason, ...]:
    """Why a returned application can no longer be handed in at `at`."""
    due = application.correction_due
    return (Reason("competition.correction_closed", {"due": in_beijing(due)}),) if due is not None and at >= due else ()


@provide("application", "submit", "window")
def _window_to_submit(act):
    return late(act.subject, act.at)


@provide("application", "resume", "window")
def _window_to_resume(act):
    return late(act.subject, act.at)


@provide("application", "submit", "faults")
def _faults_to_submit(act):
    return tuple(reason for _path, reason in faults(act.subject))


@provide("application", "resubmit", "faults")
def _faults_to_resubmit(act):
    return tuple(reason for _path, reason in faults(act.subject))


@provide("application", "resubmit", "correction_window")
def _correction_window(act):
    return correction_late(act.subject, act.at)


@provide("application", "extend", "intake")
@provide("application", "accept", "intake")
def _intake_still_on(act):
    if act.subject.round.state != "open":
        return (Reason("competition.intake_ended"),)
    return ()


def files(viewer, pk):
    """Files of an application: for its applicant those of the draft, for others those of the newest revision."""
    found = application(viewer, pk)
    if can(viewer, "application.edit", found).allowed:
        return live_attachments(found)
    newest = found.revisions.order_by("-number").first()
    return Attachment.objects.filter(revisions=newest).order_by("slot", "pk")


def attachment(viewer, pk) -> Attachment:
    """One stored file. Its applicant reads those of the draft and of every revision; staff what was ever submitted. Http404
    else."""
    found = Attachment.objects.filter(pk=pk).select_related("application__competition").first()
    if found is None or not _seen(viewer, found.application):
        raise Http404
    submitted = found.revisions.exists()
    own = can(viewer, "application.edit", found.application).allowed
    if not submitted and not (own and found.removed_at is None):
        raise Http404
    return found


def marked_files(application):
    """Files of the draft, or of what was handed in last, that wait for the scanner or hold malware."""
    return Attachment.objects.filter(application=application, removed_at=None, scan__in=(WAITING, FOUND)).order_by("slot", "pk")


def kept_back(viewer, attachment) -> Reason | None:
    """Why the viewer, who may see that it is there, is not given its content."""
    return against(attachment.scan, own=can(viewer, "application.edit", attachment.application).allowed)
