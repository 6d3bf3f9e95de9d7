"""Registering an organisation with its cluster, and the one decision about it."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import Membership, User
from accounts.permissions import require
from accounts.services.membership import end_role, give_role
from competition.models import Cluster, Organisation, Registration
from competition.selectors.registrations import begun
from competition.services.clusters import against_credit_code, note_change
from competition.services.telling import tell_reviewers
from competition.workflow import hook, perform
from ledger.domain.reason import Reason, Refused
from ledger.services import record

MOST, MOST_IN = 5, timedelta(days=30)


@transaction.atomic
def register_organisation(*, values: dict, actor, at: datetime) -> Registration:
    """`values`: `name_zh name_en credit_code` of the organisation; `cluster` (a free one) or, where it is None, of a new one
    `cluster_zh cluster_en short_zh short_en region sector`. The actor may draft for it at once; submitting waits for the
    confirmation."""
    require(actor, "registration.make")
    User.objects.select_for_update().get(pk=actor.pk)
    mine = Registration.objects.filter(user=actor)
    if mine.filter(state="pending").exists():
        raise Refused(Reason("competition.registration_pending"))
    if mine.filter(sent_at__gt=at - MOST_IN).count() >= MOST:
        raise Refused(Reason("competition.registrations_many", {"most": MOST, "days": MOST_IN.days}))
    code = _sound_code(values["credit_code"], None)
    with _first("competition.credit_code_registered", "credit_code"):
        organisation = Organisation.objects.create(
            name_zh=values["name_zh"], name_en=values["name_en"], credit_code=code, region=_region(values), confirmed=False
        )
    note_change("organisation", True, organisation, actor=actor, at=at)
    cluster = _take_cluster(values, organisation, actor=actor, at=at)
    registration = Registration.objects.create(
        user=actor, organisation=organisation, cluster=cluster, new_cluster=values["cluster"] is None, credit_code=code, sent_at=at
    )
    record(
        actor=f"user:{actor.pk}",
        action="registration.send",
        subject=f"registration:{registration.pk}",
        scope=f"region:{cluster.lead_region_id}",
        after={"organisation": organisation.pk, "cluster": cluster.pk, "new_cluster": registration.new_cluster},
        private={"credit_code": code},
        at=at,
    )
    give_role(actor, role="applicant", scope=f"organisation:{organisation.pk}", actor=None, at=at)
    tell_reviewers(registration, at=at)
    return registration


@transaction.atomic
def resubmit_registration(registration: Registration, *, values: dict, actor, at: datetime) -> Registration:
    """A refused one, corrected: it waits again. The drafts begun with it come back with it."""
    User.objects.select_for_update().get(pk=registration.user_id)
    registration = Registration.objects.select_for_update(of=("self",)).select_related("organisation", "cluster").get(pk=registration.pk)
    require(actor, "registration.resubmit", registration)
    if registration.state != "refused":
        raise Refused(Reason("competition.registration_settled"))
    if Registration.objects.filter(user=registration.user_id, state="pending").exists():
        raise Refused(Reason("competition.registration_pending"))
    organisation = registration.organisation
    code = _sound_code(values["credit_code"], organisation)
    organisation.name_zh, organisation.name_en, organisation.credit_code = values["name_zh"], values["name_en"], code
    organisation.region = _region(values)
    with _first("competition.credit_code_registered", "credit_code"):
        organisation.save(update_fields=["name_zh", "name_en", "credit_code", "region"])
    note_change("organisation", False, organisation, actor=actor, at=at)
    cluster = _change_cluster(registration, values, actor=actor, at=at)
    changes = {
        "cluster": cluster,
        "new_cluster": values["cluster"] is None,
        "credit_code": code,
        "sent_at": at,
        "reason": "",
        "decided_at": None,
        "decided_by": None,
    }
    Registration.objects.filter(pk=registration.pk).update(cluster=cluster)
    registration = perform(registration, "resubmit", actor=actor, at=at, changes=changes)
    give_role(registration.user, role="applicant", scope=f"organisation:{organisation.pk}", actor=None, at=at)
    tell_reviewers(registration, at=at)
    return registration


@transaction.atomic
def confirm_registration(registration: Registration, *, actor, at: datetime) -> Registration:
    return perform(registration, "confirm", actor=actor, at=at, changes={"decided_at": at, "decided_by": actor})


@transaction.atomic
def refuse_registration(registration: Registration, *, reason: str, actor, at: datetime) -> Registration:
    """The credit code and a cluster chosen from the list are free again; drafts are kept until somebody else applies."""
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    return perform(registration, "refuse", actor=actor, at=at, changes={"decided_at": at, "decided_by": actor, "reason": reason.strip()})


@transaction.atomic
def withdraw_registration(registration: Registration, *, actor, at: datetime) -> Registration:
    return perform(registration, "withdraw", actor=actor, at=at)


@hook("registration", "confirm")
def _let_in(act):
    organisation = act.subject.organisation
    organisation.confirmed = True
    organisation.save(update_fields=["confirmed"])


@hook("registration", "refuse")
@hook("registration", "withdraw")
def _let_go(act):
    organisation = Organisation.objects.get(pk=act.subject.organisation_id)
    organisation.credit_code = None
    organisation.save(update_fields=["credit_code"])
    if not act.subject.new_cluster:
        Cluster.objects.filter(pk=act.subject.cluster_id, organisation=organisation).update(organisation=None)
    for membership in Membership.objects.live().filter(scope=f"organisation:{organisation.pk}"):
        end_role(membership, actor=None, at=act.at)


@contextmanager
def _first(code: str, field: str):
    """Two who send the same at one moment: the database takes the first, the second is told in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refused(Reason(code), field=field) from None


