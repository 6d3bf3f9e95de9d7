"""A seat from assignment to a submitted sheet."""

from datetime import timedelta

import pytest

from competition.models import Conflict
from evaluations.models import Mark, Scoreboard, Sheet
from evaluations.services.assignments import (
    assign,
    confirm,
    extend_seat,
    publish_assignments,
    recuse,
    replace_evaluator,
    sign_undertaking,
    waive_seat,
)
from evaluations.services.sheets import return_sheet, save_sheet, submit_sheet
from jobs.models import Job
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_entry, make_round
from tests.factories.evaluations import add_unweighted, make_evaluator, make_rubric

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=12)  # inside the judging window


@pytest.fixture
def scene():
    round = make_round(state="judging")
    make_rubric(round, {"A1": 60, "B1": 40})
    organiser, person = make_user(), make_user()
    give(organiser, "organiser", f"competition:{round.competition_id}")
    give(person, "evaluator", f"competition:{round.competition_id}")
    entry = make_entry(round, make_user())
    return round, organiser, make_evaluator(person), entry


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def seat(scene):
    round, organiser, evaluator, entry = scene
    assignment = assign(entry, evaluator=evaluator, actor=organiser, at=LATER)
    publish_assignments(round, actor=organiser, at=LATER)
    sign_undertaking(round, text="公正评审", actor=evaluator.user, at=LATER)
    assignment.refresh_from_db()
    return confirm(assignment, actor=evaluator.user, at=LATER).sheet


def test_marks_are_saved_submitted_counted_and_queued_once(scene):
    round, _organiser, evaluator, _entry = scene
    sheet = seat(scene)
    before = Record.objects.count()
    assert save_sheet(sheet, marks={"A1": "81", "B1": ""}, version=0, actor=evaluator.user, at=LATER) == 1
    assert Record.objects.count() == before
    with pytest.raises(Refused) as refusal:
        submit_sheet(sheet, actor=evaluator.user, at=LATER)
    assert codes(refusal) == ["evaluations.marks_missing"]
    assert refusal.value.reasons[0].params == {"count": 1, "codes": ["B1"]}
    assert save_sheet(sheet, marks={"B1": "abstain"}, comment="材料不足", version=1, actor=evaluator.user, at=LATER) == 2
    version = submit_sheet(sheet, actor=evaluator.user, at=LATER, idempotency_key="k1")
    assert version.marks == {"A1": 8100, "B1": "abstain"}
    assert submit_sheet(sheet, actor=evaluator.user, at=LATER, idempotency_key="k1").pk == version.pk
    assert Scoreboard.objects.get(round=round).scores_version == 1
    assert Job.objects.filter(kind="standings.refresh", subject=f"round:{round.pk}").count() == 1


def test_a_bonus_and_a_veto_on_the_sheet(scene):
    round, _organiser, evaluator, _entry = scene
    add_unweighted(round, {"F1": ("bonus", "panel"), "F2": ("bonus", "organiser"), "V1": ("veto", "panel")})
    sheet = seat(scene)
    actor = evaluator.user
    for marks, code in (
        ({"F1": "2.5"}, "evaluations.sheet_points_out_of_bounds"),
        ({"F1": "-3.5"}, "evaluations.sheet_points_out_of_bounds"),
        ({"F1": "-0.25"}, "evaluations.sheet_mark_off_step"),
        ({"V1": "0.5"}, "evaluations.sheet_mark_off_step"),
        ({"V1": "2"}, "evaluations.sheet_mark_out_of_bounds"),
        ({"F2": "1"}, "evaluations.criterion_unknown"),
    ):
        with pytest.raises(Refused) as refusal:
            save_sheet(sheet, marks=marks, version=0, actor=actor, at=LATER)
        assert codes(refusal) == [code]
    version = save_sheet(sheet, marks={"A1": "81", "B1": "70", "F1": "-2.5"}, version=0, actor=actor, at=LATER)
    with pytest.raises(Refused) as refusal:
        submit_sheet(sheet, actor=actor, at=LATER)
    assert refusal.value.reasons[0].params == {"count": 1, "codes": ["V1"]}
    save_sheet(sheet, marks={"V1": "0"}, version=version, actor=actor, at=LATER)
    assert submit_sheet(sheet, actor=actor, at=LATER).marks == {"A1": 8100, "B1": 7000, "F1": -250, "V1": 0}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("eighty", "evaluations.sheet_mark_not_a_number"),
        ("８０", "evaluations.sheet_mark_not_a_number"),
        ("80.005", "evaluations.sheet_mark_not_a_number"),
        ("100.01", "evaluations.sheet_mark_out_of_bounds"),
        ("-1", "evaluations.sheet_mark_out_of_bounds"),
        ("80.5", "evaluations.sheet_mark_off_step"),
    ],
)
def test_a_bad_mark_is_refused_at_its_field_and_nothing_is_saved(scene, text, code):
    sheet = seat(scene)
    with pytest.raises(Refused) as refusal:
        save_sheet(sheet, marks={"A1": "70", "B1": text}, version=0, actor=scene[2].user, at=LATER)
    assert (codes(refusal), refusal.value.field) == ([code], "B1")
    assert not Mark.objects.exists()


