import tracemalloc
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from ledger.domain.anchor import Anchor
from ledger.domain.digests import record_digest, seal_hash
from ledger.domain.merkle import root
from ledger.domain.reason import Reason
from ledger.models import PrivateValue, Record, Seal, SealEntry
from ledger.selectors import raw
from ledger.services import Deed, record, record_many, seal, verify
from tests.ledger.things import DO
from tests.ledger_triggers import as_owner, lifted


@pytest.fixture
def ledger(db):
    """Seal 1 over A, B and C (B with a private note), seal 2 over D and E, F in none."""

    def write(letter, **more):
        return record(actor="user:12", action=DO, subject=f"thing:{letter}", after={"n": letter}, **more)

    rows = {"A": write("A"), "B": write("B", private={"note": "因为"}), "C": write("C")}
    seal()
    rows |= {"D": write("D"), "E": write("E")}
    seal()
    rows |= {"F": write("F")}
    return {letter: row.pk for letter, row in rows.items()}


@pytest.fixture
def tampered(ledger):
    """As someone who owns the database: `tampered(*statements)` → the faults that `verify` then finds; undone afterwards."""

    def faults(*statements, anchors=()):
        try:
            with transaction.atomic():
                with as_owner() as cursor:
                    for statement in statements:
                        cursor.execute(statement) if isinstance(statement, str) else statement(cursor)
                found = verify(anchors=anchors).faults
                raise ZeroDivisionError
        except ZeroDivisionError:
            return [(fault.code.removeprefix("ledger."), fault.params) for fault in found]

    return faults


def rewritten(pk, *, upto):
    """Rewrites record `pk` of seal 1 and makes good what depends on it, up to and with `upto`."""

    def work(cursor):
        row = Record.objects.get(pk=pk)
        row.actor = "user:13"
        cursor.execute("UPDATE ledger_record SET actor = 'user:13' WHERE id = %s", [pk])
        content = {
            name: getattr(row, name) for name in ("at", "actor", "action", "subject", "scope", "request", "before", "after", "private")
        }
        digest = record_digest(**content)
        if upto >= 1:
            cursor.execute("UPDATE ledger_record SET digest = %s WHERE id = %s", [digest, pk])
        if upto >= 2:
            cursor.execute("UPDATE ledger_sealentry SET digest = %s WHERE record_id = %s", [digest, pk])
        previous = "0" * 64
        for made in Seal.objects.order_by("number")[: {3: 1, 4: 1, 5: 2}.get(upto, 0)]:
            top = root(SealEntry.objects.filter(seal=made.number).order_by("position").values_list("digest", flat=True))
            cursor.execute("UPDATE ledger_seal SET root = %s WHERE number = %s", [top, made.number])
            if upto >= 4:
                new = seal_hash(number=made.number, at=made.at, size=made.size, root=top, previous=previous)
                cursor.execute("UPDATE ledger_seal SET hash = %s, previous = %s WHERE number = %s", [new, previous, made.number])
                previous = new

    return work


def test_a_whole_ledger_is_whole(ledger):
    newest = Seal.objects.get(number=2)
    verdict = verify(anchors=[Anchor(1, Seal.objects.get(number=1).hash), Anchor.parse(newest.anchor)])
    assert (verdict.records, verdict.seals, verdict.unsealed, verdict.newest, verdict.faults) == (6, 2, 1, newest.anchor, ())


def test_an_empty_ledger_is_whole(db):
    verdict = verify()
    assert (verdict.records, verdict.seals, verdict.unsealed, verdict.newest, verdict.faults) == (0, 0, 0, "", ())
    assert verify(anchors=[Anchor(1, "a" * 64)]).faults == (Reason("ledger.anchor_missing", {"seal": 1, "newest": 0}),)


def test_the_control_without_tampering(tampered):
    assert tampered() == []


@pytest.mark.parametrize("letter", "ABCDEF")
def test_a_changed_record_is_named_sealed_or_not(ledger, tampered, letter):
    pk = ledger[letter]
    assert tampered(f"UPDATE ledger_record SET subject = 'thing:X' WHERE id = {pk}") == [("record_altered", {"record": pk})]


def test_the_first_of_several_is_named(ledger, tampered):
    assert tampered("UPDATE ledger_record SET scope = 'x'") == [("record_altered", {"record": ledger["A"]})]


