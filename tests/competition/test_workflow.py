"""The one door, tried on a real row with a table made for it."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from accounts import permissions
from competition import workflow
from competition.domain.guards import Nothing, guarded
from competition.domain.lifecycle import Machine, Transition
from competition.models import Award, Competition
from ledger import actions as ledger_actions
from ledger.domain.reason import Reason, Refused
from ledger.models import Record
from tests.factories.accounts import make_user
from tests.factories.competition import make_competition

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
TRIAL = Machine(
    "trial",
    "draft",
    (
        Transition("publish", {"draft"}, "published", **guarded(Nothing("open_seats", "competition.sheets_pending"))),
        Transition("decide", {"published"}, "decided"),
    ),
)


@pytest.fixture
def registry(monkeypatch):
    """Empty tables of the workflow; what a test registers in the ledger and the permissions is gone after it."""
    for name in ("_kinds", "_kind_of", "_providers", "_hooks"):
        monkeypatch.setattr(workflow, name, {})
    monkeypatch.setattr(ledger_actions, "_labels", dict(ledger_actions._labels))
    monkeypatch.setattr(permissions, "_rows", dict(permissions._rows))


@pytest.fixture
def trial(registry):
    workflow.register("trial", Competition, TRIAL, scope=lambda row: f"competition:{row.pk}", labels={"publish": "Trial published"})
    workflow.provide("trial", "publish", "open_seats")(lambda act: 0)
    permissions.register("trial.publish", lambda user, subject: None if user.name_en == "Anna" else Reason("competition.not_yours"))
    permissions.register("trial.decide", lambda user, subject: None)


@pytest.fixture
def row(db):
    return make_competition(state="draft")


def records():
    return list(Record.objects.filter(action__startswith="trial.").order_by("pk"))


def test_a_person_changes_the_state_and_the_ledger_says_so(trial, row):
    anna = make_user("Anna")
    done = workflow.perform(row, "publish", actor=anna, at=AT)
    assert (done.state, row.state, Competition.objects.get().state) == ("published", "draft", "published")
    (record,) = records()
    assert (record.actor, record.action, record.subject, record.scope, record.at) == (
        f"user:{anna.pk}",
        "trial.publish",
        f"trial:{row.pk}",
        f"competition:{row.pk}",
        AT,
    )
    assert (record.before, record.after) == ({"state": "draft"}, {"state": "published"})
    assert ledger_actions.label("trial.publish") == "Trial published"


@pytest.mark.parametrize("actor", [None, "system"])
def test_the_system_needs_no_permission(trial, row, actor):
    workflow.perform(row, "publish", actor=actor, at=AT)
    assert [record.actor for record in records()] == ["system"]


def test_without_the_right_nothing_is_written(trial, row):
    with pytest.raises(permissions.NotAllowed) as refusal:
        workflow.perform(row, "publish", actor=make_user("Ben"), at=AT)
    assert refusal.value.reasons == (Reason("competition.not_yours"),)
    assert (Competition.objects.get().state, records()) == ("draft", [])


def test_facts_are_read_under_the_lock_from_the_row_as_it_is(registry, row):
    workflow.register("trial", Competition, TRIAL, scope=lambda row: "")
    seen = []
    workflow.provide("trial", "publish", "open_seats")(lambda act: seen.append((act.subject.name_en, act.before, act.at)) or 2)
    Competition.objects.update(name_en="Changed meanwhile")
    with pytest.raises(Refused) as refusal:
        workflow.perform(row, "publish", actor=None, at=AT)
    assert refusal.value.reasons == (Reason("competition.sheets_pending", {"count": 2}),)
    assert seen == [("Changed meanwhile", "draft", AT)]
    assert (Competition.objects.get().state, records()) == ("draft", [])
    assert workflow.refusals(row, "publish", actor=None, at=AT) == (Reason("competition.sheets_pending", {"count": 2}),)


def test_a_stale_object_does_not_act_twice(trial, row):
    workflow.perform(row, "publish", actor=None, at=AT)
    with pytest.raises(Refused) as refusal:
        workflow.perform(row, "publish", actor=None, at=AT)
    assert refusal.value.reason == Reason("competition.action_not_now", {"kind": "trial", "action": "publish", "state": "published"})
    assert len(records()) == 1


def test_hooks_run_in_order_after_the_write_and_add_to_the_record(trial, row):
    seen = []

    @workflow.hook("trial", "publish")
    def first(act):
        seen.append(("first", act.before, Competition.objects.get().state))
        act.also["snapshot"] = 7

    @workflow.hook("trial", "publish")
    def second(act):
        seen.append(("second", act.subject.state, dict(act.also)))

    workflow.perform(row, "publish", actor=None, at=AT)
    assert seen == [("first", "draft", "published"), ("second", "published", {"snapshot": 7})]
    assert records()[0].after == {"state": "published", "snapshot": 7}


def test_a_hook_that_fails_takes_everything_back(trial, row):
    @workflow.hook("trial", "publish")
    def fail(act):
        raise Refused(Reason("competition.subject_gone"))

    with pytest.raises(Refused), transaction.atomic():
        workflow.perform(row, "publish", actor=None, at=AT)
    assert (Competition.objects.get().state, records()) == ("draft", [])


def test_other_fields_are_written_with_the_state_and_texts_stay_out_of_the_record(trial, row):
    changes = {
        "published_at": AT,
        "valid_years": 2,
        "level": "nation",
        "contact": "张三 138 0000 0000",
        "summary_zh": "一段话",
        "region": None,
    }
    workflow.perform(row, "publish", actor=None, at=AT, changes=changes, note="因会议改期", private={"phone": "138"})
    now = Competition.objects.get()
    assert (now.published_at, now.valid_years, now.contact, now.region_id) == (AT, 2, "张三 138 0000 0000", None)
    (record,) = records()
    assert record.before == {
        "state": "draft",
        "published_at": None,
        "valid_years": 3,
        "level": "province",
        "contact": None,
        "summary_zh": None,
        "region": "320000",
    }
    assert record.after == {
        "state": "published",
        "published_at": AT.isoformat(),
        "valid_years": 2,
        "level": "nation",
        "region": None,
    }
    assert sorted(record.private) == ["contact", "note", "phone", "summary_zh"]


def test_the_state_is_the_tables_to_write(trial, row):
    with pytest.raises(ValueError, match="table's"):
        workflow.perform(row, "publish", actor=None, at=AT, changes={"state": "decided"})


def test_a_row_that_is_gone_is_a_refusal(trial, row):
    Competition.objects.all().delete()
    with pytest.raises(Refused) as refusal:
        workflow.perform(row, "publish", actor=None, at=AT)
    assert refusal.value.reason == Reason("competition.subject_gone", {"kind": "trial"})


def test_a_declared_fact_without_a_provider_is_an_error_never_a_default(registry, row):
    workflow.register("trial", Competition, TRIAL, scope=lambda row: "")
    with pytest.raises(LookupError, match="no provider for trial.publish: open_seats"):
        workflow.perform(row, "publish", actor=None, at=AT)
    assert [(fault.id, fault.msg) for fault in workflow.check()] == [("competition.E001", "No provider for trial.publish: open_seats")]


def test_providers_and_hooks_that_serve_nothing_are_found(trial):
    assert workflow.check() == []
    workflow.provide("trial", "publish", "moon")(lambda act: 0)
    workflow.hook("trial", "fly")(lambda act: None)
    assert [fault.id for fault in workflow.check()] == ["competition.E002", "competition.E003"]


def test_a_kind_or_a_provider_is_registered_once(trial):
    with pytest.raises(ValueError, match="trial is registered twice"):
        workflow.register("trial", Competition, TRIAL, scope=lambda row: "")
    with pytest.raises(ValueError, match="cannot serve award"):
        workflow.register("award", Award, TRIAL, scope=lambda row: "")
    with pytest.raises(ValueError, match="two providers"):
        workflow.provide("trial", "publish", "open_seats")(lambda act: 1)


def test_only_what_has_a_table_is_asked(trial, row):
    assert workflow.actions(row) == ("publish",)
    with pytest.raises(LookupError, match="Award has no table"):
        workflow.actions(Award(valid_from=date(2026, 1, 1)))


def test_every_kind_of_the_race_is_registered_with_words():
    kinds = {kind.kind for kind in workflow.kinds()}
    assert {"competition", "round", "application", "entry", "proposal", "notice", "objection", "award"} <= kinds
    labels = ledger_actions.registered()
    for kind in workflow.kinds():
        for action in kind.machine.all_actions:
            assert str(labels[f"{kind.kind}.{action}"]) != f"{kind.kind}.{action}"
