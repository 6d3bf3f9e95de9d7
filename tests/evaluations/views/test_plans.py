"""Pages of the assignment's plan: what they say, what they keep, and that they ask the database no more for three rows than for one."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Conflict, Organisation
from evaluations.models import Assignment, AssignmentPlan, AssignmentRun
from evaluations.services.assignments import publish_assignments
from evaluations.views.loads import harmless
from jobs.services import run_queued
from ledger.models import Record
from tests.cast import sign_in
from tests.evaluations.services.test_plans import LATER, Scene
from tests.factories.accounts import give_second_factor
from tests.factories.competition import NOW

pytestmark = pytest.mark.django_db
WHOLE = {"version": 0, "seats": 2, "least": 0, "most": 4, "same": 100, "other": 0, "seed": "春", "balance": "on"}


@pytest.fixture
def scene():
    scene = Scene()
    give_second_factor(scene.organiser)
    scene.staff = sign_in(scene.organiser)
    return scene


def url(scene, name, *more):
    return reverse(f"evaluations:{name}", args=[scene.round.competition_id, scene.round.pk, *more])


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    "name",
    [
        "assignment_board",
        "assignment_loads",
        "assignment_plan",
        "assignment_entries",
        "assignment_evaluators",
        "assignment_changes",
        "assignment_pairs",
    ],
)
def test_as_many_queries_for_more_as_for_few(scene, name):
    more = [scene.entries[0].pk] if name == "assignment_pairs" else []
    scene.solve(seats=1, most=9)
    few = queries(scene.staff, url(scene, name, *more))
    for _ in range(2):
        scene.entries.append(scene.entry(scene.information))
    scene.solve(seats=2)
    assert queries(scene.staff, url(scene, name, *more)) == few


def test_from_the_plan_to_published_seats(scene):
    plan = url(scene, "assignment_plan")
    assert scene.staff.post(plan, WHOLE | {"seats": 1, "most": 3, "balance": ""}).url == plan
    assert (AssignmentPlan.objects.get().definition["seed"], AssignmentPlan.objects.get().version) == ("春", 1)
    assert scene.staff.post(url(scene, "assignment_solve"), {"version": 1}).url == plan
    waiting = scene.staff.get(plan)
    assert waiting.context["job"].state == "queued"
    assert waiting.context["loose"] == 0 and "重新计算并替换" not in waiting.content.decode()
    run_queued()
    page = scene.staff.get(plan)
    assert page.context["loose"] == 5 and "现有 5 个计算得出、尚未公布的席位" in page.content.decode()
    assert (page.context["job"], page.context["run"].solved, page.context["run"].old) == (None, True, False)
    assert scene.panel(3) == "c"
    changes = scene.staff.get(url(scene, "assignment_changes"))
    assert [row[0] for row in changes.context["rows"]] == [True] * 5
    publish_assignments(scene.round, actor=scene.organiser, at=LATER)
    loads = scene.staff.get(url(scene, "assignment_loads")).context["rows"]
    assert sum(row.held for row in loads) == 5 and not any(row.out_of_bounds for row in loads)


def test_a_second_tab_sees_that_the_plan_changed_and_loses_nothing(scene):
    plan = url(scene, "assignment_plan")
    scene.staff.post(plan, WHOLE)
    late = scene.staff.post(plan, WHOLE | {"seats": 7})
    assert (late.status_code, AssignmentPlan.objects.get().definition["seats"]) == (422, 2)
    assert 'value="7"' in late.content.decode() and 'name="version" value="1"' in late.content.decode()
    scene.staff.post(url(scene, "assignment_solve"), {"version": 0})
    assert not AssignmentRun.objects.exists()


def test_wrong_numbers_are_said_at_their_field(scene):
    answer = scene.staff.post(
        url(scene, "assignment_plan"), WHOLE | {"seats": "x", "least": 5, "least-information": 3, "most-information": 2}
    )
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"seats", "most", "most-information"})
    key = scene.judges["a"].pk
    answer = scene.staff.post(url(scene, "assignment_evaluators"), {"version": 0, f"least-{key}": 3, f"most-{key}": 2})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {f"most-{key}"})
    answer = scene.staff.post(
        url(scene, "assignment_pairs", scene.entries[0].pk), {"version": 0, f"fit-{key}": 101, f"rule-{key}": "forbidden"}
    )
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {f"fit-{key}", f"reason-{key}"})


def test_exceptions_are_set_row_by_row_and_shown(scene):
    first, judge = scene.entries[0].pk, scene.judges["c"].pk
    entries, evaluators = url(scene, "assignment_entries"), url(scene, "assignment_evaluators")
    scene.staff.post(
        entries, {"version": 0, f"seats-{first}": 3, f"seats-{scene.entries[1].pk}": "", f"anchor-{scene.entries[1].pk}": "on"}
    )
    scene.staff.post(evaluators, {"version": 1, f"least-{judge}": 1, f"most-{judge}": 2, f"discipline-{judge}": "information"})
    pairs = url(scene, "assignment_pairs", first)
    scene.staff.post(pairs, {"version": 2, f"fit-{judge}": 55, f"rule-{judge}": "forbidden", f"reason-{judge}": "同门师生"})
    definition = AssignmentPlan.objects.get(version=3).definition
    assert definition["entries"] == {str(first): {"seats": 3}, str(scene.entries[1].pk): {"anchor": True}}
    assert definition["loads"] == {str(judge): {"least": 1, "most": 2, "discipline": "information"}}
    assert definition["pairs"] == {str(first): {str(judge): {"fit": 55, "rule": "forbidden", "reason": "同门师生"}}}
    # a row that was not on the sent page stays as it is
    scene.staff.post(entries, {"version": 3, f"seats-{scene.entries[2].pk}": 1})
    assert AssignmentPlan.objects.get().definition["entries"][str(first)] == {"seats": 3}
    assert "同门师生" in scene.staff.get(url(scene, "assignment_plan")).content.decode()


def test_what_is_short_is_seen_before_computing(scene):
    for judge in ("a", "b", "c"):
        cluster = scene.entries[0].application.cluster
        Conflict.objects.create(
            user=scene.judges[judge].user, cluster=cluster, kind="adviser", declared_by=scene.organiser, declared_at=NOW
        )
    cluster, said = scene.entries[0].application.cluster, {}
    for language in ("zh-hans", "en"):
        type(scene.organiser).objects.filter(pk=scene.organiser.pk).update(language=language)
        page = scene.staff.get(url(scene, "assignment_plan"))
        said[language] = page.content.decode()
    assert f"参赛项目 {cluster.name_zh} 有 2 个席位，可选专家仅 1 位。" in said["zh-hans"]
    assert f"参赛项目 {cluster.name_zh}：因申报的利益冲突回避 3 位。" in said["zh-hans"]
    assert f"Entry {cluster.name_en} has 1 eligible evaluators for 2 seats." in said["en"]
    assert f"Entry {cluster.name_en}: 3 excluded by a declared conflict." in said["en"]
    [line] = [line for line in scene.staff.get(url(scene, "assignment_entries") + "?short=1").context["page"]]
    assert (line.eligible, line.seats, line.grounds) == (1, 2, {"declared": 3})
    topics = {topic.sector.code: (topic.entries, topic.seats, topic.evaluators, topic.fewest) for topic in page.context["report"].topics}
    assert topics == {"information": (3, 6, 2, 0), scene.other.code: (2, 4, 1, 1)}


def test_smallest_loads_that_cannot_be_filled_are_counted(scene):
    scene.save(least=4, most=9, seats=2)
    page = scene.staff.get(url(scene, "assignment_plan"))
    assert [reason.code for reason in page.context["faults"]] == ["evaluations.assignment_seats_short"]


def test_the_export_is_written_down_and_computes_nothing(scene):
    scene.judges["c"].employer = Organisation.objects.create(name_zh='=HYPERLINK("http://x")', name_en="=1+1")
    scene.judges["c"].save()
    scene.solve(seats=1, most=3, balance=False)
    answer = scene.staff.post(url(scene, "assignment_export"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 6 and {len(row) for row in rows} == {14}
    [employer] = {row[8] for row in rows[1:] if row[5] == scene.judges["c"].code}
    assert employer.startswith("'=") and {row[10] for row in rows[1:]} == {"100"}
    assert Record.objects.get(action="assignment.export").after == {"seats": 5}
    assert [harmless(text) for text in ("-1", "@x", "＝1", "a=b", "")] == ["'-1", "'@x", "'＝1", "a=b", ""]


def test_the_best_replacement_comes_first_and_who_breaks_a_rule_comes_apart(scene):
    employer = Organisation.objects.create(name_zh="东南大学")
    for name in "bd":
        scene.judges[name].employer = employer
        scene.judges[name].save()
    judge = {name: row.pk for name, row in scene.judges.items()}
    first = str(scene.entries[0].pk)
    pairs = {first: {str(judge[name]): {"rule": "required", "reason": "主审"} for name in "cd"}}
    scene.solve(seats=2, most=9, one_per_employer=True, pairs=pairs)
    publish_assignments(scene.round, actor=scene.organiser, at=LATER)
    seat = Assignment.objects.get(entry=scene.entries[0], evaluator=judge["c"])
    address = reverse("evaluations:seat_replace", args=[scene.round.competition_id, seat.pk])
    (_best, best), (_against, against) = (
        scene.staff.get(address, headers={"Accept-Language": "zh-CN"}).context["form"].fields["evaluator"].choices
    )
    assert ([key for key, _ in best], [key for key, _ in against]) == ([judge["a"]], [judge["b"]])
    assert "同单位" in against[0][1] and "匹配度 100" in best[0][1]
    assert scene.staff.post(address, {"evaluator": judge["d"], "reason": "因病"}).status_code == 422
    assert scene.staff.post(address, {"evaluator": judge["a"], "reason": "因病"}).status_code == 302
    assert scene.panel(0) == "ad" or set(scene.entries[0].assignments.filter(state="published").values_list("evaluator", flat=True)) == {
        judge["a"],
        judge["d"],
    }


def test_one_entry_s_seats_ask_as_often_for_three_as_for_one(scene):
    address = reverse("evaluations:entry_seats", args=[scene.round.competition_id, scene.entries[0].pk])
    scene.solve(seats=1, most=9)
    few = queries(scene.staff, address)
    scene.solve(seats=3)
    assert len(scene.staff.get(address).context["row"].seats) == 3
    assert queries(scene.staff, address) == few
