"""Handing out a stored file: only here, only as a download."""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competition.selectors.applications import attachment, kept_back


@require_safe
def attachment_download(request, pk, attachment_pk):
    found = attachment(request.user, attachment_pk)
    if found.application.competition_id != pk:
        raise Http404
    reason = kept_back(request.user, found)
    return withheld(request, reason) if reason else as_download(found)


def withheld(request, reason):
    """In place of a file that the scanner has not seen yet, or found something in."""
    response = render(request, "competition/file_withheld.html", {"reason": reason}, status=409)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def as_download(found) -> FileResponse:
    """Streamed, under its own name (RFC 5987 where it is not ASCII), never shown in place."""
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
