import threading
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from ledger.domain.digests import NO_SEAL, seal_hash
from ledger.domain.merkle import root
from ledger.domain.reason import Reason
from ledger.models import Record, Seal, SealEntry
from ledger.selectors import newest_seal, seal_of, unsealed
from ledger.services import Deed, record, record_many, seal, seals, verify
from ledger.tasks import seal_ledger
from tests.ledger.things import DO
from tests.ledger_triggers import lifted

AT = datetime(2026, 3, 1, 0, 5, 7, 90, tzinfo=UTC)


def write(*numbers):
    return record_many([Deed(actor="system", action=DO, subject=f"thing:{number}") for number in numbers])


def test_a_seal_lists_its_records_by_position_and_cites_the_seal_before(db):
    first_rows, first = write(1, 2, 3), seal(at=AT)
    second_rows, second = write(4, 5), seal()
    assert [(entry.record_id, entry.seal_id, entry.position) for entry in SealEntry.objects.order_by("seal_id", "position")] == [
        *((row.pk, 1, position) for position, row in enumerate(first_rows)),
        *((row.pk, 2, position) for position, row in enumerate(second_rows)),
    ]
    digests = [row.digest for row in first_rows]
    assert (first.number, first.size, first.root, first.previous) == (1, 3, root(digests), NO_SEAL)
    assert first.hash == seal_hash(number=1, at=AT, size=3, root=root(digests), previous=NO_SEAL)
    assert (second.number, second.size, second.previous) == (2, 2, first.hash)
    assert newest_seal() == second
    assert second.anchor == f"2:{second.hash}"
    assert seal_of(first_rows[2].pk) == first


def test_nothing_to_seal_makes_no_seal(db):
    assert seal() is None
    write(1)
    assert seal().number == 1
    assert seal() is None
    assert Seal.objects.count() == 1
    assert newest_seal().number == 1


# On SQLite a column takes any type and any text; PostgreSQL takes up to 64 characters.
MALFORMED = ["''", "'not a digest'", "'" + "A" * 64 + "'", "'" + "g" * 64 + "'", "'" + "0" * 63 + "'"]
SQLITE_ONLY = ["7", "x'00'", "'" + "0" * 64 + "' || char(0) || 'x'"]


@pytest.mark.parametrize("value", MALFORMED + SQLITE_ONLY * (connection.vendor == "sqlite"))
def test_a_record_whose_digest_is_none_holds_nobody_up_and_is_named(db, value, caplog):
    rows = write(1, 2, 3)
    bad = rows[1]
    with lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ledger_record SET digest = {value} WHERE id = %s", [bad.pk])
    seal_ledger()
    assert list(SealEntry.objects.order_by("position").values_list("record_id", "position")) == [(rows[0].pk, 0), (rows[2].pk, 1)]
    assert [line.getMessage() for line in caplog.records] == [
        f"Records {bad.pk} were changed by hand: their digests are none and no seal takes them."
    ]
    write(4)
    assert (seal().number, seal()) == (2, None)
    verdict = verify()
    assert verdict.faults == (Reason("ledger.record_altered", {"record": bad.pk}),)
    with pytest.raises(CommandError, match=f"Record {bad.pk} does not match its digest"):
        call_command("ledger", "verify")

    with lifted(), connection.cursor() as cursor:  # put right
        cursor.execute("UPDATE ledger_record SET digest = %s WHERE id = %s", [bad.digest, bad.pk])
    assert (seal().number, SealEntry.objects.get(record=bad.pk).seal_id) == (3, 3)
    assert verify().faults == ()


def test_a_late_record_with_a_smaller_id_is_taken_too(db):
    rows = write(1, 2, 3)
    seal()
    late = Record.objects.get(pk=rows[0].pk)
    late.pk, late._state.adding = rows[2].pk + 4, True
    late.save()
    seal()
    late.pk, late._state.adding = rows[2].pk + 2, True
    late.save()
    assert [row.pk for row in unsealed()] == [rows[2].pk + 2]
    assert (seal().number, SealEntry.objects.get(record=rows[2].pk + 2).seal_id) == (3, 3)
    assert verify().faults == ()


def test_the_number_of_queries_does_not_grow(db, django_assert_num_queries):
    write(1)
    locks = 1 if connection.vendor == "postgresql" else 0
    with django_assert_num_queries(6 + locks):  # with savepoint and release
        seal()
    write(*range(70))
    with django_assert_num_queries(6 + locks):
        seal()


@pytest.mark.django_db(transaction=True)
def test_the_task_seals():
    with transaction.atomic():
        write(1, 2)
    seal_ledger()
    seal_ledger()
    assert list(Seal.objects.values_list("number", "size")) == [(1, 2)]


def two_sealers():
    """Both are held between reading the newest seal and writing the next, until the other is there too or does not come."""
    start, meet, faults = threading.Barrier(2), threading.Barrier(2), []

    def hold(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO ledger_sealentry"):
            with suppress(threading.BrokenBarrierError):
                meet.wait(1)
        return execute(sql, params, many, context)

    def run(number):
        try:
            with transaction.atomic():
                record(actor="system", action=DO, subject=f"thing:{number}")
                start.wait(5)
                with connection.execute_wrapper(hold):
                    seal()
        except IntegrityError as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return faults


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_their_lock_two_sealers_make_the_same_seal(monkeypatch):
    monkeypatch.setattr(seals, "take_turn", lambda: None)
    assert len(two_sealers()) == 1
    assert list(Seal.objects.values_list("number", "size")) == [(1, 1)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sealers_wait_for_each_other():
    assert two_sealers() == []
    assert list(Seal.objects.order_by("number").values_list("number", "size")) == [(1, 1), (2, 1)]
    assert verify().faults == ()
    assert seal() is None
