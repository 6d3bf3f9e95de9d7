"""What the regions say of applications, as each side may read it."""

from django.db.models import F, OuterRef, Subquery
from django.http import Http404

from accounts.permissions import can, require
from competition.models import Nomination, Recommendation, Revision
from competition.selectors.quotas import account_of, over
from competition.selectors.readmissions import came_back
from competition.workflow import provide
from ledger.domain.reason import Reason

# While the organiser has not answered the application.
OPEN = ("submitted", "returned")


def _rows():
    """With `newest`: the number of the application's newest revision."""
    newest = Revision.objects.filter(application=OuterRef("application")).order_by("-number")
    return Recommendation.objects.annotate(newest=Subquery(newest.values("number")[:1])).select_related(
        "quota__competition",
        "quota__region",
        "application__cluster__lead_region",
        "application__organisation",
        "application__track",
        "application__round",
        "revision",
        "decided_by",
    )


def recommendations(quota):
    """Of one region, in its order of preference; what is not recommended after it, by the number of the application."""
    rows = _rows().filter(quota=quota).prefetch_related("application__cluster__regions")
    return rows.order_by(F("preference").asc(nulls_last=True), "application_id")


def recommendation(viewer, competition_pk, pk, *, action="recommendation.view") -> Recommendation:
    """Http404 for whoever may not see it; NotAllowed without `action`."""
    found = _rows().filter(pk=pk, quota__competition=competition_pk).first()
    if found is None or not can(viewer, "recommendation.view", found).allowed:
        raise Http404
    require(viewer, action, found)
    return found


def of_application(application) -> Recommendation | None:
    """For pages whose viewer may read the application; None where nobody was asked."""
    return _rows().filter(application=application).first() if application.competition.recommendation else None


def missing(application) -> tuple[Reason, ...]:
    """What the organiser lacks to accept it, where the competition wants the word of the region."""
    if not application.competition.recommendation or came_back(application):
        return ()
    row = Recommendation.objects.filter(application=application).first()
    if row is None or row.state == "waiting":
        return (Reason("competition.recommendation_missing"),)
    return (Reason("competition.recommendation_declined"),) if row.state == "declined" else ()


@provide("application", "accept", "recommendation")
def _recommended_to_accept(act):
    return missing(act.subject)


def _window(act):
    return over(act.subject.quota.competition, act.at)


def _unsettled(act):
    application = act.subject.application
    # Nominated, a draft has its place before it is submitted.
    open_ones = (*OPEN, "draft") if Nomination.objects.filter(application=application).exists() else OPEN
    return () if application.state in open_ones else (Reason("competition.recommendation_settled"),)


for _action in ("recommend", "decline", "withdraw"):
    provide("recommendation", _action, "window")(_window)
    provide("recommendation", _action, "application")(_unsettled)


@provide("recommendation", "recommend", "place")
def _place(act):
    """The account is counted again under the lock of its quota, which the service holds."""
    reason = account_of(act.subject.quota).against_one_more()
    return (reason,) if reason else ()
