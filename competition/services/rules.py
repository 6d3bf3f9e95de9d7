"""Form and advancement rule of a round, and the edition in which all rules of a competition are published."""

import hashlib
from datetime import datetime

from django.db import transaction

from competition.domain.advancement_rule import numbers_by_track, parse_rule, refuse_beyond_tracks
from competition.domain.form_schema import check_definition
from competition.models import AdvancementRule, Form, Round, RulesEdition
from competition.rules import parts
from competition.selectors.readmissions import rules_of
from competition.selectors.rules import advancement_of, form_of
from competition.services.drafting import lock_draft, refuse_stale, write_down
from ledger.domain.canonical import encode
from ledger.domain.reason import Reason, Refused


def digest_of(content) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(encode(content)).hexdigest()


@transaction.atomic
def save_form(round: Round, *, definition: dict, version: int, actor, at: datetime) -> Form:
    """`version` is the one that the editor began from, 0 where the round has no form yet."""
    competition = lock_draft(round.competition, actor=actor)
    check_definition(definition)
    return _save(Form, form_of(round), round, competition, "definition", definition, version, actor=actor, at=at, action="form.edit")


@transaction.atomic
def save_advancement(round: Round, *, rule: dict, version: int, actor, at: datetime) -> AdvancementRule:
    """`version` as in `save_form`."""
    competition = lock_draft(round.competition, actor=actor)
    check_advancement(rule, competition)
    return _save(
        AdvancementRule, advancement_of(round), round, competition, "rule", rule, version, actor=actor, at=at, action="advancement.edit"
    )


def _save(model, row, round, competition, name, content, version, *, actor, at, action):
    """The row of a draft is written over under the next version number; the ledger keeps both digests."""
    refuse_stale(version, row.version if row else 0)
    before = {"version": row.version, "digest": row.digest} if row else None
    row = row or model(round=round, version=0)
    if row.frozen_at:
        raise Refused(Reason("competition.rules_frozen"))
    row.version += 1
    setattr(row, name, content)
    row.digest = digest_of(content)
    row.save()
    write_down(action, row, competition, actor=actor, at=at, before=before, after={"version": row.version, "digest": row.digest})
    return row


def check_advancement(rule, competition) -> None:
    """`Refused` where the rule says what it may not, or numbers that do not fit the competition's tracks."""
    parsed = parse_rule(rule)
    codes = list(competition.tracks.values_list("code", flat=True))
    if (numbers := numbers_by_track(rule)) is not None:
        if unknown := [code for code in numbers if code not in codes and code != "*"]:
            raise Refused(Reason("competition.advancement_track_unknown", {"tracks": unknown}), field="take")
        if "*" not in numbers and (absent := [code for code in codes if code not in numbers]):
            raise Refused(Reason("competition.advancement_track_missing", {"tracks": absent}), field="take")
    if codes:
        refuse_beyond_tracks(parsed, codes)


def seed_form(round: Round, definition: dict) -> Form:
    check_definition(definition)
    return Form.objects.create(round=round, version=1, definition=definition, digest=digest_of(definition))


def seed_advancement(round: Round, rule: dict) -> AdvancementRule:
    check_advancement(rule, round.competition)
    return AdvancementRule.objects.create(round=round, version=1, rule=rule, digest=digest_of(rule))


def rules_content(competition) -> dict:
    """Everything that the competition judges by, as plain JSON. Windows are not in it: a deadline may be moved later, and the
    ledger says when and why. Of a round's seed its SHA-256 stands here, so that lots are committed and not foretold."""
    return {
        "format": 1,
        "competition": {
            name: getattr(competition, name)
            for name in ("code", "name_zh", "name_en", "year", "level", "region_id", "organiser_zh", "organiser_en", "valid_years")
        },
        "tracks": list(competition.tracks.order_by("order", "id").values("code", "name_zh", "name_en")),
        "publicity": {
            "days": competition.publicity_days,
            "unit": competition.publicity_unit,
            "order": competition.public_order,
            "ranks": competition.public_ranks,
            "not_chosen": competition.public_not_chosen,
        },
        "recommendation": _places(competition),
        **_readmissions(competition),
        **({"joint_entries": True} if competition.joint_entries else {}),
        "rounds": [_round_content(round) for round in competition.rounds.order_by("order")],
    }


def _places(competition) -> list[dict] | None:
    """By region; `places` null is without a limit. None where no recommendation is asked for."""
    if not competition.recommendation:
        return None
    return [{"region": row.region_id, "places": row.places} for row in competition.quotas.order_by("region_id")]


def _readmissions(competition) -> dict:
    rows = [
        {"competition": row.reached.competition.code, "reached": row.reached.code, "enters": row.enters.code}
        for row in rules_of(competition)
    ]
    return {"readmissions": rows} if rows else {}


def _round_content(round: Round) -> dict:
    form, rule = form_of(round) if round.intake == "fresh" else None, advancement_of(round)
    return {
        **{
            name: getattr(round, name)
            for name in ("order", "code", "name_zh", "name_en", "kind", "intake", "seats", "blind", "publication")
        },
        **({"groups": round.groups} if round.groups else {}),
        "seed_sha256": hashlib.sha256(round.seed.encode()).hexdigest() if round.seed else None,
        "form": form.definition if form else None,
        "advancement": rule.rule if rule else None,
        **{name: part.content(round) for name, part in parts().items()},
    }


def freeze_rules(competition, *, at: datetime) -> RulesEdition:
    """In the transaction that publishes. Forms, rules and every registered part are frozen, then the edition is made of them."""
    for round in competition.rounds.order_by("order"):
        for row in (form_of(round), advancement_of(round)):
            if row is not None and row.frozen_at is None:
                row.frozen_at = at
                row.save(update_fields=["frozen_at"])
        for part in parts().values():
            part.freeze(round, at)
    content = rules_content(competition)
    version = (competition.rules_editions.values_list("version", flat=True).first() or 0) + 1
    return RulesEdition.objects.create(
        competition=competition, version=version, content=content, digest=digest_of(content), published_at=at
    )
