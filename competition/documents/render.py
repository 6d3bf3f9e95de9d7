"""Template and stored context to PDF: the only place that knows WeasyPrint, imported inside the functions. Nothing is
fetched but our own style sheets, by `static:` addresses; fonts are installed ones, embedded as subsets. Everything that
changes from day to day stands in the stored row, so the same row gives the same bytes, in any process."""

import hashlib
import re
from functools import cache

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from competition.documents.fonts import compact
from competition.documents.kinds import get
from competition.domain.verification import grouped

STYLE_SHEET = re.compile(r"static:(css/print/[a-z_]+\.css)")


class NothingElse(ValueError):
    """An address in a document is no style sheet of ours."""


@cache
def _fonts():
    """One for all documents of a process: reading the system's fonts costs more than laying out a page."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _fetcher():
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnStyleSheets(URLFetcher):
        """Whatever else a text names is not fetched; its place stays empty."""

        def fetch(self, url, headers=None):
            found = STYLE_SHEET.fullmatch(url)
            path = finders.find(found[1]) if found else None
            if path is None:
                raise NothingElse(url)
            with open(path, "rb") as file:
                return URLFetcherResponse(url, file.read(), {"Content-Type": "text/css"})

    return OwnStyleSheets()


def values(document) -> dict:
    """What the template is given: the stored context, with the row's own facts in `doc`."""
    facts = {
        "number": document.number,
        "edition": document.edition,
        "verify_code": grouped(document.verify_code),
        "issued_at": document.issued_at.isoformat(timespec="seconds"),
        "seal_number": document.seal_number,
        "seal_hash": document.seal_hash,
        "draft": document.draft,
    }
    return {**document.context, "doc": {**document.context["doc"], **facts}}


def page(document) -> str:
    """The HTML of a document row, in the document's language."""
    with translation.override(document.language):
        return render_to_string(get(document.kind).template, values(document))


def pdf(document) -> tuple[bytes, int]:
    """(bytes, number of pages)."""
    return printed(page(document), identifier_of(document))


def identifier_of(document) -> str:
    """What stands in the file as its identifier, and is another for each edition."""
    return hashlib.sha256(f"{document.number}:{document.edition}:{document.context_digest}".encode()).hexdigest()[:32]


def printed(html: str, identifier: str) -> tuple[bytes, int]:
    from weasyprint import HTML

    laid_out = HTML(string=html, url_fetcher=_fetcher()).render(font_config=_fonts())
    return laid_out.write_pdf(pdf_identifier=identifier.encode(), finisher=compact), len(laid_out.pages)
