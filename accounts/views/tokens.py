"""Keys for programs, as their owner makes and ends them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import SCOPE_LABELS, TokenForm
from accounts.second_factor import fresh_second_factor
from accounts.selectors import own_tokens
from accounts.services.tokens import end_token, make_token
from ledger.domain.reason import Refused


@never_cache
@require_http_methods(["GET", "POST"])
@fresh_second_factor
def token_list(request):
    """The text of a new key stands in this one answer and nowhere else."""
    at = timezone.now()
    form, text = TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            _token, text = make_token(**form.cleaned_data, actor=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            form = TokenForm()
    rows = list(own_tokens(request.user)[:100])
    for row in rows:
        row.state = "ended" if row.ended_at else "over" if row.expires_at <= at else "live"
        row.words = [SCOPE_LABELS[scope] for scope in row.scopes]
    context = {"form": form, "text": text, "rows": rows}
    return render(request, "accounts/token_list.html", context, status=422 if form.errors else 200)


@require_POST
def token_end(request, token_pk):
    token = end_token(get_object_or_404(own_tokens(request.user), pk=token_pk), actor=request.user, at=timezone.now())
    messages.success(request, _("The key “%(name)s” is ended.") % {"name": token.name})
    return redirect("token_list")
