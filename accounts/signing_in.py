"""allauth's forms in this house's words. Django asks for their labels in the language of each request."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

rules = lazy(lambda: " ".join(str(text) for text in password_validators_help_texts()), str)


def say(form, name, label, *, hint="", **attributes):
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class LoginForm(account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "login", _("E-mail address"), autocomplete="username")
        say(self, "password", _("Password"))


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "email", _("E-mail address"), autocomplete="username")


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "password1", _("New password"), hint=rules())
        say(self, "password2", _("New password, once more"))


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "oldpassword", _("Present password"))
        say(self, "password1", _("New password"), hint=rules())
        say(self, "password2", _("New password, once more"))


class PasswordForm(account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "password", _("Password"))


class CodeForm(mfa.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "code", _("Code"), autocapitalize="off", spellcheck="false")


class CodeAgainForm(mfa.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "code", _("Code"), autocapitalize="off", spellcheck="false")


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "code", _("Six digits from the app"), inputmode="numeric")
