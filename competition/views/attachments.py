"""Handing out a stored file: only here, only as a download."""

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from competition.selectors.applications import attachment


@require_safe
def attachment_download(request, pk, attachment_pk):
    found = attachment(request.user, attachment_pk)
    if found.application.competition_id != pk:
        raise Http404
    return as_download(found)


def as_download(found) -> FileResponse:
    """Streamed, under its own name (RFC 5987 where it is not ASCII), never shown in place."""
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
