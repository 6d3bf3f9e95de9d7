"""The pages of checking: the table, one check with its history, the confirmation of the rest, and what others see of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Conflict
from evaluations.models import Finding, Sheet
from evaluations.services.findings import record_finding
from tests.cast import sign_in
from tests.factories.competition import NOW
from tests.factories.evaluations import add_unweighted
from tests.factories.judging import TABLE, Judged

pytestmark = pytest.mark.django_db
ROWS = {"F1": ("bonus", "organiser"), "V1": ("veto", "organiser"), "V2": ("veto", "organiser")}


@pytest.fixture
def judged():
    found = Judged()
    found.criteria = add_unweighted(found.round, ROWS)
    return found


def of_round(name, judged):
    return reverse(f"evaluations:{name}", args=[judged.round.competition_id, judged.round.pk])


def of_entry(name, judged, entry, code):
    return reverse(f"evaluations:{name}", args=[judged.round.competition_id, judged.entries[entry].pk, judged.criteria[code].pk])


def words(page):
    return {
        line.entry.pk: "withheld" if line.withheld else [(cell.criterion.code, cell.finding and cell.finding.value) for cell in line.cells]
        for line in page.context["lines"]
    }


def test_a_check_is_recorded_and_leads_to_the_next_one(judged):
    client = sign_in(judged.organiser)
    data = {"value": "0", "reason": "核查期内发生重大事故。", "evidence": "应急〔2026〕3 号", "seen": "0"}
    answer = client.post(of_entry("finding_edit", judged, "X", "V1"), data)
    assert (answer.status_code, answer.url) == (302, of_entry("finding_edit", judged, "X", "V2"))
    answer = client.post(of_entry("finding_edit", judged, "X", "V2"), {"value": "1", "seen": "0"})
    assert answer.url == of_round("finding_list", judged)
    page = client.get(of_round("finding_list", judged))
    assert words(page)[judged.entries["X"].pk] == [("F1", None), ("V1", 0), ("V2", 100)]
    assert page.context["rest"] == 4
    listed = {
        state: len(client.get(of_round("finding_list", judged), {"state": state}).context["lines"])
        for state in ("unchecked", "failed", "points")
    }
    assert listed == {"unchecked": 2, "failed": 1, "points": 0}


def test_bad_input_is_told_at_its_field_and_stays(judged):
    client = sign_in(judged.organiser)
    address = of_entry("finding_edit", judged, "X", "F1")
    for data, field in (
        ({"value": "2.5", "reason": "理由。"}, "value"),
        ({"value": "1.5", "reason": ""}, "reason"),
        ({"value": ""}, "value"),
    ):
        page = client.post(address, {"seen": "0", **data})
        assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert client.post(address, {"seen": "0", "value": "−１．５", "reason": "补正两次。"}).status_code == 302
    assert Finding.objects.get().value == -150
    page = client.post(address, {"seen": "0", "value": "1", "reason": "另一人不知情。"})
    assert page.status_code == 422 and page.context["form"]["reason"].value() == "另一人不知情。"
    assert page.context["form"]["seen"].value() == Finding.objects.get().pk  # saving once more is a decision
    assert client.post(of_entry("finding_withdraw", judged, "X", "F1"), {"reason": "录入有误。"}).status_code == 302
    assert not Finding.objects.filter(ended_at=None).exists()


def test_the_rest_is_named_confirmed_and_then_the_round_closes(judged):
    record_finding(judged.entries["Z"], criterion=judged.criteria["V2"], value="0", reason="虚假。", actor=judged.organiser, at=NOW)
    client = sign_in(judged.organiser)
    page = client.get(of_round("round_close", judged))
    assert [len(group["criteria"]) for group in page.context["checks_left"]] == [2, 2, 1]
    assert [reason.code for reason in page.context["blocked"]] == ["competition.checks_open"]
    assert client.post(of_round("round_close", judged)).status_code == 409
    assert client.get(of_round("finding_pass", judged)).context["left"] == 5
    assert client.post(of_round("finding_pass", judged), {"expected": "4"}).status_code == 409
    assert client.post(of_round("finding_pass", judged), {"expected": "5"}).url == of_round("round_close", judged)
    standings = client.post(of_round("round_close", judged), follow=True).context["rows"]
    assert [(row.place, row.total, row.outcome) for row in standings] == [
        (1, "82.30", "advance"),
        (2, "82.20", "reserve"),
        (None, "79.30", "ineligible"),
    ]


def test_whoever_is_bound_sees_that_there_is_something_and_not_what(judged):
    record_finding(judged.entries["Y"], criterion=judged.criteria["V1"], value="0", reason="保密理由。", actor=judged.organiser, at=NOW)
    bound = judged.supervisor
    Conflict.objects.create(
        user=bound, cluster=judged.entries["Y"].application.cluster, kind="adviser", declared_by=judged.organiser, declared_at=NOW
    )
    client = sign_in(bound)
    page = client.get(of_round("finding_list", judged))
    assert words(page)[judged.entries["Y"].pk] == "withheld"
    assert client.get(of_entry("finding_edit", judged, "Y", "V1")).status_code == 403
    assert not client.get(of_round("finding_list", judged), {"state": "failed"}).context["lines"]
    page = client.get(of_entry("finding_edit", judged, "X", "V1"))
    assert page.status_code == 200 and not page.context["changes"]
    assert sign_in(judged.decider).get(of_round("finding_list", judged)).status_code == 403


def test_the_table_asks_as_often_for_three_as_for_one():
    counts = []
    for table in ({"X": TABLE["X"][:1]}, {name: panel[:3] for name, panel in TABLE.items()}):
        judged = Judged(table)
        judged.criteria = add_unweighted(judged.round, ROWS)
        for entry in judged.entries.values():
            record_finding(entry, criterion=judged.criteria["V1"], value="1", reason="", actor=judged.organiser, at=NOW)
        client = sign_in(judged.organiser)
        for name in ("finding_list", "finding_pass", "round_close"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(of_round(name, judged)).status_code == 200
            counts.append((name, len(queries)))
    assert counts[:3] == counts[3:]


def test_a_sheet_holds_what_the_panel_gives_and_not_what_the_organiser_gives(judged):
    add = {"G1": ("bonus", "panel"), "W1": ("veto", "panel")}
    judged.round.rubrics.first().dimensions.filter(code="Z").update(code="Y")
    add_unweighted(judged.round, add)
    evaluator = judged.evaluators[0]
    sheet = Sheet.objects.get(assignment__evaluator=evaluator, assignment__entry=judged.entries["X"])
    Sheet.objects.filter(pk=sheet.pk).update(state="returned")
    address = reverse("evaluations:sheet_edit", args=[judged.round.competition_id, sheet.pk])
    client = sign_in(evaluator.user)
    page = client.get(address)
    desk = page.context["desk"]
    assert [row.code for row in desk.to_mark] == ["A1", "B1", "G1", "W1"]
    assert [row.code for row in desk.missing] == ["G1", "W1"]
    assert [(block.code, block.weight) for block in desk.blocks] == [("A", "60"), ("B", "40"), ("Z", "")]
