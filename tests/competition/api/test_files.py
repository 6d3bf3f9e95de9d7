"""Files of an application as programs list, add, take out and read them."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from competition.models import Attachment
from ledger.models import Record
from tests.accounts.test_tokens import ask, codes, key
from tests.factories.applying import PDF, make_applicant, make_draft, make_submitted, pdf
from tests.factories.competition import NOW

pytestmark = pytest.mark.django_db


def send(text, application, slot, upload, **headers):
    address = reverse("api_files", args=[application.pk])
    return Client().post(address, {"slot": slot, "file": upload}, headers={"Authorization": f"Bearer {text}", **headers})


def listed(person, application):
    return [row["name"] for row in ask(key(person)[1], reverse("api_files", args=[application.pk])).json()["results"]]


def test_a_file_is_added_once_read_byte_for_byte_and_taken_out(call):
    draft, person = make_draft(call)
    _, text = key(person, "read", "apply")
    content = PDF + b"% of 2025\n"
    first, again = (send(text, draft, "further", pdf("附表 2.pdf", content), **{"Idempotency-Key": "n1"}) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    made = first.json()
    assert [made[name] for name in ("slot", "name", "size", "sha256")] == ["further", "附表 2.pdf", 43, sha256(content).hexdigest()]
    assert listed(person, draft) == ["附表 2.pdf", "登记证书.pdf"]
    other = send(text, draft, "further", pdf("附表 2.pdf", PDF), **{"Idempotency-Key": "n1"})
    assert codes(other) == ["accounts.act_key_used"]
    answer = ask(text, reverse("api_file_content", args=[made["id"]]))
    assert b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Disposition"].startswith("attachment;") and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ask(text, reverse("api_file", args=[made["id"]]), "delete").status_code == 204
    assert listed(person, draft) == ["登记证书.pdf"]
    assert Record.objects.filter(action="attachment.add", subject=f"attachment:{made['id']}").count() == 1


@pytest.mark.parametrize(
    ("slot", "name", "content", "status", "field"),
    [
        ("licence", "二.pdf", PDF, 409, "file"),  # the slot has its one
        ("further", "说明.pdf", b"MZ\x90\x00 not a document", 409, "file"),
        ("further", "大.pdf", PDF + b"0" * (1024 * 1024), 409, "file"),
        ("further", "空.pdf", b"", 409, "file"),
        ("elsewhere", "一.pdf", PDF, 409, "slot"),
        ("", "一.pdf", PDF, 400, "slot"),
    ],
)
def test_what_the_slot_does_not_take_is_refused_at_its_field(call, slot, name, content, status, field):
    draft, person = make_draft(call)
    answer = send(key(person, "read", "apply")[1], draft, slot, pdf(name, content))
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])
    assert Attachment.objects.filter(application=draft).count() == 1


def test_others_see_what_was_submitted_and_add_nothing(call, monkeypatch):
    application, person, _ = make_submitted(call)
    draft, _owner = make_draft(call)
    rival, _ = make_applicant()
    assert listed(call.organiser, application) == ["登记证书.pdf"]
    for pk, status in ((draft.pk, 404), (application.pk, 404)):
        assert ask(key(rival)[1], reverse("api_files", args=[pk])).status_code == status
    assert send(key(call.organiser, "organise", "apply")[1], application, "further", pdf()).status_code == 403
    file = application.attachments.get()
    assert ask(key(rival)[1], reverse("api_file_content", args=[file.pk])).status_code == 404
    assert ask(key(call.organiser, "apply")[1], reverse("api_file", args=[file.pk]), "delete").status_code == 403
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=1))
    assert codes(send(key(person, "apply")[1], application, "further", pdf())) == ["competition.application_not_editable"]
    assert codes(send(key(person, "read")[1], application, "further", pdf())) == ["accounts.token_scope_needed"]


def test_a_json_body_is_not_a_file(call):
    draft, person = make_draft(call)
    answer = ask(key(person, "apply")[1], reverse("api_files", args=[draft.pk]), "post", data='{"slot": "further"}')
    assert answer.status_code == 415
