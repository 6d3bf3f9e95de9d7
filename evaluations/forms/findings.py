"""What an organiser records after checking."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competition.forms.refusable import RefusableForm
from evaluations.forms.judging import typed

VETO = (("1", pgettext_lazy("a veto", "passed")), ("0", pgettext_lazy("a veto", "failed")))


class FindingForm(RefusableForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a failed check and for points. The applicant reads it once the round is released."),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=500,
        required=False,
        help_text=_("Where it can be looked up: a document number, an address. Only staff read it."),
    )

    def __init__(self, *args, criterion, least, most, step, **kwargs):
        """`least`, `most` and `step` of a bonus as text."""
        super().__init__(*args, **kwargs)
        if criterion.kind == "veto":
            value = forms.ChoiceField(label=_("What was found"), choices=VETO, widget=forms.RadioSelect)
        else:
            text = _("From %(least)s to %(most)s, in steps of %(step)s; 0 gives nothing.") % {"least": least, "most": most, "step": step}
            value = forms.CharField(label=_("Points added or taken off"), max_length=12, help_text=text)
            value.widget.attrs |= {"inputmode": "decimal", "class": "n"}
        self.fields = {"value": value, **self.fields}

    def clean_value(self):
        return typed(self.cleaned_data["value"])


class WithdrawForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept with what was recorded.")
    )


class PassRestForm(RefusableForm):
    """`expected`: how many the page showed."""

    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
