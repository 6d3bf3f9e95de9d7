import re

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.domain.roles import ROLES_AT
from accounts.domain.tokens import MOST_DAYS
from accounts.labels import ROLE_LABELS
from accounts.models import User
from accounts.models.user import RHYTHMS
from ledger.reasons import say

SCOPE_LABELS = {
    "read": _("read whatever you may read"),
    "apply": _("fill in and submit your organisation's applications"),
    "judge": _("fill in and submit your score sheets"),
    "recommend": _("give your region's word: recommend, decline, set the order, nominate; answer registrations"),
    "organise": _("run your competitions: intake, registrations, rounds, seats, checks, proposals, objections, awards"),
    "decide": _("prepare decisions: outcomes, the meeting, objections, never a signature"),
}
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
# Kind, key of the row, secret (accounts.selectors.code); the key of a new password is a person's in base 36.
LINK_CODE = re.compile(
    r"(?P<kind>[is](?=-\d{1,18}-[0-9a-f]{40}$)|p)-(?P<key>[0-9a-z]{1,18}?)-(?P<secret>[0-9a-z]+(?:-[0-9a-f]+)?)", re.ASCII
)


class NamesMixin(forms.Form):
    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("name_zh") and not data.get("name_en"):
            self.add_error("name_zh", _("Give your name in at least one of the two scripts."))
        return data


class ProfileForm(NamesMixin):
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in Latin letters"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False, help_text=_("Only organisers of your competition see it."))
    mail_rhythm = forms.ChoiceField(
        label=_("Letters about what happens"),
        choices=RHYTHMS,
        help_text=_("Everything stands under “Notifications” as well. Letters about your account always come at once."),
    )


class TokenForm(forms.Form):
    """A key for a program. `SCOPE_LABELS` say what each scope lets it do."""

    name = forms.CharField(label=_("What is it for?"), max_length=80, help_text=_("Such as: nightly transfer of the office's system."))
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"), choices=tuple(SCOPE_LABELS.items()), widget=forms.CheckboxSelectMultiple, initial=["read"]
    )
    days = forms.IntegerField(label=_("For how many days?"), min_value=1, max_value=MOST_DAYS, initial=90)

    def refuse(self, refused):
        for reason in refused.reasons:
            self.add_error(refused.field if refused.field in self.fields else None, say(reason))


class InvitationForm(forms.Form):
    """`scope` decides which roles are offered."""

    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LANGUAGES)
    by_mail = forms.BooleanField(label=_("Send the link by mail"), required=False, initial=True)

    def __init__(self, *args, scope, **kwargs):
        super().__init__(*args, **kwargs)
        offered = ROLES_AT[scope.partition(":")[0]]
        self.fields["role"].choices = [(role, ROLE_LABELS[role]) for role in offered]

    def refuse(self, refused):
        """Puts the reasons of a service at their field."""
        field = refused.field if refused.field in self.fields else None
        self.add_error(field, [reason_text(reason) for reason in refused.reasons])


class InviteForm(InvitationForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in Latin letters"), max_length=120, required=False)
    field_order = ["email", "name_zh", "name_en", "role", "language", "by_mail"]


class InviteManyForm(InvitationForm):
    people = forms.CharField(
        label=_("People"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("One person on each line: e-mail, name[, name in English]. At most 200."),
        strip=False,
    )
    field_order = ["people", "role", "language", "by_mail"]


class SignUpForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send a link to it."),
    )


class LinkForm(forms.Form):
    """``code`` comes out as kind, key and secret."""

    code = forms.CharField(
        label=pgettext_lazy("of a one-time link", "Code"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def clean_code(self):
        """Also the whole link, and with the breaks that mail put in."""
        given = "".join(self.cleaned_data["code"].split()).rpartition("#")[2]
        found = LINK_CODE.fullmatch(given)
        if found is None:
            raise ValidationError(_("This is no code of a letter of ours. Copy all of it: it begins with a letter and a hyphen."))
        return found.groupdict()


class MailCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Eight digits from the letter"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )

    def refuse(self, refused):
        self.add_error("code", [say(reason) for reason in refused.reasons])


class AcceptForm(NamesMixin):
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in Latin letters"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("Password, once more"), strip=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = " ".join(str(text) for text in password_validators_help_texts())

    def clean(self):
        data = super().clean()
        password = data.get("password")
        if password:
            try:
                validate_password(password, User(email=self.email, name_zh=data.get("name_zh", ""), name_en=data.get("name_en", "")))
            except ValidationError as fault:
                self.add_error("password", fault)
            if data.get("password_again") and data["password_again"] != password:
                self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        return data


def reason_text(reason) -> str:
    """A reason in words, with its line where it speaks of one."""
    text = say(reason)
    return _("Line %(line)s: %(why)s") % {"line": reason.params["line"], "why": text} if "line" in reason.params else text
