from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import scopes, second_factor
from accounts.forms import ProfileForm
from accounts.labels import ROLE_LABELS
from accounts.permissions import held
from accounts.selectors import own_sessions, own_trusted
from accounts.services.profile import change_profile


def profile(request):
    user = request.user
    form = ProfileForm(request.POST if request.method == "POST" else None, initial={f: getattr(user, f) for f in ProfileForm.base_fields})
    if form.is_valid():
        change_profile(user, **form.cleaned_data, at=timezone.now())
        with translation.override(user.language):
            messages.success(request, _("Saved."))
        return redirect("profile")
    sessions = list(own_sessions(user, at=timezone.now())[:20])
    trusted = list(own_trusted(user, at=timezone.now())[:20])
    for row in sessions:
        row.own = row.session_key == request.session.session_key
    for row in (*sessions, *trusted):
        names = {"browser": row.browser or _("A browser"), "system": row.system}
        row.words = _("%(browser)s on %(system)s") % names if row.system else names["browser"]
    context = {
        "sessions": sessions,
        "trusted": trusted,
        "form": form,
        "mine": [(ROLE_LABELS[role], scopes.name(scope)) for role, scope in sorted(held(user))],
        "has_second_factor": second_factor.has(user),
        "needs_second_factor": second_factor.why(user),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)
