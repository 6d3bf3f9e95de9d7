"""A competition: created from a format or an earlier one, edited while it is a draft, published, decided, archived."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts import permissions
from accounts.domain.roles import ORGANISER
from accounts.services.membership import give_role
from competition import workflow
from competition.domain.formats import at as at_place
from competition.domain.groups import parse_grouping
from competition.models import Competition, Round, Track
from competition.selectors.formats import DEFAULT, read_format
from competition.selectors.setup import publish_reasons
from competition.services.drafting import lock, lock_draft, refuse_stale, touch, write_down
from competition.services.quotas import copy_quotas
from competition.services.rounds import copy_rules, open_round, seed_rules
from competition.services.rules import freeze_rules
from ledger.domain.reason import Reason, Refused

RULES = (
    *("code", "name_zh", "name_en", "year", "level", "region", "organiser_zh", "organiser_en"),
    *("publicity_days", "publicity_unit", "public_order", "public_ranks", "public_not_chosen", "valid_years", "joint_entries"),
)
WORDS = ("contact", "summary_zh", "summary_en")  # may be mended after the call is out
COPIED = (*RULES[RULES.index("organiser_zh") :], *WORDS)
CODES = ("code", "year", "level", "region_id", *RULES[RULES.index("publicity_days") :])  # may stand in a record


@transaction.atomic
def create_competition(
    *,
    source: Competition | None = None,
    format: str = DEFAULT,
    code: str,
    name_zh: str,
    name_en: str,
    year: int,
    level: str,
    region,
    demo: bool = False,
    actor,
    at: datetime,
) -> Competition:
    """A draft with the rules of `source` (None: of the format of that name), without its dates. Its maker becomes its organiser.
    `demo` marks its pages and documents as invented, and so those of its copies."""
    if actor is not None:
        permissions.require(actor, "competition.create")
        if source is not None:
            permissions.require(actor, "competition.view", source)
    _refuse_code(code)
    content = read_format(format) if source is None else None
    competition = Competition.objects.create(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        year=year,
        level=level,
        region=region,
        copied_from=source,
        created_at=at,
        demo=demo or bool(source and source.demo),
    )
    write_down(
        "competition.create",
        competition,
        competition,
        actor=actor,
        at=at,
        after={"code": code, "copied_from": source and source.pk} | ({"format": format} if content else {}),
    )
    if content:
        _seed(competition, content, file=f"{format}.yaml")
    else:
        _copy(competition, source)
    if actor is not None and not permissions.everywhere(actor, ORGANISER):
        give_role(actor, role=ORGANISER, scope=f"competition:{competition.pk}", actor=None, at=at)
    return competition


def _seed(competition, format_content, *, file: str) -> None:
    publicity = format_content["publicity"]
    competition.publicity_days, competition.publicity_unit = publicity["days"], publicity["unit"]
    competition.public_order = publicity["order"]
    competition.public_ranks, competition.public_not_chosen = publicity["ranks"], publicity["not_chosen"]
    competition.valid_years = format_content["valid_years"]
    competition.joint_entries = format_content.get("joint_entries", False)
    competition.save()
    _make_tracks(competition, [{"code": row["code"], **_names(row)} for row in format_content["tracks"]])
    for order, row in enumerate(format_content["rounds"], start=1):
        round = Round.objects.create(
            competition=competition,
            order=order,
            code=row["code"],
            kind=row.get("kind", "review"),
            intake=row["intake"],
            seats=row.get("seats", 0),
            blind=row.get("blind", False),
            groups=parse_grouping(row["groups"]).as_json() if row.get("groups") else None,
            publication=row.get("publication"),
            **_names(row),
        )
        at_place(file, f"rounds.{order - 1}", lambda round=round, row=row: seed_rules(round, row))


def _names(row) -> dict:
    return {"name_zh": row["name"]["zh"], "name_en": row["name"]["en"]}


def _copy(competition, source) -> None:
    for name in COPIED:
        setattr(competition, name, getattr(source, name))
    competition.save()
    _make_tracks(competition, list(source.tracks.values("code", "name_zh", "name_en")))
    copy_quotas(source, competition)
    for row in source.rounds.order_by("order"):
        round = Round.objects.create(
            competition=competition,
            **{
                name: getattr(row, name)
                for name in ("order", "code", "name_zh", "name_en", "kind", "intake", "seats", "blind", "groups", "publication")
            },
        )
        copy_rules(row, round)


def _make_tracks(competition, rows) -> None:
    Track.objects.bulk_create([Track(competition=competition, order=order, **row) for order, row in enumerate(rows)])


def _refuse_code(code: str) -> None:
    if Competition.objects.filter(code=code).exists():
        raise Refused(Reason("competition.code_taken", {"code": code}), field="code")


@transaction.atomic
def edit_competition(competition: Competition, *, changes: dict, version: int, actor, at: datetime) -> Competition:
    """`changes`: fields of the competition by name. Once the call is published only contact and summaries may change."""
    row = lock(competition, actor=actor)
    refuse_stale(version, row.edit_version)
    changes = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if unknown := set(changes) - {*RULES, *WORDS}:
        raise ValueError(f"no such field to edit: {sorted(unknown)}")
    if row.state != "draft" and (frozen := [name for name in changes if name in RULES]):
        raise Refused(Reason("competition.rules_frozen"), field=frozen[0])
    if "code" in changes:
        _refuse_code(changes["code"])
    before = {name: getattr(row, name) for name in CODES}
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    touch(row)
    after = {name: getattr(row, name) for name in CODES}
    write_down(
        "competition.edit",
        row,
        row,
        actor=actor,
        at=at,
        before={name: value for name, value in before.items() if value != after[name]},
        after={name: value for name, value in after.items() if value != before[name]},
        private={name: str(value) for name, value in changes.items() if name not in CODES and name != "region"},
    )
    return row


@transaction.atomic
def set_tracks(competition: Competition, *, tracks: list[dict], version: int, actor, at: datetime) -> None:
    """`tracks`: code, name_zh, name_en of each, in their order; those that are not named are removed."""
    competition = lock_draft(competition, actor=actor, version=version)
    codes = [row["code"] for row in tracks]
    if twice := [code for code in codes if codes.count(code) > 1]:
        raise Refused(Reason("competition.code_taken", {"code": twice[0]}), field="code")
    before = list(competition.tracks.values_list("code", flat=True))
    competition.tracks.all().delete()
    _make_tracks(competition, tracks)
    touch(competition)
    write_down("competition.set_tracks", competition, competition, actor=actor, at=at, before={"tracks": before}, after={"tracks": codes})


@transaction.atomic
def publish_competition(competition: Competition, *, actor, at: datetime) -> Competition:
    """Freezes every rule, makes the edition that the public reads, commits the rounds' seeds and opens the first round."""
    return workflow.perform(competition, "publish", actor=actor, at=at, changes={"published_at": at})


@workflow.provide("competition", "publish", "missing")
def _publish_missing(act) -> list[Reason]:
    return publish_reasons(act.subject)


@workflow.hook("competition", "publish")
def _freeze(act) -> None:
    for round in act.subject.rounds.order_by("order"):
        if not round.seed:
            round.seed = secrets.token_hex(16)
            round.save(update_fields=["seed"])
    edition = freeze_rules(act.subject, at=act.at)
    act.also |= {"edition": edition.version, "digest": edition.digest}
    open_round(act.subject.rounds.order_by("order").first(), actor=None, at=act.at)


@transaction.atomic
def decide_competition(competition: Competition, *, actor, at: datetime) -> Competition:
    return workflow.perform(competition, "decide", actor=actor, at=at)


@workflow.provide("competition", "decide", "unreleased")
def _unreleased(act) -> int:
    return act.subject.rounds.exclude(state="released").count()


@transaction.atomic
def archive_competition(competition: Competition, *, actor, at: datetime) -> Competition:
    return workflow.perform(competition, "archive", actor=actor, at=at)
