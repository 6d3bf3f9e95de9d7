"""Who is in the demo: its clusters with their contacts, and the roles in each competition."""

from datetime import datetime

from competition.models import Region, Sector
from competition.services.clusters import save_cluster, save_organisation
from config.rehearsal.demo import people
from config.rehearsal.demo.answers import MARK, credit_code
from config.rehearsal.demo.clusters import CLUSTERS
from config.rehearsal.demo.race import Cast
from evaluations.models import Evaluator
from evaluations.services.evaluators import edit_evaluator


def gather(*, at: datetime) -> Cast:
    organiser = people.sign_up(people.ORGANISER, role="organiser", scope="*", inviter=None, at=at)
    people.sign_up(people.OPERATOR, role="operator", scope="*", inviter=None, at=at)
    regions = Region.objects.in_bulk()
    sectors = {row.code: row for row in Sector.objects.all()}
    cast = Cast(organiser, [], [], {}, {}, {}, {})
    for number, cluster in enumerate(CLUSTERS, start=1):
        region = regions[cluster.region]
        cast.codes[cluster.key] = credit_code(number)
        marked = cluster.short_zh.removesuffix("（演示）"), cluster.short_en.removesuffix(" (demo)")
        organisation = save_organisation(
            None,
            values={
                "name_zh": f"{marked[0]}集群促进中心（演示）",
                "name_en": f"{marked[1]} Promotion Centre (demo)",
                "credit_code": cast.codes[cluster.key],
                "region": region,
            },
            actor=organiser,
            at=at,
        )
        named = {name: getattr(cluster, name) for name in ("name_zh", "name_en", "short_zh", "short_en")}
        cast.clusters[cluster.key] = save_cluster(
            None,
            values=named | {"sector": sectors[cluster.sector], "lead_region": region, "organisation": organisation},
            regions=[region, *(regions[code] for code in cluster.others)],
            actor=organiser,
            at=at,
        )
        cast.organisations[cluster.key] = organisation
        person = people.Person(cluster.key, f"{marked[0]}联络人", f"{marked[1]} contact")
        cast.applicants[cluster.key] = people.sign_up(
            person, role="applicant", scope=f"organisation:{organisation.pk}", inviter=organiser, at=at
        )
    return cast


def staff(cast: Cast, competition, *, at: datetime) -> None:
    """Roles in one competition: deciders, supervisor, second organiser, evaluators with their profiles."""
    scope = f"competition:{competition.pk}"
    organiser = cast.organiser
    second = people.NATION if competition.level == "nation" else people.SECOND_ORGANISER
    people.sign_up(second, role="organiser", scope=scope, inviter=organiser, at=at)
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
