"""What a stranger may try to hand in as a file: in type, size, name and content. Every place that takes a file comes through here
(tests/competition/views/test_hostile_files.py)."""

import io
import struct
import time
import zipfile
import zlib
from functools import cache

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript

from competition.services.storing import check, keep, shown_name
from ledger.domain.reason import Refused
from ledger.reasons import say
from tests.factories.applying import PDF, office


def store(upload, *, folder, **limits):
    return keep(check(upload, **limits), folder=folder)


ALL = ("pdf", "jpg", "png", "xlsx", "docx")
ROOM = 4 * 1024 * 1024


def picture(format, size=(3, 2)):
    body = io.BytesIO()
    Image.new("L", size).save(body, format)
    return body.getvalue()


PNG, JPG = picture("PNG"), picture("JPEG")


def wide_png(width, height):
    """A few bytes that unpack to width × height pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return PNG[:8] + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]


def wide_jpg(width, height):
    at = JPG.index(b"\xff\xc0") + 5
    return JPG[:at] + struct.pack(">HH", height, width) + JPG[at + 4 :]


def made_pdf(pages=1, **more):
    """A real PDF as a library writes it."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=72, height=72)
    if more.get("script"):
        writer.add_open_action(JavaScript("app.alert(1)"))
    if more.get("carries"):
        writer.add_attachment("run.exe", b"MZ")
    if more.get("password"):
        writer.encrypt("secret", algorithm="RC4-128")
    body = io.BytesIO()
    writer.write(body)
    return body.getvalue()


def pdf_of(*objects):
    return b"%PDF-1.7\n" + b"\n".join(b"%d 0 obj%sendobj" % (number, text) for number, text in enumerate(objects, 1)) + b"\n%%EOF\n"


def packed(dictionary, text, cut=b""):
    return b"<</Length 9 %s>>stream\n%s%s\nendstream " % (dictionary, cut, zlib.compress(text, 9))


@cache
def zeros(megabytes):
    unpacked, packer = b"\0" * 1024 * 1024, zlib.compressobj(1)
    return b"".join(packer.compress(unpacked) for _ in range(megabytes)) + packer.flush()


BOMB = b"<</Filter/FlateDecode/Length 9>>stream\n%s\nendstream " % zeros(301)
SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
FLATE = b"/Filter/FlateDecode"


def package(part="xl/workbook.xml", text="<x/>", **parts):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<x/>")
        file.writestr(part, text)
        for name, content in parts.items():
            file.writestr(name, content)
    return body.getvalue()


def zip_bomb():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("[Content_Types].xml", "<x/>")
        file.writestr("xl/workbook.xml", "<x/>")
        with file.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(301):
                part.write(b" " * 1024 * 1024)
    return body.getvalue()


def overlapping():
    """Many names for the same bytes."""
    body = package(part="xl/workbook.xml", text="<x>" + "0123456789" * 3000 + "</x>")
    at = body.index(b"PK\x01\x02", body.index(b"PK\x01\x02") + 4)
    end = body.index(b"PK\x05\x06")
    line, start = body[at:end], body.index(b"PK\x01\x02")
    copies = b"".join(
        (line[:28] + struct.pack("<H", 15) + line[30:46] + b"xl/work%04d.xml" % number + line[61:])[: len(line)] for number in range(400)
    )
    directory = body[start:end] + copies
    count = 2 + 400
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0)
    return body[:start] + directory + tail


def protected(body):
    """The same package, its parts marked as encrypted."""
    return body.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90
