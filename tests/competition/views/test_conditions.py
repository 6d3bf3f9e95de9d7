"""A condition where each reads it: the proposal, the public list, the applicant's page, the awards, the verification."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.models import Award, Condition
from competition.services.awards import give_awards
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.decisions import make_staff, release, to_meeting
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
FOUR = ("91.20", "88.45", "80.10", "70.05")
TEXT = "公共检测平台通过验收。"


def url(name, round, *keys):
    return reverse(f"competition:{name}", args=[round.competition_id, *keys])


def bound(entry, days=90, **fields):
    return Condition.objects.create(
        entry=entry, text_zh=TEXT, text_en="The platform is accepted.", due_on=timezone.localdate() + timedelta(days=days), **fields
    )


@pytest.fixture
def awarded():
    """Released forty days ago and awarded; the first entry on a condition."""
    round, entries = make_closed_round(FOUR)
    people, now = make_staff(round), timezone.now()
    release(round, people, at=now - timedelta(days=40))
    condition = bound(entries[0])
    give_awards(round, titles=("cluster",), actor=people["organiser"], at=now)
    return round, entries, people, condition


def test_a_decider_sets_it_in_the_list_and_a_fault_comes_back_to_its_field():
    round, entries = make_closed_round(FOUR)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    row, client = proposal.rows.get(entry=entries[0]), sign_in(people["decider"])
    address = url("outcome_change", round, proposal.pk, row.pk)
    posted = {"outcome": "advance", "condition_zh": TEXT, "condition_en": "Accepted.", "condition_due": ""}
    page = client.post(address, posted)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["condition_due"])
    assert page.context["form"]["condition_zh"].value() == TEXT
    due = timezone.localdate() + timedelta(days=200)
    assert client.post(address, posted | {"condition_due": due.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert (row.condition_zh, row.condition_en, row.condition_due) == (TEXT, "Accepted.", due)
    page = client.get(url("proposal_detail", round, proposal.pk), {"change": row.pk})
    assert page.context["form"]["condition_due"].value() == due
    assert [item["condition"] for item in page.context["lists"][0]["rows"]] == [TEXT, "", "", ""]


def test_everybody_reads_it_after_the_release(awarded):
    round, entries, people, condition = awarded
    applicant = make_user()
    give(applicant, "applicant", f"organisation:{entries[0].application.organisation_id}", second_factor=False)
    award = Award.objects.get(entry=entries[0])
    pages = {
        "public": Client().get(reverse("public:result", args=[round.competition.code, round.code])),
        "verify": Client().get(reverse("public:verify_code", args=[award.verify_code])),
        "own": sign_in(applicant).get(url("application_detail", round, entries[0].application_id)),
        "awards": sign_in(people["organiser"]).get(url("award_list", round, round.pk)),
        "list": sign_in(people["organiser"]).get(url("condition_list", round, round.pk)),
    }
    assert {name: page.content.decode().count(TEXT) for name, page in pages.items()} == dict.fromkeys(pages, 1)
    assert pages["verify"].context["verdict"] == "conditional"
    assert [row["state"] for row in pages["awards"].context["rows"]].count("conditional") == 1
    condition.state, condition.ground, condition.ruled_at = "met", "已验收。", timezone.now()
    condition.save()
    assert Client().get(reverse("public:verify_code", args=[award.verify_code])).context["verdict"] == "valid"
    assert TEXT not in Client().get(reverse("public:result", args=[round.competition.code, round.code])).content.decode()


def test_the_organiser_rules_on_it(awarded):
    round, _entries, people, condition = awarded
    client = sign_in(people["organiser"])
    page = client.post(reverse("competition:condition_miss", args=[round.competition_id, condition.pk]), {"ground": "未验收。"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["__all__"])
    address = reverse("competition:condition_extend", args=[round.competition_id, condition.pk])
    later = condition.due_on + timedelta(days=31)
    assert list(client.post(address, {"due_on": "31.12.", "ground": "。"}).context["form"].errors) == ["due_on"]
    assert client.post(address, {"due_on": later.isoformat(), "ground": "设备到货延迟。"}).status_code == 302
    answer = client.post(reverse("competition:condition_meet", args=[round.competition_id, condition.pk]), {"ground": "验收报告已核。"})
    assert (answer.status_code, answer.url) == (302, url("condition_list", round, round.pk))
    condition.refresh_from_db()
    assert (condition.state, condition.due_on, condition.ground) == ("met", later, "验收报告已核。")


@pytest.mark.parametrize("days, column", [(29, "you"), (31, "watch")])
def test_it_waits_for_the_organiser_once_its_day_is_near(awarded, days, column):
    round, _entries, people, condition = awarded
    Condition.objects.update(due_on=timezone.localdate() + timedelta(days=days))
    page = sign_in(people["organiser"]).get(reverse("competition:organiser_home")).content.decode()
    assert url("condition_list", round, round.pk) in page


def test_lists_ask_as_many_queries_for_one_as_for_three(awarded):
    round, entries, people, _condition = awarded
    client = sign_in(people["organiser"])
    counts = []
    for more in ((), entries[1:3]):
        for entry in more:
            bound(entry)
        for name in ("condition_list", "award_list"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(url(name, round, round.pk)).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 15