@pytest.mark.parametrize(
    ("upto", "code", "params"),
    [
        (0, "record_altered", {}),
        (1, "record_swapped", {"seal": 1, "position": 1}),
        (2, "seal_root", {"seal": 1}),
        (3, "seal_altered", {"seal": 1}),
        (4, "seal_unlinked", {"seal": 2}),
    ],
)
def test_a_record_rewritten_with_what_depends_on_it(ledger, tampered, upto, code, params):
    named = {"record": ledger["B"]} if code.startswith("record") else {}
    assert tampered(rewritten(ledger["B"], upto=upto)) == [(code, named | params)]


def test_a_ledger_rewritten_to_its_end_is_betrayed_by_an_anchor_only(ledger, tampered):
    anchors = [Anchor(made.number, made.hash) for made in Seal.objects.order_by("-number")]
    assert tampered(rewritten(ledger["B"], upto=5)) == []
    found = tampered(rewritten(ledger["B"], upto=5), anchors=anchors)
    assert [(code, params["seal"], params["expected"]) for code, params in found] == [
        ("anchor_differs", 2, anchors[0].hash),
        ("anchor_differs", 1, anchors[1].hash),
    ]


def test_a_ledger_cut_short_is_betrayed_by_an_anchor_only(ledger, tampered):
    anchor = Anchor.parse(Seal.objects.get(number=2).anchor)
    cut = [
        "DELETE FROM ledger_sealentry WHERE seal_id = 2",
        "DELETE FROM ledger_seal WHERE number = 2",
        f"DELETE FROM ledger_record WHERE id IN ({ledger['D']}, {ledger['E']})",
    ]
    assert tampered(*cut) == []
    assert tampered(*cut, anchors=[anchor]) == [("anchor_missing", {"seal": 2, "newest": 1})]
    again = tampered(*cut, lambda cursor: seal(), anchors=[anchor])
    assert [(code, params["seal"]) for code, params in again] == [("anchor_differs", 2)]


def test_what_was_taken_out_is_named(ledger, tampered):
    def gone(letter):
        return f"DELETE FROM ledger_record WHERE id = {ledger[letter]}"

    def unlisted(letter):
        return f"DELETE FROM ledger_sealentry WHERE record_id = {ledger[letter]}"

    assert tampered(gone("C")) == [("record_missing", {"record": ledger["C"], "seal": 1})]
    assert tampered(gone("A"), unlisted("A")) == [("position_wrong", {"seal": 1, "position": 0})]
    assert tampered(gone("E"), unlisted("E")) == [("seal_size", {"seal": 2, "expected": 2, "found": 1})]
    assert tampered(unlisted("C")) == [("seal_size", {"seal": 1, "expected": 3, "found": 2})]
    assert tampered("DELETE FROM ledger_seal WHERE number = 1") == [("seal_missing", {"seal": 1})]
    assert tampered("DELETE FROM ledger_seal WHERE number = 2") == [("entry_orphaned", {"record": ledger["D"], "seal": 2})]


def test_what_was_put_in_another_order_is_named(ledger, tampered):
    a, c = ledger["A"], ledger["C"]
    swap_rows = [f"UPDATE ledger_record SET id = {old} WHERE id = {new}" for new, old in ((a, 10**9), (c, a), (10**9, c))]
    assert tampered(*swap_rows) == [("record_swapped", {"record": a, "seal": 1, "position": 0})]
    swap_lines = [
        f"UPDATE ledger_sealentry SET position = {new} WHERE seal_id = 1 AND position = {old}" for old, new in ((0, 9), (2, 0), (9, 2))
    ]
    assert tampered(*swap_lines) == [("seal_root", {"seal": 1})]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("size = 2", ("seal_size", {"seal": 1, "expected": 2, "found": 3})),
        ("at = '2026-01-01 00:00:00+00:00'", ("seal_altered", {"seal": 1})),
        ("previous = 'x'", ("seal_unlinked", {"seal": 1})),
        ("root = 'x'", ("seal_root", {"seal": 1})),
        ("hash = 'x'", ("seal_altered", {"seal": 1})),
    ],
)
def test_a_changed_seal_is_named(tampered, change, fault):
    assert tampered(f"UPDATE ledger_seal SET {change} WHERE number = 1") == [fault]


@pytest.mark.parametrize("column", ["before", "after", "private"])
@pytest.mark.parametrize("raw_text", ["", "{", "null ", '{"a":1,"a":2}', "0.5", "[1,2]"])
def test_columns_that_hold_no_canonical_json_break_nothing(ledger, tampered, column, raw_text):
    readable = raw_text == "[1,2]" and column != "private"
    code = "record_altered" if readable else "record_unreadable"
    assert tampered(f"UPDATE ledger_record SET {column} = '{raw_text}' WHERE id = {ledger['D']}") == [(code, {"record": ledger["D"]})]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite stores any type in any column")
