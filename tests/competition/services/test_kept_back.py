"""Files that wait for the scanner, and files in which it found something since: who is given them, and what is said."""

import socket
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Notification, User
from accounts.notifications import kinds as notification_kinds
from competition.models import Application, Attachment, Meeting
from competition.selectors.scans import Standing, standing
from competition.services import scanner as client
from competition.services import scans
from competition.services.applications import submit_application
from competition.services.attachments import detach
from competition.services.decisions import record_meeting
from competition.services.nominations import nominate
from jobs.models import Job
from ledger.models import Record
from tests.accounts.test_tokens import ask, codes, key
from tests.cast import sign_in
from tests.clamd import STREAM
from tests.factories.accounts import give, make_user
from tests.factories.applying import PDF, make_draft, make_submitted
from tests.factories.competition import NOW
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.desks import make_judge, make_judging, make_seat
from tests.factories.nominating import make_levels
from tests.factories.scanning import ANSWERING, BAD, add, columns, refused, speak, wake
from tests.factories.standings import make_closed_round
from tests.log_lines import of

pytestmark = pytest.mark.django_db


def test_while_the_scanner_is_away_a_cluster_hands_in_and_it_is_scanned_as_soon_as_it_is_back(call, scanner, lines):
    scanner.stop()
    draft, person = make_draft(call)
    file = draft.attachments.get()
    assert columns(file) == ("waiting", "", "")
    assert standing() == Standing(1, 0, 0, 0)
    submit_application(draft, actor=person, at=NOW)
    assert scans.resume(at=NOW) is False
    assert Job.objects.filter(kind=scans.JOB).count() == 0
    wake(scanner)
    assert columns(file) == ("clean", "", "")
    row = Record.objects.get(action="file.clear")
    assert (row.actor, row.subject, row.before, row.after["scan"]) == ("system", f"attachment:{file.pk}", {"scan": "waiting"}, "clean")
    assert scans.resume(at=NOW) is False
    assert "FileNotFoundError" in str(of(lines, "saima.scanner")[0])


def test_a_scanner_that_goes_away_in_the_middle_loses_nothing(call, scanner, monkeypatch):
    scanner.stop()
    draft, person = make_draft(call)
    for number in range(2):
        add(draft, person, PDF + b"%% of %d" % number)
    scanner.start()

    def until(done):
        if done == 1:
            scanner.stop()

    tally = scans.scan_stored(scans.due(at=NOW), now=lambda: NOW, progress=until)
    assert (tally.clean, tally.away, standing().waiting) == (1, True, 2)
    scanner.start()
    tally = scans.scan_stored(scans.due(at=NOW), now=lambda: NOW, progress=lambda done: None)
    assert (tally.clean, tally.away, standing().waiting) == (2, False, 0)


