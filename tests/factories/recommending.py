"""A call that asks the regions for their word, and people who speak for them."""

from datetime import timedelta

from competition.models import Competition, Quota, Recommendation
from competition.services.applications import save_draft, start_application, submit_application
from competition.services.attachments import attach
from tests.factories.accounts import give, make_user
from tests.factories.applying import ANSWERS, make_applicant, make_call, pdf
from tests.factories.competition import NOW

CLOSES = NOW + timedelta(days=10, hours=12)  # half a day after the applicants' deadline, half a day before judging


def make_asking_call(places=None, *, closes=CLOSES, **fields):
    """`places`: region → number, None without a limit. As `make_call`, with `.quotas` by region."""
    call = make_call(**fields)
    Competition.objects.filter(pk=call.competition.pk).update(recommendation=True, recommendation_closes=closes)
    call.competition.refresh_from_db()
    call.round.competition = call.competition
    places = {"320000": 2} if places is None else places
    call.quotas = {code: Quota.objects.create(competition=call.competition, region_id=code, places=n) for code, n in places.items()}
    return call


def make_speaker(region="320000", **fields):
    user = make_user(**fields)
    give(user, "recommender", f"region:{region}")
    return user


def make_asked(call, *, at=NOW, **cluster):
    """A submitted application that waits for its region: the recommendation."""
    user, made = make_applicant(**cluster)
    application = start_application(call.competition, cluster=made, organisation=made.organisation, track=call.track, actor=user, at=at)
    save_draft(application, data=ANSWERS, version=0, actor=user, at=at)
    attach(application, slot="licence", upload=pdf(), actor=user, at=at)
    submit_application(application, actor=user, at=at)
    return Recommendation.objects.select_related("application", "quota").get(application=application)
