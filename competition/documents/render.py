"""Template and stored context to PDF: the only place that knows WeasyPrint, imported inside the function. Fetches
nothing: styles are handed over as text, pictures are inline SVG. The same stored row gives the same bytes."""

import hashlib
from functools import cache

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from competition.documents.kinds import get


@cache
def _fonts():
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _style(path: str):
    from weasyprint import CSS

    with open(finders.find(f"css/{path}"), encoding="utf-8") as file:
        return CSS(string=file.read(), font_config=_fonts(), url_fetcher=_nothing())


@cache
def _nothing():
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):
        """Whatever address a text names is not fetched; the place stays empty."""

        def fetch(self, url, headers=None):
            raise ValueError("documents fetch nothing")

    return Nothing()


def page(document) -> str:
    """The HTML of a document row, in the document's language."""
    kind = get(document.kind)
    with translation.override(document.language):
        return render_to_string(kind.template, {"document": document, **document.context})


def pdf(document) -> tuple[bytes, int]:
    """(bytes, number of pages)."""
    from weasyprint import HTML

    kind = get(document.kind)
    laid_out = HTML(string=page(document), url_fetcher=_nothing()).render(
        stylesheets=[_style(path) for path in kind.styles], font_config=_fonts()
    )
    identifier = hashlib.sha256(f"{document.number}:{document.context_digest}".encode()).digest()[:16]
    return laid_out.write_pdf(pdf_identifier=identifier.hex().encode()), len(laid_out.pages)
