"""How allauth behaves in this house."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.utils import translation

from accounts import second_factor
from accounts.services import mail

SET_UP_SECONDS = 15 * 60


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
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

    def send_password_reset_mail(self, user, email, context):
        """By the mail queue; the letter's link is made when it leaves, so that no job row holds it."""
        mail.send("password_reset", user.pk)

    def send_mail(self, template_prefix, email, context):
        """Letters of allauth that this house does not use."""

    def get_user_search_fields(self):
        return ["email"]

    def post_login(self, request, user, **kwargs):
        translation.activate(user.language)
        return super().post_login(request, user, **kwargs)
