"""Somebody who has just registered, and the recommender whom the registration waits for."""

from datetime import datetime

from accounts.services.sign_up import ask_sign_up, open_account
from competition.models import Region, Registration, Sector
from competition.services.registrations import register_organisation
from config.rehearsal.demo import people
from config.rehearsal.demo.answers import credit_code
from config.rehearsal.demo.moments import DAY
from config.rehearsal.demo.race import Cast

NUMBER = 101  # of the credit code, beyond those of the field


def register(cast: Cast, region: str, *, at: datetime) -> Registration:
    """One registration to be confirmed or refused, sent a day before `at`."""
    people.sign_up(people.RECOMMENDER, role="recommender", scope=f"region:{region}", inviter=cast.organiser, at=at - 30 * DAY)
    sent, person = at - DAY, people.NEWCOMER
    sign_up = ask_sign_up(person.email, language="zh-hans", at=sent)
    user = open_account(sign_up, nonce=sign_up.nonce, at=sent, password=people.password(), name_zh=person.name_zh, name_en=person.name_en)
    values = {
        "name_zh": "扬州高端装备集群促进中心（演示）",
        "name_en": "Yangzhou High-end Equipment Promotion Centre (demo)",
        "credit_code": credit_code(NUMBER),
        "cluster": None,
        "cluster_zh": "扬州市高端装备集群",
        "cluster_en": "Yangzhou High-end Equipment Cluster",
        "short_zh": "扬州装备",
        "short_en": "Yangzhou equipment",
        "region": Region.objects.get(pk=region),
        "sector": Sector.objects.get(code="equipment"),
    }
    return register_organisation(values=values, actor=user, at=sent)
