"""What a key may be used for. What its owner may do is judged where pages judge it: in selectors and services."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

from accounts.models import ApiToken
from ledger.domain.reason import Reason


class Scoped(IsAuthenticated):
    """A view's `writes` names the scope that its unsafe methods need, or several of which one is enough; reading needs `read`. A session
    needs none."""

    def has_permission(self, request, view):
        if not super().has_permission(request, view):
            return False
        if isinstance(request.auth, ApiToken):
            wanted = "read" if request.method in SAFE_METHODS else getattr(view, "writes", ())
            wanted = (wanted,) if isinstance(wanted, str) else wanted
            if not set(wanted) & set(request.auth.scopes):
                raise PermissionDenied(Reason("accounts.token_scope_needed", {"scope": " / ".join(wanted) or "—"}))
        return True
