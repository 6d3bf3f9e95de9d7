"""The demo race: a province's editions, each stopped one act before its next."""

from datetime import datetime, timedelta

from competition.domain.calendar import BEIJING
from competition.models import Notice, Region, Sector
from competition.services.applications import return_application
from competition.services.awards import give_awards
from competition.services.clusters import save_cluster, save_organisation
from competition.services.competitions import decide_competition
from config.rehearsal.demo import newcomer, people
from config.rehearsal.demo.answers import MARK, credit_code
from config.rehearsal.demo.clusters import BY_KEY, CLUSTERS
from config.rehearsal.demo.race import DAY, HOUR, Cast, Edition
from evaluations.models import Evaluator
from evaluations.services.evaluators import edit_evaluator
from jobs.services import run_queued
from ledger.services import seal

PROVINCE = "320000"
SUMMARY_ZH = "面向全省先进制造业集群，分初赛、决赛两轮择优培育。集群名称真实，材料、分数与名次均为虚构。"
SUMMARY_EN = (
    "For the province's advanced manufacturing clusters, in two rounds. The names are real; material, marks and ranks are invented."
)


# What the organiser found: cluster, criterion, value, reason.
EARLIER = (
    ("iot", "F2", "2", f"{MARK}获批国家级试点示范。"),
    ("software", "F3", "-0.5", f"{MARK}出口数据补正一次。"),
    ("textile", "V3", "0", f"{MARK}虚构情形：核查期内发生重大安全事故，应急管理部门已通报。"),
)
PILOT = (
    ("solar", "F2", "1", f"{MARK}获批省级试点，待国家验收。"),
    ("iot", "F1", "1.5", f"{MARK}与邻市联合申报，双方已盖章确认。"),
    ("steel", "F4", "-1", f"{MARK}虚构情形：促进机构年报公示逾期，已改正。"),
)
PRESENT = (("nano", "F2", "1.5", f"{MARK}获批国家级试点示范。"), ("ships", "F3", "-1", f"{MARK}能耗数据补正两次。"))


def build(*, at: datetime, say=print) -> None:
    """Everything, through the services; nothing is written past them."""
    today = at.astimezone(BEIJING).replace(hour=10, minute=0, second=0, microsecond=0)
    if today > at:
        today -= DAY
    cast = gather(at=today - timedelta(days=800))
    pdf = evidence()
    say("people and clusters")
    earlier(cast, today, pdf)
    run_queued()
    say("an earlier edition, awarded")
    waiting_for_a_signature(cast, today, pdf)
    run_queued()
    say("an edition that waits for its second signature")
    being_judged(cast, today, pdf)
    run_queued()
    say("this year's edition, one sheet short")
    collecting(cast, today, pdf)
    newcomer.register(cast, PROVINCE, at=today)
    run_queued()
    say("a call that takes applications, a registration that waits for its recommender")
    seal(at=at)


def gather(*, at: datetime) -> Cast:
    organiser = people.sign_up(people.ORGANISER, role="organiser", scope="*", inviter=None, at=at)
    people.sign_up(people.OPERATOR, role="operator", scope="*", inviter=None, at=at)
    region = Region.objects.get(pk=PROVINCE)
    applicants, organisations, clusters, codes = {}, {}, {}, {}
    for number, cluster in enumerate(CLUSTERS, start=1):
        codes[cluster.key] = credit_code(number)
        organisations[cluster.key] = save_organisation(
            None,
            values={
                "name_zh": f"{cluster.short_zh}集群促进中心（演示）",
                "name_en": f"{cluster.short_en} Promotion Centre (demo)",
                "credit_code": codes[cluster.key],
                "region": region,
            },
            actor=organiser,
            at=at,
        )
        clusters[cluster.key] = save_cluster(
            None,
            values={
                "name_zh": cluster.name_zh,
                "name_en": cluster.name_en,
                "short_zh": cluster.short_zh,
                "short_en": cluster.short_en,
                "sector": Sector.objects.get(code=cluster.sector),
                "lead_region": region,
                "organisation": organisations[cluster.key],
            },
            regions=[region],
            actor=organiser,
            at=at,
        )
        person = people.Person(cluster.key, f"{cluster.short_zh}联络人", f"{cluster.short_en} contact")
        applicants[cluster.key] = people.sign_up(
            person, role="applicant", scope=f"organisation:{organisations[cluster.key].pk}", inviter=organiser, at=at
        )
    return Cast(organiser, [], [], applicants, organisations, clusters, codes)


