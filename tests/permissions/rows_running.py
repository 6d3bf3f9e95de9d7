"""The matrix of a round that is judged: `world.judged` is being judged, `world.shut` is closed; the cast holds its roles in both."""

from competition.services.reopenings import request_reopening
from competition.services.rounds import close_round
from evaluations.services.findings import pass_rest
from tests.cast import ROLES
from tests.factories.accounts import give
from tests.factories.competition import NOW
from tests.factories.evaluations import add_unweighted
from tests.factories.judging import TABLE, Judged
from tests.permissions.matrix import Row, expect, only

PUBLIC: set[str] = set()
STAFF = ("organiser", "decider", "second_decider", "supervisor")
MEMBERS = (*STAFF, "chair", "evaluator", "other_evaluator")


def build(world):
    for name in ("judged", "shut", "asked"):
        found = Judged({"X": TABLE["X"]})
        found.criteria = add_unweighted(found.round, {"F1": ("bonus", "organiser"), "V1": ("veto", "organiser")})
        for person, role in ROLES.items():
            scope = f"competition:{found.round.competition_id}"
            if person not in ("organiser", "operator") and scope != "competition:1":
                give(getattr(world.cast, person), role, scope, second_factor=False)
        if name != "judged":
            pass_rest(found.round, expected=1, actor=found.organiser, at=NOW)
            found.round = close_round(found.round, actor=found.organiser, at=NOW)
        setattr(world, name, found)
    request_reopening(world.asked.round, reason="录入有误。", actor=world.asked.organiser, at=NOW)
    world.free_seat = world.judged.entries["X"].assignments.first()


def at(name, **more):
    def kwargs(world):
        found = getattr(world, name)
        values = {key: value(found) for key, value in more.items()}
        return {"pk": found.round.competition_id, "round_pk": found.round.pk} | values

    return kwargs


def of_competition(world):
    return {"pk": world.shut.round.competition_id}


def seat(world):
    return {"pk": world.judged.round.competition_id, "seat_pk": world.free_seat.pk}


def entry_of(found):
    return found.entries["X"].pk


def check(name, code):
    def kwargs(world):
        found = getattr(world, name)
        return {"pk": found.round.competition_id, "entry_pk": entry_of(found), "criterion_pk": found.criteria[code].pk}

    return kwargs


# Applicants and recommenders do not see a competition's inner pages; its evaluators know it and may not.
STAFF_ONLY = only(*STAFF, colleagues=404) | dict.fromkeys(MEMBERS[4:], 403)
ORGANISERS = only("organiser", colleagues=404) | dict.fromkeys((*STAFF[1:], *MEMBERS[4:]), 403)
ANSWERS = ORGANISERS | dict.fromkeys(("decider", "second_decider"), 200)
CHECKERS = STAFF_ONLY | dict.fromkeys(("decider", "second_decider"), 403)
SEALED = STAFF_ONLY | dict.fromkeys(STAFF, 403)

ROWS = [
    Row("competition:organiser_home", expect(403, anonymous=302, organiser=200)),
    Row("evaluations:progress", STAFF_ONLY | dict.fromkeys(STAFF, 302), of_competition),
    Row("evaluations:newest_standings", STAFF_ONLY | dict.fromkeys(STAFF, 302), of_competition),
    Row("evaluations:round_progress", STAFF_ONLY, at("judged")),
    Row("evaluations:round_start", ORGANISERS, at("judged"), label="not now"),
    Row("evaluations:round_start", ORGANISERS | {"organiser": 409}, at("judged"), data={}),
    Row("evaluations:round_close", ORGANISERS, at("judged")),
    Row("evaluations:round_close", ORGANISERS | {"organiser": 409}, at("shut"), data={}, label="closed already"),
    Row("evaluations:round_reopen", ORGANISERS, at("shut")),
    Row("evaluations:round_reopen", ORGANISERS | {"organiser": 422}, at("shut"), data={"reason": ""}),
    Row("evaluations:round_reopen", STAFF_ONLY, at("asked"), label="asked for"),
    Row(
        "evaluations:reopening_answer",
        ANSWERS | dict.fromkeys(("organiser", "decider", "second_decider"), 422),
        at("shut"),
        data={"do": "approve"},
        label="not asked for",
    ),
    Row("evaluations:finding_now", STAFF_ONLY | dict.fromkeys(STAFF, 302), of_competition),
    Row("evaluations:finding_list", CHECKERS, at("judged")),
    Row("evaluations:finding_list", STAFF_ONLY, at("shut"), label="closed"),
    Row("evaluations:finding_pass", ORGANISERS, at("judged")),
    Row("evaluations:finding_pass", ORGANISERS | {"organiser": 409}, at("shut"), data={"expected": "0"}, label="closed"),
    Row("evaluations:finding_edit", CHECKERS, check("judged", "F1")),
    Row("evaluations:finding_edit", ORGANISERS | {"organiser": 422}, check("judged", "F1"), data={"value": "9", "seen": "0"}),
    Row("evaluations:finding_edit", STAFF_ONLY, check("shut", "V1"), label="closed"),
    Row("evaluations:finding_withdraw", ORGANISERS, check("shut", "V1")),
    Row("evaluations:finding_withdraw", ORGANISERS | {"organiser": 422}, check("shut", "V1"), data={"reason": "误。"}, label="closed"),
    Row("evaluations:standings", STAFF_ONLY, at("shut")),
    Row("evaluations:standings", SEALED, at("judged"), label="before closing"),
    Row("evaluations:round_outliers", ORGANISERS, at("judged")),
    Row("evaluations:round_outliers", ORGANISERS | {"organiser": 422}, at("judged"), data={"due_at": ""}),
    Row("evaluations:standings_analysis", STAFF_ONLY, at("shut")),
    Row("evaluations:standings_analysis", SEALED, at("judged"), label="before closing"),
    Row("evaluations:analysis_ask", ORGANISERS | {"organiser": 302}, at("shut"), data={}),
    Row("evaluations:analysis_ask", ORGANISERS | {"organiser": 403}, at("judged"), data={}, label="before closing"),
    Row("evaluations:standing_entry", STAFF_ONLY, at("shut", entry_pk=entry_of)),
    Row("evaluations:standing_entry", SEALED, at("judged", entry_pk=entry_of), label="before closing"),
    Row("evaluations:standing_why", STAFF_ONLY, at("shut", entry_pk=entry_of)),
    Row("evaluations:standing_why", SEALED, at("judged", entry_pk=entry_of), label="before closing"),
    *(
        row
        for name in ("seat_extend", "seat_replace", "seat_waive", "sheet_return")
        for row in (
            Row(f"evaluations:{name}", ORGANISERS, seat),
            Row(f"evaluations:{name}", ORGANISERS | {"organiser": 422}, seat, data={}),
        )
    ),
]
