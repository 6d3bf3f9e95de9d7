"""The applicant's pages and the organiser's intake, by request."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competition.models import Round
from tests.cast import sign_in
from tests.factories.applying import make_call, make_draft, make_submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    """Around this very moment: views read the clock."""
    call = make_call()
    now = timezone.now()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - timedelta(days=2), intake_closes=now + timedelta(days=5, hours=3))
    call.round.refresh_from_db()
    return call


def url(name, application, *more):
    return reverse(f"competition:{name}", args=[application.competition_id, application.pk, *more])


def autosave(client, application, version, **values):
    return client.post(
        url("draft_save", application),
        json.dumps({"version": version, "values": values}),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def test_pages_of_a_draft(call):
    application, user = make_draft(call, at=timezone.now())
    client = sign_in(user)
    for name in ("application_detail", "application_edit", "application_submit"):
        assert client.get(url(name, application)).status_code == 200, name
    assert client.get(reverse("competition:application_list")).status_code == 200


def test_pages_of_a_submitted_one(call):
    application, user, revision = make_submitted(call, at=timezone.now())
    client = sign_in(user)
    for name in ("application_detail", "application_withdraw"):
        assert client.get(url(name, application)).status_code == 200, name
    for name in ("revision_detail", "revision_receipt"):
        assert client.get(url(name, application, 1)).status_code == 200, name
    assert revision.receipt_number in client.get(url("revision_receipt", application, 1)).content.decode()
    staff = sign_in(call.organiser)
    for name in ("intake_detail", "application_accept", "application_return", "application_refuse"):
        assert staff.get(url(name, application)).status_code == 200, name
    assert staff.get(reverse("competition:intake_list", args=[call.competition.pk])).status_code == 200
