"""The region's word: recommended within its places, not recommended, taken back; its order of preference; a later deadline for it.

Locks, in this order: the application, the region's quota, the recommendation."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.permissions import require
from competition.documents.context.recommendation import table_rows
from competition.domain.quotas import order_fault
from competition.models import Application, Competition, Quota, Recommendation
from competition.selectors.quotas import deadline_faults, over, quota_of
from competition.selectors.readmissions import came_back
from competition.services.drafting import lock, write_down
from competition.services.telling import tell_speakers
from competition.workflow import hook, perform
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@hook("application", "submit")
def ask_region(act) -> None:
    """Whoever submits asks the lead region; it is charged as it is now, also where the cluster is edited later."""
    application = act.subject
    if not application.competition.recommendation or came_back(application):
        return
    quota = quota_of(application.competition, application.cluster)
    row, _made = Recommendation.objects.get_or_create(application=application, defaults={"quota": quota})
    if row.state != "waiting":
        return
    if row.quota_id != quota.pk:
        row.quota = quota
        row.save(update_fields=["quota"])
    record(
        actor="system" if act.actor is None else f"user:{act.actor.pk}",
        action="recommendation.ask",
        subject=f"recommendation:{row.pk}",
        scope=f"competition:{application.competition_id}",
        after={"application": application.pk, "region": quota.region_id},
        at=act.at,
    )
    tell_speakers(row, at=act.at)


@hook("application", "withdraw")
def _give_back(act) -> None:
    row = Recommendation.objects.filter(application=act.subject).exclude(state="waiting").first()
    if row is None:
        return
    Quota.objects.select_for_update(no_key=True).get(pk=row.quota_id)
    place = Recommendation.objects.get(pk=row.pk).preference
    perform(row, "free", actor=None, at=act.at, changes=_BLANK)
    _close_gap(row.quota_id, place)


_BLANK = {"preference": None, "opinion": "", "reason": "", "revision": None, "decided_by": None, "decided_at": None}


def _locked(recommendation) -> Recommendation:
    """Under the locks of its application and its quota, read anew."""
    Application.objects.select_for_update(no_key=True).get(pk=recommendation.application_id)
    Quota.objects.select_for_update(no_key=True).get(pk=recommendation.quota_id)
    return Recommendation.objects.select_related("quota__competition", "application").get(pk=recommendation.pk)


@transaction.atomic
def recommend(recommendation: Recommendation, *, opinion: str, actor, at: datetime) -> Recommendation:
    """Takes one of the region's places, last in its order of preference. Refused with the account where none is left."""
    row = _locked(recommendation)
    if not opinion.strip():
        raise Refused(Reason("competition.opinion_missing"), field="opinion")
    return take_place(row, opinion=opinion.strip(), speaker=actor, actor=actor, at=at)


def take_place(row: Recommendation, *, opinion: str, speaker, actor, at: datetime) -> Recommendation:
    """The last place of its region's order. The caller holds the lock of the quota."""
    last = row.quota.recommendations.filter(state="recommended").count()
    return _answer(row, "recommend", actor, at, speaker=speaker, opinion=opinion, reason="", preference=last + 1)


@transaction.atomic
def decline(recommendation: Recommendation, *, reason: str, actor, at: datetime) -> Recommendation:
    """Not recommended; the applicant reads the reason. Takes no place."""
    row = _locked(recommendation)
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    return _answer(row, "decline", actor, at, speaker=actor, reason=reason.strip(), opinion="")


def _answer(row, action, actor, at, *, speaker, **values) -> Recommendation:
    revision = row.application.revisions.order_by("-number").first()
    return perform(row, action, actor=actor, at=at, changes=values | {"revision": revision, "decided_by": speaker, "decided_at": at})


@transaction.atomic
def withdraw_recommendation(recommendation: Recommendation, *, reason: str, actor, at: datetime) -> Recommendation:
    """The answer is taken back and waits again; its place is free, the ones behind it move up."""
    row = _locked(recommendation)
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    place = row.preference
    row = perform(row, "withdraw", actor=actor, at=at, changes=_BLANK | {"reason": reason.strip()})
    _close_gap(row.quota_id, place)
    return row


def _close_gap(quota_id, place) -> None:
    if place is not None:
        Recommendation.objects.filter(quota=quota_id, preference__gt=place).update(preference=F("preference") - 1)


@transaction.atomic
def export_table(quota: Quota, *, actor, at: datetime) -> list[dict]:
    """The rows of the region's summary table; that they left the house is written down."""
    require(actor, "quota.view", quota)
    rows = table_rows(quota)
    record(
        actor=f"user:{actor.pk}",
        action="quota.export",
        subject=f"quota:{quota.pk}",
        scope=f"competition:{quota.competition_id}",
        after={"region": quota.region_id, "rows": len(rows)},
        at=at,
    )
    return rows


@transaction.atomic
def order_recommendations(quota: Quota, *, wanted: list[int], before: list[int], actor, at: datetime) -> None:
    """`wanted`: ids of everything that the region recommends, in its order of preference; `before`: the order that was shown."""
    quota = Quota.objects.select_for_update(no_key=True, of=("self",)).select_related("competition").get(pk=quota.pk)
    require(actor, "quota.order", quota)
    if reasons := over(quota.competition, at):
        raise Refused(*reasons)
    rows = list(quota.recommendations.filter(state="recommended").order_by("preference"))
    present = [row.pk for row in rows]
    if fault := order_fault(present, wanted) or (None if present == before else Reason("competition.preference_changed")):
        raise Refused(fault)
    if present == wanted:
        return
    by_id = {row.pk: row for row in rows}
    for place, pk in enumerate(wanted, start=1):
        by_id[pk].preference = place
    Recommendation.objects.bulk_update(rows, ["preference"])
    record(
        actor=f"user:{actor.pk}",
        action="quota.order",
        subject=f"quota:{quota.pk}",
        scope=f"competition:{quota.competition_id}",
        before={"applications": [by_id[pk].application_id for pk in present]},
        after={"applications": [by_id[pk].application_id for pk in wanted]},
        at=at,
    )


@transaction.atomic
def move_recommendation(competition: Competition, *, closes: datetime, reason: str, actor, at: datetime) -> Competition:
    """After the call is published, while the first round takes in: a later deadline, with a written reason."""
    row = lock(competition, actor=actor)
    first = row.rounds.order_by("order").first()
    if not row.recommendation or row.state != "published" or first is None or first.state != "open":
        raise Refused(Reason("competition.windows_past"))
    if row.recommendation_closes and closes < row.recommendation_closes:
        raise Refused(Reason("competition.deadline_forward"), field="closes")
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    before, row.recommendation_closes = row.recommendation_closes, closes
    if faults := deadline_faults(row, first):
        raise Refused(*faults, field="closes")
    row.save(update_fields=["recommendation_closes"])
    write_down(
        "competition.move_recommendation",
        row,
        row,
        actor=actor,
        at=at,
        before={"closes": before.isoformat() if before else None},
        after={"closes": closes.isoformat()},
        private={"reason": reason.strip()},
    )
    return row
