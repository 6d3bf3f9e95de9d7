"""`{% load documents %}`: the button that asks for a document, its progress and its file; how far many of one kind are."""

from django import template
from django.utils.translation import get_language

from competition.documents import kinds, shelf

register = template.Library()


@register.inclusion_tag("documents/ask.html", takes_context=True)
def document_ask(context, kind: str, key, competition=None, subject=None) -> dict:
    """`{% document_ask "receipt" revision.pk %}`: for pages that belong to one subject; `competition` where the page's context
    has none of that name, `subject` where the page has the row itself. In the reader's language."""
    request, language = context["request"], get_language()
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "competition": competition or context["competition"],
        "kind": kinds.get(kind),
        "key": key,
        "item": shelf.latest(request.user, kind, key, language, subject=subject),
        "against": shelf.against_asking(request.user, kind, key, subject=subject),
        "language": language,
    }


@register.inclusion_tag("documents/drawn.html", takes_context=True)
def documents_drawn(context, kind: str, competition=None) -> dict:
    """`{% documents_drawn "certificate" %}`: how many of this kind are drawn, counted again until all are."""
    competition = competition or context["competition"]
    return {"competition": competition, "kind": kind, **shelf.drawn(competition, kind)}


@register.inclusion_tag("documents/download.html")
def document_download(competition, item) -> dict:
    """`{% document_download competition item %}`: link, progress or fault of one Item of a list."""
    return {"competition": competition, "item": item}
