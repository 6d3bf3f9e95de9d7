"""One's own sessions."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.selectors import own_sessions, own_trusted
from accounts.services.sessions import begin, end_session, end_sessions
from accounts.services.trusted import end_trust


@require_POST
def sessions_end(request):
    """Without the password again: it only closes, and whoever found a stranger in their account should not be kept waiting."""
    end_sessions(request.user, actor=f"user:{request.user.pk}", at=timezone.now())
    begin(request, request.user)
    messages.success(request, _("Everywhere else you are signed out."))
    return redirect("profile")


@require_POST
def trust_end(request, browser_pk):
    at = timezone.now()
    end_trust(get_object_or_404(own_trusted(request.user, at=at), pk=browser_pk), actor=request.user, at=at)
    messages.success(request, _("This browser is asked for the second factor again."))
    return redirect("profile")


@require_POST
def session_end(request, session_pk):
    at = timezone.now()
    others = own_sessions(request.user, at=at).exclude(session_key=request.session.session_key)
    end_session(get_object_or_404(others, pk=session_pk), actor=request.user, at=at)
    messages.success(request, _("You are signed out there."))
    return redirect("profile")
