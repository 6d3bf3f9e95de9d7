"""A whole synthetic competition by a file of `replays/`, through the services; nothing is written past them."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from competition.domain.condition import Terms
from competition.models import Entry, Region, Sector
from competition.selectors.formats import DEFAULT
from competition.selectors.rules import advancement_of
from competition.services.clusters import save_cluster, save_organisation
from competition.services.competitions import create_competition, edit_competition, set_tracks
from competition.services.rounds import edit_round
from competition.services.rules import save_advancement
from config.rehearsal.demo import people
from config.rehearsal.demo.answers import MARK, credit_code
from config.rehearsal.demo.clusters import DemoCluster
from config.rehearsal.demo.moments import DAY, HOUR
from config.rehearsal.demo.race import Cast, Edition
from evaluations.models import Evaluator
from evaluations.services.evaluators import edit_evaluator
from jobs.services import run_queued

INTAKE, GAP, JUDGING, BETWEEN = (timedelta(days=days) for days in (30, 4, 20, 10))
CHECKED = "P3"  # of the usual items: undertaking and proofs signed and sealed
# One empty page for every attachment.
PAPER = b"\n".join(
    (
        b"%PDF-1.4",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj",
        b"trailer<</Root 1 0 R>>",
        b"%%EOF",
        b"",
    )
)


def replay(plan: dict, *, at: datetime, say: Callable[[str], None] = print) -> tuple[list[int], Counter]:
    """From the call to the release of the last round. The funnel as it came out, and the outcomes of the last round."""
    with people.hashed_once():
        edition = _prepared(plan, at)
    edition.publish()
    edition.take_in(1)
    funnel = [edition.round(1).entries.count()]
    for order, row in enumerate(plan["rounds"], start=1):
        found = _judged(edition, order, row)
        round = edition.round(order)
        edition.close(order, at=round.judging_closes + HOUR, found=found)
        proposal = edition.to_meeting(order, at=round.judging_closes + DAY, number=f"{plan['code']}-{order}")
        if terms := row.get("condition"):
            due = (round.judging_closes + (3 + terms["days"]) * DAY).date()
            edition.bind(proposal, Terms(terms["zh"], terms["en"], due), at=round.judging_closes + 2 * DAY + 2 * HOUR)
        edition.sign(proposal, at=round.judging_closes + 3 * DAY)
        run_queued()
        funnel.append(Entry.objects.filter(round=round, outcome="advance").count())
        say(f"{row['name']['en']}: {funnel[-2]} -> {funnel[-1]}")
    last = Entry.objects.filter(round=edition.round(len(plan["rounds"])))
    return funnel, Counter(last.values_list("outcome", flat=True).order_by())


def _judged(edition, order: int, row: dict) -> list[tuple[str, str, str, str]]:
    """The round as its kind has it; what the organiser finds in a formal check: the `fail` weakest lack a seal."""
    if edition.round(order).checks_only:
        edition.hold(order)
        there = edition.round(order).entries.values_list("application__cluster", flat=True)
        weakest = sorted((edition.by_cluster[pk] for pk in there), key=lambda cluster: (cluster.merit, cluster.key))
        return [(cluster.key, CHECKED, "0", f"{MARK}承诺书未盖章。") for cluster in weakest[: row.get("fail", 0)]]
    edition.hold(order, wanted=row.get("top", 0))
    return []


def _prepared(plan, at) -> Edition:
    starts = at - len(plan["rounds"]) * (INTAKE + GAP + JUDGING + BETWEEN)
    before = starts - 30 * DAY
    organiser = people.sign_up(people.ORGANISER, role="organiser", scope="*", inviter=None, at=before)
    field = _field(plan)
    cast = Cast(organiser, [], [], {}, {}, {}, {})
    for number, cluster in enumerate(field, start=1):
        _gather(cast, cluster, number, plan, at=before)
    edition = Edition(cast=cast, field=field, year=starts.year, starts=starts, seed=24, pdf=PAPER)
    edition.competition = _set_up(plan, organiser, starts)
    if plan.get("joint_entries"):
        edition.partners = {
            key: [_partner(row, number)] for number, (key, row) in enumerate(cast.clusters.items(), start=1) if _beside(row)
        }
    edition.by_cluster = {cast.clusters[cluster.key].pk: cluster for cluster in field}
    _staff(cast, edition.competition, plan["evaluators"], at=starts - DAY)
    return edition


def _beside(cluster) -> Region | None:
    """The region that a joint cluster has beside its lead region."""
    return cluster.regions.exclude(pk=cluster.lead_region_id).first()


def _partner(cluster, number: int) -> dict:
    names = {"name_zh": f"{cluster.name_zh}协作中心", "name_en": f"{cluster.name_en} partner"}
    return names | {"credit_code": credit_code(500000 + number), "region": _beside(cluster).pk, "role": "配套与检测"}


def _field(plan) -> tuple[DemoCluster, ...]:
    """As many clusters as the tracks say; merit goes round the clock, so that no track has all the good ones."""
    sectors = list(Sector.objects.order_by("code").values_list("code", flat=True))
    found = []
    for track in plan["tracks"]:
        for _ in range(track["entries"]):
            n = len(found) + 1
            words = (f"复演集群{n:03}", f"Replayed cluster {n:03}", f"复演{n:03}", f"Replay {n:03}")
            merit, scale = 66 + (n * 37) % 27, 300 + (n * 131) % 1500
            found.append(DemoCluster(f"r{n:03}", *words, sectors[n % len(sectors)], track["code"], scale, merit))
    return tuple(found)


def _gather(cast, cluster, number, plan, *, at) -> None:
    codes = plan["regions"]
    lead = codes[number % len(codes)]
    every = plan["joint_every"]
    others = plan.get("partner_regions", codes)
    regions = {lead, others[(number + 1) % len(others)]} if every and number % every else {lead}
    cast.codes[cluster.key] = credit_code(number)
    values = {"name_zh": f"{cluster.name_zh}促进中心", "name_en": "", "credit_code": cast.codes[cluster.key]}
    organisation = save_organisation(None, values=values | {"region": Region.objects.get(pk=lead)}, actor=cast.organiser, at=at)
    named = {name: getattr(cluster, name) for name in ("name_zh", "name_en", "short_zh", "short_en")}
    placed = {"sector": Sector.objects.get(code=cluster.sector), "lead_region": Region.objects.get(pk=lead), "organisation": organisation}
    rows = list(Region.objects.filter(pk__in=regions))
    cast.clusters[cluster.key] = save_cluster(None, values=named | placed, regions=rows, actor=cast.organiser, at=at)
    cast.organisations[cluster.key] = organisation
    person = people.Person(cluster.key, f"联络人{number}", f"Contact {number}")
    cast.applicants[cluster.key] = people.sign_up(
        person, role="applicant", scope=f"organisation:{organisation.pk}", inviter=cast.organiser, at=at
    )


def _set_up(plan, organiser, starts):
    at = starts - DAY
    region = Region.objects.get(pk=plan["region"]) if plan["region"] else None
    competition = create_competition(
        code=plan["code"],
        name_zh=plan["name"]["zh"],
        name_en=plan["name"]["en"],
        year=starts.year,
        level=plan["level"],
        region=region,
        format=plan.get("format", DEFAULT),
        demo=True,
        actor=organiser,
        at=at,
    )
    words = {"organiser_zh": "复演", "organiser_en": "Replay", "contact": "-", "summary_zh": "复演", "summary_en": "Replay"}
    words |= {"joint_entries": plan.get("joint_entries", False)}
    competition = edit_competition(competition, changes=words, version=0, actor=organiser, at=at)
    competition.refresh_from_db()
    tracks = [{"code": row["code"], "name_zh": row["name"]["zh"], "name_en": row["name"]["en"]} for row in plan["tracks"]]
    set_tracks(competition, tracks=tracks, version=competition.edit_version, actor=organiser, at=at)
    opens = starts + HOUR
    for round, row in zip(competition.rounds.order_by("order"), plan["rounds"], strict=True):
        closes = opens + INTAKE
        windows = {"intake_opens": opens, "intake_closes": closes, "judging_opens": closes + GAP, "judging_closes": closes + GAP + JUDGING}
        competition.refresh_from_db()
        basics = {"code": row["code"], "name_zh": row["name"]["zh"], "name_en": row["name"]["en"]}
        basics |= {"kind": row.get("kind", "review"), "intake": row["intake"], "seats": row.get("seats", 0)}
        basics |= {"blind": row.get("blind", False), "publication": row.get("publication"), "groups": row.get("groups")}
        edit_round(round, basics=basics, windows=windows, version=competition.edit_version, actor=organiser, at=at)
        if basics["kind"] != "formal_check":
            save_advancement(round, rule=_rule(plan, row), version=advancement_of(round).version, actor=organiser, at=at)
        opens = windows["judging_closes"] + BETWEEN
    return competition


def _rule(plan, row) -> dict:
    if "vote" in row:
        return {"take": {"vote": row["vote"]}, "scope": row["scope"]}
    top = row.get("top") or {track["code"]: track["top"] for track in plan["tracks"]}
    return {"take": {"top": top}, "scope": row["scope"], "reserve": 0, "at_the_line": "panel"}


def _staff(cast, competition, evaluators, *, at) -> None:
    scope = f"competition:{competition.pk}"
    for person in (people.DECIDER, people.SECOND_DECIDER):
        cast.deciders.append(people.sign_up(person, role="decider", scope=scope, inviter=cast.organiser, at=at))
    sectors = list(Sector.objects.order_by("code"))
    for number in range(1, evaluators + 1):
        person = people.Person(f"judge{number:02}", f"专家{number}", f"Judge {number}")
        user = people.sign_up(person, role="evaluator", scope=scope, inviter=cast.organiser, at=at)
        edit_evaluator(
            user,
            competition=competition,
            title="教授",
            employer=None,
            regions=[],
            sectors=[sectors[number % len(sectors)], sectors[(number + 3) % len(sectors)]],
            active=True,
            actor=cast.organiser,
            at=at,
        )
    cast.evaluators = list(Evaluator.objects.select_related("user").order_by("user__email"))
