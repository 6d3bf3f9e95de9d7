"""What the public sees, before and after the release, and what a verification code answers."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition import guesses
from competition.models import Document, Round
from competition.selectors.outcomes import own_outcomes
from competition.selectors.setup import missing
from competition.services.awards import give_awards, revoke_award
from competition.services.entries import withdraw_entry
from tests.cast import sign_in
from tests.factories.accounts import give
from tests.factories.decisions import make_staff, release, to_meeting
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
FOUR = ("91.20", "88.45", "80.10", "70.05")


def result(round):
    return reverse("public:result", args=[round.competition.code, round.code])


def names(page):
    return [row["cluster"].name_zh for row in page.context["rows"]]


@pytest.mark.parametrize("settings", [{}, {"public_ranks": True, "public_not_chosen": True, "public_order": "rank"}])
def test_before_the_release_nothing_shows(settings):
    round, entries = make_closed_round(FOUR, **settings)
    to_meeting(round, make_staff(round))
    for client in (Client(), sign_in(entries[0].application.created_by)):
        assert client.get(result(round)).status_code == 404
        page = client.get(reverse("public:results"))
        assert (page.status_code, page.context["rows"]) == (200, [])
        assert not any(entry.application.cluster.name_zh in page.content.decode() for entry in entries)
        answer = client.get(reverse("public:results"), headers={"Accept": "application/json"})
        assert "advance" not in answer.content.decode()


def test_by_default_the_chosen_only_in_region_order_without_rank_or_score():
    round, entries = make_closed_round(FOUR)
    clusters = [entry.application.cluster for entry in entries]
    for cluster, region in zip(clusters, ("440000", "320000", "110000", "120000"), strict=True):
        cluster.lead_region_id = region
        cluster.save()
    release(round, make_staff(round))
    page = Client().get(result(round))
    assert names(page) == [clusters[2].name_zh, clusters[1].name_zh, clusters[0].name_zh]
    assert [row["rank"] for row in page.context["rows"]] == [None, None, None]
    assert page.context["race"] is None
    words = page.content.decode()
    assert clusters[3].name_zh not in words
    assert not any(total in words for total in FOUR)


def test_a_round_may_publish_otherwise_than_its_competition():
    """The competition tells everything; of this round the chosen only, with their totals."""
    round, entries = make_closed_round(FOUR, rounds=2, public_ranks=True, public_not_chosen=True)
    Round.objects.filter(pk=round.pk).update(publication={"shown": "chosen", "order": "rank", "ranks": True, "totals": True})
    round.refresh_from_db()
    release(round, make_staff(round))
    page = Client().get(result(round))
    assert [(row["rank"], row["total"]) for row in page.context["rows"]] == [(1, "91.20"), (2, "88.45"), (3, "80.10")]
    words = page.content.decode()
    assert all(total in words for total in FOUR[:3]) and FOUR[3] not in words
    assert entries[3].application.cluster.name_zh not in words
    assert page.context["macro"] == []


def test_a_round_of_which_nothing_is_published_tells_each_applicant_the_own_outcome():
    round, entries = make_closed_round(FOUR, rounds=2, public_ranks=True, public_not_chosen=True)
    Round.objects.filter(pk=round.pk).update(publication={"shown": "nothing"})
    round.refresh_from_db()
    people = make_staff(round)
    assert not hasattr(release(round, people), "notice")
    assert Client().get(result(round)).status_code == 404
    assert Client().get(reverse("public:results")).context["rows"] == []
    assert not any(entry.application.cluster.name_zh in Client().get(reverse("start"), follow=True).content.decode() for entry in entries)
    applicant = entries[3].application.created_by
    give(applicant, "applicant", f"organisation:{entries[3].application.organisation_id}")
    own = own_outcomes(applicant, entries[3].application)
    assert [(row.released, row.entry.outcome, row.notice) for row in own] == [(True, "reserve", None)]
    page = sign_in(applicant).get(reverse("competition:application_detail", args=[round.competition_id, entries[3].application_id]))
    assert str(own[0].word) in page.content.decode()
    staff = sign_in(people["organiser"]).get(reverse("competition:decision_list", args=[round.competition_id]))
    assert staff.status_code == 200
    later = round.competition.rounds.get(order=2)
    assert "competition.last_round_unpublished" not in [row.reason.code for row in missing(round.competition)]
    Round.objects.filter(pk=later.pk).update(publication={"shown": "nothing"})
    found = [row for row in missing(round.competition) if row.reason.code == "competition.last_round_unpublished"]
    assert [(row.url_name, row.round_id) for row in found] == [("competition:round_edit", later.pk)]


def test_ranks_and_those_not_chosen_are_a_setting():
    round, entries = make_closed_round(FOUR, public_ranks=True, public_not_chosen=True, public_order="rank", demo=True)
    release(round, make_staff(round))
    page = Client().get(result(round))
    assert [(row["rank"], row["outcome"]) for row in page.context["rows"]] == [
        (1, "advance"),
        (2, "advance"),
        (3, "advance"),
        (4, "reserve"),
    ]
    assert [lane["ranks"] for lane in page.context["race"]["lanes"]] == [[1], [2], [3], [4]]
    words = page.content.decode()
    assert "DEMO DATA" in words
    assert not any(total in words for total in FOUR)
    assert names(Client().get(result(round), {"q": entries[1].application.cluster.name_zh})) == [entries[1].application.cluster.name_zh]
    assert names(Client().get(result(round), {"outcome": "reserve"})) == [entries[3].application.cluster.name_zh]
    assert names(Client().get(result(round), {"track": "nowhere"})) == []


def test_who_left_after_the_release_is_no_longer_named():
    round, entries = make_closed_round(FOUR)
    people = make_staff(round)
    release(round, people)
    withdraw_entry(entries[0], reason="自愿退出。", actor=people["organiser"], at=timezone.now())
    assert entries[0].application.cluster.name_zh not in Client().get(result(round)).content.decode()


def test_the_same_queries_at_one_and_three_rows():
    counts = []
    for totals in (FOUR[:1], FOUR[:3]):
        round, _ = make_closed_round(totals, public_ranks=True, public_not_chosen=True)
        release(round, make_staff(round))
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(result(round)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 25


def code(text):
    return reverse("public:verify_code", args=[text])


def test_a_code_answers_valid_revoked_expired_unknown():
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    release(round, people, at=timezone.now() - timedelta(days=40))
    valid, revoked, expired = give_awards(round, titles=("cluster",), actor=people["organiser"], at=timezone.now())
    revoke_award(revoked, reason="弄虚作假。", actor=people["organiser"], at=timezone.now())
    expired.valid_until = timezone.localdate() - timedelta(days=1)
    expired.save()
    client = Client()
    typed = "-".join([valid.verify_code[:5].lower(), valid.verify_code[5:]])
    page = client.get(reverse("public:verify"), {"code": f" {typed} "}, follow=True)
    assert (page.status_code, page.context["verdict"]) == (200, "valid")
    assert valid.number in page.content.decode()
    page = client.get(code(revoked.verify_code))
    assert (page.context["verdict"], page.context["revoked_at"].date()) == ("revoked", timezone.now().date())
    assert "弄虚作假" not in page.content.decode()
    assert client.get(code(expired.verify_code)).context["verdict"] == "expired"
    page = client.get(code("2222333344445555"))
    assert (page.status_code, page.context["verdict"]) == (404, "unknown")
    assert client.get(reverse("public:verify")).status_code == 200


def make_document(**fields):
    defaults = {
        "kind": "award_report",
        "subject": "proposal:0",
        "scope": "competition:1",
        "edition": 1,
        "language": "zh-hans",
        "number": f"AR-{Document.objects.count()}",
        "verify_code": f"ABCDEFGH2345678{2 + Document.objects.count()}",
        "context": {},
        "context_digest": "0" * 64,
        "issued_at": timezone.now(),
        "issued_by": "system",
    }
    return Document.objects.create(**defaults | fields)


def test_a_document_answers_too():
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    release(round, people, at=timezone.now() - timedelta(days=40))
    award = give_awards(round, titles=("cluster",), actor=people["organiser"], at=timezone.now())[0]
    draft, first = make_document(draft=True), make_document(kind="receipt", subject="revision:5")
    second = make_document(kind="receipt", subject="revision:5", edition=2)
    certificate = make_document(kind="certificate", subject=f"award:{award.pk}")
    client = Client()
    verdicts = [client.get(code(row.verify_code)).context["verdict"] for row in (draft, first, second, certificate)]
    assert verdicts == ["draft", "superseded", "valid", "valid"]
    revoke_award(award, reason="弄虚作假。", actor=people["organiser"], at=timezone.now())
    assert client.get(code(certificate.verify_code)).context["verdict"] == "revoked"


def test_guesses_are_limited_per_browser_and_others_go_on():
    client = Client()
    statuses = [client.get(code(f"22223333444455{n:02}".replace("0", "9").replace("1", "8"))).status_code for n in range(12)]
    assert statuses == [404] * guesses.PER_BROWSER + [429] * 2
    assert Client().get(code("2222333344445555")).status_code == 404


def test_no_browser_kept_the_address_is_limited(monkeypatch):
    monkeypatch.setattr(guesses, "PER_ADDRESS", 3)
    statuses = [Client().get(code("2222333344445555")).status_code for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]


def test_json_of_a_refusal_tells_nothing():
    round, _ = make_closed_round(FOUR)
    proposal = to_meeting(round, make_staff(round))
    address = reverse("competition:proposal_detail", args=[round.competition_id, proposal.pk])
    answer = Client().get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert set(json.loads(answer.content)) <= {"reasons", "detail", "code", "reason"}
