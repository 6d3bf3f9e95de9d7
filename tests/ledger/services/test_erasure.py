from ledger.models import PrivateValue, Record
from ledger.selectors import life, read
from ledger.services import erase, record, seal, verify
from tests.ledger.things import DO


def write(subject, **private):
    return record(actor="user:12", action=DO, subject=subject, scope="competition:4", private=private or None)


def test_erasing_keeps_every_seal_valid_and_is_itself_recorded(db):
    first, second = write("thing:1", note="张三", reason="因为"), write("thing:2", note="李四")
    seal()
    (erasure,) = erase(read(subject="thing:1"), actor="user:9")
    assert list(PrivateValue.objects.values_list("record_id", "key")) == [(second.pk, "note")]
    assert (erasure.actor, erasure.action, erasure.subject, erasure.scope) == ("user:9", "ledger.erase", "thing:1", "competition:4")
    assert erasure.after == {"erased": {str(first.pk): ["note", "reason"]}}
    assert sorted(Record.objects.get(pk=first.pk).private) == ["note", "reason"]
    assert verify().faults == ()
    seal()
    assert verify().faults == ()
    assert [row.texts() for row in life("thing:1")] == [{}, {}]


def test_only_the_named_keys_go(db):
    write("thing:1", note="张三", reason="因为")
    (erasure,) = erase(read(), actor="user:9", keys=["note"])
    assert list(PrivateValue.objects.values_list("key", "value")) == [("reason", "因为")]
    assert list(erasure.after["erased"].values()) == [["note"]]
    assert verify().faults == ()


def test_each_subject_that_lost_a_text_gets_its_record(db):
    rows = [write("thing:1", note="a"), write("thing:2", note="b"), write("thing:1", note="c"), write("thing:3")]
    written = erase(Record.objects.filter(pk__in=[row.pk for row in rows]), actor="user:9")
    assert [(row.subject, row.after["erased"]) for row in written] == [
        ("thing:1", {str(rows[0].pk): ["note"], str(rows[2].pk): ["note"]}),
        ("thing:2", {str(rows[1].pk): ["note"]}),
    ]


def test_erasing_again_writes_nothing(db):
    write("thing:1", note="a")
    assert len(erase(read(), actor="user:9")) == 1
    assert erase(read(), actor="user:9") == []
    assert Record.objects.count() == 2


def test_the_number_of_queries_does_not_grow(db, django_assert_num_queries):
    write("thing:1", note="a")
    with django_assert_num_queries(6):  # with savepoint and release
        erase(read(), actor="user:9")
    for number in range(30):
        write(f"thing:{number}", note="a")
    with django_assert_num_queries(6):
        erase(read(), actor="user:9")
