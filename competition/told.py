"""How notifications of the race are said. Names and addresses are looked up when they are read; no outcome is ever told."""

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notifications import Told, register
from accounts.templatetags.saima import day, deadline
from competition.domain.scans import FOUND
from competition.models import (
    Application,
    Attachment,
    Condition,
    Entry,
    Meeting,
    Objection,
    Proposal,
    Recommendation,
    Registration,
    Round,
    Webhook,
)


def keys(rows) -> dict[int, list]:
    """Key of the subject → its notifications."""
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(int(row.subject.partition(":")[2]), []).append(row)
    return found


def due_words(row) -> str:
    """“By …” where the notification has a deadline in its params."""
    due = row.params.get("due")
    return _("By %(when)s (Beijing time)") % {"when": deadline(parse_datetime(due))} if due else ""


def applications(rows):
    wanted = keys(rows)
    told = {}
    for application in Application.objects.filter(pk__in=wanted).select_related("cluster", "competition"):
        path = reverse("competition:application_detail", args=[application.competition_id, application.pk])
        about = f"{application.cluster} · {application.competition}"
        for row in wanted[application.pk]:
            if row.kind == "application.remind" and application.state != "draft":
                continue  # submitted since
            if row.kind == "application.remind_correction" and not _still_to_correct(application, row):
                continue
            told[row.pk] = Told(about, path, due_words(row))
    return told


def infected(rows):
    """While such a file stands in the application. To its applicants about their page, to organisers about theirs."""
    wanted = keys(rows)
    told = {}
    names: dict[int, list[str]] = {}
    for key, name in Attachment.objects.filter(application__in=wanted, scan=FOUND, removed_at=None).values_list("application", "name"):
        names.setdefault(key, []).append(name)
    for application in Application.objects.filter(pk__in=names).select_related("cluster", "competition"):
        for row in wanted[application.pk]:
            page = "application_detail" if row.kind == "file.find" else "intake_detail"
            path = reverse(f"competition:{page}", args=[application.competition_id, application.pk])
            told[row.pk] = Told(f"{application.cluster} · {application.competition}", path, _(", ").join(names[application.pk]))
    return told


def infected_minutes(rows):
    """While they have not been replaced."""
    held = Meeting.objects.filter(proposal__in=keys(rows), scan=FOUND).values_list("proposal", flat=True)
    found = {f"proposal:{pk}" for pk in held}
    return proposals([row for row in rows if row.subject in found])


def conditions(rows):
    """About the application's page, where the condition stands. A reminder only while it is open with that day."""
    wanted = keys(rows)
    told = {}
    found = Application.objects.filter(pk__in=wanted).select_related("cluster", "competition")
    open_until = dict(Condition.objects.filter(entry__application__in=wanted, state="open").values_list("entry__application", "due_on"))
    for application in found:
        path = reverse("competition:application_detail", args=[application.competition_id, application.pk])
        due = open_until.get(application.pk)
        for row in wanted[application.pk]:
            asked = row.params.get("due_on")
            if asked and (due is None or due.isoformat() != asked):
                continue
            note = _("By the end of %(day)s (Beijing time)") % {"day": day(due)} if asked else ""
            told[row.pk] = Told(f"{application.cluster} · {application.competition}", path, note)
    return told


def _still_to_correct(application, row) -> bool:
    """By the deadline that is told: not once the correction is in, or there is more time."""
    return application.state == "returned" and application.correction_due == parse_datetime(row.params["due"])


def let_in_again(rows):
    """While the round takes in and the cluster has not applied. The subject is its place in the earlier edition."""
    wanted = keys(rows)
    rounds = Round.objects.select_related("competition").in_bulk({row.params["round"] for row in rows})
    entries = Entry.objects.filter(pk__in=wanted).select_related("application__cluster")
    clusters = {entry.application.cluster_id for entry in entries}
    applied = set(Application.objects.filter(cluster__in=clusters).values_list("competition_id", "cluster_id"))
    told = {}
    for entry in entries:
        cluster = entry.application.cluster
        for row in wanted[entry.pk]:
            round = rounds.get(row.params["round"])
            if round is not None and round.state == "open" and (round.competition_id, cluster.pk) not in applied:
                path = reverse("competition:application_start", args=[round.competition_id])
                told[row.pk] = Told(f"{cluster} · {round.competition} · {round}", path, due_words(row))
    return told


def registrations(rows):
    """To who decides only while it waits, the outcome only while it holds."""
    wanted = keys(rows)
    told = {}
    for registration in Registration.objects.filter(pk__in=wanted).select_related("organisation", "cluster"):
        name = str(registration.organisation)
        submit = _("You may submit its applications now and invite colleagues.")
        why = _("Reason: %(reason)s") % {"reason": registration.reason}
        again = _("You may correct it and send it again; your drafts are kept.")
        to_decide = Told(f"{name} · {registration.cluster}", reverse("competition:registration_detail", args=[registration.pk]))
        outcome = {
            "confirmed": Told(name, reverse("competition:application_list"), submit),
            "refused": Told(name, reverse("competition:registration_list"), f"{why}\n{again}"),
        }
        states = {"registration.send": "pending", "registration.confirm": "confirmed", "registration.refuse": "refused"}
        since = registration.decided_at or registration.sent_at
        for row in wanted[registration.pk]:
            if states[row.kind] == registration.state and row.created_at >= since:
                told[row.pk] = outcome.get(registration.state, to_decide)
    return told


