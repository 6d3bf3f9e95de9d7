"""Rounds: adding and changing them while the competition is a draft, their windows, and their course from opening to closing."""

from datetime import datetime

from django.db import transaction

from competition import workflow
from competition.domain.groups import parse_grouping
from competition.domain.publication import parse_publication
from competition.domain.windows import FIELDS, window_faults, windows_missing
from competition.models import Application, Competition, Round
from competition.rules import parts
from competition.selectors.formats import read_format
from competition.selectors.quotas import deadline_faults
from competition.selectors.rules import advancement_of, form_of
from competition.services.drafting import lock, lock_draft, touch, write_down
from competition.services.rules import save_advancement, seed_advancement, seed_form
from ledger.domain.reason import Reason, Refused
from ledger.services import seal

BASICS = ("code", "name_zh", "name_en", "kind", "intake", "seats", "blind", "groups", "publication")
EVERYBODY = {"take": "all", "scope": "overall"}  # who passes a formal check
# A beginning → the states in which it has not come about yet, whatever the clock says.
NOT_BEGUN = {"intake_opens": ("planned",), "judging_opens": ("planned", "open")}


@transaction.atomic
def add_round(
    competition: Competition, *, code: str, name_zh: str, name_en: str, intake: str, seats: int, version: int, actor, at: datetime
) -> Round:
    """The last round, with the rules of the one before it to begin from."""
    competition = lock_draft(competition, actor=actor, version=version)
    last = competition.rounds.order_by("-order").first()
    _refuse_code(competition, code)
    round = Round.objects.create(
        competition=competition,
        order=last.order + 1 if last else 1,
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        intake=intake,
        seats=seats,
        blind=bool(last and last.blind),
    )
    if last and not last.checks_only:
        copy_rules(last, round)
    elif last:  # the rules of a formal check are none to judge by
        seed_rules(round, read_format()["rounds"][0])
    touch(competition)
    write_down(
        "round.add", round, competition, actor=actor, at=at, after={"order": round.order, "code": code, "intake": intake, "seats": seats}
    )
    return round


def seed_rules(round: Round, format_round) -> None:
    """The same from a format."""
    seed_form(round, format_round["form"])
    seed_advancement(round, EVERYBODY if round.checks_only else format_round["advancement"])
    for part in parts().values():
        part.seed(round, format_round)


def copy_rules(source: Round, round: Round) -> None:
    """Form, advancement rule and every registered part of one round for another; the caller writes it down."""
    if form := form_of(source):
        seed_form(round, form.definition)
    if rule := advancement_of(source):
        seed_advancement(round, rule.rule)
    for part in parts().values():
        part.copy(source, round)


@transaction.atomic
def edit_round(round: Round, *, basics: dict, windows: dict, version: int, actor, at: datetime) -> Round:
    """`basics`: code, name_zh, name_en, kind, intake, seats, blind, groups, publication, what is not named stays; `windows`: the four
    moments or None. The first round takes in afresh."""
    competition = lock_draft(round.competition, actor=actor, version=version)
    round = competition.rounds.select_for_update().get(pk=round.pk)
    basics = {name: getattr(round, name) for name in BASICS} | basics
    if round.order == 1 and basics["intake"] != "fresh":
        raise Refused(Reason("competition.first_round_fresh"), field="intake")
    if basics["kind"] == "formal_check":
        basics |= {"seats": 0, "blind": False, "groups": None}  # nobody sits
    elif basics["seats"] < 1:
        raise Refused(Reason("competition.seats_missing"), field="seats")
    if basics["groups"] is not None:
        basics["groups"] = parse_grouping(basics["groups"]).as_json()
    if basics["publication"] is not None:
        basics["publication"] = parse_publication(basics["publication"]).as_json()
    if basics["code"] != round.code:
        _refuse_code(competition, basics["code"])
    names = [*BASICS, *FIELDS]
    before = {name: getattr(round, name) for name in names if not name.startswith("name_")}
    for name in BASICS:
        setattr(round, name, basics[name])
    _set_windows(round, windows)
    round.save(update_fields=names)
    touch(competition)
    after = {name: getattr(round, name) for name in before}
    changed = {name for name in before if before[name] != after[name]}
    write_down(
        "round.edit",
        round,
        competition,
        actor=actor,
        at=at,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        private={"name_zh": round.name_zh, "name_en": round.name_en},
    )
    if "kind" in changed:
        _suit(round, actor=actor, at=at)
    return round


def _suit(round: Round, *, actor, at: datetime) -> None:
    """Rules that fit its kind, where those it has do not: whoever passes a formal check goes on."""
    if round.checks_only:
        current = advancement_of(round)
        save_advancement(round, rule=EVERYBODY, version=current.version if current else 0, actor=actor, at=at)
    for part in parts().values():
        part.suit(round, actor=actor, at=at)


def _refuse_code(competition, code):
    if competition.rounds.filter(code=code).exists():
        raise Refused(Reason("competition.code_taken", {"code": code}), field="code")


def _set_windows(round: Round, windows: dict) -> None:
    if round.intake != "fresh":
        windows = {**windows, "intake_opens": None, "intake_closes": None}
    before = round.competition.rounds.filter(order__lt=round.order).order_by("-order").first()
    faults = window_faults(windows, fresh=round.intake == "fresh", after=before.judging_closes if before else None)
    if faults:
        raise Refused(*(reason for _, reason in faults), field=faults[0][0])
    for name in FIELDS:
        setattr(round, name, windows.get(name))


