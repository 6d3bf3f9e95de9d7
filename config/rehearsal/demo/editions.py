"""The demo's editions of provinces and of last year's nation, each stopped one act before its next."""

from datetime import datetime

from competition.domain.condition import Terms
from competition.models import Notice, Region
from competition.services.applications import return_application
from competition.services.awards import give_awards
from competition.services.competitions import decide_competition
from config.rehearsal.demo import moments
from config.rehearsal.demo.answers import MARK, credit_code
from config.rehearsal.demo.cast import staff
from config.rehearsal.demo.clusters import BY_KEY, of_region
from config.rehearsal.demo.moments import DAY, HOUR, Course
from config.rehearsal.demo.race import Edition

JIANGSU, ZHEJIANG, GUANGDONG = "320000", "330000", "440000"
RACE = ("先进制造业集群竞赛", "Advanced Manufacturing Cluster Competition")
SUMMARY_ZH = "面向先进制造业集群择优培育。真实集群仅用其名称，标“演示”者为虚构；材料、分数与名次均为虚构。"
SUMMARY_EN = "For advanced manufacturing clusters. Material, marks and ranks are invented, and whatever is marked (demo)."

# What the organiser found: cluster, criterion, value, reason.
LAST_YEAR = (
    ("iot", "F2", "2", f"{MARK}获批国家级试点示范。"),
    ("chengyu", "F1", "2.5", f"{MARK}跨省联合申报，双方已盖章确认。"),
    ("gauges", "V3", "0", f"{MARK}虚构情形：核查期内发生重大安全事故，应急管理部门已通报。"),
)
PILOT = (
    ("solar", "F2", "1", f"{MARK}获批省级试点，待国家验收。"),
    ("iot", "F1", "1.5", f"{MARK}与邻市联合申报，双方已盖章确认。"),
    ("steel", "F4", "-1", f"{MARK}虚构情形：促进机构年报公示逾期，已改正。"),
)
PRESENT = (("batteries", "F2", "1.5", f"{MARK}获批国家级试点示范。"), ("furnishing", "F3", "-1", f"{MARK}能耗数据补正两次。"))
CHECKED = (("knitwear", "P3", "0", f"{MARK}虚构情形：承诺书未加盖公章，补正期内未补齐。"),)
# Of a joint entry: who applies with it.
PARTNER = {
    "name_zh": "重庆电子信息产业协作中心（演示）",
    "name_en": "Chongqing Electronics Partner Centre (demo)",
    "credit_code": credit_code(900),
    "region": "500000",
    "role": "整机与配套基地",
}


TO_SHOW_ZH = f"{MARK}建成集群公共检测平台并通过验收。"
TO_SHOW_EN = "(demo) The cluster's shared testing platform is built and accepted."


def prepared(
    cast, field, course: Course, *, place: str, year: int, seed: int, pdf: bytes, places: int = 0, code="", name=RACE, joint=False, **rounds
) -> Edition:
    """A draft with its staff; `place`: the region's code, or "" for the nation; `joint`: an application may name partners; `rounds`: as
    `Edition.set_up` takes them."""
    region = Region.objects.get(pk=place) if place else None
    of = (region.short_zh, region.name_en) if region else ("国家", "National")
    made = Edition(cast=cast, field=field, year=year, starts=course.starts, seed=seed, pdf=pdf)
    competition = made.set_up(
        code=f"{of[1].lower() if region else 'nation'}-{year}{code}",
        name_zh=f"{year}年{of[0] + ('省' if region else '')}{name[0]}",
        name_en=f"{of[1]} {name[1]} {year}",
        windows=course.windows,
        region=region,
        places=places,
        **rounds,
        changes={
            "organiser_zh": f"{of[0]}集群竞赛组委会（演示）",
            "organiser_en": f"{of[1]} Cluster Competition Committee (demo)",
            "contact": "025-0000 0000（演示）",
            "summary_zh": SUMMARY_ZH,
            "summary_en": SUMMARY_EN,
            "public_ranks": True,
            "public_not_chosen": True,
            "public_order": "rank",
            "joint_entries": joint,
        },
    )
    staff(cast, competition, at=course.starts - DAY)
    return made


def published(*arguments, **named) -> Edition:
    made = prepared(*arguments, **named)
    made.publish()
    return made