def _region(values):
    return values["cluster"].lead_region if values["cluster"] else values["region"]


def _sound_code(typed: str, organisation) -> str:
    code = typed.strip().upper()
    if reason := against_credit_code(code):
        raise Refused(reason, field="credit_code")
    if Organisation.objects.filter(credit_code=code).exclude(pk=organisation and organisation.pk).exists():
        raise Refused(Reason("competition.credit_code_registered"), field="credit_code")
    return code


def _change_cluster(registration, values, *, actor, at) -> Cluster:
    """The cluster of a corrected registration. A draft stands on its cluster, so a new one is corrected in place."""
    old, organisation, chosen = registration.cluster, registration.organisation, values["cluster"]
    if chosen is not None and chosen.pk == old.pk:
        return _take_cluster(values, organisation, actor=actor, at=at)
    if begun(registration) and (chosen is not None or not registration.new_cluster):
        raise Refused(Reason("competition.registration_begun"), field="cluster")
    if chosen is None and registration.new_cluster and old.organisation_id == organisation.pk:
        return _write_cluster(old, values, organisation, actor=actor, at=at)
    if registration.new_cluster and old.organisation_id == organisation.pk:
        old.organisation = None  # nothing stands on it; its name is free for whoever comes
        old.save(update_fields=["organisation"])
    return _take_cluster(values, organisation, actor=actor, at=at)


def _take_cluster(values, organisation, *, actor, at) -> Cluster:
    """The free cluster that was chosen, or a new one; a name that only a refused registration holds is taken over."""
    if values["cluster"] is not None:
        cluster = Cluster.objects.select_for_update().get(pk=values["cluster"].pk)
        if cluster.organisation_id not in (None, organisation.pk):
            raise Refused(Reason("competition.registration_cluster_taken"), field="cluster")
        cluster.organisation = organisation
        cluster.save(update_fields=["organisation"])
        note_change("cluster", False, cluster, actor=actor, at=at)
        return cluster
    known = Cluster.objects.select_for_update().filter(name_zh=values["cluster_zh"]).first()
    if known is not None:
        if known.organisation_id is None:
            raise Refused(Reason("competition.registration_cluster_listed"), field="cluster_zh")
        if not Registration.objects.filter(organisation=known.organisation_id, state__in=("refused", "withdrawn")).exists():
            raise Refused(Reason("competition.registration_cluster_taken"), field="cluster_zh")
    return _write_cluster(known, values, organisation, actor=actor, at=at)


def _write_cluster(cluster, values, organisation, *, actor, at) -> Cluster:
    if Cluster.objects.filter(name_zh=values["cluster_zh"]).exclude(pk=cluster and cluster.pk).exists():
        raise Refused(Reason("competition.registration_cluster_taken"), field="cluster_zh")
    made = cluster is None
    cluster = cluster or Cluster()
    cluster.name_zh, cluster.name_en = values["cluster_zh"], values["cluster_en"]
    cluster.short_zh, cluster.short_en = values["short_zh"], values["short_en"]
    cluster.sector, cluster.lead_region, cluster.organisation = values["sector"], values["region"], organisation
    with _first("competition.registration_cluster_taken", "cluster_zh"):
        cluster.save()
    cluster.regions.set([cluster.lead_region_id])
    note_change("cluster", made, cluster, actor=actor, at=at)
    return cluster
