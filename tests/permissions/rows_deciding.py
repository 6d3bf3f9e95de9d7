"""The matrix of deciding, publicity, results and verification; part of the table of competition/."""

from datetime import timedelta

from django.utils import timezone

from competition.models import Condition
from competition.services.awards import give_awards
from competition.services.decisions import propose
from competition.services.publicity import record_objection
from tests.cast import ROLES
from tests.factories.accounts import give
from tests.factories.competition import make_competition
from tests.factories.decisions import release, to_meeting
from tests.factories.standings import make_closed_round
from tests.permissions.matrix import Row, expect, only

PUBLIC = {"public:results", "public:result", "public:verify", "public:verify_code"}
# Who holds the role of applicant in the competition itself, not for an organisation in it, is a stranger to it.
STRANGERS = {"applicant": 404, "rival": 404, "recommender": 404}
TOTALS = ("91.20", "88.45", "80.10", "70.05")


def build(world):
    """One competition, in which the cast holds its roles: a closed round, one with a tabled proposal, one released and awarded."""
    cast, now = world.cast, timezone.now()
    competition = world.deciding = make_competition(state="published")
    for name, role in ROLES.items():
        if name not in ("organiser", "operator"):
            give(getattr(cast, name), role, f"competition:{competition.pk}", second_factor=False)
    people = {"organiser": cast.organiser, "decider": cast.decider}
    world.closed, _ = make_closed_round(TOTALS, competition=competition)
    world.drawn_up = propose(world.closed, actor=cast.organiser, at=now)
    world.meeting_round, _ = make_closed_round(TOTALS, competition=competition)
    world.tabled = to_meeting(world.meeting_round, people, at=now)
    world.tabled_row = world.tabled.rows.get(outcome="reserve")
    world.awarded, _ = make_closed_round(TOTALS, competition=competition)
    world.notice = release(world.awarded, people, at=now - timedelta(days=40)).notice
    world.award = give_awards(world.awarded, titles=("cluster",), actor=cast.organiser, at=now)[0]
    world.condition = Condition.objects.create(entry=world.award.entry, text_zh="产值达标。", due_on=now.date() + timedelta(days=90))
    world.objected = world.awarded.entries.get(outcome="reserve")
    world.entered = world.objected.application
    world.objection = record_objection(
        world.notice,
        entry=world.objected,
        objector_kind="person",
        objector="王某",
        contact="139",
        text="数据有误。",
        received_at=now - timedelta(days=39),
        actor=cast.organiser,
        at=now,
    )


def of(**names):
    """Arguments of the URL: the competition, and ids of things of the world."""
    return lambda world: {"pk": world.deciding.pk} | {argument: getattr(world, name).pk for argument, name in names.items()}


def staff(*names, status=200):
    return only(*names, status=status) | STRANGERS


STAFF = ("organiser", "decider", "second_decider", "supervisor")
ORGANISERS, DECIDERS = ("organiser",), ("decider", "second_decider")
BOTH = (*ORGANISERS, *DECIDERS)
PROPOSAL = of(proposal_pk="tabled")
CHANGE = {"outcome": "advance", "note": "会议决定。"}

WATCHERS = expect(403, anonymous=302, organiser=200, supervisor=200)

