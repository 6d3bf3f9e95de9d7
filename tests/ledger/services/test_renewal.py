"""A ledger whose hash function is changed under way: what was is proved as before, and can be vouched for under the new one."""

import hashlib
import os
import subprocess
import sys

import pytest
from django.conf import settings as house
from django.core.management import CommandError, call_command
from django.db import transaction

from ledger.domain.anchor import Anchor
from ledger.domain.digests import NO_SEAL, record_digest, seal_hash
from ledger.domain.hashing import NAMES, digest
from ledger.domain.merkle import root
from ledger.domain.reason import Refused
from ledger.models import Record, Seal
from ledger.services import record, renew, seal, verify
from tests.ledger.things import DO
from tests.ledger_triggers import as_owner

CONTENT = ("at", "actor", "action", "subject", "scope", "request", "before", "after", "private")


def write(letter, **more):
    return record(actor="user:12", action=DO, subject=f"thing:{letter}", after={"n": letter}, **more)


@pytest.fixture
def ledger(db, settings):
    """Seal 1 over A and B under SHA-256, seal 2 over C, D and E under SM3, D with a private note; F under SM3 in none."""
    rows = [write("A", private={"note": "从前"}), write("B")]
    seal()
    settings.LEDGER_HASH = "sm3"
    rows += [write("C"), write("D", private={"note": "因为"}), write("E")]
    seal()
    return [*rows, write("F")]


def faults(*statements, anchors=()):
    """What `verify` finds after somebody who owns the database did this; undone afterwards."""
    found = ()
    try:
        with transaction.atomic():
            with as_owner() as cursor:
                for statement in statements:
                    cursor.execute(*statement)
            found = verify(anchors=anchors).faults
            raise ZeroDivisionError
    except ZeroDivisionError:
        return [(fault.code.removeprefix("ledger."), fault.params) for fault in found]


def test_one_ledger_in_two_hash_functions_is_whole(ledger):
    first, second = Seal.objects.order_by("number")
    assert [(row.algorithm, len(row.digest)) for row in ledger] == [("sha256", 64)] * 2 + [("sm3", 64)] * 4
    assert (first.algorithm, second.algorithm, second.previous) == ("sha256", "sm3", first.hash)
    verdict = verify(anchors=[Anchor.parse(first.anchor), Anchor.parse(second.anchor)])
    assert (verdict.records, verdict.seals, verdict.unsealed, verdict.faults) == (6, 2, 1, ())


def digest_of(row, **changed):
    return record_digest(**{name: getattr(row, name) for name in (*CONTENT, "algorithm")} | changed)


@pytest.mark.parametrize(("place", "other", "seal_number", "position"), [(1, "sm3", 1, 1), (2, "sha256", 2, 0)])
def test_a_row_cannot_be_passed_off_as_one_under_another(ledger, place, other, seal_number, position):
    row = ledger[place]
    assert faults(("UPDATE ledger_record SET algorithm = %s WHERE id = %s", [other, row.pk])) == [("record_altered", {"record": row.pk})]
    made = [digest_of(row, algorithm=other), other, row.pk]
    assert faults(("UPDATE ledger_record SET digest = %s, algorithm = %s WHERE id = %s", made)) == [
        ("record_swapped", {"record": row.pk, "seal": seal_number, "position": position})
    ]


def test_a_seal_cannot_either(ledger):
    assert faults(("UPDATE ledger_seal SET algorithm = 'sha256' WHERE number = 2", [])) == [("seal_root", {"seal": 2})]


@pytest.mark.parametrize("name", ["md5", "", "SM3", "sm4"])
def test_an_unknown_hash_function_is_a_fault(ledger, name):
    assert faults(("UPDATE ledger_record SET algorithm = %s WHERE id = %s", [name, ledger[3].pk])) == [
        ("record_unreadable", {"record": ledger[3].pk})
    ]
    assert faults(("UPDATE ledger_seal SET algorithm = %s WHERE number = 1", [name])) == [("seal_unreadable", {"seal": 1})]


def test_old_records_are_digested_anew(ledger):
    made = renew()
    digests = [digest_of(row, algorithm="sm3") for row in ledger]
    assert made.after == {"algorithm": "sm3", "seal": 3, "records": 6, "root": root(digests, "sm3")}
    assert (made.action, made.actor, made.algorithm) == ("ledger.renew", "system", "sm3")
    verdict = verify()
    assert (verdict.faults, verdict.renewed) == ((), (("sm3", 3),))
    assert renew() is None
    assert Record.objects.filter(action="ledger.renew").count() == 1


def test_a_ledger_rewritten_with_all_its_seals_no_longer_agrees_with_its_renewal(ledger):
    made = renew()
    row, forged = ledger[1], digest_of(ledger[1], after={"n": "Z"})
    work = [
        ("UPDATE ledger_record SET after = %s, digest = %s WHERE id = %s", ['{"n":"Z"}', forged, row.pk]),
        ("UPDATE ledger_sealentry SET digest = %s WHERE record_id = %s", [forged, row.pk]),
    ]
    previous = NO_SEAL
    for one in Seal.objects.order_by("number"):
        top = root([ledger[0].digest, forged]) if one.number == 1 else one.root
        facts = {"number": one.number, "at": one.at, "size": one.size, "root": top, "previous": previous, "algorithm": one.algorithm}
        new = seal_hash(**facts)
        work.append(("UPDATE ledger_seal SET root = %s, previous = %s, hash = %s WHERE number = %s", [top, previous, new, one.number]))
        previous = new
    assert faults(*work) == [("renewal_differs", {"record": made.pk, "seal": 3})]


def test_what_is_doubtful_is_vouched_for_by_nobody(ledger):
    with pytest.raises(Refused, match="record_altered"), transaction.atomic():
        with as_owner() as cursor:
            cursor.execute("UPDATE ledger_record SET scope = 'x' WHERE id = %s", [ledger[0].pk])
        renew()
    assert not Record.objects.filter(action="ledger.renew").exists()


def test_renewing_from_a_terminal(ledger, settings, capsys):
    call_command("ledger", "renew")
    call_command("ledger", "renew")
    call_command("ledger", "verify")
    out = capsys.readouterr().out
    assert out.splitlines()[:2] == [
        "6 records. Digested anew under sm3 up to seal 3.",
        "Nothing to digest anew: everything sealed is under sm3.",
    ]
    assert "Digested anew under sm3 up to seal 3." in out.splitlines()[2:]
    with pytest.raises(CommandError), transaction.atomic():
        with as_owner() as cursor:
            cursor.execute("UPDATE ledger_record SET scope = 'x' WHERE id = %s", [ledger[0].pk])
        settings.LEDGER_HASH = "sha3-256"
        call_command("ledger", "renew")


def test_the_hash_functions_are_those_of_their_standards():
    known = {
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha3-256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "sm3": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",  # GB/T 32905-2016, A.1
    }
    assert {name: digest(name, b"abc").hex() for name in NAMES} == known
    assert digest("sha256", b"") == hashlib.sha256().digest()


def test_a_setting_that_is_none_stops_the_start():
    asked = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=house.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "LEDGER_HASH": "md5", "VAR_DIR": str(house.VAR_DIR)},
        capture_output=True,
        text=True,
    )
    assert asked.returncode and "LEDGER_HASH: 'md5' is none of sha256, sha3-256, sm3" in asked.stderr