def staff(cast: Cast, competition, *, at: datetime) -> None:
    """Roles in one competition: deciders, supervisor, second organiser, evaluators with their profiles."""
    scope = f"competition:{competition.pk}"
    organiser = cast.organiser
    people.sign_up(people.SECOND_ORGANISER, role="organiser", scope=scope, inviter=organiser, at=at)
    cast.deciders = [
        people.sign_up(person, role="decider", scope=scope, inviter=organiser, at=at) for person in (people.DECIDER, people.SECOND_DECIDER)
    ]
    people.sign_up(people.SUPERVISOR, role="supervisor", scope=scope, inviter=organiser, at=at)
    users = [people.sign_up(person, role="evaluator", scope=scope, inviter=organiser, at=at) for person, *_ in people.EVALUATORS]
    if not Evaluator.objects.exists():
        for user, (_person, employer, region, sectors) in zip(users, people.EVALUATORS, strict=True):
            place = Region.objects.get(pk=region)
            works_for = save_organisation(
                None,
                values={"name_zh": employer, "name_en": "", "credit_code": "", "region": place},
                actor=organiser,
                at=at,
            )
            edit_evaluator(
                user,
                competition=competition,
                title="教授",
                employer=works_for,
                regions=[place],
                sectors=list(Sector.objects.filter(code__in=sectors)),
                active=True,
                actor=organiser,
                at=at,
            )
    # Read anew: what a person may do is remembered on the object.
    cast.evaluators = list(Evaluator.objects.select_related("user").order_by("user__email"))


def evidence() -> bytes:
    """One page of paper that says what it is, for every attachment."""
    from weasyprint import HTML

    return HTML(string=f"<html lang=zh><h1>{MARK}</h1><p>本附件为演示材料，内容虚构。 DEMO DATA</p>").write_pdf()


def windows(starts: datetime, *, intake: int, judging: int, gap: int = 2) -> dict[int, dict]:
    """Two rounds: days of intake and of judging, with `gap` days between; the second follows ten days after the first."""
    found = {}
    opens = starts + HOUR
    for order in (1, 2):
        closes = opens + timedelta(days=intake)
        judged = closes + timedelta(days=gap)
        found[order] = {
            "intake_opens": opens,
            "intake_closes": closes,
            "judging_opens": judged,
            "judging_closes": judged + timedelta(days=judging),
        }
        opens = found[order]["judging_closes"] + timedelta(days=10)
    return found


def changes(*, ranks: bool = True) -> dict:
    return {
        "region": Region.objects.get(pk=PROVINCE),
        "organiser_zh": "江苏省先进制造业集群竞赛组委会（演示）",
        "organiser_en": "Jiangsu Cluster Competition Committee (demo)",
        "contact": "025-0000 0000（演示）",
        "summary_zh": SUMMARY_ZH,
        "summary_en": SUMMARY_EN,
        "public_ranks": ranks,
        "public_not_chosen": ranks,
        "public_order": "rank" if ranks else "region",
    }


def edition(
    cast, keys, *, year: int, starts: datetime, seed: int, pdf: bytes, plan: dict, suffix: str, names: tuple[str, str], places: int
) -> Edition:
    made = Edition(cast=cast, field=tuple(BY_KEY[key] for key in keys), year=year, starts=starts, seed=seed, pdf=pdf)
    competition = made.set_up(code=f"jiangsu-{suffix}", name_zh=names[0], name_en=names[1], windows=plan, changes=changes(), places=places)
    staff(cast, competition, at=starts - DAY)
    made.publish()
    return made


def first_round(made: Edition, *, number: str, found) -> None:
    """From intake to release."""
    made.take_in(1)
    made.judge(1)
    round = made.round(1)
    made.close(1, at=round.judging_closes + HOUR, found=found)
    proposal = made.to_meeting(1, at=round.judging_closes + DAY, number=number)
    made.sign(proposal, at=round.judging_closes + 3 * DAY)


