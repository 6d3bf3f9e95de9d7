"""How allauth behaves in this house."""

import io
import time

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import second_factor, seeds

SET_UP_SECONDS = 15 * 60


CODE_WRONG = _(
    "This code does not hold. Codes change every 30 seconds and work once: enter the one shown now. "
    "If that fails too, set the clock of your telephone to automatic."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail address and password do not belong together. Check both, capital letters too."),
        "incorrect_password": _("This is not your password. Check capital letters and the keyboard layout."),
        "enter_current_password": _("This is not your present password. Check capital letters and the keyboard layout."),
        "incorrect_code": CODE_WRONG,
        "too_many_login_attempts": _("Too many wrong codes. Wait five minutes, then enter the code shown then."),
        "rate_limited": _("Too many attempts in a short time. Wait a few minutes, then try again."),
        "invalid_password_reset": _("This link no longer works. Ask for a new one."),
    }

    def is_open_for_signup(self, request):
        """Not by allauth: accounts.views.sign_up opens accounts."""
        return False

    def pre_authenticate(self, request, **credentials):
        """Nothing: axes counts failures by account and address together. Counting by address alone would lock a hall of
        evaluators out, by account alone anybody could lock out anybody."""

    def reauthenticate(self, user, password):
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app):
        """Who signed in a moment ago and has no second factor yet goes on to set one up without the password again."""
        request = self.request
        if app == "allauth.mfa" and request.user.is_authenticated and not second_factor.has(request.user):
            records = get_authentication_records(request, request.user)
            if records and time.time() - records[-1]["at"] < SET_UP_SECONDS:
                return False
        return super().is_reauthentication_required(app=app)

    def send_mail(self, template_prefix, email, context):
        """Letters of allauth that this house does not use."""

    def get_user_search_fields(self):
        return ["email"]

    def get_login_stages(self):
        return ["accounts.stages.CodeOrPasskey", "accounts.stages.ByMail"]

    def post_login(self, request, user, **kwargs):
        translation.activate(user.language)
        return super().post_login(request, user, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": CODE_WRONG}

    def encrypt(self, text):
        return seeds.encrypt(text)

    def decrypt(self, encrypted_text):
        return seeds.decrypt(encrypted_text)

    def build_totp_svg(self, url):
        """Without allauth's style attributes, which the content security policy refuses."""
        out = io.BytesIO()
        segno.make(url, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False)
        return out.getvalue().decode()
