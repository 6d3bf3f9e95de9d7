"""Who asks: a program with its owner's key. The owner's roles are read anew at each request, so a key ends with them."""

from django.utils import timezone, translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from accounts import second_factor
from accounts.permissions import held
from accounts.selectors import live_token
from accounts.services.tokens import note_use
from ledger.domain.reason import Reason


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request):
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        at = timezone.now()
        token = live_token(text.strip(), at=at)
        if token is None or not held(token.user):
            raise AuthenticationFailed(Reason("accounts.token_unknown"))
        if second_factor.missing(token.user):
            raise PermissionDenied(Reason("accounts.second_factor_needed"))
        if "Accept-Language" not in request.headers:
            translation.activate(token.user.language)
        note_use(token, at=at)
        return token.user, token

    def authenticate_header(self, request):
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "key"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer"}
