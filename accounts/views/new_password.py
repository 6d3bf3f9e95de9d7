"""Setting a new password, behind the link of the letter."""

from allauth.account.views import INTERNAL_RESET_SESSION_KEY, PasswordResetFromKeyView
from django.urls import reverse

from accounts.views.link import ENTRY, used, waiting


class NewPassword(PasswordResetFromKeyView):
    """allauth's, but for the address: which account and which key stand in the session (accounts.views.link)."""

    def dispatch(self, request, **kwargs):
        entry = waiting(request, "p")
        if entry:
            request.session[INTERNAL_RESET_SESSION_KEY] = entry["secret"]
        return super().dispatch(request, entry.get("key", ""), self.reset_url_key, **kwargs)

    def get_context_data(self, **kwargs):
        """Past allauth's, which would build an address of the key."""
        return super(PasswordResetFromKeyView, self).get_context_data(**kwargs) | {"action_url": reverse("account_reset_password_from_key")}

    def logout(self):
        """Of somebody else, which empties the session, but for the link."""
        entry = self.request.session[ENTRY]
        super().logout()
        self.request.session[ENTRY] = entry

    def form_valid(self, form):
        response = super().form_valid(form)
        used(self.request)
        return response


new_password = NewPassword.as_view()
