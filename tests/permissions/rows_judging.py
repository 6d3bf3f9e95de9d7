"""The judging: evaluators' own pages; the organiser's pool, seats and sheets."""

from competition.models import AdvancementRule, Conflict, GroupDraw
from evaluations.models import AssignmentRun
from tests.cast import ROLES
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_entry, make_round
from tests.factories.desks import make_judge, make_judged_entry, make_judging, make_seat
from tests.factories.jury import VOTE
from tests.permissions.matrix import Row, expect

EVALUATORS = ("chair", "evaluator", "other_evaluator")
STAFF = ("organiser", "decider", "second_decider", "supervisor")
INSIDE = (*EVALUATORS, *STAFF)


def build(world):
    """A round being judged, staffed by the cast; one seat at each stage that has a page, all but one the evaluator's."""
    scene = world.judging = make_judging()
    scope = f"competition:{scene.competition.pk}"
    for name in INSIDE:
        person, role = getattr(world.cast, name), ROLES[name]
        if not person.memberships.filter(role=role, scope__in=("*", scope)).exists():
            give(person, role, scope)
    mine = make_judge(scene, world.cast.evaluator)
    make_judge(scene, world.cast.chair)
    world.judging.asked = make_seat(scene, mine, state="published")
    world.judging.seat = make_seat(scene, mine)
    world.judging.proposed = make_seat(scene, mine, state="proposed")
    world.judging.judged = make_judged_entry(scene)
    world.judging.file = world.judging.seat.entry.revision.attachments.get()
    submitted = make_seat(scene, mine)
    type(submitted.sheet).objects.filter(pk=submitted.sheet.pk).update(state="submitted", submitted_at=NOW)
    submitted.sheet.versions.create(number=1, marks={}, digest="0" * 64, submitted_at=NOW)
    world.judging.submitted = submitted
    scene.jury = make_round(scene.competition, state="judging", seats=2)
    AdvancementRule.objects.create(round=scene.jury, version=1, rule=VOTE, digest="a" * 64, frozen_at=NOW)
    make_entry(scene.jury, make_user())
    scene.divided = make_round(scene.competition, state="judging", seed="5eed", groups={"most": 2, "how": "dealt"})
    scene.drawn = make_entry(scene.divided, make_user(), group=1)
    make_entry(scene.divided, make_user(), group=1)
    make_entry(scene.divided, make_user(), group=2)
    GroupDraw.objects.create(round=scene.divided, number=1, grouping=scene.divided.groups, content=[], digest="0" * 64, at=NOW)
    AssignmentRun.objects.create(
        round=scene.round, ask="row", solved=False, plan_version=0, plan_digest="0" * 64, plan={}, seed="s", input_digest="0" * 64, at=NOW
    )
    world.judging.bond = Conflict.objects.create(
        user=world.cast.chair,
        cluster=world.judging.judged.application.cluster,
        kind="adviser",
        declared_by=world.cast.organiser,
        declared_at=NOW,
    )


def mine(status=200, **others):
    """One's own: nobody else knows of it."""
    return expect(404, anonymous=302, evaluator=status) | others


def own_sheet(status=200, staff=403):
    return mine(status) | dict.fromkeys(STAFF, staff)


def organisers(status=200, **others):
    """Of the competition: whoever takes part in it is told why not."""
    return expect(404, anonymous=302) | dict.fromkeys(INSIDE, 403) | {"organiser": status} | others


def within(world):
    return {"pk": world.judging.competition.pk}


def round(world):
    return within(world) | {"round_pk": world.judging.round.pk}


def jury(world):
    """A round of the same competition that is decided by a vote."""
    return within(world) | {"round_pk": world.judging.jury.pk}


def divided(world):
    """A round of the same competition whose entries are in groups."""
    return within(world) | {"round_pk": world.judging.divided.pk}


def drawn(world):
    return within(world) | {"entry_pk": world.judging.drawn.pk}


def seat(name):
    return lambda world: within(world) | {"seat_pk": getattr(world.judging, name).pk}


def sheet(name):
    return lambda world: within(world) | {"sheet_pk": getattr(world.judging, name).sheet.pk}


def entry(world):
    return within(world) | {"entry_pk": world.judging.judged.pk}


def entry_in_round(world):
    return round(world) | {"entry_pk": world.judging.judged.pk}


def bond(world):
    return within(world) | {"conflict_pk": world.judging.bond.pk}


def person(world):
    return within(world) | {"user_pk": world.cast.evaluator.pk}


REASON = {"reason": "理由"}
PLAN = {"version": 0, "seats": 2, "least": 0, "most": 9, "same": 100, "other": 0, "seed": "s"}
SEATED = {"chair": 404, "other_evaluator": 404}

