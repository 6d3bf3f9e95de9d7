"""Malware in what people hand in, with a real scanner: found at once, later, or not looked for yet."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from competition.models import Attachment, Meeting
from competition.selectors.scans import Standing, standing
from competition.services import scans
from competition.services.attachments import detach
from ledger.models import Record
from tests.accounts.test_tokens import codes, key
from tests.cast import sign_in
from tests.clamd import NAMES
from tests.factories.applying import PDF, make_draft
from tests.factories.competition import NOW
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.scanning import BAD, FORMS, add, columns, packed, refused, speak
from tests.factories.standings import make_closed_round
from tests.log_lines import of

pytestmark = pytest.mark.django_db


def test_without_a_scanner_nothing_is_marked(call):
    draft, person = make_draft(call)
    file = add(draft, person, BAD)
    assert columns(file) == ("", "", "")
    assert scans.resume(at=NOW) is False
    assert "scan" not in Record.objects.get(action="attachment.add", subject=f"attachment:{file.pk}").after


def test_a_clean_file_is_taken_as_clean(call, scanner):
    draft, person = make_draft(call)
    file = add(draft, person, packed(b"of 2025"), name="说明.docx")
    assert columns(file) == ("clean", "", "")
    assert (file.scanned_at, standing()) == (NOW, Standing(0, 0, 0, 0))
    assert Record.objects.get(action="attachment.add", subject=f"attachment:{file.pk}").after["scan"] == "clean"


@pytest.mark.parametrize("name", FORMS)
def test_what_holds_malware_is_refused_and_on_record(call, scanner, lines, name):
    content, finding = FORMS[name]
    draft, person = make_draft(call)
    before = Attachment.objects.count()
    assert refused(lambda: add(draft, person, content, name=name)) == ("file", ["competition.file_malware"])
    assert Attachment.objects.count() == before
    row = Record.objects.get(action="file.refuse")
    assert (row.actor, row.subject, row.after["finding"]) == (
        f"user:{person.pk}",
        f"application:{draft.pk}",
        f"House.Test.{finding}.UNOFFICIAL",
    )
    (line,) = of(lines, "saima.scanner")
    assert f"House.Test.{finding}" in line["message"]
    assert name not in str(line) and person.email not in str(line)


def test_the_page_says_it_at_the_slot_and_loses_nothing(call, scanner, language):
    draft, person = make_draft(call)
    speak(person, language)
    address = reverse("competition:application_edit", args=[draft.competition_id, draft.pk])
    upload = SimpleUploadedFile("附表.pdf", BAD)
    page = sign_in(person).post(address, {"version": draft.draft_version, "area": "77.25", "file.further": upload})
    ((slot, words),) = page.context["file_faults"]
    said = "含有恶意程序" if language == "zh-hans" else "holds malware"
    assert (page.status_code, slot, said in words) == (422, "further", True)
    draft.refresh_from_db()
    assert (draft.draft["area"], Record.objects.filter(action="file.refuse").count()) == ("77.25", 1)


def test_a_program_is_told_at_its_field_and_an_act_is_still_done_once(call, scanner):
    draft, person = make_draft(call)
    _, text = key(person, "read", "apply")
    address = reverse("api_files", args=[draft.pk])

    def send(content, idempotency, slot="further"):
        body = {"slot": slot, "file": SimpleUploadedFile("附表.pdf", content)}
        return sign_in(None).post(address, body, headers={"Authorization": f"Bearer {text}", "Idempotency-Key": idempotency})

    answer = send(BAD, "n1")
    assert (answer.status_code, codes(answer), list(answer.json()["fields"])) == (409, ["competition.file_malware"], ["file"])
    assert Record.objects.filter(action="file.refuse").count() == 1
    detach(draft.attachments.get(), actor=person, at=NOW)
    first, again = (send(PDF, "n2", "licence") for _ in range(2))  # the slot takes one
    assert (first.status_code, first.json()["scan"], again.json()) == (201, "clean", first.json())
    assert codes(send(PDF, "n3", "licence")) == ["competition.files_too_many"]


def test_the_minutes_of_a_meeting(scanner, language):
    round, _entries = make_closed_round(("91.20", "88.45", "80.10"))
    people = make_staff(round)
    proposal = to_meeting(round, people)
    sent = {"number": "2026-8", "held_on": "2026-09-16", "minutes": SimpleUploadedFile("纪要.pdf", BAD)}
    address = reverse("competition:meeting_record", args=[round.competition_id, proposal.pk])
    page = sign_in(people["organiser"]).post(address, sent)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["minutes"])
    assert (Meeting.objects.get().number, Record.objects.get(action="file.refuse").subject) == ("2026-7", f"proposal:{proposal.pk}")


def run(capsys, *arguments):
    call_command("scan_files", *arguments)
    return capsys.readouterr().out.strip()


def test_files_of_before_the_scanner_are_scanned_by_a_command(call, clamd, settings, monkeypatch, capsys):
    draft, person = make_draft(call)
    bad = add(draft, person, BAD)
    gone = add(draft, person, PDF + b"%gone")
    default_storage.delete(gone.file.name)
    with pytest.raises(CommandError, match="SCANNER"):
        run(capsys)
    settings.SCANNER = clamd.address
    clamd.stop()
    with pytest.raises(CommandError, match="Of 3 files 0 are clean"):
        run(capsys)
    clamd.start()
    assert run(capsys) == "Of 3 files 1 are clean; malware was found in 1; 1 could not be scanned."
    assert (columns(bad), columns(gone)) == (("found", "House.Test.Eicar.UNOFFICIAL", ""), ("", "", "missing"))
    (clamd.folder / "db" / "house.ndb").write_text("House.Test.Other:0:*:" + b"another text".hex() + "\n")
    clamd.stop()
    clamd.start()
    try:
        assert run(capsys, "--again", "--lang", "zh-hans").endswith("2 个正常，0 个查出恶意程序，1 个未能扫描。")
    finally:
        lines = [f"{name}:0:*:{text.hex()}" for name, text in NAMES.items()]
        (clamd.folder / "db" / "house.ndb").write_text("\n".join(lines) + "\n")
        clamd.stop()
    assert columns(bad) == ("clean", "", "")  # it was a mistake of the signatures