ROWS = [
    Row("competition:decider_home", expect(200, anonymous=302)),
    Row("competition:supervisor_home", expect(403, anonymous=302, organiser=200, supervisor=200)),
    Row("competition:decision_list", staff(*STAFF), of()),
    Row("competition:record_list", WATCHERS),
    Row("competition:reading_list", WATCHERS),
    Row("competition:record_export", WATCHERS),
    Row("competition:seal_list", WATCHERS),
    Row("competition:seal_detail", WATCHERS, lambda world: {"number": 1}),
    Row("competition:ledger_list", staff("organiser", "supervisor"), of()),
    Row("competition:application_life", staff("organiser", "supervisor"), of(application_pk="entered")),
    Row("competition:entry_life", staff("organiser", "supervisor"), of(entry_pk="objected")),
    Row("competition:proposal_create", staff(*ORGANISERS), of(round_pk="closed")),
    Row("competition:proposal_create", staff(*ORGANISERS, status=302), of(round_pk="closed"), data={}),
    Row("competition:proposal_detail", staff(*STAFF), PROPOSAL),
    Row("competition:outcome_change", staff(*DECIDERS, status=302), of(proposal_pk="tabled", row_pk="tabled_row"), data=CHANGE),
    Row("competition:proposal_table", staff(*BOTH, status=302), of(proposal_pk="drawn_up"), data={}),
    Row("competition:proposal_withdraw", staff(*BOTH, status=302), PROPOSAL, data={}),
    Row("competition:meeting_record", staff(*BOTH), PROPOSAL),
    Row("competition:meeting_record", staff(*BOTH, status=422), PROPOSAL, data={"number": ""}),
    Row("competition:meeting_minutes", staff(*STAFF, status=404), of(proposal_pk="drawn_up"), label="without minutes"),
    Row("competition:proposal_sign", staff(*BOTH), PROPOSAL),
    Row("competition:proposal_sign", staff(*BOTH, status=422), PROPOSAL, data={"digest": "0" * 64}, fresh=True),
    Row("competition:notice_detail", staff(*STAFF), of(notice_pk="notice")),
    Row("competition:objection_record", staff("organiser", "supervisor"), of(notice_pk="notice")),
    Row("competition:objection_record", staff("organiser", "supervisor", status=422), of(notice_pk="notice"), data={"text": ""}),
    Row("competition:objection_detail", staff(*STAFF), of(objection_pk="objection")),
    Row("competition:objection_detail", staff(*STAFF, status=422), of(objection_pk="objection"), data={"ruling": ""}, label="empty"),
    Row(
        "competition:objection_detail",
        staff(*BOTH, status=302),
        of(objection_pk="objection"),
        data={"ruling": "reject", "decision": "经核查，数据无误。"},
    ),
    Row("competition:objection_withdraw", staff(*ORGANISERS, status=302), of(objection_pk="objection"), data={}),
    Row("competition:award_list", staff(*STAFF), of(round_pk="awarded")),
    Row("competition:award_list", staff(*ORGANISERS, status=302), of(round_pk="awarded"), data={"titles": ["cluster"]}),
    Row("competition:certificates_issue", staff(*ORGANISERS, status=302), of(round_pk="awarded"), data={}),
    Row("competition:award_revoke", staff(*BOTH), of(award_pk="award")),
    Row("competition:award_revoke", staff(*BOTH, status=302), of(award_pk="award"), data={"reason": "弄虚作假。"}),
    Row("competition:condition_list", staff(*STAFF), of(round_pk="awarded")),
    Row("competition:condition_meet", staff(*BOTH), of(condition_pk="condition")),
    Row("competition:condition_meet", staff(*BOTH, status=302), of(condition_pk="condition"), data={"ground": "已达到。"}),
    Row("competition:condition_miss", staff(*BOTH), of(condition_pk="condition")),
    Row("competition:condition_miss", staff(*BOTH, status=422), of(condition_pk="condition"), data={"ground": ""}),
    Row("competition:condition_extend", staff(*BOTH), of(condition_pk="condition")),
    Row("competition:condition_extend", staff(*BOTH, status=422), of(condition_pk="condition"), data={"due_on": "x", "ground": "。"}),
    Row("public:results", expect(200)),
    Row("public:result", expect(200), lambda world: {"code": world.awarded.competition.code, "round_code": world.awarded.code}),
    Row(
        "public:result",
        expect(404),
        lambda world: {"code": world.closed.competition.code, "round_code": world.closed.code},
        label="not released",
    ),
    Row("public:verify", expect(200)),
    Row("public:verify_code", expect(200), lambda world: {"code": world.award.verify_code}),
]
