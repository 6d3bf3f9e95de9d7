"""What a key may be used for. What its owner may do is judged where pages judge it: in selectors and services."""

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated

from accounts.models import ApiToken
from ledger.domain.reason import Reason


class Scoped(IsAuthenticated):
    """A view's `writes` names the scope that its unsafe methods need; reading needs `read`. A session needs none."""

    def has_permission(self, request, view):
        if not super().has_permission(request, view):
            return False
        if isinstance(request.auth, ApiToken):
            scope = "read" if request.method in SAFE_METHODS else getattr(view, "writes", None)
            if scope not in request.auth.scopes:
                raise PermissionDenied(Reason("accounts.token_scope_needed", {"scope": scope or "—"}))
        return True
