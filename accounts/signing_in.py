"""allauth's forms in this house's words. Django asks for their labels in the language of each request."""

import struct

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.seeds import Unreadable
from accounts.services import mail
from ledger.reasons import say as say_reason

LONGEST_NAME = 60
PASSKEY_WRONG = _("This passkey does not hold here. Try again, or take another way.")
UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    struct.error,
    InvalidSignature,
    UnsupportedAlgorithm,
)

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

    def save(self, request, **kwargs):
        """The same work for every address: one letter in the queue, which is drawn to nothing where there is no account."""
        mail.send("password_reset", self.users[0].pk if self.users else 0)
        return self.cleaned_data["email"]


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


class CodeOnce:
    """A code of the app is good for its own 30 seconds; allauth remembers a used one from its use on, by a clock that may go back."""

    def clean_code(self):
        try:
            code = super().clean_code()
        except Unreadable as fault:
            raise ValidationError([say_reason(reason) for reason in fault.reasons]) from fault
        by_app = self.authenticator.type == Authenticator.Type.TOTP
        if by_app and not cache.add(f"accounts.code_used:{self.user.pk}:{code}", 1, 120):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(CodeOnce, mfa.AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "code", _("Code"), autocapitalize="off", spellcheck="false")


class CodeAgainForm(CodeOnce, mfa.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "code", _("Code"), autocapitalize="off", spellcheck="false")


class PasskeyReader:
    """What a device answers comes from anywhere: whatever cannot be read is a wrong passkey, not a fault of ours."""

    def read_credential(self, read):
        try:
            return read()
        except UNREADABLE as fault:
            raise ValidationError(PASSKEY_WRONG) from fault
        except ValidationError as fault:
            raise ValidationError(PASSKEY_WRONG) if getattr(fault, "code", "") == "incorrect_code" else fault from fault


class PasskeyForm(PasskeyReader, webauthn.AuthenticateWebAuthnForm):
    def clean_credential(self):
        return self.read_credential(super().clean_credential)


class PasskeyAgainForm(PasskeyReader, webauthn.ReauthenticateWebAuthnForm):
    def clean_credential(self):
        return self.read_credential(super().clean_credential)


class NewPasskeyForm(PasskeyReader, webauthn.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].validators.append(MaxLengthValidator(LONGEST_NAME))
        say(self, "name", _("Name of the device"), maxlength=LONGEST_NAME, autocomplete="off")

    def clean(self):
        return self.read_credential(super().clean)


class PasskeyNameForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(LONGEST_NAME))
        say(self, "name", _("Name of the device"), maxlength=LONGEST_NAME, autocomplete="off")


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say(self, "code", _("Six digits from the app"), inputmode="numeric")
