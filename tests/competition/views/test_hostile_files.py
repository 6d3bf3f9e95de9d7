"""Every place that takes a file, and what a stranger may put there: one clear line at its field in the reader's language, nothing lost.
What is refused and why, file by file: tests/competition/services/test_storing.py."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from competition.models import Attachment, Meeting, Round
from competition.selectors.rules import form_of
from tests.cast import sign_in
from tests.competition.services.test_storing import JPG, PNG, SCRIPT, made_pdf, overlapping, package, pdf_of, wide_png
from tests.factories.applying import PDF, make_call, make_draft
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.setup import make_draft as make_rules
from tests.factories.setup import make_organiser
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db
# name, content, its line in both languages
HOSTILE = {
    "type": ("run.exe", b"MZ" + b"\0" * 90, "“run.exe”不能接收", "“run.exe” cannot be taken"),
    "double": ("run.exe.pdf", PDF, "在扩展名前还有 .exe", "has a second ending, .exe"),
    "empty": ("empty.pdf", b"", "空", "empty"),
    "disguised": ("scan.pdf", b"MZ" + b"\0" * 90, "内容与扩展名不符", "is not what its ending says"),
    "picture": ("scan.pdf", PNG, "内容与扩展名不符", "is not what its ending says"),
    "svg": ("scan.pdf", b"<svg onload='alert(1)'/>", "内容与扩展名不符", "is not what its ending says"),
    "package": ("table.pdf", package(), "内容与扩展名不符", "is not what its ending says"),
    "bomb": (
        "scan.pdf",
        pdf_of(b"<</Filter[/FlateDecode/Fl]>>stream\nx\x9c\nendstream "),
        "远大于文件本身",
        "holds far more than it seems to",
    ),
    "script": ("scan.pdf", pdf_of(SCRIPT), "含有脚本、宏", "carries scripts, macros"),
    "password": ("scan.pdf", made_pdf(password=True), "已加密", "protected by a password"),
    "pages": ("scan.pdf", pdf_of(*[b"<</Type/Page>>"] * 2_001), "超过 2000 页", "more than 2000 pages"),
    "climbs": ("..\\etc\\passwd.pdf", PDF, "“�etc�passwd.pdf”含有路径或不可见字符", "The name “�etc�passwd.pdf” holds folders"),
    "controls": ("a\x07b\u202efdp.pdf", PDF, "“a�b�fdp.pdf”含有路径或不可见字符", "The name “a�b�fdp.pdf” holds folders"),
    "script in its name": ("<img src=x onerror=alert(1)>.exe", b"MZ", "不能接收", "cannot be taken"),
}


def upload(name, content):
    file = SimpleUploadedFile("x", content)
    file._name = name  # as a program sends it, not as a browser would
    return file


def line(kind, language):
    return HOSTILE[kind][2 if language == "zh-hans" else 3]


def stored():
    try:
        return sorted(
            name for folder in default_storage.listdir("attachments")[0] for name in default_storage.listdir(f"attachments/{folder}")[1]
        )
    except FileNotFoundError:
        return []


@pytest.fixture
def draft(language):
    call, now = make_call(), timezone.now()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - timedelta(days=2), intake_closes=now + timedelta(days=5))
    application, user = make_draft(call, at=now)
    user.language = language
    user.save()
    return application, sign_in(user)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_page_of_an_application_posted_with_a_file(draft, language, kind):
    application, client = draft
    before = stored()
    address = reverse("competition:application_edit", args=[application.competition_id, application.pk])
    page = client.post(address, {"version": application.draft_version, "area": "77.25", "file.further": upload(*HOSTILE[kind][:2])})
    assert page.status_code == 422
    ((slot, words),) = page.context["file_faults"]
    assert (slot, line(kind, language) in words, "\n" in words) == ("further", True, False)
    assert "<img src=x" not in page.content.decode()
    application.refresh_from_db()
    assert (application.draft["area"], stored(), Attachment.objects.count()) == ("77.25", before, 1)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_sent_by_the_page_s_script(draft, language, kind):
    application, client = draft
    before = stored()
    address = reverse("competition:attachment_add", args=[application.competition_id, application.pk, "further"])
    answer = client.post(address, {"file": upload(*HOSTILE[kind][:2])}, headers={"accept": "application/json"})
    (reason,) = answer.json()["reasons"]
    assert (answer.status_code, line(kind, language) in reason["text"]) == (409, True)
    assert (stored(), Attachment.objects.count()) == (before, 1)


def test_pictures_and_packages_where_the_form_takes_them(draft, language):
    application, client = draft
    definition = form_of(application.round).definition
    slot = next(field for section in definition["sections"] for field in section["fields"] if field["code"] == "further")
    slot["types"] = ["jpg", "pdf", "png", "xlsx"]
    form_of(application.round).__class__.objects.filter(round=application.round).update(definition=definition)
    address = reverse("competition:attachment_add", args=[application.competition_id, application.pk, "further"])
    for name, content, code in (
        ("a.png", wide_png(60_000, 60_000), "file_pixels"),
        ("a.png", JPG, "file_content"),
        ("a.xlsx", overlapping(), "file_bomb"),
        ("a.xlsx", package(**{"xl/vbaProject.bin": "x"}), "file_active"),
    ):
        answer = client.post(address, {"file": upload(name, content)}, headers={"accept": "application/json"})
        assert [reason["code"] for reason in answer.json()["reasons"]] == [f"competition.{code}"]


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_minutes_of_a_meeting(language, kind):
    round, _entries = make_closed_round(("91.20", "88.45", "80.10"))
    people = make_staff(round)
    people["organiser"].language = language
    people["organiser"].save()
    proposal = to_meeting(round, people)
    sent = {"number": "2026-8", "held_on": "2026-09-16", "minutes": upload(*HOSTILE[kind][:2])}
    page = sign_in(people["organiser"]).post(reverse("competition:meeting_record", args=[round.competition_id, proposal.pk]), sent)
    form = page.context["form"]
    assert (page.status_code, list(form.errors), len(form.errors["minutes"])) == (422, ["minutes"], 1)
    assert line(kind, language) in form.errors["minutes"][0] or kind == "empty"
    assert (form["number"].value(), Meeting.objects.get().number) == ("2026-8", "2026-7")


DEEP = b"[" * 100_000
FORMS = {
    "empty": b"",
    "none": b"MZ\x00\x01",
    "deep": DEEP,
    "deep inside": b'{"sections": ' + DEEP,
    "a number": b"7",
    "a list": b"[]",
    "not a number": b'{"years": NaN, "sections": []}',
    "endless": b'{"years": 1e999, "sections": []}',
    "a long number": b'{"years": ' + b"9" * 5000 + b', "sections": []}',
    "half a letter": b'{"title": {"zh": "\\ud800", "en": "x"}, "years": 3, "sections": []}',
    "nul": b'{"title": {"zh": "\\u0000", "en": "x"}, "years": 3, "sections": [{"code": "a\\u0000"}]}',
    "large": b'"' + b"x" * 500_001 + b'"',
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_as_a_file(kind):
    organiser = make_organiser()
    rules = make_rules(organiser)
    round = rules.rounds.get(order=1)
    before = form_of(round).definition
    address = reverse("competition:form_file", args=[rules.pk, round.pk])
    page = sign_in(organiser).post(address, {"version": "1", "file": SimpleUploadedFile("form.json", FORMS[kind])})
    assert (page.status_code, bool(page.context["form"].errors)) == (422, True)
    assert form_of(round).definition == before


@pytest.mark.parametrize("kind", [name for name in FORMS if name != "large"])
def test_a_body_of_the_interface_and_of_the_autosave(draft, kind):
    """Where no file comes in but the same bytes may: refused in words, never a fault of ours."""
    application, client = draft
    version = application.draft_version
    address = reverse("competition:draft_save", args=[application.competition_id, application.pk])
    body = FORMS[kind] if kind != "half a letter" else json.dumps({"version": version, "values": {"history": "\ud800"}}).encode()
    assert client.post(address, body, content_type="application/json").status_code in (422, 409, 200)
    api = f"/api/v1/applications/{application.pk}/draft/"
    answer = client.put(api, body, content_type="application/json", headers={"If-Match": f'"{version}"'})
    assert answer.status_code in (400, 409)