def recommendations(rows):
    """To the region only while it waits, to the applicant only while the answer holds."""
    wanted = keys(rows)
    told = {}
    found = Recommendation.objects.filter(pk__in=wanted).select_related("application__cluster", "application__competition", "quota")
    for recommendation in found:
        application = recommendation.application
        about = f"{application.cluster} · {application.competition}"
        to_answer = reverse("competition:recommendation_detail", args=[application.competition_id, recommendation.pk])
        own = reverse("competition:application_detail", args=[application.competition_id, application.pk])
        states = {"recommendation.ask": "waiting", "recommendation.recommend": "recommended", "recommendation.decline": "declined"}
        states["recommendation.withdraw"] = "waiting"
        for row in wanted[recommendation.pk]:
            if states[row.kind] != recommendation.state or application.state == "withdrawn":
                continue
            if row.kind == "recommendation.ask":
                told[row.pk] = Told(about, to_answer, due_words(row))
            else:
                told[row.pk] = Told(about, own, _("What the region wrote stands on its page."))
    return told


def proposals(rows):
    wanted = keys(rows)
    told = {}
    for proposal in Proposal.objects.filter(pk__in=wanted).select_related("round__competition"):
        path = reverse("competition:proposal_detail", args=[proposal.round.competition_id, proposal.pk])
        for row in wanted[proposal.pk]:
            told[row.pk] = Told(f"{proposal.round} · {proposal.round.competition}", path)
    return told


def objections(rows):
    wanted = keys(rows)
    told = {}
    for objection in Objection.objects.filter(pk__in=wanted).select_related("entry__round__competition"):
        round = objection.entry.round
        path = reverse("competition:objection_detail", args=[round.competition_id, objection.pk])
        for row in wanted[objection.pk]:
            told[row.pk] = Told(f"{objection.number} · {round.competition}", path)
    return told


def anchors(rows):
    return {
        row.pk: Told(
            f"{row.params['number']}:{row.params['hash']}",
            reverse("competition:seal_detail", args=[row.params["number"]]),
            _("Keep this letter: with the anchor anyone can check that nothing up to this seal was rewritten."),
        )
        for row in rows
    }


def webhooks(rows):
    """Only while it is off."""
    wanted = keys(rows)
    told = {}
    for webhook in Webhook.objects.filter(pk__in=wanted, off_at__isnull=False, ended_at=None).select_related("competition"):
        path = reverse("competition:webhook_detail", args=[webhook.competition_id, webhook.pk])
        for row in wanted[webhook.pk]:
            told[row.pk] = Told(str(webhook.competition), path, _("Nothing is sent to it until somebody has looked and saved it again."))
    return told


for _kind, _title, _tell in (
    ("application.return", gettext_lazy("Your application was returned for correction"), applications),
    ("application.accept", gettext_lazy("Your application was accepted"), applications),
    ("application.refuse", gettext_lazy("Your application was not accepted"), applications),
    ("application.remind", gettext_lazy("Your application is not submitted yet"), applications),
    ("application.extend", gettext_lazy("There is more time for your correction"), applications),
    ("application.remind_correction", gettext_lazy("Your correction is not submitted yet"), applications),
    ("application.readmit", gettext_lazy("Your cluster may apply again"), let_in_again),
    ("registration.send", gettext_lazy("A registration waits for your answer"), registrations),
    ("registration.confirm", gettext_lazy("Your organisation is confirmed"), registrations),
    ("registration.refuse", gettext_lazy("Your registration was refused"), registrations),
    ("nomination.make", gettext_lazy("Your cluster is nominated: submit its application"), applications),
    ("recommendation.ask", gettext_lazy("An application waits for your region's word"), recommendations),
    ("recommendation.recommend", gettext_lazy("Your region recommends your application"), recommendations),
    ("recommendation.decline", gettext_lazy("Your region does not recommend your application"), recommendations),
    ("recommendation.withdraw", gettext_lazy("Your region has taken its answer back"), recommendations),
    ("result.release", gettext_lazy("Results are released: your own is on your page"), applications),
    ("award.give", gettext_lazy("An award was given: see your page"), applications),
    ("condition.rule", gettext_lazy("The condition of your title was ruled on: see your page"), conditions),
    ("condition.extend", gettext_lazy("There is more time for the condition of your title"), conditions),
    ("condition.remind", gettext_lazy("The condition of your title has to be met soon"), conditions),
    ("proposal.table", gettext_lazy("A proposal is tabled"), proposals),
    ("proposal.sign", gettext_lazy("A signature is missing for the release"), proposals),
    ("webhook.off", gettext_lazy("An address that is told of the race does not answer"), webhooks),
    ("objection.record", gettext_lazy("An objection was recorded"), objections),
    ("file.find", gettext_lazy("Malware was found in a file of yours: hand in a clean one"), infected),
    ("file.find_intake", gettext_lazy("Malware was found in a file of an application"), infected),
    ("file.find_minutes", gettext_lazy("Malware was found in the minutes of a meeting"), infected_minutes),
):
    register(_kind, _title, _tell)
register("seal.anchor", gettext_lazy("Anchor of the ledger"), anchors, always_mailed=True)
