"""Files with what the scanner of tests/clamd.py knows, and a clock at which it is asked again."""

import io
import zipfile
import zlib
from datetime import timedelta

import pytest

from competition.services import scans
from competition.services.attachments import attach
from jobs.services import run_queued
from ledger.domain.reason import Refused
from tests.clamd import EICAR, OWN
from tests.factories.applying import PDF, pdf
from tests.factories.competition import NOW

ANSWERING = timedelta(hours=2)


def packed(text, ending="docx"):
    """Deep in an office file, deflated."""
    body = io.BytesIO()
    part = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[ending]
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr(part, b"<x>" + b" " * 999 + text + b"</x>")
    return body.getvalue()


def streamed(text):
    """In a stream of a PDF, deflated."""
    stream = zlib.compress(b" " * 999 + text)
    head = b"%%PDF-1.7\n1 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(stream)
    return head + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


BAD = PDF + EICAR
FORMS = {
    "plain.pdf": (BAD, "Eicar"),
    "stream.pdf": (streamed(OWN), "Own"),
    "table.xlsx": (packed(EICAR, "xlsx"), "Eicar"),
    "说明.docx": (packed(OWN), "Own"),
}


def add(draft, person, content=PDF, *, name="附表.pdf", slot="further", at=NOW):
    return attach(draft, slot=slot, upload=pdf(name, content), actor=person, at=at)


def refused(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.field, [reason.code for reason in caught.value.reasons]


def wake(scanner):
    """The scanner is back, the clock comes by, a worker works."""
    scanner.start()
    assert scans.resume(at=NOW)
    run_queued(kinds=[scans.JOB])


def columns(row):
    row.refresh_from_db()
    return row.scan, row.finding, row.scan_fault


def speak(user, language):
    """Pages for them are in this language."""
    user.language = language
    user.save(update_fields=["language"])
