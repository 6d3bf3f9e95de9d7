"""Who is told of what happens in the race, in the transaction in which it happens; and reminders before the intake or the time of a
correction ends."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.services.notifications import notify, notify_all, settle, stamp
from competition.domain.calendar import beijing_date, end_of
from competition.domain.reminding import step_of
from competition.domain.states import IN_RACE
from competition.models import Application, Attachment, Cluster, Condition, Round
from competition.permissions.recommendation import speakers
from competition.permissions.registration import reviewers
from competition.selectors.readmissions import let_in
from competition.workflow import hook
from ledger.selectors import newest_seal, read

INTAKE_STEPS = (7, 2, 1)  # days before the intake closes, or the time of a correction ends
CONDITION_STEPS = (60, 14, 3)  # days before the last day of a condition ends
REMINDERS = ("application.remind", "application.remind_correction")


def people(*roles: str, scope: str, but=()) -> set[int]:
    """Ids of who holds one of these roles there or everywhere."""
    held = Membership.objects.live().filter(role__in=roles, scope__in=(scope, "*")).values_list("user_id", flat=True)
    return set(held) - {user.pk for user in but if user is not None}


def applicants(organisations) -> dict[int, set[int]]:
    """Organisation → ids of the people who apply for it: one query."""
    found: dict[int, set[int]] = {pk: set() for pk in organisations}
    scopes = {f"organisation:{pk}": pk for pk in found}
    for scope, user in Membership.objects.live().filter(role="applicant", scope__in=scopes).values_list("scope", "user_id"):
        found[scopes[scope]].add(user)
    return found


def tell_applicants(kind: str, applications, *, at, step="", params=None) -> int:
    by_organisation = applicants({row.organisation_id for row in applications})
    users = {f"application:{row.pk}": by_organisation[row.organisation_id] for row in applications}
    return notify_all(kind, users, at=at, step=step, params=params)


def _answered(act):
    due = act.subject.correction_due if act.action in ("return", "extend") else None
    params = {"due": due.isoformat()} if due else None
    tell_applicants(f"application.{act.action}", [act.subject], at=act.at, step=stamp(act.at), params=params)


def _settled(act):
    settle(REMINDERS, f"application:{act.subject.pk}", at=act.at)


for _action in ("return", "extend", "accept", "refuse"):
    hook("application", _action)(_answered)
for _action in ("submit", "resubmit", "extend", "refuse", "withdraw"):
    hook("application", _action)(_settled)


def tell_reviewers(registration, *, at) -> None:
    """To whoever may confirm it."""
    notify("registration.send", f"registration:{registration.pk}", reviewers(registration), at=at, step=stamp(at))


@hook("registration", "confirm")
@hook("registration", "refuse")
def tell_registered(act):
    notify(f"registration.{act.action}", f"registration:{act.subject.pk}", [act.subject.user_id], at=act.at, step=stamp(act.at))


@hook("registration", "confirm")
@hook("registration", "refuse")
@hook("registration", "withdraw")
def _decided(act):
    settle(["registration.send"], f"registration:{act.subject.pk}", at=act.at)


@hook("registration", "resubmit")
def _corrected(act):
    settle(["registration.refuse"], f"registration:{act.subject.pk}", at=act.at)


@hook("proposal", "table")
def tell_deciders(act):
    scope = f"competition:{act.subject.round.competition_id}"
    notify("proposal.table", f"proposal:{act.subject.pk}", people("decider", scope=scope, but=[act.actor]), at=act.at, step=stamp(act.at))


def tell_speakers(recommendation, *, at) -> None:
    """To those who speak for the lead region: an application waits for their word."""
    closes = recommendation.quota.competition.recommendation_closes
    params = {"due": closes.isoformat()} if closes else None
    users = speakers(recommendation.quota.region_id)
    notify("recommendation.ask", f"recommendation:{recommendation.pk}", users, at=at, step=stamp(at), params=params)


@hook("recommendation", "recommend")
@hook("recommendation", "decline")
@hook("recommendation", "withdraw")
def _region_answered(act):
    settle(["recommendation.ask"], f"recommendation:{act.subject.pk}", at=act.at)
    users = applicants([act.subject.application.organisation_id])[act.subject.application.organisation_id]
    notify(f"recommendation.{act.action}", f"recommendation:{act.subject.pk}", users, at=act.at, step=stamp(act.at))


def tell_nominated(nomination, *, at) -> None:
    """To the applicants of the organisation: a draft is there for them to submit."""
    closes = nomination.application.round.intake_closes
    params = {"due": closes.isoformat()} if closes else None
    tell_applicants("nomination.make", [nomination.application], at=at, params=params)


@hook("round", "open")
def tell_let_in(act):
    """To the applicants of clusters that a rule of re-admission lets in here and that have not applied."""
    round = act.subject
    free = Cluster.objects.exclude(pk__in=Application.objects.filter(competition=round.competition_id).values("cluster"))
    let = {entry.pk: cluster for (_round, cluster), (_rule, entry) in let_in(free, [round]).items()}
    if not let:
        return
    whose = dict(Cluster.objects.filter(pk__in=let.values()).values_list("pk", "organisation_id"))
    by_organisation = applicants({pk for pk in whose.values() if pk})
    users = {f"entry:{entry}": by_organisation.get(whose[cluster], set()) for entry, cluster in let.items()}
    params = {"round": round.pk} | ({"due": round.intake_closes.isoformat()} if round.intake_closes else {})
    notify_all("application.readmit", users, at=act.at, params=params, step=f"round:{round.pk}")


def tell_signature_missing(proposal, signed: set[int], *, at) -> None:
    """To the deciders who have not signed."""
    scope = f"competition:{proposal.round.competition_id}"
    notify("proposal.sign", f"proposal:{proposal.pk}", people("decider", scope=scope) - signed, at=at, step=stamp(at))


@hook("proposal", "release")
def tell_results(act):
    """That it is out; each reads the own outcome on the own page."""
    rows = list(Application.objects.filter(entries__proposal_rows__proposal=act.subject).order_by("pk"))
    tell_applicants("result.release", rows, at=act.at, step=f"round:{act.subject.round_id}")


def tell_objection(objection, *, actor, at) -> None:
    scope = f"competition:{objection.entry.round.competition_id}"
    notify("objection.record", f"objection:{objection.pk}", people("organiser", "decider", scope=scope, but=[actor]), at=at)


def tell_infected(row, *, at) -> None:
    """That malware was found in a stored file: to who hands in, and to the organisers; of the minutes of a meeting to deciders, too."""
    if isinstance(row, Attachment):
        application = row.application
        tell_applicants("file.find", [application], at=at, step=f"{row.pk}:{stamp(at)}")
        users = people("organiser", scope=f"competition:{application.competition_id}")
        notify("file.find_intake", f"application:{application.pk}", users, at=at, step=f"{row.pk}:{stamp(at)}")
    else:
        users = people("organiser", "decider", scope=f"competition:{row.proposal.round.competition_id}")
        notify("file.find_minutes", f"proposal:{row.proposal_id}", users, at=at, step=stamp(at))


def tell_awards(awards, *, at) -> None:
    rows = list({award.entry.application_id: award.entry.application for award in awards}.values())
    tell_applicants("award.give", rows, at=at, step=stamp(at))


def tell_condition(act):
    tell_applicants(
        f"condition.{'extend' if act.action == 'extend' else 'rule'}",
        [act.subject.entry.application],
        at=act.at,
        step=stamp(act.at),
        params={"due_on": act.subject.due_on.isoformat()} if act.action == "extend" else None,
    )
    settle(["condition.remind"], f"application:{act.subject.entry.application_id}", at=act.at)


for _action in ("meet", "extend", "miss"):
    hook("condition", _action)(tell_condition)


@transaction.atomic
def remind_conditions(*, at: datetime) -> int:
    """Conditions whose day comes near: once for each step and day, none once it is ruled on. How many people were told."""
    today = beijing_date(at)
    near = Condition.objects.filter(state="open", due_on__gte=today, due_on__lte=today + timedelta(days=max(CONDITION_STEPS)))
    told = 0
    for condition in near.filter(entry__state__in=IN_RACE).select_related("entry__application").order_by("due_on", "pk"):
        days, since = step_of(at, end_of(condition.due_on), CONDITION_STEPS)
        if condition.entry.outcome_at >= since:
            continue  # read with the result itself
        step, params = f"{days}:{condition.due_on:%Y%m%d}", {"due_on": condition.due_on.isoformat()}
        told += tell_applicants("condition.remind", [condition.entry.application], at=at, step=step, params=params)
    return told


@transaction.atomic
def remind_applicants(*, at: datetime) -> int:
    """Drafts whose intake closes within a week: once for each step and deadline, never after submission. How many people were told."""
    told = 0
    closing = Round.objects.filter(state="open", intake_closes__gt=at, intake_closes__lte=at + timedelta(days=max(INTAKE_STEPS)))
    for round in closing.order_by("pk"):
        days, since = step_of(at, round.intake_closes, INTAKE_STEPS)
        # What was begun within the step needs no reminder of it.
        drafts = Application.objects.select_for_update(no_key=True).filter(round=round, state="draft", created_at__lt=since)
        step, due = f"{days}:{round.intake_closes:%Y%m%d%H%M}", {"due": round.intake_closes.isoformat()}
        told += tell_applicants("application.remind", list(drafts.order_by("pk")), at=at, step=step, params=due)
    return told


@transaction.atomic
def remind_corrections(*, at: datetime) -> int:
    """Returned applications whose time ends within a week: once for each step and deadline, never after the correction is in. How many
    people were told."""
    near = at + timedelta(days=max(INTAKE_STEPS))
    waiting = Application.objects.filter(state="returned", correction_due__gt=at, correction_due__lte=near).order_by("pk")
    rows = list(waiting.select_for_update(no_key=True))
    # What was returned, or given more time, within the step needs no reminder of it.
    deeds = read(subject=[f"application:{row.pk}" for row in rows], action=["application.return", "application.extend"])
    given = dict(deeds.order_by("at", "pk").values_list("subject", "at"))
    groups: dict[tuple, list[Application]] = {}
    for row in rows:
        days, since = step_of(at, row.correction_due, INTAKE_STEPS)
        if f"application:{row.pk}" not in given or given[f"application:{row.pk}"] < since:
            groups.setdefault((days, row.correction_due), []).append(row)
    told = 0
    for (days, due), group in sorted(groups.items()):
        step, params = f"{days}:{due:%Y%m%d%H%M}", {"due": due.isoformat()}
        told += tell_applicants("application.remind_correction", group, at=at, step=step, params=params)
    return told


@transaction.atomic
def tell_anchors(*, at: datetime) -> int:
    """The newest seal to every supervisor, once a day, with the first seal of the day."""
    newest = newest_seal()
    today = timezone.localtime(at).date()
    if newest is None or timezone.localtime(newest.at).date() != today:
        return 0
    users = set(Membership.objects.live().filter(role="supervisor").values_list("user_id", flat=True))
    return notify("seal.anchor", f"day:{today:%Y-%m-%d}", users, at=at, params={"number": newest.number, "hash": newest.hash})
