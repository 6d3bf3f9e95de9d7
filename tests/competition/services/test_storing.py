"""What a stranger may try to hand in as a file."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from competition.services.storing import shown_name, store
from ledger.domain.reason import Refused
from tests.factories.applying import PDF, office

ALL = ("pdf", "jpg", "png", "xlsx", "docx")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 40
REFUSED = [
    ("run.exe", b"MZ" + b"\0" * 90, "competition.file_type"),
    ("page.html", b"<script>alert(1)</script>", "competition.file_type"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "competition.file_type"),
    ("report.pdf.exe", PDF, "competition.file_type"),
    ("no-ending", PDF, "competition.file_type"),
    (".pdf", PDF, "competition.file_type"),
    ("macro.xlsm", office(), "competition.file_type"),
    ("page.pdf", b"<html>%PDF-1.7</html>", "competition.file_content"),
    ("program.pdf", b"MZ" + b"\0" * 90, "competition.file_content"),
    ("picture.pdf", PNG, "competition.file_content"),
    ("picture.png", JPG, "competition.file_content"),
    ("letter.docx", office("xl/workbook.xml"), "competition.file_content"),
    ("table.xlsx", office(extra=("xl/vbaProject.bin",)), "competition.file_content"),
    ("archive.xlsx", office("anything.txt"), "competition.file_content"),
    ("both.xlsx", office(extra=("word/document.xml",)), "competition.file_content"),
    ("broken.xlsx", office()[:40], "competition.file_content"),
    ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90, "competition.file_content"),
    ("empty.pdf", b"", "competition.file_empty"),
    ("large.pdf", PDF + b"\0" * 2048, "competition.file_size"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(name, content, code):
    before = stored()
    with pytest.raises(Refused) as refusal:
        store(SimpleUploadedFile(name, content), folder="attachments", types=ALL, max_bytes=1024)
    assert (refusal.value.reason.code, refusal.value.field) == (code, "file")
    assert stored() == before


TAKEN = [
    ("证明.pdf", PDF, "application/pdf"),
    ("SCAN.PDF", PDF, "application/pdf"),
    ("photo.jpeg", JPG, "image/jpeg"),
    ("photo.png", PNG, "image/png"),
    ("table.xlsx", office(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("letter.docx", office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
]


@pytest.mark.parametrize(("name", "content", "kind"), TAKEN, ids=[row[0] for row in TAKEN])
def test_taken(name, content, kind):
    found = store(SimpleUploadedFile(name, content), folder="attachments", types=ALL, max_bytes=10_000)
    assert (found.shown_name, found.content_type, found.size) == (name, kind, len(content))
    with default_storage.open(found.name) as file:
        assert file.read() == content


def test_the_name_in_storage_tells_nothing_and_is_never_the_same():
    first, second = (store(SimpleUploadedFile("证明.pdf", PDF), folder="attachments") for _ in range(2))
    assert first.sha256 == second.sha256
    assert first.name != second.name
    assert "pdf" not in first.name


NAMES = [
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Users\\li\\证明.pdf", "证明.pdf"),
    ("a\x00b\r\nc.pdf", "abc.pdf"),
    ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
    ("   . .pdf", "pdf"),
    ("", "file"),
    ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
]


@pytest.mark.parametrize(("raw", "clean"), NAMES, ids=[repr(row[1])[:20] for row in NAMES])
def test_shown_name(raw, clean):
    assert shown_name(raw) == clean


def stored():
    try:
        folders = default_storage.listdir("attachments")[0]
    except FileNotFoundError:
        return 0
    return sum(len(default_storage.listdir(f"attachments/{folder}")[1]) for folder in folders)
