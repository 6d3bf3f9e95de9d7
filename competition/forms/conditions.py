"""Ruling on the condition of a title."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class GroundForm(RefusableForm):
    ground = forms.CharField(
        label=_("Grounds"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was shown, where it can be seen. The applicant reads it."),
    )


class ExtensionForm(GroundForm):
    field_order = ["due_on", "ground"]
    due_on = forms.DateField(label=_("New last day"), widget=DAY)