def test_nobody_waits_long_for_a_scanner_that_never_answers_and_the_next_not_at_all(call, settings, monkeypatch, tmp_path):
    monkeypatch.setattr(client, "UPLOAD_SECONDS", 0.3)
    monkeypatch.setattr(client, "_silent_until", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.SCANNER = f"clamd://127.0.0.1:{mute.getsockname()[1]}"
        draft, person = make_draft(call)
        began = time.monotonic()
        file = add(draft, person)
        assert time.monotonic() - began < 0.2
        assert columns(file) == ("waiting", "", "")
        mute.settimeout(0.05)
        mute.accept()
        with pytest.raises(TimeoutError):
            mute.accept()  # the second upload did not even try


def test_what_is_too_large_for_the_scanner_counts_as_not_scanned_and_says_so(call, scanner):
    draft, person = make_draft(call)
    file = add(draft, person, PDF + b"%" * (STREAM + 70_000))
    assert columns(file) == ("waiting", "", "too_large")
    assert standing() == Standing(1, 1, 0, 0)
    assert scans.due(at=NOW) == []  # it is not asked again and again
    assert scans.due(at=NOW + ANSWERING) == [file.file.name]


def test_bytes_in_which_malware_was_found_before_need_no_scanner(call, scanner):
    draft, person = make_draft(call)
    scanner.stop()
    file = add(draft, person, BAD)
    scanner.start()
    scans.scan_stored(scans.due(at=NOW), now=lambda: NOW, progress=lambda done: None)
    assert columns(file)[0] == "found"
    scanner.stop()
    other, rival = make_draft(call, complete=False)
    assert refused(lambda: add(other, rival, BAD)) == ("file", ["competition.file_malware"])


def test_until_it_is_scanned_only_its_own_side_is_given_it(call, scanner, language):
    scanner.stop()
    application, person, _revision = make_submitted(call)
    _, rival = make_draft(call)
    speak(call.organiser, language)
    file = application.attachments.get()
    page = reverse("competition:attachment_download", args=[application.competition_id, file.pk])
    content = reverse("api_file_content", args=[file.pk])
    assert b"".join(sign_in(person).get(page).streaming_content) == PDF
    assert b"".join(ask(key(person)[1], content).streaming_content) == PDF
    answer = sign_in(call.organiser).get(page)
    words = "尚未检查" if language == "zh-hans" else "not been checked for malware"
    assert (answer.status_code, words in answer.content.decode(), "Content-Disposition" in answer.headers) == (409, True, False)
    answer = ask(key(call.organiser)[1], content)
    assert (answer.status_code, codes(answer)) == (409, ["competition.file_unscanned"])
    assert (sign_in(rival).get(page).status_code, ask(key(rival)[1], content).status_code) == (404, 404)
    intake = reverse("competition:intake_detail", args=[application.competition_id, application.pk])
    own = reverse("competition:revision_detail", args=[application.competition_id, application.pk, 1])
    assert page not in sign_in(call.organiser).get(intake).content.decode()
    assert page in sign_in(person).get(own).content.decode()


def test_an_evaluator_sees_that_it_is_there_and_is_not_given_it(settings):
    scene = make_judging()
    evaluator = make_judge(scene)
    sheet = make_seat(scene, evaluator).sheet
    file, judge = sheet.revision.attachments.get(), sign_in(evaluator.user)
    address = reverse("evaluations:sheet_file", args=[scene.competition.pk, sheet.pk, file.pk])
    desk = reverse("evaluations:sheet_edit", args=[scene.competition.pk, sheet.pk])
    for scan, finding, status in (("waiting", "", 409), ("found", "House.Test", 409), ("clean", "", 200)):
        Attachment.objects.filter(pk=file.pk).update(scan=scan, finding=finding)
        answer = judge.get(address)
        assert (answer.status_code, "Content-Disposition" in answer.headers) == (status, status == 200)
        page = judge.get(desk).content.decode()
        assert (file.name in page, address in page) == (True, status == 200)


def test_found_afterwards_it_is_kept_from_everybody_and_its_people_are_told(call, scanner, monkeypatch):
    scanner.stop()
    draft, person = make_draft(call)
    file = add(draft, person, BAD)
    colleague = make_user()
    give(colleague, "applicant", f"organisation:{draft.organisation_id}")
    submit_application(draft, actor=person, at=NOW)
    draft.refresh_from_db()
    wake(scanner)
    assert columns(file) == ("found", "House.Test.Eicar.UNOFFICIAL", "")
    assert default_storage.exists(file.file.name)
    row = Record.objects.get(action="file.find")
    assert (row.subject, row.after["finding"]) == (f"attachment:{file.pk}", "House.Test.Eicar.UNOFFICIAL")
    told = {(note.user_id, note.kind) for note in Notification.objects.filter(kind__startswith="file.")}
    assert told == {(person.pk, "file.find"), (colleague.pk, "file.find"), (call.organiser.pk, "file.find_intake")}
    page = reverse("competition:attachment_download", args=[draft.competition_id, file.pk])
    for reader in (person, colleague, call.organiser):
        assert sign_in(reader).get(page).status_code == 409
        assert codes(ask(key(reader)[1], reverse("api_file_content", args=[file.pk]))) == ["competition.file_infected"]
    for reader, name in ((person, "application_detail"), (call.organiser, "intake_detail")):
        shown = sign_in(reader).get(reverse(f"competition:{name}", args=[draft.competition_id, draft.pk]))
        assert [row.pk for row in shown.context["infected"]] == [file.pk]
        assert page not in shown.content.decode()
    own, intake = (
        reverse(f"competition:{name}", args=[draft.competition_id, draft.pk]) for name in ("application_detail", "intake_detail")
    )
    hints = [
        "Ask the organiser to return the application for correction; then hand in a clean file.",
        "Return the application, so that a clean file can be handed in.",
        "what was accepted stays as it is, and goes on without this file.",
        "evaluators read the application without this file.",
    ]
    User.objects.filter(pk__in=(person.pk, call.organiser.pk)).update(language="en")
    for state, given in (("submitted", hints[:2]), ("accepted", hints[2:])):
        Application.objects.filter(pk=draft.pk).update(state=state)
        pages = [sign_in(User.objects.get(pk=reader.pk)).get(address) for reader, address in ((person, own), (call.organiser, intake))]
        text = "".join(page.content.decode() for page in pages)
        assert [hint for hint in hints if hint in text] == given


def test_a_draft_with_such_a_file_is_handed_in_once_it_is_replaced(call, scanner, monkeypatch):
    scanner.stop()
    draft, person = make_draft(call)
    file = add(draft, person, BAD)
    wake(scanner)
    assert refused(lambda: submit_application(draft, actor=person, at=NOW)) == ("further", ["competition.file_infected_here"])
    form = sign_in(person).get(reverse("competition:application_edit", args=[draft.competition_id, draft.pk]))
    assert (form.context["wrong"], form.context["ready"]) == (1, False)
    tell = notification_kinds()["file.find"].tell
    notes = Notification.objects.filter(kind="file.find")
    assert [told.note for told in tell(notes).values()] == [file.name]
    detach(file, actor=person, at=NOW)
    assert tell(notes) == {}
    monkeypatch.setattr(client, "_silent_until", 0.0)
    add(draft, person, PDF)
    assert submit_application(draft, actor=person, at=NOW).number == 1


def test_a_file_that_was_carried_on_is_kept_back_in_both_places(scanner):
    scanner.stop()
    levels = make_levels()
    entry = levels.chosen[0]
    wanted = {"competition": levels.nation.competition, "track": levels.nation.track, "opinion": "省级竞赛入选，同意提名。"}
    application = nominate(entry, **wanted, actor=levels.speaker, at=NOW + timedelta(days=1)).application
    (carried,) = application.attachments.all()
    assert columns(carried) == ("waiting", "", "")
    default_storage.delete(carried.file.name)
    assert default_storage.save(carried.file.name, ContentFile(BAD)) == carried.file.name
    wake(scanner)
    assert sorted(Attachment.objects.filter(scan="found").values_list("application", flat=True)) == sorted(
        [entry.application_id, application.pk]
    )


def test_minutes_that_wait_are_given_to_who_recorded_them(scanner):
    round, _entries = make_closed_round(("91.20", "88.45", "80.10"))
    people = make_staff(round)
    proposal = to_meeting(round, people)
    scanner.stop()
    given = {"number": "2026-8", "held_on": NOW.date(), "minutes": SimpleUploadedFile("纪要.pdf", BAD)}
    record_meeting(proposal, **given, actor=people["organiser"], at=NOW)
    meeting = Meeting.objects.get()
    assert columns(meeting) == ("waiting", "", "")
    address = reverse("competition:meeting_minutes", args=[round.competition_id, proposal.pk])
    readers = [sign_in(people[name], fresh=True) for name in ("organiser", "decider")]
    assert [reader.get(address).status_code for reader in readers] == [200, 409]
    scanner.start()
    scans.scan_stored(scans.due(at=NOW), now=lambda: NOW, progress=lambda done: None)
    assert columns(meeting) == ("found", "House.Test.Eicar.UNOFFICIAL", "")
    assert [reader.get(address).status_code for reader in readers] == [409, 409]
    tell = notification_kinds()["file.find_minutes"].tell
    notes = Notification.objects.filter(kind="file.find_minutes")
    assert {note.user_id for note in notes} == {person.pk for name, person in people.items() if name in ("organiser", "decider", "second")}
    assert len(tell(notes)) == 3
