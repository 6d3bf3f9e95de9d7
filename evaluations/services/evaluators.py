"""The pool: who may judge, what they know, and to whom they are bound."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.permissions import require, roles
from evaluations.models import Evaluator
from evaluations.selectors.evaluators import without_profile
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record, record_many

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def _codes(count: int) -> list[str]:
    """Drawn, so that they tell nothing of order or name; the column is unique and a clash is drawn anew."""
    drawn: set[str] = set()
    while len(drawn) < count:
        fresh = {"E-" + "".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(count - len(drawn))}
        drawn |= fresh - set(Evaluator.objects.filter(code__in=fresh).values_list("code", flat=True))
    return sorted(drawn, key=lambda _code: secrets.token_bytes(8))


@transaction.atomic
def enrol_evaluators(competition, *, actor, at: datetime) -> int:
    """Everybody who holds the role here and is not in the pool yet gets a row and a code. Returns how many."""
    require(actor, "evaluator.manage", competition)
    people = list(without_profile(competition))
    if not people:
        raise Refused(Reason("evaluations.nobody_to_enrol"))
    made = Evaluator.objects.bulk_create(
        [Evaluator(user=person, code=code) for person, code in zip(people, _codes(len(people)), strict=True)], batch_size=500
    )
    record_many(
        [Deed(**_deed("evaluator.enrol", row, competition, actor), after={"user": row.user_id, "code": row.code}) for row in made], at=at
    )
    return len(made)


@transaction.atomic
def edit_evaluator(user, *, competition, title: str, employer, regions, sectors, active: bool, actor, at: datetime) -> Evaluator:
    """Title, employer, regions and sectors of an evaluator of this competition, who is taken into the pool with it."""
    require(actor, "evaluator.manage", competition)
    if "evaluator" not in roles(user, f"competition:{competition.pk}"):
        raise Refused(Reason("evaluations.not_invited"))
    evaluator = Evaluator.objects.select_for_update().filter(user=user).first()
    before = _facts(evaluator) if evaluator else None
    evaluator = evaluator or Evaluator(user=user, code=_codes(1)[0])
    evaluator.title, evaluator.employer, evaluator.active = title.strip(), employer, active
    evaluator.save()
    evaluator.regions.set(regions)
    evaluator.sectors.set(sectors)
    record(
        **_deed("evaluator.edit", evaluator, competition, actor),
        before=before,
        after=_facts(evaluator),
        private={"title": evaluator.title} if evaluator.title else None,
        at=at,
    )
    return evaluator


def _facts(evaluator) -> dict:
    return {
        "code": evaluator.code,
        "employer": evaluator.employer_id,
        "regions": sorted(evaluator.regions.values_list("pk", flat=True)),
        "sectors": sorted(evaluator.sectors.values_list("code", flat=True)),
        "active": evaluator.active,
    }


def _deed(action, evaluator, competition, actor) -> dict:
    return {
        "actor": f"user:{actor.pk}",
        "action": action,
        "subject": f"evaluator:{evaluator.pk}",
        "scope": f"competition:{competition.pk}",
    }