def test_a_second_tab_does_not_overwrite(scene):
    sheet = seat(scene)
    save_sheet(sheet, marks={"A1": "70"}, version=0, actor=scene[2].user, at=LATER)
    with pytest.raises(Refused) as refusal:
        save_sheet(sheet, marks={"A1": "60"}, version=0, actor=scene[2].user, at=LATER)
    assert codes(refusal) == ["evaluations.sheet_conflict"]
    assert list(Mark.objects.values_list("value", flat=True)) == [7000]


def test_a_returned_sheet_keeps_both_versions(scene):
    round, organiser, evaluator, _entry = scene
    sheet = seat(scene)
    save_sheet(sheet, marks={"A1": "70", "B1": "64"}, version=0, actor=evaluator.user, at=LATER)
    submit_sheet(sheet, actor=evaluator.user, at=LATER)
    return_sheet(sheet, reason="B1 与评语不符。", actor=organiser, at=LATER)
    save_sheet(sheet, marks={"B1": "74"}, version=1, actor=evaluator.user, at=LATER)
    submit_sheet(sheet, actor=evaluator.user, at=LATER)
    assert [(version.number, version.marks["B1"], version.return_reason) for version in sheet.versions.order_by("number")] == [
        (1, 6400, "B1 与评语不符。"),
        (2, 7400, ""),
    ]
    assert Scoreboard.objects.get(round=round).scores_version == 3


def test_after_the_window_marks_are_refused_unless_the_seat_was_extended(scene):
    sheet = seat(scene)
    after = NOW + timedelta(days=21)
    with pytest.raises(Refused) as refusal:
        save_sheet(sheet, marks={"A1": "70"}, version=0, actor=scene[2].user, at=after)
    assert codes(refusal) == ["competition.window_closed"]
    sheet.assignment.due_at = after + timedelta(hours=1)
    sheet.assignment.save()
    assert save_sheet(sheet, marks={"A1": "70"}, version=0, actor=scene[2].user, at=after) == 1


def test_conflicts_forbid_a_seat(scene):
    _round, organiser, evaluator, entry = scene
    evaluator.regions.add(entry.application.cluster.lead_region)
    with pytest.raises(Refused) as refusal:
        assign(entry, evaluator=evaluator, actor=organiser, at=LATER)
    assert codes(refusal) == ["evaluations.conflict"]
    assert refusal.value.reasons[0].params["kinds"] == ["region"]
    evaluator.regions.clear()
    evaluator.employer = entry.application.organisation
    evaluator.save()
    with pytest.raises(Refused) as refusal:
        assign(entry, evaluator=evaluator, actor=organiser, at=LATER)
    assert refusal.value.reasons[0].params["kinds"] == ["employer"]


def test_recusing_declares_the_conflict_and_voids_the_sheet(scene):
    round, organiser, evaluator, entry = scene
    sheet = seat(scene)
    save_sheet(sheet, marks={"A1": "70", "B1": "64"}, version=0, actor=evaluator.user, at=LATER)
    submit_sheet(sheet, actor=evaluator.user, at=LATER)
    recuse(sheet.assignment, reason="曾任该集群顾问。", kind="adviser", actor=evaluator.user, at=LATER)
    sheet = Sheet.objects.get(pk=sheet.pk)
    assert (sheet.state, sheet.assignment.state, sheet.marks.count()) == ("void", "recused", 2)
    assert list(Conflict.objects.values_list("user_id", "cluster_id", "kind")) == [
        (evaluator.user_id, entry.application.cluster_id, "adviser")
    ]
    assert Scoreboard.objects.get(round=round).scores_version == 2
    other = make_user()
    give(other, "evaluator", f"competition:{round.competition_id}")
    successor = replace_evaluator(sheet.assignment, evaluator=make_evaluator(other), reason="原专家回避。", actor=organiser, at=LATER)
    assert (successor.state, successor.replaces_id) == ("published", sheet.assignment_id)


