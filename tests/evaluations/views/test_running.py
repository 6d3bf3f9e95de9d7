"""Progress, closing, standings and re-opening as their staff see them."""

import pytest
from django.urls import reverse
from django.utils import translation

from competition.models import Conflict, Round, Standing, Standings
from competition.services.decisions import propose
from competition.services.reopenings import request_reopening
from competition.services.rounds import close_round
from evaluations.models import Sheet, Undertaking
from evaluations.services.standings import refresh_standings
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_round
from tests.factories.evaluations import make_evaluator
from tests.factories.judging import TABLE, Judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged():
    return Judged()


def address(name, judged, **more):
    return reverse(f"evaluations:{name}", kwargs={"pk": judged.round.competition_id, "round_pk": judged.round.pk, **more})


def close(judged):
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)


def test_progress_shows_numbers_and_states_and_never_a_total(judged):
    judged.seat("X", make_evaluator(make_user("Late")), {"A1": 8650}, edit_version=1)
    refresh_standings(judged.round, at=NOW)
    client = sign_in(judged.organiser)
    for by in ("evaluator", "entry", "seat"):
        page = client.get(address("round_progress", judged), {"by": by})
        text = page.content.decode()
        assert page.status_code == 200
        assert page.context["computed"].sheets == 12
        assert page.context["computed"].current
        assert (page.context["all"].done, page.context["all"].seats) == (12, 13)
        assert not [total for total in ("82.30", "82.20", "79.30", "86.5") if total in text]


def test_the_live_part_alone_answers_htmx(judged):
    text = sign_in(judged.organiser).get(address("round_progress", judged), headers={"HX-Request": "true"}).content.decode()
    assert text.lstrip().startswith('<div class="stack" id="live"')
    assert 'hx-trigger="every 4s"' in text


@pytest.mark.parametrize("by", ["evaluator", "entry", "seat"])
def test_progress_asks_as_often_for_three_as_for_one(by, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for table in ({"X": TABLE["X"][:1]}, {name: panel[:3] for name, panel in TABLE.items()}):
        judged = Judged(table)
        client = sign_in(judged.organiser)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address("round_progress", judged), {"by": by}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_closing_lists_what_is_open_and_does_not_close(judged):
    sheet = judged.seat("X", make_evaluator(make_user("Late")))
    client = sign_in(judged.organiser)
    page = client.get(address("round_close", judged))
    assert [seat.pk for seat in page.context["seats"]] == [sheet.assignment_id]
    assert [act["url"].rsplit("/", 2)[1] for act in page.context["seats"][0].acts] == ["extend", "replace", "waive"]
    assert client.post(address("round_close", judged)).status_code == 409
    assert Round.objects.get(pk=judged.round.pk).state == "judging"


def test_closing_leads_to_the_standings(judged):
    client = sign_in(judged.organiser)
    response = client.post(address("round_close", judged), follow=True)
    assert response.redirect_chain == [(address("standings", judged), 302)]
    assert [(row.place, row.total, row.outcome) for row in response.context["rows"]] == [
        (1, "82.30", "advance"),
        (2, "82.20", "reserve"),
        (3, "79.30", "eliminated"),
    ]
    assert [str(row.distance) for row in response.context["rows"]] == ["0", "-1/10", "-3"]
    assert [(row.cut_below, bool(row.reserve_below)) for row in response.context["rows"]] == [(True, False), (False, True), (False, False)]
    assert Record.objects.filter(action="standings.read", actor=f"user:{judged.organiser.pk}").count() == 1


def test_the_last_round_says_who_is_to_be_recognised_and_an_earlier_one_who_goes_on(judged):
    close(judged)
    client = sign_in(judged.organiser)

    def said():
        rows = client.get(address("standings", judged)).context["rows"]
        entry = client.get(reverse("evaluations:standing_entry", args=[judged.round.competition_id, judged.round.pk, rows[0].entry_id]))
        return [str(row.word) for row in rows], str(entry.context["word"])

    with translation.override("zh-hans"):
        assert said() == (["拟认定", "递补", "未入选"], "拟认定")
        make_round(judged.round.competition)
        assert said() == (["拟晋级", "递补", "未晋级"], "拟晋级")


def test_a_list_asks_as_often_for_three_as_for_one(judged):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for table in ({"X": TABLE["X"]}, TABLE):
        one = Judged(table)
        close(one)
        Standing.objects.filter(standings__round=one.round).update(tie_broken_by="dimension:A")
        client = sign_in(one.organiser)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address("standings", one))
        assert page.status_code == 200 and "维度A" in page.content.decode()
        counts.append(len(queries))
    assert counts == [12, 12]


def test_who_signed_is_counted_by_evaluator_however_many_seats_each_has(judged):
    for evaluator in judged.evaluators[1:]:
        Undertaking.objects.get_or_create(round=judged.round, evaluator=evaluator, defaults={"text_digest": "0" * 64, "signed_at": NOW})
    Undertaking.objects.filter(round=judged.round, evaluator=judged.evaluators[0]).delete()
    close(judged)
    checks = sign_in(judged.organiser).get(address("standings", judged)).context["checks"]
    assert [row["value"] for row in checks[:2]] == ["12 / 12", "3 / 4"]