@transaction.atomic
def remove_round(round: Round, *, version: int, actor, at: datetime) -> None:
    competition = lock_draft(round.competition, actor=actor, version=version)
    if competition.rounds.count() == 1:
        raise Refused(Reason("competition.last_round"))
    write_down("round.remove", round, competition, actor=actor, at=at, before={"order": round.order, "code": round.code})
    round.delete()
    _number(competition, list(competition.rounds.order_by("order")))
    touch(competition)


@transaction.atomic
def move_round(round: Round, *, up: bool, version: int, actor, at: datetime) -> None:
    """One place earlier or later. The round that comes first takes in afresh."""
    competition = lock_draft(round.competition, actor=actor, version=version)
    rows = list(competition.rounds.order_by("order"))
    place = [row.pk for row in rows].index(round.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        raise Refused(Reason("competition.round_at_end"))
    rows[place], rows[other] = rows[other], rows[place]
    if rows[0].intake != "fresh":
        raise Refused(Reason("competition.first_round_fresh"))
    _number(competition, rows)
    touch(competition)
    write_down("round.move", round, competition, actor=actor, at=at, before={"order": place + 1}, after={"order": other + 1})


def _number(competition, rows: list[Round]) -> None:
    """1, 2, 3 … in the order of `rows`, past the constraint that no two rounds share a number."""
    free = max((row.order for row in rows), default=0) + len(rows)
    for shift in (free, 0):
        for place, row in enumerate(rows, start=1):
            row.order = place + shift
        Round.objects.bulk_update(rows, ["order"])


@transaction.atomic
def move_windows(round: Round, *, windows: dict, reason: str, actor, at: datetime) -> Round:
    """After the call is published: dates only, with a written reason. What has begun is not moved (a judging whose hour has passed
    without being started has not), and a deadline that applicants or evaluators rely on is never brought forward."""
    competition = lock(round.competition, actor=actor)
    round = competition.rounds.select_for_update().get(pk=round.pk)
    if competition.state not in ("published", "draft") or round.state in ("closed", "released"):
        raise Refused(Reason("competition.windows_past"))
    before = {name: getattr(round, name) for name in FIELDS}
    _set_windows(round, windows)
    if competition.recommendation and round.order == 1 and (faults := deadline_faults(competition, round)):
        raise Refused(*faults, field="intake_closes")
    for name in FIELDS:
        old, new = before[name], getattr(round, name)
        if old == new or old is None:
            continue
        begun = name in NOT_BEGUN and old <= at and round.state not in NOT_BEGUN[name]
        if begun or (name == "intake_closes" and round.state not in ("planned", "open")):
            raise Refused(Reason("competition.window_begun"), field=name)
        if round.state != "planned" and name in ("intake_closes", "judging_closes") and (new is None or new < old):
            raise Refused(Reason("competition.deadline_forward"), field=name)
    round.save(update_fields=list(FIELDS))
    changed = [name for name in FIELDS if before[name] != getattr(round, name)]
    if changed:
        write_down(
            "round.move_windows",
            round,
            competition,
            actor=actor,
            at=at,
            before={name: before[name] for name in changed},
            after={name: getattr(round, name) for name in changed},
            private={"reason": reason},
        )
    return round


@transaction.atomic
def open_round(round: Round, *, actor, at: datetime) -> Round:
    """Its intake may begin at the hour of its window. Publishing opens the first round; a later one opens by hand once the
    round before it is released and its windows are set."""
    return workflow.perform(round, "open", actor=actor, at=at)


@workflow.provide("round", "open", "missing")
def _open_missing(act) -> list[Reason]:
    return open_missing(act.subject)


def open_missing(round: Round) -> list[Reason]:
    reasons = []
    if round.competition.state != "published":
        reasons.append(Reason("competition.call_unpublished"))
    if windows_missing({name: getattr(round, name) for name in FIELDS}, fresh=round.intake == "fresh"):
        reasons.append(Reason("competition.round_windows_missing", {"round": round.order}))
    before = round.competition.rounds.filter(order__lt=round.order).exclude(state="released").order_by("order").first()
    if before:
        reasons.append(Reason("competition.earlier_round_unreleased", {"round": before.order}))
    return reasons


@transaction.atomic
def start_judging(round: Round, *, actor, at: datetime) -> Round:
    """Ends the intake. Every application has been answered; drafts that were not submitted stay out."""
    return workflow.perform(round, "start_judging", actor=actor, at=at)


@workflow.provide("round", "start_judging", "entries")
def _entries(act) -> int:
    return act.subject.entries.filter(state="running", revision__isnull=False).count()


@workflow.provide("round", "start_judging", "unanswered")
def _unanswered(act) -> int:
    return Application.objects.filter(round=act.subject, state__in=("submitted", "returned")).count()


@transaction.atomic
def close_round(round: Round, *, actor, at: datetime) -> Round:
    """Sheets are locked and the standings fixed (by the hooks of the judging), and the ledger is sealed."""
    round = workflow.perform(round, "close", actor=actor, at=at)
    seal(at=at)
    return round
