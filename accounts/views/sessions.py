"""One's own sessions."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import session_limits
from accounts.services.sessions import end_sessions


@require_POST
def sessions_end(request):
    """Without the password again: it only closes, and whoever found a stranger in their account should not be kept waiting."""
    end_sessions(request.user, actor=f"user:{request.user.pk}", at=timezone.now())
    session_limits.begin(request)
    messages.success(request, _("Everywhere else you are signed out."))
    return redirect("profile")