def earlier(cast, today, pdf) -> None:
    """Two years ago: through both rounds to certificates."""
    starts = today - timedelta(days=760)
    made = edition(
        cast,
        ("iot", "grid", "machinery", "nano", "biomed", "software", "carbon", "textile"),
        year=starts.year,
        starts=starts,
        seed=3,
        pdf=pdf,
        plan=windows(starts, intake=20, judging=10),
        suffix=f"{starts.year}",
        names=(f"{starts.year}年江苏省先进制造业集群竞赛", f"Jiangsu Advanced Manufacturing Cluster Competition {starts.year}"),
        places=3,
    )
    first_round(made, number=f"{starts.year}-1", found=EARLIER)
    made.take_in(2)
    made.judge(2)
    round = made.round(2)
    made.close(2, at=round.judging_closes + HOUR, found=EARLIER)
    made.sign(made.to_meeting(2, at=round.judging_closes + DAY, number=f"{starts.year}-2"), at=round.judging_closes + 3 * DAY)
    notice = Notice.objects.get(proposal__round=round)
    after = datetime.combine(notice.ends_on + DAY, today.timetz())
    give_awards(made.round(2), titles=("cluster", "organisation"), actor=cast.organiser, at=after)
    made.competition.refresh_from_db()
    decide_competition(made.competition, actor=cast.organiser, at=after + DAY)


def waiting_for_a_signature(cast, today, pdf) -> None:
    """Last spring's edition: its final is tabled and signed once."""
    plan = windows(today - timedelta(days=66), intake=12, judging=6)
    made = edition(
        cast,
        ("iot", "software", "ships", "instruments", "steel", "solar", "devices", "textile", "carbon", "grid"),
        year=today.year,
        starts=today - timedelta(days=66),
        seed=5,
        pdf=pdf,
        plan=plan,
        suffix=f"{today.year}-pilot",
        names=(f"{today.year}年江苏省集群培育试点竞赛", f"Jiangsu Cluster Cultivation Pilot {today.year}"),
        places=3,
    )
    first_round(made, number=f"{today.year}-试-1", found=PILOT)
    made.take_in(2)
    made.judge(2)
    round = made.round(2)
    made.close(2, at=round.judging_closes + HOUR, found=PILOT)
    proposal = made.to_meeting(2, at=round.judging_closes + 2 * HOUR, number=f"{today.year}-试-2")
    made.sign(proposal, at=round.judging_closes + 2 * DAY, signers=1)


def being_judged(cast, today, pdf) -> None:
    """This year's edition: its final is judged, and one sheet is missing."""
    starts = today - timedelta(days=52)
    plan = windows(starts, intake=12, judging=5)
    plan[2]["judging_closes"] = today + timedelta(days=2, hours=8)
    made = edition(
        cast,
        tuple(cluster.key for cluster in CLUSTERS),
        year=today.year,
        starts=starts,
        seed=7,
        pdf=pdf,
        plan=plan,
        suffix=f"{today.year}",
        names=(f"{today.year}年江苏省先进制造业集群竞赛", f"Jiangsu Advanced Manufacturing Cluster Competition {today.year}"),
        places=4,
    )
    first_round(made, number=f"{today.year}-1", found=PRESENT)
    made.take_in(2)
    made.judge(2, leave=1)
    made.check(2, PRESENT, at=today - HOUR)


def collecting(cast, today, pdf) -> None:
    """Next year's call: one accepted, one to be looked at, one returned, one still a draft."""
    starts = today - timedelta(days=9)
    made = edition(
        cast,
        ("nano", "biomed", "machinery", "instruments"),
        year=today.year + 1,
        starts=starts,
        seed=11,
        pdf=pdf,
        plan=windows(starts, intake=16, judging=10),
        suffix=f"{today.year + 1}",
        names=(f"{today.year + 1}年江苏省先进制造业集群竞赛", f"Jiangsu Advanced Manufacturing Cluster Competition {today.year + 1}"),
        places=2,
    )
    accepted, waiting, returned, draft = (made.start(cluster, at=starts + 3 * HOUR) for cluster in made.field)
    for number, application in enumerate((accepted, waiting, returned)):
        made.fill(application, at=starts + (2 + number) * DAY)
        made.submit(application, at=starts + (2 + number) * DAY + HOUR)
    made.accept(accepted, at=starts + 6 * DAY)
    returned.refresh_from_db()
    return_application(
        returned,
        reason="出口额 2024 年与海关数据不符，请核对单位（亿美元）并补充佐证。",
        due_at=today + timedelta(days=5, hours=8),
        actor=cast.organiser,
        at=starts + 7 * DAY,
    )
    made.fill(draft, at=today - DAY, without=("figure_proofs",))
