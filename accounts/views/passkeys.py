"""Confirming with a passkey that it is oneself."""

from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView


class Reauthenticate(ReauthenticateWebAuthnView):
    def form_invalid(self, form):
        """The page again with what was wrong; allauth would lead to the sign-in page."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data() | kwargs


reauthenticate = Reauthenticate.as_view()
