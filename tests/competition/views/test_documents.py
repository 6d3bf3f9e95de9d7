"""Documents as pages: asked for, listed at a constant number of queries, taken as a download that leaves its trace."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Document
from competition.services.documents import draw, issue
from jobs.models import Job
from ledger.models import Record
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.documents import make_submitted
from tests.factories.papers import make_papers

pytestmark = pytest.mark.django_db


def address(name, competition, **kwargs):
    return reverse(f"competition:document_{name}", kwargs={"pk": competition.pk, **kwargs})


def organiser_of(competition):
    person = make_user()
    give(person, "organiser", f"competition:{competition.pk}")
    return person


def test_the_list_costs_the_same_for_one_and_three():
    revision, _applicant = make_submitted()
    competition = revision.application.competition
    staff = organiser_of(competition)
    issue("receipt", str(revision.pk), language="en", actor=None, at=NOW)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            issue("receipt", str(make_submitted(competition)[0].pk), language="en", actor=None, at=NOW)
        client = sign_in(staff)
        client.get(address("list", competition))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address("list", competition))
        counts.append(len(queries))
        assert len(response.context["items"]) == 1 + more
    assert counts[0] == counts[1]


def test_an_applicant_asks_waits_and_takes_it(run_jobs):
    revision, applicant = make_submitted()
    competition, client = revision.application.competition, sign_in(applicant)
    page = reverse(
        "competition:revision_receipt", kwargs={"pk": competition.pk, "application_pk": revision.application_id, "number": revision.number}
    )
    response = client.post(address("issue", competition), {"kind": "receipt", "key": revision.pk, "back": page})
    assert (response.status_code, response.url) == (302, page)
    document = Document.objects.get()
    file = address("file", competition, document_pk=document.pk)
    assert client.get(file).status_code == 409
    job = Job.objects.get(kind="document.render")
    assert client.get(reverse("job_progress", kwargs={"pk": job.pk})).status_code == 200
    assert "job-" in client.get(page).content.decode()
    run_jobs()
    assert file in client.get(page).content.decode()
    response = client.get(file)
    assert response["Content-Type"] == "application/pdf" and response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment;") and document.number in response["Content-Disposition"]
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert not Record.objects.filter(action="document.read").exists()


@pytest.mark.parametrize(
    ("back", "followed"), [("https://evil.example/", ""), ("//evil.example/", ""), ("home", ""), ("{{7}}", ""), ("/home/", "/home/")]
)
def test_where_to_go_back_to_is_our_own(back, followed):
    revision, applicant = make_submitted()
    competition = revision.application.competition
    response = sign_in(applicant).post(address("issue", competition), {"kind": "receipt", "key": revision.pk, "back": back})
    assert response.url == (followed or address("detail", competition, document_pk=Document.objects.get().pk))


def test_asking_for_what_is_not_there_or_elsewhere():
    revision, applicant = make_submitted()
    other, _ = make_submitted()
    client = sign_in(applicant)
    competition = revision.application.competition
    for data in (
        {},
        {"kind": "receipt"},
        {"kind": "fable", "key": "1"},
        {"kind": "receipt", "key": "x"},
        {"kind": "receipt", "key": other.pk},
    ):
        assert client.post(address("issue", competition), data).status_code == 404
    assert not Document.objects.exists()


def test_reading_others_scores_leaves_a_record_and_the_name_tells_nothing():
    papers = make_papers()
    document = draw(issue("award_report", str(papers.proposal.pk), language="zh-hans", actor=None, at=NOW), at=NOW)
    response = sign_in(papers.organiser).get(address("file", papers.competition, document_pk=document.pk))
    assert response.status_code == 200
    record = Record.objects.get(action="document.read")
    assert (record.actor, record.subject) == (f"user:{papers.organiser.pk}", f"document:{document.pk}")
    own = papers.sheets[0]
    sheet = draw(issue("score_sheet", str(own.pk), language="en", actor=None, at=NOW), at=NOW)
    assert sign_in(own.assignment.evaluator.user).get(address("file", papers.competition, document_pk=sheet.pk)).status_code == 200
    assert Record.objects.filter(action="document.read").count() == 1
    stranger = papers.sheets[1].assignment.evaluator.user
    assert sign_in(stranger).get(address("file", papers.competition, document_pk=document.pk)).status_code == 404


def test_a_withheld_document_is_listed_without_what_it_is_about():
    papers = make_papers()
    issue("award_report", str(papers.proposal.pk), language="zh-hans", actor=None, at=NOW)
    type(papers.final).objects.filter(pk=papers.final.pk).update(state="judging")
    (item,) = sign_in(papers.organiser).get(address("list", papers.competition)).context["items"]
    assert (item.about, item.reason.code) == ("", "competition.scores_sealed")
