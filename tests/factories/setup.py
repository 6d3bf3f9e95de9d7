"""Competitions made by the set-up's own services."""

from datetime import datetime, timedelta

from accounts.models import User
from competition.models import Competition, Region
from competition.services.competitions import create_competition, edit_competition
from competition.services.rounds import edit_round
from tests.factories.accounts import give, make_user
from tests.factories.competition import BEIJING, NOW

WORDS = {
    "organiser_zh": "省工业和信息化厅",
    "organiser_en": "Provincial Department",
    "contact": "先进制造处 025-12345678",
    "summary_zh": "面向全省先进制造业集群。",
    "summary_en": "For the clusters of the province.",
}


def holding(role: str, scope: str = "*", *, email: str = "", name: str = "") -> User:
    """A new person with one role."""
    user = make_user(name or role.title(), email=email)
    give(user, role, scope)
    return user


def make_organiser(email: str = "") -> User:
    return holding("organiser", email=email)


def make_draft(actor, code="js-2026", **fields) -> Competition:
    values = {"code": code, "name_zh": "江苏省集群竞赛", "name_en": "Jiangsu competition", "year": 2026, "level": "province"}
    return create_competition(**{**values, "region": Region.objects.get(code="320000"), **fields}, actor=actor, at=NOW)


def windows(start: datetime = NOW) -> dict:
    return {
        "intake_opens": start,
        "intake_closes": start + timedelta(days=20),
        "judging_opens": start + timedelta(days=22),
        "judging_closes": start + timedelta(days=31),
    }


def basics_of(round) -> dict:
    return {name: getattr(round, name) for name in ("code", "name_zh", "name_en", "intake", "seats")}


def make_complete(actor, code="js-2026", **fields) -> Competition:
    """A draft in which nothing is missing."""
    competition = make_draft(actor, code, **fields)
    competition = edit_competition(competition, changes=WORDS, version=0, actor=actor, at=NOW)
    first = competition.rounds.get(order=1)
    edit_round(first, basics=basics_of(first), windows=windows(), version=1, actor=actor, at=NOW)
    competition.refresh_from_db()
    return competition


def beijing(*moment) -> datetime:
    return datetime(*moment, tzinfo=BEIJING)
