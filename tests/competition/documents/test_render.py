"""PDFs read back: their words in both languages, fonts inside and small, the same bytes anywhere, nothing fetched."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings
from django.forms.models import model_to_dict

from competition.documents.render import NothingElse, _fetcher, pdf, printed
from competition.domain.verification import grouped
from competition.models import Document
from competition.services.documents import issue
from ledger.services import seal
from tests.factories.competition import NOW
from tests.factories.documents import fonts_of, make_award, make_submitted, read_pdf, text_of

AGAIN = """
import sys, json, hashlib, django
django.setup()
from competition.documents.render import pdf
from competition.models import Document
from datetime import datetime
fields = json.load(sys.stdin)
fields["issued_at"] = datetime.fromisoformat(fields["issued_at"])
print(hashlib.sha256(pdf(Document(**fields))[0]).hexdigest())
"""


@pytest.fixture
def documents(db):
    revision, _applicant = make_submitted()
    issue("receipt", str(make_submitted()[0].pk), language="en", actor=None, at=NOW)  # something to seal
    seal(at=NOW)
    award = make_award(cluster={"name_zh": "无锡市物联网集群", "name_en": "Wuxi Internet of Things Cluster"})
    found = {language: issue("receipt", str(revision.pk), language=language, actor=None, at=NOW) for language in ("zh-hans", "en")}
    return found | {"certificate": issue("certificate", str(award.pk), language="", actor=None, at=NOW), "revision": revision}


def test_the_words_of_a_receipt(documents):
    for language, words in {
        "zh-hans": ("受理回执", "第1版", "附件1.pdf", "无锡物联网促进中心", "2026年9月16日10:30:00", "演示数据·DEMODATA", "台账"),
        "en": ("Receiptofapplication", "Edition1", "附件1.pdf", "WuxiIoTPromotionCentre", "16Sep202610:30:00", "Ledgerseal"),
    }.items():
        document = documents[language]
        content, pages = pdf(document)
        said = text_of(content)
        code = grouped(document.verify_code)
        missing = [word for word in (*words, document.number, code, "12bf" * 16, f"1:{document.seal_hash}", "1/1") if word not in said]
        assert (pages, missing) == (1, [])
        assert documents["revision"].receipt_number in said


def test_the_words_of_a_certificate(documents):
    said = text_of(pdf(documents["certificate"])[0])
    award = documents["certificate"]
    for words in (
        "认定证书",
        "无锡市物联网集群",
        "WuxiInternetofThingsCluster",
        "初赛、决赛评审并公示，认定为先进制造业集群",
        "Recognisedasanadvancedmanufacturingcluster",
        "二〇二六年九月十六日",
        "2029年12月18日",
        award.number,
        "7K4Q-93XD-B1FA-0001",
        "DEMODATA",
    ):
        assert words in said


def test_fonts_are_in_the_file_as_small_subsets(documents):
    content = pdf(documents["certificate"])[0]
    fonts = fonts_of(content)
    assert len(fonts) >= 4 and all(fonts.values())
    assert all(name[7] == "+" for name in fonts)
    assert len(content) < 80_000


def test_a_rare_character_finds_a_font(db):
    award = make_award(holder_zh="㐂𠮷镇特色集群")
    content = pdf(issue("certificate", str(award.pk), language="", actor=None, at=NOW))[0]
    assert "㐂𠮷镇特色集群" in text_of(content) and all(fonts_of(content).values())


def test_the_moment_of_issue_is_that_of_the_file(documents):
    assert read_pdf(pdf(documents["en"])[0]).metadata["/CreationDate"].startswith("D:20260916")


def test_the_same_row_gives_the_same_bytes_here_and_in_a_new_process(documents):
    for name in ("zh-hans", "certificate"):
        document = Document.objects.get(pk=documents[name].pk)
        digest = hashlib.sha256(pdf(document)[0]).hexdigest()
        assert hashlib.sha256(pdf(document)[0]).hexdigest() == digest
        fields = model_to_dict(document, exclude=["id", "file", "rendered_at"]) | {"issued_at": document.issued_at.isoformat()}
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": "7", "TZ": "America/Lima"}
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", AGAIN],
            input=json.dumps(fields),
            capture_output=True,
            text=True,
            check=True,
            cwd=settings.BASE_DIR,
            env=environment,
        )
        assert told.stdout.strip() == digest


@pytest.fixture
def listener():
    """A web server that remembers who asked."""
    asked = []

    class Remember(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Remember)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def evil(address, secret):
    return (
        f'<img src="{address}/img"><link rel="stylesheet" href="{address}/link"><iframe src="{address}/frame"></iframe>'
        f'<style>@import url("{address}/import"); @font-face {{ font-family: x; src: url("{address}/font") }}'
        f' p {{ background: url("{address}/background"); font-family: x }} .a::before {{ content: url("file://{secret}") }}</style>'
        f'<p class="a">集群</p><img src="file://{secret}"><object data="{address}/object"></object><embed src="file://{secret}">'
        f'<svg><image href="{address}/svg"/><use href="{address}/use#x"/></svg><a rel="attachment" href="file://{secret}">x</a>'
    )


def test_what_people_write_is_shown_and_fetched_by_nobody(db, listener, tmp_path):
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-OF-THE-MACHINE")
    revision, _applicant = make_submitted()
    name = f'<img src="{address}/x">'
    revision.application.cluster.name_en = name
    revision.application.cluster.save()
    organisation = revision.application.organisation
    organisation.name_en = evil(address, secret)[:160]
    organisation.save()
    content = pdf(issue("receipt", str(revision.pk), language="en", actor=None, at=NOW))[0]
    assert "".join(name.split()) in text_of(content)
    assert asked == []


def test_the_printer_fetches_nothing_even_where_markup_gets_through(listener, tmp_path):
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-OF-THE-MACHINE")
    content, _pages = printed(evil(address, secret), "0" * 32)
    assert asked == []
    assert b"SECRET-OF-THE-MACHINE" not in content and "SECRET" not in text_of(content)
    assert not read_pdf(content).attachments


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "data:text/css,p{}",
        "static:css/print/../../../config/settings.py",
        "static:css/tokens.css",
        "static:css/print/none.css",
        "static:/etc/passwd",
    ],
)
def test_only_the_printers_own_style_sheets_are_read(address):
    with pytest.raises(NothingElse):
        _fetcher().fetch(address)


def test_its_own_style_sheet_is_read():
    assert b"@page" in _fetcher().fetch("static:css/print/document.css").read()