LAUGHS = '<?xml version="1.0"?><!-- <x> --><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
REFUSED = [
    # type and name
    ("run.exe", b"MZ" + b"\0" * 90, "type"),
    ("page.html", b"<script>alert(1)</script>", "type"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "type"),
    ("report.pdf.exe", PDF, "type"),
    ("no-ending", PDF, "type"),
    (".pdf", PDF, "type"),
    ("macro.xlsm", office(), "type"),
    ("report.exe.pdf", PDF, "two_endings"),
    ("drawing.SVG.png", PNG, "two_endings"),
    ("page.html .pdf", PDF, "two_endings"),
    # size
    ("empty.pdf", b"", "empty"),
    ("large.pdf", PDF + b"\0" * ROOM, "size"),
    # content that is another
    ("page.pdf", b"<html>%PDF-1.7</html>", "content"),
    ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "content"),
    ("program.pdf", b"MZ" + b"\0" * 90, "content"),
    ("program.xlsx", b"\x7fELF" + b"\0" * 90, "content"),
    ("picture.pdf", PNG, "content"),
    ("picture.png", JPG, "content"),
    ("letter.docx", office("xl/workbook.xml"), "content"),
    ("archive.xlsx", office("anything.txt"), "content"),
    ("both.xlsx", office(extra=("word/document.xml",)), "content"),
    ("broken.xlsx", office()[:40], "content"),
    ("old.xlsx", OLE, "content"),
    ("header-only.png", PNG[:8] + b"\0" * 40, "content"),
    ("header-only.jpg", JPG[:4] + b"\0" * 40, "content"),
    # packages
    ("bomb.xlsx", zip_bomb(), "bomb"),
    ("over-one-another.xlsx", overlapping(), "bomb"),
    ("laughs.docx", package("word/document.xml", LAUGHS), "bomb"),
    ("laughs-wide.docx", package("word/document.xml", LAUGHS.encode("utf-16")), "bomb"),
    ("no-element.docx", package("word/document.xml", " " * 70_000 + LAUGHS), "content"),
    ("climbs.xlsx", package(**{"../../etc/cron.d/x": "x"}), "content"),
    ("twice.xlsx", package(**{"XL/workbook.xml": "<x/>"}), "content"),
    ("password.xlsx", protected(package()), "encrypted"),
    ("password-by-office.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ("macro.xlsx", office(extra=("xl/vbaProject.bin",)), "active"),
    ("carries.docx", package("word/document.xml", **{"word/embeddings/oleObject1.bin": "MZ"}), "active"),
    ("program.docx", package("word/document.xml", **{"word/media/setup.EXE": "MZ"}), "active"),
    ("control.xlsx", package(**{"xl/activeX/activeX1.xml": "<x/>"}), "active"),
    # pictures
    ("bomb.png", wide_png(60_000, 60_000), "pixels"),
    ("bomb.jpg", wide_jpg(65_000, 65_000), "pixels"),
    ("just-too-wide.png", wide_png(12_000, 10_001), "pixels"),
    # PDF
    ("script.pdf", made_pdf(script=True), "active"),
    ("carries.pdf", made_pdf(carries=True), "active"),
    ("password.pdf", made_pdf(password=True), "encrypted"),
    ("launch.pdf", pdf_of(b"<</S/Launch/F(cmd.exe)>>"), "active"),
    ("written-otherwise.pdf", pdf_of(b"<</S/J#61vaScr#69pt/JS(x)>>"), "active"),
    ("in-a-stream.pdf", pdf_of(packed(FLATE + b"/Type/ObjStm", SCRIPT)), "active"),
    ("in-a-bare-stream.pdf", pdf_of(b"<</Type/ObjStm>>stream\r" + SCRIPT + b"endstream "), "active"),
    ("ends-before-its-end.pdf", pdf_of(packed(FLATE + b"/Type/ObjStm", zlib.compress(b"endstream", 0) + SCRIPT)), "active"),
    ("packed-otherwise.pdf", pdf_of(b"<</Type/ObjStm/Filter/LZWDecode>>stream\n\x80\x0b`endstream "), "content"),
    ("bomb.pdf", pdf_of(BOMB), "bomb"),
    ("bomb-in-parts.pdf", pdf_of(*[BOMB.replace(zeros(301), zeros(151))] * 2), "bomb"),
    ("bomb-unnamed.pdf", pdf_of(BOMB.replace(FLATE, b"/Filter 9 0 R")), "bomb"),
    ("bomb-in-a-bomb.pdf", pdf_of(b"<</Filter[/FlateDecode/Fl]>>stream\nx\x9c\nendstream "), "bomb"),
    ("streams.pdf", pdf_of(*[b"<<>>stream\nendstream "] * 50_001), "bomb"),
    ("pages.pdf", pdf_of(*[b"<</Type/Page>>"] * 2_001), "pages"),
    ("pages-of-one.pdf", pdf_of(b"<</Type/Pages/Count 1000000/Kids[2 0 R]>>", b"<</Type /Page>>"), "pages"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(name, content, code):
    before, began = stored(), time.process_time()
    with pytest.raises(Refused) as refusal:
        store(SimpleUploadedFile(name, content), folder="attachments", types=ALL, max_bytes=ROOM)
    assert (refusal.value.reason.code, refusal.value.field) == (f"competition.file_{code}", "file")
    said = say(refusal.value.reason)
    assert "\n" not in said and shown_name(name) in said
    assert stored() == before
    assert time.process_time() - began < 4  # a bomb costs its sender's request, not the server


TAKEN = [
    ("证明.pdf", PDF, "application/pdf"),
    ("SCAN.PDF", PDF, "application/pdf"),
    ("平台 v1.2（盖章）.pdf", made_pdf(pages=7), "application/pdf"),
    ("many.pdf", pdf_of(*[b"<</Type/Page>>"] * 2_000), "application/pdf"),
    ("large-inside.pdf", pdf_of(BOMB.replace(zeros(301), zeros(40))), "application/pdf"),
    ("says-so.pdf", pdf_of(packed(FLATE, b"BT (how to write /JavaScript) Tj ET")), "application/pdf"),
    ("photo.jpeg", JPG, "image/jpeg"),
    ("photo.png", PNG, "image/png"),
    ("phone.png", wide_png(12_000, 9_000), "image/png"),
    ("table.xlsx", office(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("letter.docx", office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
]


def test_the_made_ones_are_what_they_seem():
    """Else a refusal above would say nothing."""
    assert "/JavaScript" in PdfReader(io.BytesIO(made_pdf(script=True))).trailer["/Root"]["/Names"]
    assert list(PdfReader(io.BytesIO(made_pdf(carries=True))).attachments) == ["run.exe"]
    assert PdfReader(io.BytesIO(made_pdf(password=True))).is_encrypted
    assert Image.open(io.BytesIO(wide_jpg(9_000, 7_000))).size == (9_000, 7_000)
    assert len(zipfile.ZipFile(io.BytesIO(overlapping())).namelist()) == 402


@pytest.mark.parametrize(("name", "content", "kind"), TAKEN, ids=[row[0] for row in TAKEN])
def test_taken(name, content, kind):
    found = store(SimpleUploadedFile(name, content), folder="attachments", types=ALL, max_bytes=ROOM)
    assert (found.shown_name, found.content_type, found.size) == (name, kind, len(content))
    with default_storage.open(found.name) as file:
        assert file.read() == content


def test_the_name_in_storage_tells_nothing_and_is_never_the_same():
    first, second = (store(SimpleUploadedFile("证明.pdf", PDF), folder="attachments") for _ in range(2))
    assert first.sha256 == second.sha256
    assert first.name != second.name
    assert "pdf" not in first.name


@pytest.mark.parametrize(
    "name", ["a/b.pdf", "../b.pdf", "C:\\b.pdf", "a\x00b.pdf", "a\u202efdp.pdf", "a\u200bb.pdf", "a\u2028b.pdf", "�b.pdf"]
)
def test_a_name_with_folders_or_unseen_characters_is_refused_not_mended(name):
    upload = SimpleUploadedFile("x", PDF)
    upload._name = name
    with pytest.raises(Refused) as refused:
        store(upload, folder="attachments")
    assert (refused.value.reason.code, refused.value.field) == ("competition.file_name", "file")


NAMES = [
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\Users\\li\\证明.pdf", "证明.pdf"),
    ("a\x00b\r\nc.pdf", "abc.pdf"),
    ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
    ("   . .pdf", "pdf"),
    ("", "file"),
    ("证明\u3000材料\u00a02.pdf", "证明 材料 2.pdf"),
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
