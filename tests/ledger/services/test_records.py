from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from ledger import actions
from ledger.domain.digests import private_digest, record_digest
from ledger.domain.request_id import request_id
from ledger.models import AppendOnly, PrivateValue, Record, Seal, SealEntry
from ledger.services import Deed, record, record_many, seal
from tests.ledger.things import DO

AT = datetime(2026, 3, 1, 0, 5, 7, 90, tzinfo=UTC)


def test_a_record_holds_what_was_done_and_its_digest(db):
    token = request_id.set("f00d")
    try:
        pk = record(
            actor="user:12",
            action=DO,
            subject="thing:3",
            scope="competition:4",
            before={"state": "a"},
            after=["集群", 7],
            private={"note": "因为"},
            at=AT,
        ).pk
    finally:
        request_id.reset(token)
    row = Record.objects.get(pk=pk)
    private = row.private_values.get()
    content = {
        "at": AT,
        "actor": "user:12",
        "action": "thing.do",
        "subject": "thing:3",
        "scope": "competition:4",
        "request": "f00d",
        "before": {"state": "a"},
        "after": ["集群", 7],
        "private": {"note": private_digest(private.salt, "因为")},
    }
    assert {name: getattr(row, name) for name in content} == content
    assert row.digest == record_digest(**content)
    assert row.texts() == {"note": "因为"}


def test_the_text_beside_never_stands_in_the_record(db, django_assert_num_queries):
    row = record(actor="user:12", action=DO, subject="thing:3", private={"reason": "张三的意见", "name": "张三"})
    values = Record.objects.filter(pk=row.pk).values_list().get()
    assert not any("张三" in str(value) for value in values)
    assert sorted(PrivateValue.objects.values_list("key", "value")) == [("name", "张三"), ("reason", "张三的意见")]
    assert len(set(PrivateValue.objects.values_list("salt", flat=True))) == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(TransactionManagementError):
        record(actor="user:12", action=DO, subject="thing:3")
    assert Record.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_record_goes_with_its_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(actor="user:12", action=DO, subject="thing:3", private={"note": "x"})
        raise ZeroDivisionError
    assert (Record.objects.count(), PrivateValue.objects.count()) == (0, 0)


def test_one_insert_and_one_more_for_private_texts(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        record(actor="user:12", action=DO, subject="thing:3", after={"n": 1})
    with django_assert_num_queries(2):
        record(actor="user:12", action=DO, subject="thing:3", private={"a": "1", "b": "2"})


def test_a_set_takes_as_many_inserts_as_one(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        rows = record_many(
            [Deed(actor="user:12", action=DO, subject=f"thing:{number}", private={"n": str(number)}) for number in (5, 3, 4)], at=AT
        )
    assert list(Record.objects.order_by("id").values_list("pk", "subject", "at")) == [(row.pk, row.subject, AT) for row in rows]
    assert [row.subject for row in rows] == ["thing:5", "thing:3", "thing:4"]
    assert [row.texts() for row in rows] == [{"n": "5"}, {"n": "3"}, {"n": "4"}]
    with django_assert_num_queries(0):
        assert record_many([]) == []


def test_an_unknown_action_is_refused(db):
    with pytest.raises(actions.UnknownAction, match="thing.undo"):
        record(actor="user:12", action="thing.undo", subject="thing:3")
    with pytest.raises(ValueError, match="registered twice"):
        actions.register(DO, "Again")
    with pytest.raises(ValueError, match="noun.verb"):
        actions.register("Do it", "Again")
    assert actions.label(DO) == "Thing done"
    assert actions.label("thing.of_old") == "thing.of_old"


@pytest.mark.parametrize(
    "fault",
    [
        {"actor": "user:a@b.cn"},
        {"actor": "张三"},
        {"actor": ""},
        {"subject": "thing:3 x"},
        {"subject": ""},
        {"scope": "Competition 3"},
        {"private": {"Note": "x"}},
        {"at": datetime(2026, 3, 1)},
    ],
)
def test_names_and_free_text_do_not_get_in(db, fault):
    with pytest.raises(ValueError):
        record(**{"actor": "user:12", "action": DO, "subject": "thing:3", **fault})
    assert Record.objects.count() == 0


@pytest.mark.parametrize("fault", [{"after": {"mark": 0.5}}, {"private": {"note": None}}])
def test_what_has_no_digest_is_refused(db, fault):
    with pytest.raises(TypeError):
        record(**{"actor": "user:12", "action": DO, "subject": "thing:3", **fault})


@pytest.mark.parametrize("model", [Record, Seal, SealEntry, PrivateValue])
def test_python_refuses_every_change(db, model):
    record(actor="user:12", action=DO, subject="thing:3", private={"note": "x"})
    seal()
    row = model.objects.get()
    rows = model.objects.all()
    key = model._meta.pk.attname
    for change in (
        row.save,
        lambda: row.save(force_update=True),
        row.delete,
        rows.delete,
        lambda: rows._raw_delete("default"),
        lambda: rows.update(**{key: 5}),
        lambda: rows.bulk_update([row], [model._meta.fields[-1].name]),
        lambda: rows.bulk_create([row], ignore_conflicts=True),
        lambda: rows.bulk_create([row], update_conflicts=True, update_fields=["digest"], unique_fields=[key]),
        lambda: rows.update_or_create(pk=row.pk),
        lambda: model._base_manager.all().update(**{key: 5}),
    ):
        with pytest.raises(AppendOnly):
            change()
    assert model.objects.get().pk == row.pk
