"""The pool of evaluators and the conflicts declared of its people."""

import re

import pytest

from competition.models import Conflict, Organisation, Region, Sector
from evaluations.models import Evaluator
from evaluations.selectors.evaluators import declared, people, without_profile
from evaluations.services.conflicts import declare_conflict, end_conflict
from evaluations.services.evaluators import edit_evaluator, enrol_evaluators
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_application, make_cluster, make_competition, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    competition = make_competition(state="published")
    scope = f"competition:{competition.pk}"
    organiser, people = make_user(), [make_user() for _ in range(3)]
    give(organiser, "organiser", scope)
    for person in people:
        give(person, "evaluator", scope)
    return competition, organiser, people


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_everybody_invited_gets_a_drawn_code_once(scene):
    competition, organiser, invited = scene
    assert enrol_evaluators(competition, actor=organiser, at=NOW) == 3
    drawn = list(Evaluator.objects.values_list("code", flat=True))
    assert len(set(drawn)) == 3 and all(re.fullmatch("E-[2-9A-Z]{4}", code) for code in drawn)
    assert Record.objects.filter(action="evaluator.enrol").count() == 3
    with pytest.raises(Refused) as refusal:
        enrol_evaluators(competition, actor=organiser, at=NOW)
    assert codes(refusal) == ["evaluations.nobody_to_enrol"]
    assert [person.evaluator.load for person in people(competition) if hasattr(person.evaluator, "load")] == []
    assert list(without_profile(competition)) == []


def test_particulars_are_kept_and_the_code_stays(scene):
    competition, organiser, (person, *_rest) = scene
    employer = Organisation.objects.create(name_zh="东南大学")
    facts = {
        "competition": competition,
        "title": " 教授 ",
        "employer": employer,
        "regions": Region.objects.filter(code="320000"),
        "sectors": Sector.objects.filter(code="information"),
        "actor": organiser,
        "at": NOW,
    }
    evaluator = edit_evaluator(person, active=True, **facts)
    assert (evaluator.title, evaluator.employer, [region.pk for region in evaluator.regions.all()]) == ("教授", employer, ["320000"])
    code = evaluator.code
    assert edit_evaluator(person, active=False, **facts).code == code
    record = Record.objects.filter(action="evaluator.edit").latest("pk")
    assert (record.before["active"], record.after["active"]) == (True, False)
    assert "教授" not in str(record.after)


def test_who_is_not_invited_has_no_profile_here(scene):
    competition, organiser, _people = scene
    with pytest.raises(Refused) as refusal:
        edit_evaluator(
            make_user(), competition=competition, title="", employer=None, regions=[], sectors=[], active=True, actor=organiser, at=NOW
        )
    assert codes(refusal) == ["evaluations.not_invited"]


def test_a_conflict_is_declared_once_and_ended_with_a_reason(scene):
    competition, organiser, (person, *_rest) = scene
    round = make_round(competition, state="open")
    cluster = make_cluster()
    make_application(round, make_user(), cluster=cluster)
    how = {"cluster": cluster, "kind": "adviser", "note": "2024 年任顾问", "competition": competition, "actor": organiser, "at": NOW}
    conflict = declare_conflict(person, **how)
    assert list(declared(competition)) == [conflict]
    with pytest.raises(Refused) as refusal:
        declare_conflict(person, **how)
    assert (codes(refusal), refusal.value.field) == (["evaluations.conflict_declared"], "kind")
    with pytest.raises(Refused) as refusal:
        declare_conflict(person, **how | {"kind": "enemy"})
    assert codes(refusal) == ["evaluations.conflict_kind_unknown"]
    with pytest.raises(Refused) as refusal:
        declare_conflict(make_user(), **how)
    assert (codes(refusal), refusal.value.field) == (["evaluations.conflict_person"], "user")
    with pytest.raises(Refused) as refusal:
        end_conflict(conflict, reason=" ", competition=competition, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.reason_missing"]
    end_conflict(conflict, reason="顾问聘期已满三年", competition=competition, actor=organiser, at=NOW)
    assert list(declared(competition)) == []
    assert Conflict.objects.count() == 1
    assert [row.action for row in Record.objects.filter(subject=f"conflict:{conflict.pk}").order_by("pk")] == [
        "conflict.declare",
        "conflict.end",
    ]
