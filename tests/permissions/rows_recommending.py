"""The regions' word: recommenders of the region, and the staff who read it."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from competition.models import Competition, Readmission, Round
from competition.services.recommendations import recommend
from tests.cast import ROLES
from tests.factories.accounts import give
from tests.factories.competition import NOW
from tests.factories.nominating import make_levels
from tests.factories.recommending import make_asked, make_asking_call, make_speaker
from tests.factories.setup import make_draft
from tests.permissions.matrix import Row, expect

EVALUATORS = ("chair", "evaluator", "other_evaluator")
STAFF = ("organiser", "decider", "second_decider", "supervisor")


def build(world):
    """A call of its own, staffed by the cast; the cast's recommender speaks for its region."""
    call, now = make_asking_call({"320000": 5, "330000": 2}), timezone.now()
    Round.objects.filter(pk=call.round.pk).update(
        intake_opens=now - timedelta(days=2),
        intake_closes=now + timedelta(days=2),
        judging_opens=now + timedelta(days=4),
        judging_closes=now + timedelta(days=9),
    )
    Competition.objects.filter(pk=call.competition.pk).update(recommendation_closes=now + timedelta(days=3))
    for name in STAFF[1:]:
        give(getattr(world.cast, name), ROLES[name], f"competition:{call.competition.pk}")
    speaker = make_speaker()
    waiting, elsewhere = make_asked(call, at=now), make_asked(call, at=now, lead_region_id="330000")
    answered = [recommend(make_asked(call, at=now), opinion="同意推荐。", actor=speaker, at=now) for _ in range(2)]
    draft = make_draft(world.cast.organiser, code="draft-of-quotas", year=NOW.year)
    _build_levels(world, now, draft)
    world.recommending = SimpleNamespace(
        call=call, waiting=waiting, elsewhere=elsewhere, answered=answered, quota=call.quotas["320000"], draft=draft
    )


def _build_levels(world, now, draft):
    """The cast's recommender speaks for the region; the organiser organises everything."""
    levels = make_levels()
    window = {"intake_opens": now - timedelta(days=2), "intake_closes": now + timedelta(days=2)}
    window |= {"judging_opens": now + timedelta(days=4), "judging_closes": now + timedelta(days=9)}
    Round.objects.filter(pk=levels.nation.round.pk).update(**window)
    Competition.objects.filter(pk=levels.nation.competition.pk).update(recommendation_closes=now + timedelta(days=3))
    world.levels = levels
    world.readmission = Readmission.objects.create(
        competition=draft, reached=levels.province.round, enters=draft.rounds.order_by("order").last()
    )


def candidate(name):
    def kwargs(world):
        entry = world.levels.lost if name == "lost" else world.levels.chosen[0]
        return {"pk": world.levels.province.competition.pk, "entry_pk": entry.pk}

    return kwargs


def quota(world):
    return {"pk": world.recommending.call.competition.pk, "quota_pk": world.recommending.quota.pk}


def one(name):
    def kwargs(world):
        row = getattr(world.recommending, name)
        row = row[0] if isinstance(row, list) else row
        return {"pk": world.recommending.call.competition.pk, "recommendation_pk": row.pk}

    return kwargs


def setup(name):
    return lambda world: {"pk": (world.recommending.draft if name == "draft" else world.recommending.call.competition).pk}


def readmission(world):
    return {"pk": world.readmission.competition_id, "rule_pk": world.readmission.pk}


def order(world):
    rows = world.recommending.answered
    places = {f"place_{row.pk}": 2 - place for place, row in enumerate(rows)}
    return places | {"before": ",".join(str(row.pk) for row in rows)}


def spoken(status, staff=403):
    """By recommenders of the region; staff read, nobody else knows of it."""
    return expect(404, anonymous=302, recommender=status) | dict.fromkeys(STAFF, staff)


WORD, WHY = {"opinion": "基础扎实，同意推荐。"}, {"reason": "材料不足。"}
DRAFT = expect(404, anonymous=302, organiser=200)
OUT = expect(404, anonymous=302, organiser=200) | dict.fromkeys(STAFF[1:], 403)
ROWS = [
    Row("competition:recommender_home", expect(403, anonymous=302, recommender=200)),
    Row("competition:quota_detail", spoken(200, 200), quota),
    Row("competition:quota_order", spoken(200), quota),
    Row("competition:quota_order", spoken(302), quota, data=order),
    Row("competition:quota_table", spoken(200, 200), quota, data={}),
    Row("competition:recommendation_detail", spoken(200, 200), one("waiting")),
    Row("competition:recommendation_detail", spoken(404, 200), one("elsewhere"), label="of another region"),
    Row("competition:recommendation_recommend", spoken(200), one("waiting")),
    Row("competition:recommendation_recommend", spoken(302), one("waiting"), data=WORD),
    Row("competition:recommendation_recommend", spoken(404), one("elsewhere"), data=WORD, label="of another region"),
    Row("competition:recommendation_decline", spoken(200), one("waiting")),
    Row("competition:recommendation_decline", spoken(302), one("waiting"), data=WHY),
    Row("competition:recommendation_withdraw", spoken(200), one("answered")),
    Row("competition:recommendation_withdraw", spoken(302), one("answered"), data=WHY),
    Row("competition:quota_list", DRAFT, setup("draft")),
    Row("competition:quota_list", OUT, setup("call"), label="once the call is out"),
    Row("competition:nomination_make", expect(404, anonymous=302, recommender=200, organiser=200), candidate("chosen")),
    Row(
        "competition:nomination_make",
        expect(404, anonymous=302, recommender=302, organiser=302),
        candidate("chosen"),
        data=lambda world: {"opinion": "同意提名。", "track": world.levels.nation.track.pk},
    ),
    Row("competition:nomination_make", expect(404, anonymous=302), candidate("lost"), label="not chosen"),
    Row("evaluations:nation_board", expect(404, anonymous=302, organiser=200), lambda world: {"pk": world.levels.nation.competition.pk}),
    Row("competition:readmission_list", DRAFT, setup("draft")),
    Row("competition:readmission_list", OUT, setup("call"), label="once the call is out"),
    Row("competition:readmission_remove", expect(404, anonymous=302, organiser=302), readmission, data={"version": "0"}),
    Row("competition:feeder_list", DRAFT, setup("draft")),
    Row("competition:feeder_list", OUT, setup("call"), label="once the call is out"),
    Row("competition:recommendation_move", OUT, setup("call")),
]
