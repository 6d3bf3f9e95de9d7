"""Documents of a competition: the list, one document with its progress, the file itself."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import can
from competition.documents import kinds, shelf
from competition.selectors.competitions import competition as competition_of
from competition.services.documents import issue, read_document

PAGE = 50


@require_GET
def document_list(request, pk):
    """For staff: everything issued, newest first."""
    competition = competition_of(request.user, pk, action="document.list")
    chosen = request.GET.get("kind", "")
    page = Paginator(shelf.issued(competition, kind=chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "competition": competition,
        "demo": competition.demo,
        "page": page,
        "items": shelf.items(request.user, page.object_list),
        "kinds": kinds.kinds().values(),
        "chosen": chosen,
    }
    return render(request, "competition/documents/list.html", context)


@require_POST
def document_issue(request, pk):
    """Posted by `documents/ask.html`; goes back to the page that asked, which shows how far it is."""
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    shelf.asked(request.user, pk, kind, key)
    language = request.POST.get("language") or get_language()
    document = issue(kind, key, language=language, actor=request.user, at=timezone.now())
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(back)  # not redirect(): what was posted is never the name of a page
    return redirect("competition:document_detail", pk=pk, document_pk=document.pk)


@require_GET
def document_detail(request, pk, document_pk):
    document, row = shelf.one(request.user, pk, document_pk)
    competition = kinds.get(document.kind).competition(row)
    context = {
        "competition": competition,
        "staff": can(request.user, "document.list", competition).allowed,
        "item": shelf.item(request.user, document, row),
        "editions": shelf.editions(request.user, document, row),
    }
    return render(request, "competition/documents/detail.html", context | {"demo": competition.demo})


@never_cache
@require_GET
def document_progress(request, pk, kind):
    """How many of one kind are drawn; asked for by its own bar every other second."""
    competition = competition_of(request.user, pk, action="document.list")
    if kind not in kinds.kinds():
        raise Http404
    progress = {"competition": competition, "kind": kind, **shelf.drawn(competition, kind)}
    response = render(request, "documents/drawn.html", progress)
    if not progress["running"]:
        response["HX-Refresh"] = "true"
    return response


@never_cache
@require_GET
def document_file(request, pk, document_pk):
    """The PDF, as a download, streamed from its store."""
    document, row = shelf.one(request.user, pk, document_pk)
    read_document(document, viewer=request.user, row=row, at=timezone.now())
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=shelf.file_name(document), content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