def test_nobody_sees_standings_before_the_round_is_closed(judged):
    page = sign_in(judged.organiser).get(address("standings", judged))
    assert page.status_code == 403
    assert page.context["reason"].code == "competition.scores_sealed"
    assert not Record.objects.filter(action="standings.read").exists()


def test_a_conflict_hides_every_rank_and_says_why(judged):
    close(judged)
    Conflict.objects.create(
        user=judged.supervisor,
        cluster=judged.entries["Y"].application.cluster,
        kind="other",
        note="亲属任职。",
        declared_by=judged.supervisor,
        declared_at=NOW,
    )
    page = sign_in(judged.supervisor).get(address("standings", judged))
    text = page.content.decode()
    assert page.status_code == 403
    assert text.count('class="withheld"') == 3
    assert "82.30" not in text
    assert sign_in(judged.supervisor).get(address("standing_entry", judged, entry_pk=judged.entries["X"].pk)).status_code == 403


def test_an_entry_shows_each_evaluators_marks_by_code(judged):
    close(judged)
    page = sign_in(judged.decider).get(address("standing_entry", judged, entry_pk=judged.entries["X"].pk))
    text = page.content.decode()
    assert [[cell["value"] for cell in line["cells"]] for line in page.context["criteria"]] == [
        ["80", "75", "91", "88"],
        ["90", "85", "70", "77"],
    ]
    assert judged.evaluators[0].code in text
    assert judged.evaluators[0].user.display_name() not in text
    record = Record.objects.get(action="standings.read")
    assert record.after["entry"] == judged.entries["X"].pk


def test_a_proposal_says_what_is_missing_before_the_release(judged):
    close(judged)
    propose(judged.round, actor=judged.organiser, at=NOW)
    page = sign_in(judged.organiser).get(address("standings", judged))
    assert [reason.code for reason in page.context["blocked"]] == ["competition.proposal_not_tabled"]
    assert page.context["line"].proposal.number == 1


def test_a_second_person_opens_the_round_again(judged):
    close(judged)
    client = sign_in(judged.organiser)
    assert client.post(address("round_reopen", judged), {"reason": " "}).status_code == 422
    assert client.post(address("round_reopen", judged), {"reason": "一份评分表录入有误。"}).status_code == 302
    assert client.post(address("reopening_answer", judged), {"do": "approve"}).status_code == 422
    other = sign_in(judged.decider)
    assert "一份评分表录入有误。" in other.get(address("round_reopen", judged)).content.decode()
    assert other.post(address("reopening_answer", judged), {"do": "approve"}).status_code == 302
    assert Round.objects.get(pk=judged.round.pk).state == "judging"
    assert Standings.objects.count() == 1


def test_a_request_is_declined(judged):
    close(judged)
    request_reopening(judged.round, reason="录入有误。", actor=judged.organiser, at=NOW)
    assert sign_in(judged.decider).post(address("reopening_answer", judged), {"do": "decline"}).status_code == 302
    assert list(judged.round.reopenings.values_list("approved", flat=True)) == [False]


def seat_address(name, sheet):
    return reverse(f"evaluations:{name}", args=[sheet.assignment.entry.round.competition_id, sheet.assignment_id])


def test_a_seat_is_extended_replaced_waived_and_its_sheet_returned(judged):
    client = sign_in(judged.organiser)
    sheet = judged.seat("X", make_evaluator(make_user("Late")))
    assert client.post(seat_address("seat_extend", sheet), {"due_at": "", "reason": ""}).status_code == 422
    past = client.post(seat_address("seat_extend", sheet), {"due_at": "2020-01-01T10:00", "reason": "出差。"})
    assert (past.status_code, list(past.context["form"].errors)) == (422, ["due_at"])
    assert client.post(seat_address("seat_extend", sheet), {"due_at": "2999-01-01T10:00", "reason": "出差。"}).status_code == 302
    fresh = make_evaluator(make_user("Fresh"))
    give(fresh.user, "evaluator", f"competition:{judged.round.competition_id}")
    taken = client.post(seat_address("seat_replace", sheet), {"evaluator": judged.evaluators[0].pk, "reason": "因病。"})
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["evaluator"])
    assert client.post(seat_address("seat_replace", sheet), {"evaluator": fresh.pk, "reason": "因病。"}).status_code == 302
    successor = judged.entries["X"].assignments.get(evaluator=fresh)
    assert (successor.state, successor.replaces_id) == ("published", sheet.assignment_id)
    waive = reverse("evaluations:seat_waive", args=[judged.round.competition_id, successor.pk])
    assert client.post(waive, {"reason": "人数已够。"}).status_code == 302
    done = Sheet.objects.filter(state="submitted").first()
    assert client.post(seat_address("sheet_return", done), {"reason": "评语与分数不符。"}).status_code == 302
    assert Sheet.objects.get(pk=done.pk).state == "returned"
