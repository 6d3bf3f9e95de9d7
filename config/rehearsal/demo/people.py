"""The demo's people: who they are and how they sign in. All names are invented."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import get_hasher, make_password

from accounts.models import User
from accounts.services.invitation import accept, invite
from accounts.services.membership import give_role

DOMAIN = "demo.example"


PRINTED_PASSWORD = "Gallop-home-2026"  # noqa: S105  known to everybody; beyond this machine another is asked for


def password() -> str:
    """One for all, so that whoever tries the demo types it once."""
    return os.environ.get("DEMO_PASSWORD") or PRINTED_PASSWORD


def printed_password_opens() -> bool:
    """Does the known password still open a demo login here?"""
    user = User.objects.filter(email=ORGANISER.email).first()
    return user is not None and user.check_password(PRINTED_PASSWORD)


def change_passwords() -> int:
    """Every demo login gets the password of DEMO_PASSWORD. Returns how many."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}").update(password=make_password(password()))


@contextmanager
def hashed_once() -> Iterator[None]:
    """The one password of all is hashed for the first of them: hashing is slow on purpose, a quarter of a second each."""
    hasher, given = get_hasher(), password()
    slowly, known = hasher.encode, hasher.encode(given, hasher.salt())
    hasher.encode = lambda text, salt, *rest: known if text == given else slowly(text, salt, *rest)
    try:
        yield
    finally:
        del hasher.encode


@dataclass(frozen=True)
class Person:
    key: str
    name_zh: str
    name_en: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


ORGANISER = Person("organiser", "张敏", "Zhang Min")
SECOND_ORGANISER = Person("organiser2", "陈思远", "Chen Siyuan")
DECIDER = Person("decider", "王海宁", "Wang Haining")
SECOND_DECIDER = Person("decider2", "李若兰", "Li Ruolan")
SUPERVISOR = Person("supervisor", "周岚", "Zhou Lan")
NATION = Person("nation", "郑远", "Zheng Yuan")  # organiser of the national editions and of nothing else
RECOMMENDER = Person("recommender", "许静", "Xu Jing")
SECOND_RECOMMENDER = Person("recommender2", "沈芸", "Shen Yun")
NEWCOMER = Person("newcomer", "丁悦", "Ding Yue")
OPERATOR = Person("operator", "吴工", "Wu Gong")

# key, names, employer, region, sectors
EVALUATORS = (
    (Person("e01", "沈知行", "Shen Zhixing"), "演示大学先进制造研究院", "310000", ("information", "equipment")),
    (Person("e02", "顾明远", "Gu Mingyuan"), "演示工业经济研究所", "110000", ("equipment", "materials")),
    (Person("e03", "何静怡", "He Jingyi"), "演示材料研究中心", "350000", ("materials", "raw-materials", "new-energy")),
    (Person("e04", "方维", "Fang Wei"), "演示信息技术研究院", "510000", ("information",)),
    (Person("e05", "罗晓川", "Luo Xiaochuan"), "演示装备工程大学", "610000", ("equipment", "new-energy")),
    (Person("e06", "苏曼", "Su Man"), "演示生命科学研究所", "420000", ("biomedicine", "consumer-goods")),
    (Person("e07", "邓立群", "Deng Liqun"), "演示区域发展智库", "370000", ("consumer-goods", "information", "materials")),
)


def sign_up(person: Person, *, role: str, scope: str, inviter: User | None, at: datetime) -> User:
    """By invitation, as everybody comes in; a further role is given to who is there already."""
    user = User.objects.filter(email=person.email).first()
    if user is not None:
        give_role(user, role=role, scope=scope, actor=None, at=at)
        return user
    invitation = invite(
        person.email, role=role, scope=scope, actor=inviter, at=at, name_zh=person.name_zh, name_en=person.name_en, by_mail=False
    )
    return accept(
        invitation,
        user=None,
        at=at,
        nonce=invitation.nonce,
        password=password(),
        name_zh=person.name_zh,
        name_en=person.name_en,
    )
