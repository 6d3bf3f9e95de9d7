"""No room on the disk while a file is written: said in a line, nothing half is left, and it can be done again.

The limit of a file's size that the kernel keeps for this process stands in for the disk: what is written before it is really there."""

import contextlib
import resource

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from competition.models import Attachment, Document, Round
from competition.services.documents import issue
from jobs.models import Job
from jobs.services import hint, retry, run
from tests.cast import sign_in
from tests.factories.applying import PDF, make_call, make_draft, pdf
from tests.factories.documents import make_award

# On SQLite the database is a file of this process, too.
pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(120)]


@contextlib.contextmanager
def room_for(bytes_of_a_file):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_of_a_file, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def stored(folder):
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return sorted(files + [name for inner in folders for name in default_storage.listdir(f"{folder}/{inner}")[1]])


@pytest.mark.django_db(transaction=True)
def test_a_document_that_finds_no_room_fails_in_words_and_is_drawn_later(monkeypatch):
    monkeypatch.setattr(hint, "_silent_until", float("inf"))
    drawn = issue("certificate", str(make_award().pk), language="zh-hans", actor=None, at=timezone.now())
    job = Job.objects.get(kind="document.render")
    default_storage.save(f"documents/{drawn.verify_code}.pdf", ContentFile(PDF))  # of another worker, which was quicker
    before = stored("documents")
    with room_for(3000):
        run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.error_code) == ("queued", "job.disk_full")  # tried again by itself
        Job.objects.filter(pk=job.pk).update(attempts=job.max_attempts - 1, run_after=timezone.now())
        run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "job.disk_full")
    assert (stored("documents"), Document.objects.get().file.name) == (before, "")

    retry(job, actor="user:1", at=timezone.now())
    run(job.pk)
    drawn.refresh_from_db()
    assert len(stored("documents")) == len(before) + 1
    with default_storage.open(drawn.file.name) as file:
        assert len(file.read()) > 3000


@pytest.mark.django_db
def test_an_upload_that_finds_no_room_is_refused_at_its_field_and_the_rest_is_saved():
    call, now = make_call(), timezone.now()
    Round.objects.filter(pk=call.round.pk).update(
        intake_opens=now - timezone.timedelta(days=2), intake_closes=now + timezone.timedelta(days=5)
    )
    application, user = make_draft(call, at=now)
    files, rows = stored("attachments"), Attachment.objects.count()
    address = reverse("competition:application_edit", args=[application.competition_id, application.pk])
    content = PDF + b"%" * 9_000
    sent = {"version": application.draft_version, "area": "77.25", "file.further": pdf("新证明.pdf", content)}
    client = sign_in(user)
    with room_for(3000):
        response = client.post(address, sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert response.context["file_faults"] == [("further", "“新证明.pdf”未能存入：服务器空间不足。其他内容未受影响，请稍后重试。")]
    assert response.context["file_faults"][0][1] in page
    application.refresh_from_db()
    assert application.draft["area"] == "77.25"
    assert (stored("attachments"), Attachment.objects.count()) == (files, rows)
    assert (
        client.post(address, sent | {"version": application.draft_version, "file.further": pdf("新证明.pdf", content)}).status_code == 302
    )
    assert len(stored("attachments")) == len(files) + 1


@pytest.mark.django_db
def test_no_room_even_to_take_a_file_in_is_a_page_in_words(settings):
    """The file is on its way to the disk while the request is read: no form is reached yet."""
    call, now = make_call(), timezone.now()
    application, user = make_draft(call, at=now)
    client = sign_in(user)
    client.raise_request_exception = False
    address = reverse("competition:application_edit", args=[application.competition_id, application.pk])
    sent = {"version": "1", "file.further": pdf("大.pdf", PDF + b"%" * 1_500_000)}
    with room_for(200_000):
        response = client.post(address, sent)
    assert (response.status_code, response["Retry-After"]) == (503, "15")
    assert "服务器存储空间已满。已保存的内容不会丢失，请联系运维人员清理空间。" in response.content.decode()
