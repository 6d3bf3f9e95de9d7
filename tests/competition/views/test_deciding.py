"""The pages from the proposal to the awards, for those who decide and those who may not."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.models import Conflict, Objection, Proposal, ProposalRow, Signature
from competition.services.awards import give_awards
from competition.services.decisions import propose
from competition.services.publicity import record_objection
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.decisions import make_staff, release, to_meeting
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
FOUR = ("91.20", "88.45", "80.10", "70.05")


def url(name, round, *keys):
    return reverse(f"competition:{name}", args=[round.competition_id, *keys])


def test_an_organiser_draws_up_tables_and_records(client):
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    client = sign_in(people["organiser"])
    assert client.get(url("decision_list", round)).status_code == 200
    answer = client.post(url("proposal_create", round, round.pk))
    proposal = Proposal.objects.get()
    assert (answer.status_code, answer.url) == (302, url("proposal_detail", round, proposal.pk))
    page = client.get(answer.url)
    assert [len(group["rows"]) for group in page.context["lists"]] == [4]
    assert [line["kind"] for row in page.context["lists"][0]["rows"] for line in row["lines"]] == ["cut", "reserve"]
    assert "80.10" in page.content.decode()
    assert client.post(url("meeting_record", round, proposal.pk), {"number": "7", "held_on": "2026-09-16"}).status_code == 422
    assert client.post(url("proposal_table", round, proposal.pk)).status_code == 302
    minutes = SimpleUploadedFile("纪要.pdf", b"%PDF-1.7\n%%EOF", content_type="application/pdf")
    posted = {"number": "2026-7", "held_on": timezone.localdate().isoformat(), "minutes": minutes}
    assert client.post(url("meeting_record", round, proposal.pk), posted).status_code == 302
    download = client.get(url("meeting_minutes", round, proposal.pk))
    assert (b"".join(download.streaming_content), download["X-Content-Type-Options"]) == (b"%PDF-1.7\n%%EOF", "nosniff")
    assert download["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_no_pdf_comes_back_to_its_field():
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    posted = {"number": "2026-8", "held_on": "2026-09-16", "minutes": SimpleUploadedFile("a.pdf", b"MZ not a pdf")}
    page = sign_in(people["organiser"]).post(url("meeting_record", round, proposal.pk), posted)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["minutes"])
    assert page.context["form"]["number"].value() == "2026-8"


def test_a_decider_changes_one_outcome_in_its_row():
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    client = sign_in(people["decider"])
    row = proposal.rows.get(outcome="reserve")
    page = client.get(url("proposal_detail", round, proposal.pk) + f"?change={row.pk}")
    assert page.context["changing"] == row
    page = client.post(url("outcome_change", round, proposal.pk, row.pk), {"outcome": "advance", "note": " "})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["note"])
    assert page.context["form"]["outcome"].value() == "advance"
    assert client.post(url("outcome_change", round, proposal.pk, row.pk), {"outcome": "advance", "note": "会议决定。"}).status_code == 302
    row.refresh_from_db()
    assert (row.computed, row.outcome, row.note, row.changed_by) == ("reserve", "advance", "会议决定。", people["decider"])
    assert sign_in(people["organiser"]).post(url("outcome_change", round, proposal.pk, row.pk), {"outcome": "reserve"}).status_code == 403


def test_signing_asks_for_the_second_factor_and_the_second_person_releases():
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    address = url("proposal_sign", round, proposal.pk)
    stale = sign_in(people["decider"])
    assert proposal.digest[:4] in stale.get(address).content.decode()
    assert stale.post(address, {"digest": proposal.digest}).status_code == 200
    assert not Signature.objects.exists()
    client = sign_in(people["decider"], fresh=True)
    page = client.post(address, {"digest": "0" * 64})
    assert (page.status_code, page.context["form"]["digest"].value()) == (422, proposal.digest)
    assert client.post(address, {"digest": proposal.digest}).status_code == 302
    assert client.post(address, {"digest": proposal.digest}).status_code == 422
    round.refresh_from_db()
    assert round.state == "closed"
    assert sign_in(people["organiser"], fresh=True).post(address, {"digest": proposal.digest}).status_code == 302
    round.refresh_from_db()
    assert round.state == "released"


def test_refusals_say_why():
    round, entries = make_closed_round(FOUR)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    conflicted = make_user()
    give(conflicted, "decider", f"competition:{round.competition_id}")
    Conflict.objects.create(
        user=conflicted, cluster=entries[0].application.cluster, kind="adviser", declared_by=conflicted, declared_at=timezone.now()
    )
    once = make_user()
    membership = give(once, "evaluator", f"competition:{round.competition_id}")
    membership.ended_at = timezone.now()
    membership.save()
    give(once, "decider", f"competition:{round.competition_id}")
    writer = entries[1].application.created_by
    give(writer, "decider", f"competition:{round.competition_id}")
    for person, code in (
        (conflicted, "competition.scores_conflict"),
        (once, "competition.evaluators_do_not_decide"),
        (writer, "competition.parties_do_not_decide"),
    ):
        page = sign_in(person, fresh=True).post(url("proposal_sign", round, proposal.pk), {"digest": proposal.digest})
        assert (page.status_code, [reason.code for reason in page.context["reasons"]]) == (403, [code])
        board = sign_in(person).get(url("decision_list", round))
        assert board.context["board"][0]["may_read"].reason.code == code
    assert sign_in(make_user()).get(url("proposal_detail", round, proposal.pk)).status_code == 404


def test_reading_a_proposal_is_written_down():
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    proposal = to_meeting(round, people)
    sign_in(people["supervisor"]).get(url("proposal_detail", round, proposal.pk))
    assert Record.objects.get(action="standings.read").actor == f"user:{people['supervisor'].pk}"


def test_objection_suspends_one_and_awards_follow_the_period():
    round, entries = make_closed_round(FOUR)
    people = make_staff(round)
    now = timezone.now()
    proposal = release(round, people, at=now)
    notice = proposal.notice
    client = sign_in(people["organiser"])
    assert client.get(url("notice_detail", round, notice.pk)).status_code == 200
    posted = {"entry": entries[0].pk, "objector_kind": "person", "objector": "王某", "contact": "", "text": "数据有误。"}
    posted |= {"received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}
    page = client.post(url("objection_record", round, notice.pk), posted)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["contact"])
    made = record_objection(
        notice,
        entry=entries[0],
        objector_kind="person",
        objector="王某",
        contact="139",
        text="数据有误。",
        received_at=now,
        actor=people["organiser"],
        at=now,
    )
    page = client.get(url("notice_detail", round, notice.pk))
    assert [row["suspended"] for row in page.context["rows"] if row["entry"].pk == entries[0].pk] == [True]
    page = client.get(url("award_list", round, round.pk))
    assert [reason.code for reason in page.context["against"]] == ["competition.publicity_running"]
    assert client.post(url("award_list", round, round.pk), {"titles": ["cluster"]}).status_code == 422
    decider = sign_in(people["decider"])
    assert decider.get(reverse("competition:decider_home")).context["rows"][0]["kind"] == "objection"
    assert decider.post(url("objection_detail", round, made.pk), {"ruling": "reject", "decision": ""}).status_code == 422
    assert decider.post(url("objection_detail", round, made.pk), {"ruling": "reject", "decision": "属实。"}).status_code == 302
    assert Objection.objects.get().state == "rejected"


def test_an_award_is_given_and_revoked():
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    now = timezone.now()
    release(round, people, at=now - timedelta(days=40))
    client = sign_in(people["organiser"])
    assert client.post(url("award_list", round, round.pk), {"titles": ["cluster", "organisation"]}).status_code == 302
    rows = client.get(url("award_list", round, round.pk)).context["rows"]
    assert [row["state"] for row in rows] == ["valid"] * 6
    award = rows[0]["award"]
    assert client.post(url("award_revoke", round, award.pk), {"reason": ""}).status_code == 422
    assert client.post(url("award_revoke", round, award.pk), {"reason": "弄虚作假。"}).status_code == 302
    award.refresh_from_db()
    assert (award.state, award.revoke_reason) == ("revoked", "弄虚作假。")


@pytest.mark.parametrize("page", ["decision_list", "proposal_detail", "notice_detail", "award_list", "ledger_list", "home"])
def test_the_same_queries_at_one_and_three_rows(page):
    counts = []
    for totals in (FOUR[:1], FOUR[:3]):
        rule = {"take": {"top": 3}, "scope": "overall", "reserve": 1}
        round, _ = make_closed_round(totals, rule=rule)
        people = make_staff(round)
        if page == "home":
            for _number in totals:
                other, _entries = make_closed_round(FOUR)
                give(people["decider"], "decider", f"competition:{other.competition_id}")
                to_meeting(other, make_staff(other))
            address, person = reverse("competition:decider_home"), people["decider"]
        else:
            if page == "decision_list":
                for _number in totals:
                    proposal = propose(round, actor=people["organiser"], at=timezone.now())
            else:
                proposal = release(round, people, at=timezone.now() - timedelta(days=40))
                if page == "award_list":
                    give_awards(round, titles=("cluster",), actor=people["organiser"], at=timezone.now())
            keys = {"proposal_detail": [proposal.pk], "award_list": [round.pk]}.get(page, [])
            keys = [proposal.notice.pk] if page == "notice_detail" else keys
            address, person = url(page, round, *keys), people["organiser"]
        client = sign_in(person)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_rows_are_as_many_as_entries():
    round, _ = make_closed_round(("91.20", "88.45"))
    propose(round, actor=make_staff(round)["organiser"], at=timezone.now())
    assert ProposalRow.objects.count() == 2
