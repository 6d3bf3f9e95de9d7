"""Why an entry stands where it stands, as its staff read it."""

import hashlib

import pytest
from django.urls import reverse

from competition.models import Conflict, Standing
from competition.services.rounds import close_round
from evaluations.models import Mark
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.competition import NOW
from tests.factories.judging import DEFINITION, TABLE, Judged

pytestmark = pytest.mark.django_db
TRIMMED = DEFINITION | {
    "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 4, "min_panel": 2},
    "ties": ["dimension:B", "lot"],
}


def closed(table=TABLE, definition=DEFINITION, *, seed=""):
    judged = Judged(table, definition=definition)
    type(judged.round).objects.filter(pk=judged.round.pk).update(seed=seed)
    judged.round.refresh_from_db()
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    return judged


def page(judged, name, *, person=None):
    address = reverse("evaluations:standing_why", args=[judged.round.competition_id, judged.round.pk, judged.entries[name].pk])
    return sign_in(person or judged.decider).get(address)


def words(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("order", ["sheet", "criterion"])
def test_the_steps_lead_from_the_marks_to_the_total(order):
    judged = closed(definition=DEFINITION | {"order": order, "rounding": {"sheet": 2, "panel": 1, "weighted": None, "total": 2}})
    response = page(judged, "X")
    why, text = response.context["why"], words(response)
    assert not why.faults and why.row.total == "82.30"
    assert [row.evaluator for row in why.steps.sheets] == sorted(person.code for person in judged.evaluators)
    if order == "sheet":
        assert "(84 + 79 + 82.6 + 83.6) / 4 = 329.2 / 4 = 82.3<" in text
    else:
        assert "(80 + 75 + 91 + 88) / 4 = 334 / 4 = 83.5" in text and "60 × 83.5 / 100 = 50.1" in text
    assert not [person for person in judged.evaluators if person.user.display_name() in text]
    record = Record.objects.get(action="standings.read")
    assert record.after["entry"] == judged.entries["X"].pk


def test_what_was_dropped_is_struck_through():
    text = words(page(closed(definition=TRIMMED, seed="2026"), "X"))
    assert text.count("<s>") == 2 and "<s>84.00</s>" in text and "<s>79.00</s>" in text
    assert "(82.6 + 83.6) / 2 = 166.2 / 2 = 83.1" in text


def test_equal_totals_show_each_rung_and_the_lot_with_its_hashes():
    same = [(80, 90), (90, 80)]
    judged = closed({"P": same, "Q": list(reversed(same)), "R": [(99, 99), (98, 98)]}, TRIMMED, seed="2026-7")
    response = page(judged, "Q")
    ties, text = response.context["ties"], words(response)
    assert (ties["steps"].better, ties["others"]) == (1, 1)
    assert [rung["steps"].parted for rung in ties["rungs"]] == [False, True]
    for name in "PQ":
        lot = f"2026-7|{judged.entries[name].pk}"
        assert lot in text and hashlib.sha256(lot.encode()).hexdigest() in text
        assert str(judged.entries[name].application.cluster) in text
    assert str(judged.entries["R"].application.cluster) not in text
    assert Standing.objects.get(entry=judged.entries["Q"]).rank == ties["steps"].rank


def test_a_snapshot_that_does_not_agree_is_said_loudly_and_nothing_is_explained():
    judged = closed()
    Mark.objects.filter(sheet__assignment__entry=judged.entries["Y"], value=8400).update(value=8500)
    response = page(judged, "Y")
    assert {fault.what for fault in response.context["why"].faults} >= {"total", "exact", "A1", "B1"}
    assert ("82.20", "82.45") in [(fault.snapshot, fault.anew) for fault in response.context["why"].faults]
    assert 'role="alert"' in words(response) and "steps" not in response.context


def test_an_entry_that_left_before_closing_has_nothing_to_compute():
    from competition.services.entries import withdraw_entry

    judged = Judged()
    withdraw_entry(judged.entries["Z"], reason="自愿退出。", actor=judged.organiser, at=NOW)
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    response = page(judged, "Z")
    assert response.status_code == 200 and response.context["why"].steps is None


def test_too_small_a_panel_keeps_its_marks_and_says_why():
    response = page(closed({"X": [(80, 90)], "Y": TABLE["Y"]}), "X")
    assert response.context["why"].steps.total is None and not response.context["why"].faults
    assert response.context["reason"].code == "evaluations.entry_panel_too_small"


def test_a_conflict_closes_this_page_too():
    judged = closed()
    Conflict.objects.create(
        user=judged.supervisor,
        cluster=judged.entries["Y"].application.cluster,
        kind="other",
        note="亲属任职。",
        declared_by=judged.supervisor,
        declared_at=NOW,
    )
    response = page(judged, "X", person=judged.supervisor)
    assert response.status_code == 403 and "82.30" not in words(response)


def test_a_page_asks_as_often_for_three_equal_entries_as_for_one():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for table in ({"X": TABLE["X"]}, dict.fromkeys("XYZ", TABLE["X"])):
        judged = closed(table)
        client = sign_in(judged.organiser)
        address = reverse("evaluations:standing_why", args=[judged.round.competition_id, judged.round.pk, judged.entries["X"].pk])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
