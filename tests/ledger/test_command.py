import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger.models import Seal
from ledger.services import record, seal
from tests.ledger.things import DO
from tests.ledger_triggers import lifted


@pytest.fixture
def run(db, capsys):
    def output(*words):
        call_command("ledger", *words)
        return capsys.readouterr().out

    return output


@pytest.fixture
def rows(db):
    made = [record(actor="system", action=DO, subject=f"thing:{number}", private={"note": "x"}) for number in range(3)]
    seal()
    return [*made, record(actor="system", action=DO, subject="thing:9")]


def test_verify_seals_first_and_says_that_all_is_whole(run, rows):
    out = run("verify")
    assert out == f"4 records. 2 seals. Newest: {Seal.objects.get(number=2).anchor}\nThe ledger is whole.\n"
    assert run("verify") == out


def test_verify_with_anchors(run, rows):
    first = Seal.objects.get(number=1).anchor
    assert run("verify", "--anchor", first).splitlines()[-1] == "The anchor at seal 1 holds."
    forged = "1:" + "a" * 64
    with pytest.raises(CommandError) as fault:
        run("verify", "--anchor", first, "--anchor", forged)
    assert (fault.value.returncode, str(fault.value)) == (
        1,
        f"Anchor: seal 1 has the hash {first[2:]}, not {'a' * 64}. The ledger was rewritten.",
    )


def test_verify_fails_with_the_first_wrong_record(run, rows):
    with lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_record SET actor = 'user:666' WHERE id >= %s", [rows[1].pk])
    with pytest.raises(CommandError) as fault:
        run("verify")
    assert (fault.value.returncode, str(fault.value)) == (
        1,
        f"Record {rows[1].pk} does not match its digest: it was changed after it was written.",
    )
    with pytest.raises(CommandError, match=f"第 {rows[1].pk} 条记录与其摘要不符"):
        run("--lang", "zh-hans", "verify")


def test_a_record_that_cannot_be_sealed_is_named(run, rows):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_record (id, at, actor, action, subject, scope, request, before, after, private, digest)"
            " SELECT id + 50, at, actor, action, subject, scope, request, before, after, private, 'none' FROM ledger_record WHERE id = %s",
            [rows[3].pk],
        )
    with pytest.raises(CommandError, match=f"^Record {rows[3].pk + 50} does not match its digest"):
        run("verify")


def test_verify_and_status_fail_where_a_trigger_is_missing(run, rows):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_seal_no_update" + (" ON ledger_seal" if connection.vendor == "postgresql" else ""))
    for act in ("verify", "status"):
        with pytest.raises(CommandError, match="trigger ledger_seal_no_update is missing"):
            run(act)


def test_seal(run, rows):
    assert run("seal") == f"1 record. 2 seals. Newest: {Seal.objects.get(number=2).anchor}\n"
    assert run("seal") == "Nothing to seal.\n"


def test_status(run, rows):
    counts, made, waiting = run("status").splitlines()
    assert counts == f"4 records. 1 seal. Newest: {Seal.objects.get(number=1).anchor}"
    assert made.startswith("Newest seal made at 20")
    assert made.endswith("+0800.")
    assert waiting == "Not sealed yet: 1."


def test_status_of_an_empty_ledger(run):
    assert run("status") == "0 records. 0 seals.\nNot sealed yet: 0.\n"
    assert run("--lang", "zh-hans", "status") == "0 条记录。 0 个封存。\n尚未封存：0 条。\n"


@pytest.mark.parametrize("words", [["verify", "--anchor", "1:abc"], ["erase"], []])
def test_other_words_are_refused(run, words):
    with pytest.raises(CommandError):
        run(*words)
