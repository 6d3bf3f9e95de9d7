"""Who of the pool sits on a jury."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm


class JuryForm(RefusableForm):
    """`members`: ids. Whoever sits is ticked; before anybody does, the whole pool."""

    members = forms.TypedMultipleChoiceField(
        label=_("Members of the jury"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one member.")},
    )

    def __init__(self, *args, jury, **kwargs):
        self.jury = jury
        sitting = jury.sitting or {member.evaluator.pk for member in jury.members}
        kwargs["initial"] = {"members": [str(pk) for pk in sorted(sitting)]}
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [(str(member.evaluator.pk), member.evaluator.code) for member in jury.members]

    def rows(self):
        """Each member with its box."""
        return list(zip(self.jury.members, self["members"], strict=True))
