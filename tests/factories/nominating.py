"""A province whose only round is released, and a national edition that it feeds and that takes in."""

from types import SimpleNamespace

from competition.models import AdvancementRule, Competition, Feeder, Round
from competition.services.applications import accept_application
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_call, make_submitted
from tests.factories.competition import NOW
from tests.factories.decisions import release
from tests.factories.recommending import make_asking_call, make_speaker
from tests.factories.standings import snapshot

RULE = {"take": {"top": 2}, "scope": "overall", "reserve": 0}
TOTALS = ("91.37", "88.46", "70.05")


def make_levels(*, at=NOW, places=None, region="320000"):
    """`.province` and `.nation` (calls), `.chosen` (two entries) and `.lost`, `.speaker` of the region, `.decider` of the province."""
    province = make_call(region_id=region, name_zh="省级竞赛", name_en="Provincial race")
    AdvancementRule.objects.create(round=province.round, version=1, rule=RULE, digest="a" * 64, frozen_at=at)
    made = [make_submitted(province, at=at)[0] for _ in TOTALS]
    entries = [accept_application(application, actor=province.organiser, at=at) for application in made]
    Round.objects.filter(pk=province.round.pk).update(state="closed")
    province.round.refresh_from_db()
    snapshot(province.round, entries, TOTALS)
    decider = make_user()
    give(decider, "decider", f"competition:{province.competition.pk}", second_factor=True)
    release(province.round, {"organiser": province.organiser, "decider": decider}, at=at)
    for entry in entries:
        entry.refresh_from_db()
    nation = make_asking_call(places or {region: 5}, level="nation", region_id=None, name_zh="全国竞赛", name_en="National race")
    Competition.objects.filter(pk=province.competition.pk).update(state="decided")
    Feeder.objects.create(competition=nation.competition, source=province.competition)
    return SimpleNamespace(
        province=province, nation=nation, chosen=entries[:2], lost=entries[2], speaker=make_speaker(region), decider=decider
    )