def last_years_nation(cast, today, pdf) -> Edition:
    """Through both rounds to certificates."""
    course = moments.last_years_nation(today)
    keys = ("iot", "grid", "machinery", "nano", "security", "batteries", "chengyu", "opto", "gauges")
    field = tuple(BY_KEY[key] for key in keys)
    made = prepared(cast, field, course, place="", year=course.starts.year, seed=3, pdf=pdf, places=3, joint=True)
    made.partners = {"chengyu": [PARTNER]}
    made.publish()
    due = (today + 20 * DAY).date()
    made.whole_round(1, found=LAST_YEAR)
    made.whole_round(2, found=LAST_YEAR, terms=Terms(TO_SHOW_ZH, TO_SHOW_EN, due))
    notice = Notice.objects.get(proposal__round=made.round(2))
    after = datetime.combine(notice.ends_on + DAY, today.timetz())
    give_awards(made.round(2), titles=("cluster", "organisation"), actor=cast.organiser, at=after)
    made.competition.refresh_from_db()
    decide_competition(made.competition, actor=cast.organiser, at=after + DAY)
    return made


def pilot(cast, today, pdf) -> Edition:
    """Jiangsu's pilot, one round: tabled and signed once."""
    keys = ("iot", "software", "ships", "instruments", "steel", "solar", "devices", "textile")
    made = published(
        cast,
        tuple(BY_KEY[key] for key in keys),
        moments.pilot(today),
        place=JIANGSU,
        year=today.year,
        seed=5,
        pdf=pdf,
        places=3,
        code="-pilot",
        name=("集群培育试点竞赛", "Cluster Cultivation Pilot"),
    )
    made.take_in(1)
    made.judge(1)
    closes = made.round(1).judging_closes
    made.close(1, at=closes + HOUR, found=PILOT)
    proposal = made.to_meeting(1, at=closes + 2 * HOUR, number=f"{today.year}-试-1")
    made.sign(proposal, at=closes + 2 * DAY, signers=1)
    return made


def zhejiang(cast, today, pdf) -> Edition:
    """Formal check, blind desk review, vote of a council, all released: six applied, one failed the check, four are chosen."""
    made = published(
        cast,
        of_region(ZHEJIANG),
        moments.zhejiang(today),
        place=ZHEJIANG,
        year=today.year,
        seed=13,
        pdf=pdf,
        format="deliberation",
        seats={2: 3},
        takes={2: {"take": {"score": "60"}}},
    )
    made.whole_round(1, found=CHECKED)
    made.whole_round(2)
    made.whole_round(3, wanted=4)
    return made


def guangdong(cast, today, pdf) -> Edition:
    """Its final is judged, and one sheet is missing."""
    made = published(cast, of_region(GUANGDONG), moments.guangdong(today), place=GUANGDONG, year=today.year, seed=7, pdf=pdf, places=4)
    made.whole_round(1, found=PRESENT)
    made.take_in(2)
    made.judge(2, leave=1)
    made.check(2, PRESENT, at=today - HOUR)
    return made


def jiangsu(cast, today, pdf) -> Edition:
    """Collecting, to be judged blind: one accepted, one to be looked at, one returned, one still a draft."""
    course = moments.jiangsu(today)
    field = tuple(BY_KEY[key] for key in ("nano", "biomed", "machinery", "instruments"))
    made = published(cast, field, course, place=JIANGSU, year=today.year, seed=11, pdf=pdf, places=2, blind=(1,))
    starts = course.starts
    accepted, waiting, returned, draft = (made.start(cluster, at=starts + 3 * HOUR) for cluster in field)
    for number, application in enumerate((accepted, waiting, returned)):
        made.fill(application, at=starts + (2 + number) * DAY)
        made.submit(application, at=starts + (2 + number) * DAY + HOUR)
    made.accept(accepted, at=starts + 6 * DAY)
    returned.refresh_from_db()
    return_application(
        returned,
        reason=f"出口额 {today.year - 1} 年与海关数据不符，请核对单位（亿美元）并补充佐证。",
        due_at=course.due,
        actor=cast.organiser,
        at=starts + 7 * DAY,
    )
    made.fill(draft, at=today - DAY, without=("figure_proofs",))
    return made