ROWS = [
    Row("evaluations:my_sheets", expect(200, anonymous=302)),
    Row("evaluations:signed_in", expect(200, anonymous=302)),
    Row("evaluations:my_round", mine(), round, owner="evaluator"),
    Row("evaluations:undertaking_sign", mine(), round, owner="evaluator"),
    Row("evaluations:undertaking_sign", mine(302), round, data={"agree": "on"}, owner="evaluator"),
    Row("evaluations:seat_answer", mine(), seat("asked"), owner="evaluator"),
    Row("evaluations:seat_answer", mine(302), seat("asked"), data={"kind": "adviser", "reason": "任顾问"}, owner="evaluator"),
    Row("evaluations:seat_answer", mine(404), seat("proposed"), owner="evaluator", label="not published"),
    Row("evaluations:seat_confirm", mine(302), seat("asked"), data={}, owner="evaluator"),
    Row("evaluations:sheet_edit", own_sheet(), sheet("seat"), owner="evaluator"),
    Row("evaluations:sheet_edit", own_sheet(302), sheet("seat"), data={"version": 0, "mark-B4": "81"}, owner="evaluator"),
    Row("evaluations:sheet_edit", own_sheet(), sheet("submitted"), owner="evaluator", label="submitted"),
    Row("evaluations:sheet_save", own_sheet(), sheet("seat"), owner="evaluator"),
    Row("evaluations:sheet_save", own_sheet(400), sheet("seat"), data={"marks": "no json"}, owner="evaluator"),
    Row("evaluations:sheet_submit", own_sheet(), sheet("seat"), owner="evaluator"),
    Row("evaluations:sheet_submit", own_sheet(409), sheet("seat"), data={"version": 0}, owner="evaluator", label="unmarked"),
    Row("evaluations:flag_answer", own_sheet(302), sheet("submitted"), owner="evaluator", label="nothing asked"),
    Row(
        "evaluations:flag_answer", own_sheet(302), sheet("submitted"), data={"answer": "confirm"}, owner="evaluator", label="nothing asked"
    ),
    Row("evaluations:sheet_file", own_sheet(), lambda world: sheet("seat")(world) | {"file_pk": world.judging.file.pk}, owner="evaluator"),
    Row("evaluations:evaluator_list", organisers(), within),
    Row("evaluations:evaluator_enrol", organisers(302), within, data={}),
    Row("evaluations:evaluator_edit", organisers(), person),
    Row("evaluations:evaluator_edit", organisers(302), person, data={"title": "教授", "active": "on"}),
    Row("evaluations:conflict_list", organisers(), within),
    Row(
        "evaluations:conflict_list",
        organisers(302),
        within,
        data=lambda world: {"user": world.cast.evaluator.pk, "cluster": world.judging.judged.application.cluster_id, "kind": "family"},
    ),
    Row("evaluations:conflict_end", organisers(), bond),
    Row("evaluations:conflict_end", organisers(302), bond, data=REASON),
    Row("evaluations:assignment_now", organisers(302), within),
    Row("evaluations:assignment_board", organisers(), round),
    Row("evaluations:jury_edit", organisers(404), round, label="not decided by a vote"),
    Row("evaluations:jury_edit", organisers(), jury),
    Row("evaluations:jury_edit", organisers(422), jury, data={}, label="nobody chosen"),
    Row("evaluations:jury_edit", organisers(302), jury, data=lambda world: {"members": [world.cast.evaluator.evaluator.pk]}),
    Row("evaluations:group_list", organisers() | dict.fromkeys(STAFF, 200), divided),
    Row("evaluations:group_list", organisers() | dict.fromkeys(STAFF, 200), round, label="without groups"),
    Row("evaluations:group_draw", organisers(302), divided, data={}),
    Row("evaluations:group_move", organisers(), drawn),
    Row("evaluations:group_move", organisers(404), entry, label="without groups"),
    Row("evaluations:group_move", organisers(302), drawn, data={"to": "group:2", **REASON}),
    Row("evaluations:group_move", organisers(422), drawn, data={"to": "group:7", **REASON}, label="no such group"),
    Row("evaluations:assignment_loads", organisers(), round),
    Row("evaluations:assignment_export", organisers(), round, data={}),
    Row("evaluations:assignment_plan", organisers(), round),
    Row("evaluations:assignment_plan", organisers(302), round, data=PLAN),
    Row("evaluations:assignment_plan", organisers(422), round, data=PLAN | {"seats": "-1"}, label="below nothing"),
    Row("evaluations:assignment_solve", organisers(302), round, data={"version": 0}),
    Row("evaluations:assignment_changes", organisers(), round),
    Row("evaluations:assignment_entries", organisers(), round),
    Row("evaluations:assignment_entries", organisers(302), round, data={"version": 0}),
    Row("evaluations:assignment_evaluators", organisers(), round),
    Row("evaluations:assignment_evaluators", organisers(302), round, data={"version": 0}),
    Row("evaluations:assignment_pairs", organisers(), entry_in_round),
    Row("evaluations:assignment_pairs", organisers(302), entry_in_round, data={"version": 0}),
    Row("evaluations:assignment_publish", organisers(), round),
    Row("evaluations:assignment_publish", organisers(302), round, data={}),
    Row("evaluations:entry_seats", organisers(), entry),
    Row("evaluations:entry_seats", organisers(302), entry, data=lambda world: {"evaluator": world.cast.evaluator.evaluator.pk}),
    Row("evaluations:seat_remove", organisers(302), seat("proposed"), data={}),
    Row("evaluations:sheet_now", organisers(302), within),
    Row("evaluations:sheet_life", organisers() | {"supervisor": 200}, sheet("submitted")),
    Row("evaluations:sheet_list", organisers() | dict.fromkeys(STAFF, 200), round),
]
