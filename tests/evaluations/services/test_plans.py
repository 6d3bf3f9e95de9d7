"""The plan of an assignment, and the seats that are computed under it."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.permissions import NotAllowed
from competition.models import Conflict, Organisation, Sector
from evaluations.models import Assignment, AssignmentPlan, AssignmentRun
from evaluations.selectors import groups
from evaluations.selectors.plan_report import report_of
from evaluations.selectors.plans import default_plan, input_digest, named, plan_of, table_of
from evaluations.services import plans as services
from evaluations.services.assignments import assign, publish_assignments, recuse
from evaluations.services.groups import draw_groups
from evaluations.services.plans import ask_seats, compute_seats, save_plan
from jobs.models import Job
from jobs.services import run_queued
from ledger.domain.reason import Reason, Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_application, make_cluster, make_entry, make_round
from tests.factories.evaluations import make_evaluator
from tests.factories.grouped import Grouped

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=12)


class Scene:
    """Three entries of information, two of new energy; evaluators a and b know the first, c the second, d nothing."""

    def __init__(self):
        self.round = make_round(state="judging", seats=2)
        scope = f"competition:{self.round.competition_id}"
        self.organiser = make_user()
        give(self.organiser, "organiser", scope)
        self.information = Sector.objects.get(code="information")
        self.other = Sector.objects.exclude(pk=self.information.pk).first()
        self.judges = {}
        for name, sectors in (("a", [self.information]), ("b", [self.information]), ("c", [self.other]), ("d", [])):
            give(person := make_user(), "evaluator", scope)
            self.judges[name] = make_evaluator(person, sectors=sectors)
        self.entries = [self.entry(self.information) for _ in range(3)] + [self.entry(self.other) for _ in range(2)]

    def entry(self, sector):
        applicant = make_user()
        return make_entry(self.round, applicant, application=make_application(self.round, applicant, cluster=make_cluster(sector=sector)))

    def save(self, version=0, **changes):
        return save_plan(self.round, changes=changes, version=version, actor=self.organiser, at=LATER)

    def solve(self, **changes):
        plan = self.save(plan_of(self.round)[1], **changes)
        return compute_seats(
            self.round, ask=f"{plan.version}-{AssignmentRun.objects.count()}", version=plan.version, asked_by=self.organiser.pk, at=LATER
        )

    def panel(self, place):
        names = {judge.pk: name for name, judge in self.judges.items()}
        return "".join(
            sorted(names[pk] for pk in self.entries[place].assignments.exclude(state="recused").values_list("evaluator", flat=True))
        )


@pytest.fixture
def scene():
    return Scene()


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def bind(scene, name, place, kind="adviser"):
    cluster = scene.entries[place].application.cluster
    Conflict.objects.create(user=scene.judges[name].user, cluster=cluster, kind=kind, declared_by=scene.organiser, declared_at=NOW)


def test_a_plan_is_kept_in_versions_and_no_tab_overwrites_another(scene):
    assert plan_of(scene.round) == (default_plan(scene.round), 0)
    entry, judge = str(scene.entries[1].pk), str(scene.judges["c"].pk)
    first = scene.save(seats=3, entries={entry: {"seats": 1, "anchor": True}})
    second = scene.save(1, loads={judge: {"most": 2}}, pairs={entry: {judge: {"rule": "forbidden", "reason": "同门师生", "fit": 7}}})
    assert (first.version, second.version, second.definition["seats"]) == (1, 2, 3)
    assert second.definition["entries"] == {entry: {"anchor": True, "seats": 1}}
    with pytest.raises(Refused) as refusal:
        scene.save(1, seats=9)
    assert (codes(refusal), refusal.value.field) == (["competition.changed_meanwhile"], "version")
    assert scene.save(2, seats=3).version == 2  # nothing changed
    assert scene.save(2, entries={entry: {}}, pairs={entry: {judge: {}}}).definition["entries"] == {}
    record = Record.objects.filter(action="assignment.plan").order_by("pk")[1]
    assert (record.before["version"], record.after["version"], record.after["digest"]) == (1, 2, second.digest)
    assert "同门师生" not in str(record.after) and record.texts() == {f"reason_{entry}_{judge}": "同门师生"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"least": 5, "most": 4}, "most"),
        ({"seats": -1}, "seats"),
        ({"same": 101}, "same"),
        ({"seed": ""}, "seed"),
        ({"ranges": {"information": [2, 1]}}, "ranges.information"),
        ({"pairs": {"1": {"2": {"rule": "forbidden"}}}}, "pairs.1.2.reason"),
        ({"pairs": {"1": {"2": {"rule": "perhaps", "reason": "r"}}}}, "pairs.1.2.rule"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_faulty_plan_is_refused_at_its_key(scene, changes, field):
    with pytest.raises(Refused) as refusal:
        scene.save(**changes)
    assert refusal.value.field == field
    assert not AssignmentPlan.objects.exists()


def test_only_organisers_plan_and_only_strangers_ids_are_refused(scene):
    with pytest.raises(NotAllowed):
        save_plan(scene.round, changes={}, version=0, actor=scene.judges["a"].user, at=LATER)
    with pytest.raises(Refused) as refusal:
        scene.save(entries={"999999": {"seats": 1}})
    assert codes(refusal) == ["evaluations.scheme_id_unknown"]


def test_the_job_seats_by_fit_within_the_loads_and_says_what_it_did(scene):
    plan = scene.save(seats=1, most=3, balance=False, seed="春")
    ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER)
    ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER)
    assert (Job.objects.filter(kind="assignment.solve").count(), Job.objects.get(kind="assignment.solve").queue) == (1, "scores")
    run_queued()
    assert [scene.panel(place) in ("a", "b") for place in range(3)] == [True] * 3
    assert [scene.panel(3), scene.panel(4)] == ["c", "c"]
    run = AssignmentRun.objects.get()
    assert (run.solved, run.total_fit, run.worst_fit, run.seed) == (True, "500", "100", "春")
    assert (run.plan_version, run.plan_digest, run.plan) == (1, plan.digest, plan.definition)
    assert (len(run.added), run.removed, run.kept, run.asked_by) == (5, [], 0, scene.organiser)
    seats = Counter(Assignment.objects.values_list("evaluator", flat=True))
    assert {int(judge): load for judge, load in run.loads.items()} == seats
    assert (run.loads[str(scene.judges["c"].pk)], run.worst_entry_id) == (2, scene.entries[0].pk)
    assert run.input_digest == input_digest(table_of(scene.round, plan_of(scene.round)[0]).problem)
    assert Record.objects.filter(action="assignment.create").count() == 5
    after = Record.objects.get(action="assignment.propose").after
    assert (after["solved"], after["plan"], after["added"]) == (True, {"version": 1, "digest": plan.digest}, 5)


def test_the_same_seed_gives_the_same_seats_and_an_ask_is_done_once(scene):
    first = scene.solve(seats=2, most=4)
    again = compute_seats(scene.round, ask=first.ask, version=first.plan_version, asked_by=None, at=LATER)
    assert (again.pk, AssignmentRun.objects.count()) == (first.pk, 1)
    second = scene.solve()
    assert (second.added, second.removed, second.loads) == ([], [], first.loads)


def test_a_new_computation_replaces_computed_proposals_only(scene):
    scene.solve(seats=1, most=3, balance=False)
    by_hand = assign(scene.entries[0], evaluator=scene.judges["d"], actor=scene.organiser, at=LATER)
    publish_assignments(scene.round, actor=scene.organiser, at=LATER)
    before = {seat.pk for seat in Assignment.objects.all()}
    run = scene.solve(seats=2, most=4)
    assert before <= {seat.pk for seat in Assignment.objects.all()}
    assert (run.kept, run.removed, len(run.added)) == (6, [], 4)
    by_hand.refresh_from_db()
    assert by_hand.state == "published"
    proposed = set(Assignment.objects.filter(state="proposed").values_list("entry", "evaluator"))
    run = scene.solve(seats=1)
    assert (run.added, sorted(map(tuple, run.removed)), Assignment.objects.filter(state="proposed").count()) == ([], sorted(proposed), 0)
    assert Record.objects.filter(action="assignment.remove").count() == 4


def test_a_hand_made_proposal_stays(scene):
    seat = assign(scene.entries[0], evaluator=scene.judges["d"], actor=scene.organiser, at=LATER)
    run = scene.solve(seats=1, most=2)
    assert (scene.panel(0), run.kept, Assignment.objects.get(pk=seat.pk).source) == ("d", 1, "hand")


def test_rules_by_hand_ranges_anchors_and_employers(scene):
    employer = Organisation.objects.create(name_zh="东南大学")
    for name in "ab":
        scene.judges[name].employer = employer
        scene.judges[name].save()
    first, last, judge = str(scene.entries[0].pk), str(scene.entries[4].pk), {name: str(row.pk) for name, row in scene.judges.items()}
    scene.solve(
        seats=2,
        most=5,
        balance=False,
        one_per_employer=True,
        ranges={"information": [1, None]},
        pairs={
            first: {judge["a"]: {"rule": "forbidden", "reason": "同门"}, judge["d"]: {"rule": "required", "reason": "主审"}},
            str(scene.entries[1].pk): {judge["b"]: {"fit": 0}},
        },
        entries={last: {"anchor": True}, str(scene.entries[3].pk): {"seats": 1}},
    )
    assert scene.panel(0) == "bd"
    assert scene.panel(1)[0] == "a" and "b" not in scene.panel(1)
    assert scene.panel(3) in ("a", "b")  # one seat, and one of information at every entry
    assert scene.panel(4) == "abcd"


def test_a_discipline_of_one_s_own_counts_instead_of_the_first_sector(scene):
    scene.solve(seats=1, most=5, ranges={"finance": [1, None]}, loads={str(scene.judges["d"].pk): {"discipline": "finance"}})
    assert {scene.panel(place) for place in range(5)} == {"d"}


def test_what_is_short_is_counted_and_nothing_is_written(scene):
    for name, kind in (("a", "adviser"), ("b", "member")):
        bind(scene, name, 0, kind)
    run = scene.solve(seats=3, most=9)
    reasons = [Reason.from_json(reason) for reason in run.shortage]
    entry = str(scene.entries[0].pk)
    assert reasons == [
        Reason("evaluations.assignment_entry_short", {"entry": entry, "eligible": 2, "seats": 3}),
        Reason("evaluations.assignment_excluded_declared", {"entry": entry, "count": 2}),
    ]
    assert (run.solved, Assignment.objects.exists()) == (False, False)
    assert named(reasons, table_of(scene.round, plan_of(scene.round)[0]))[0].params["entry"] == str(scene.entries[0].application.cluster)


def test_who_gave_a_seat_up_does_not_come_back(scene):
    scene.solve(seats=1, most=3, balance=False)
    publish_assignments(scene.round, actor=scene.organiser, at=LATER)
    seat = scene.entries[3].assignments.get()
    recuse(seat, reason="任顾问", kind="adviser", actor=scene.judges["c"].user, at=LATER)
    scene.solve()
    assert scene.panel(3) in ("a", "b", "d")


def test_a_fixed_evaluator_who_left_the_pool_is_named(scene):
    judge = scene.judges["d"]
    scene.save(pairs={str(scene.entries[0].pk): {str(judge.pk): {"rule": "required", "reason": "主审"}}})
    judge.active = False
    judge.save()
    run = scene.solve(seats=1, most=5)
    assert [reason["code"] for reason in run.shortage] == ["evaluations.assignment_required_gone"]


def test_what_changes_while_the_solver_works_is_solved_again(scene, monkeypatch):
    solved, asked = services._solved, []

    def meanwhile(table):
        answer = solved(table)
        if not asked:
            bind(scene, "c", 3)
        asked.append(1)
        return answer

    monkeypatch.setattr(services, "_solved", meanwhile)
    run = scene.solve(seats=1, most=3, balance=False)
    assert (len(asked), run.solved) == (2, True)
    assert "c" not in scene.panel(3) and scene.panel(4) == "c"


def test_a_plan_changed_after_asking_is_not_computed(scene):
    scene.save(seats=1)
    ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER)
    scene.save(1, seats=2)
    run_queued(raising=False)
    assert (Job.objects.get(kind="assignment.solve").state, AssignmentRun.objects.exists()) == ("failed", False)
    with pytest.raises(Refused) as refusal:
        ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER)
    assert codes(refusal) == ["competition.changed_meanwhile"]


def test_a_closed_round_keeps_its_plan(scene):
    scene.save(seats=1)
    type(scene.round).objects.filter(pk=scene.round.pk).update(state="closed")
    for act in (lambda: scene.save(1, seats=2), lambda: ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER)):
        with pytest.raises(Refused) as refusal:
            act()
        assert codes(refusal) == ["evaluations.round_not_open"]


def test_in_a_round_with_groups_one_panel_reads_a_group():
    scene = Grouped(judges=5)
    run = solve(scene)
    assert not run.solved and [reason["code"] for reason in run.shortage] == ["evaluations.entries_without_group"]
    draw_groups(scene.round, shown=shown(scene.round), actor=scene.organiser, at=LATER)
    bound = scene.judges[0]
    Conflict.objects.create(
        user=bound.user, cluster=scene.entries[9].application.cluster, kind="adviser", declared_by=scene.organiser, declared_at=NOW
    )
    assert default_plan(scene.round).most == 8  # six places on panels of at most four entries for five people
    run = solve(scene)
    seats = Assignment.objects.filter(entry__round=scene.round).values_list("entry__track", "entry__group", "entry", "evaluator")
    panels = {}
    for track, group, entry, evaluator in seats:
        panels.setdefault((track, group), {}).setdefault(entry, set()).add(evaluator)
    assert run.solved and len(panels) == 3 and run.seats == 22
    assert all(len({frozenset(panel) for panel in own.values()}) == 1 for own in panels.values())
    assert bound.pk not in next(iter(panels[scene.second.pk, 1].values()))
    assert max(run.loads.values()) <= 8
    report = report_of(table_of(scene.round, plan_of(scene.round)[0]))
    assert sorted((line.entries, line.seats, len(line.whole), line.partly) for line in report.groups) == [
        (3, 6, 2, []),
        (4, 8, 2, []),
        (4, 8, 2, []),
    ]


def solve(scene):
    version = plan_of(scene.round)[1] or save_plan(scene.round, changes={}, version=0, actor=scene.organiser, at=LATER).version
    if version == 1 and AssignmentRun.objects.exists():
        version = save_plan(scene.round, changes={"most": 8}, version=1, actor=scene.organiser, at=LATER).version
    ask = f"{version}-{AssignmentRun.objects.count()}"
    return compute_seats(scene.round, ask=ask, version=version, asked_by=scene.organiser.pk, at=LATER)


def shown(round):
    return groups.token_of(groups.content_of(round), 0)