def test_a_seat_is_waived_with_a_reason(scene):
    _round, organiser, _evaluator, _entry = scene
    sheet = seat(scene)
    with pytest.raises(Refused) as refusal:
        waive_seat(sheet.assignment, reason=" ", actor=organiser, at=LATER)
    assert codes(refusal) == ["competition.reason_missing"]
    waive_seat(sheet.assignment, reason="专家因病缺席。", actor=organiser, at=LATER)
    assert Sheet.objects.get().state == "void"


def test_saving_takes_at_most_fifteen_queries(scene, django_assert_max_num_queries):
    sheet = seat(scene)
    with django_assert_max_num_queries(15):
        save_sheet(sheet, marks={"A1": "70", "B1": ""}, version=0, actor=scene[2].user, at=LATER)


def test_a_save_whose_answer_was_lost_is_not_taken_twice(scene):
    sheet = seat(scene)
    first = {"marks": {"A1": "70"}, "version": 0, "actor": scene[2].user, "at": LATER, "idempotency_key": "k-1"}
    assert save_sheet(sheet, **first) == 1
    assert save_sheet(sheet, **first) == 1
    assert Sheet.objects.get().edit_version == 1
    assert save_sheet(sheet, marks={"A1": "71"}, version=1, actor=scene[2].user, at=LATER, idempotency_key="k-2") == 2
    with pytest.raises(Refused) as refusal:
        save_sheet(sheet, **first)
    assert codes(refusal) == ["evaluations.sheet_conflict"]


def test_what_was_confirmed_is_what_is_submitted(scene):
    sheet = seat(scene)
    save_sheet(sheet, marks={"A1": "70", "B1": "64"}, version=0, actor=scene[2].user, at=LATER)
    with pytest.raises(Refused) as refusal:
        submit_sheet(sheet, version=0, actor=scene[2].user, at=LATER)
    assert codes(refusal) == ["evaluations.sheet_conflict"]
    assert submit_sheet(sheet, version=1, actor=scene[2].user, at=LATER).number == 1


def test_a_conflict_declared_meanwhile_stops_publishing_and_confirming(scene):
    round, organiser, evaluator, entry = scene
    assignment = assign(entry, evaluator=evaluator, actor=organiser, at=LATER)
    bond = Conflict.objects.create(
        user=evaluator.user, cluster=entry.application.cluster, kind="family", declared_by=organiser, declared_at=LATER
    )
    with pytest.raises(Refused) as refusal:
        publish_assignments(round, actor=organiser, at=LATER)
    assert codes(refusal) == ["evaluations.conflict"]
    Conflict.objects.filter(pk=bond.pk).update(ended_at=LATER)
    publish_assignments(round, actor=organiser, at=LATER)
    sign_undertaking(round, text="公正评审", actor=evaluator.user, at=LATER)
    Conflict.objects.filter(pk=bond.pk).update(ended_at=None)
    assignment.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        confirm(assignment, actor=evaluator.user, at=LATER)
    assert codes(refusal) == ["evaluations.conflict"]


def test_a_seat_is_extended_beyond_the_end_of_judging_only(scene):
    round, organiser, evaluator, entry = scene
    sheet = seat(scene)
    with pytest.raises(Refused) as refusal:
        extend_seat(sheet.assignment, due_at=round.judging_closes, reason="出差", actor=organiser, at=LATER)
    assert (codes(refusal), refusal.value.field) == (["evaluations.extension_short"], "due_at")
    due = round.judging_closes + timedelta(days=2)
    assert extend_seat(sheet.assignment, due_at=due, reason="出差", actor=organiser, at=LATER).due_at == due
    assert Record.objects.filter(action="assignment.extend").get().after["due_at"]


def test_without_a_profile_nothing_can_be_signed(scene):
    round, _organiser, _evaluator, _entry = scene
    person = make_user()
    give(person, "evaluator", f"competition:{round.competition_id}")
    with pytest.raises(Refused) as refusal:
        sign_undertaking(round, text="公正评审", actor=person, at=LATER)
    assert codes(refusal) == ["evaluations.no_profile"]