@pytest.mark.parametrize("change", ["at = 'soon'", "at = 7.5", "actor = x'00'", "after = x'00'"])
def test_columns_of_another_type_break_nothing(ledger, tampered, change):
    assert tampered(f"UPDATE ledger_record SET {change} WHERE id = {ledger['D']}") == [("record_unreadable", {"record": ledger["D"]})]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite stores any type in any column")
def test_a_seal_of_another_type_breaks_nothing(tampered):
    assert tampered("UPDATE ledger_seal SET at = 'soon' WHERE number = 2") == [("seal_unreadable", {"seal": 2})]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE ledger_privatevalue SET value = '所以'", "private_altered"),
        ("UPDATE ledger_privatevalue SET salt = 'zz'", "private_altered"),
        ("UPDATE ledger_privatevalue SET key = 'other'", "private_unknown"),
        ("DELETE FROM ledger_privatevalue", "private_lost"),
    ],
)
def test_private_texts_change_and_go_only_with_a_record(ledger, tampered, change, code):
    key = "other" if code == "private_unknown" else "note"
    assert tampered(change) == [(code, {"record": ledger["B"], "key": key})]


@pytest.mark.parametrize("after", [None, {}, {"erased": 7}, {"erased": {"x": ["note"]}}, {"erased": {"1": 7}}])
def test_an_erasure_that_says_nothing_readable_is_named(db, after):
    forged = record(actor="user:12", action="ledger.erase", subject="thing:1", after=after)
    assert verify().faults == (Reason("ledger.record_unreadable", {"record": forged.pk}),)


def test_a_missing_trigger_is_a_fault_of_the_verdict(ledger):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_seal_no_update" + (" ON ledger_seal" if connection.vendor == "postgresql" else ""))
    assert verify().faults == (Reason("ledger.trigger_missing", {"name": "ledger_seal_no_update"}),)


@pytest.mark.parametrize("page", [1, 2, 3, 5])
def test_the_size_of_a_page_changes_nothing(ledger, tampered, monkeypatch, page):
    monkeypatch.setattr(raw, "PAGE", page)
    assert verify() == verify()
    assert (verify().records, verify().seals, verify().faults) == (6, 2, ())
    assert tampered(f"UPDATE ledger_record SET subject = 'x' WHERE id = {ledger['E']}") == [("record_altered", {"record": ledger["E"]})]
    assert tampered("DELETE FROM ledger_privatevalue") == [("private_lost", {"record": ledger["B"], "key": "note"})]


def test_memory_does_not_grow_with_the_ledger(db, monkeypatch):
    monkeypatch.setattr(raw, "PAGE", 100)

    def peak():
        seal()
        tracemalloc.start()
        try:
            assert verify().faults == ()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def write(count):
        record_many(Deed(actor="system", action=DO, subject=f"thing:{n}", after={"text": "x" * 500}) for n in range(count))

    write(500)
    peak()
    small = peak()
    write(2500)
    assert peak() < 1.3 * small


def test_both_databases_digest_the_same_bytes(db):
    """A literal, so that the run on the other database has the same one."""
    row = record(
        actor="user:12",
        action=DO,
        subject="thing:3",
        scope="competition:4",
        before={"b": 1, "a": None},
        after={"名称": "集群", "n": [10**20, -7, True]},
        at=datetime(2026, 3, 1, 0, 5, 7, tzinfo=UTC),
    )
    assert row.digest == "6e359f22e4ac870b576a2d7c27c1ae784027137c57dbb463d957710849030d16"
    assert PrivateValue.objects.count() == 0
    assert verify().faults == ()


@pytest.mark.django_db(transaction=True)
def test_what_is_erased_and_sealed_during_the_walk_is_no_fault():
    """Sealed between the walk over the seals and that over the rest, the record of the erasure is in neither."""
    with transaction.atomic():
        record(actor="system", action=DO, subject="thing:1", private={"note": "x"})
        seal()

    done = []
    with lifted(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_privatevalue")
    assert [fault.code for fault in verify().faults] == ["ledger.private_lost"]
    erasure = Deed(actor="user:9", action="ledger.erase", subject="thing:1", after={"erased": {str(Record.objects.get().pk): ["note"]}})

    def sealed_between(execute, sql, params, many, context):
        if "FROM ledger_record r WHERE r.id >" in sql and not done:
            done.append(True)
            with transaction.atomic():
                record_many([erasure])
                seal()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(sealed_between):
        verdict = verify()
    assert (verdict.faults, verdict.seals, done) == ((), 2, [True])
