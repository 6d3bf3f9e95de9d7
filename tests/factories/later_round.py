"""Applications on their way into a second round that takes in afresh: submitted, accepted, judged, released."""

from datetime import timedelta

from competition.models import AdvancementRule, Entry, Round
from competition.services.applications import accept_application
from competition.services.parties import fix_parties
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_call, make_submitted
from tests.factories.competition import NOW
from tests.factories.decisions import release
from tests.factories.standings import snapshot

# Three places, the last in reserve.
RULE = {"take": {"top": 2}, "scope": "overall", "reserve": 1, "substitute": True}


def make_advanced(*, at=NOW, partners=()):
    """The call with `.advanced` and `.reserve`: (application, applicant) each; the first round is released at `at` and the
    second takes in until `at` + 30 days. `partners`: of the first application, as they are typed."""
    call = make_call(rounds=2, joint_entries=bool(partners))
    window = {"intake_opens": at - timedelta(days=1), "intake_closes": at + timedelta(days=30)}
    window |= {"judging_opens": at + timedelta(days=31), "judging_closes": at + timedelta(days=40)}
    Round.objects.filter(competition=call.competition).update(**window)
    AdvancementRule.objects.create(round=call.round, version=1, rule=RULE, digest="a" * 64, frozen_at=at)
    made = [make_submitted(call, at=at)[:2] for _ in range(3)]
    fix_parties(made[0][0].revisions.get(), list(partners))
    entries = [accept_application(application, actor=call.organiser, at=at) for application, _user in made]
    Round.objects.filter(pk=call.round.pk).update(state="closed")
    call.round.refresh_from_db()
    snapshot(call.round, entries, ("91.20", "88.45", "70.05"))
    decider = make_user()
    give(decider, "decider", f"competition:{call.competition.pk}", second_factor=True)
    release(call.round, {"organiser": call.organiser, "decider": decider}, at=at)
    for application, _user in made:
        application.refresh_from_db()
    call.advanced, call.reserve, call.decider = made[:2], made[2], decider
    call.second = call.competition.rounds.get(order=2)
    return call


def entry_of(application, round) -> Entry:
    return Entry.objects.get(application=application, round=round)
