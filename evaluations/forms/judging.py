"""What evaluators and organisers fill in around the sheets."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm
from competition.models import Organisation, Region, Sector
from evaluations.labels import DECLARABLE

REASON = {"rows": 3}


def _reason(hint=""):
    return forms.CharField(label=_("Reason"), help_text=hint, max_length=1000, widget=forms.Textarea(attrs=REASON))


class UndertakingForm(RefusableForm):
    agree = forms.BooleanField(label=_("I have read this and undertake it."))


class RecuseForm(RefusableForm):
    kind = forms.ChoiceField(label=_("What binds you to this cluster"), choices=list(DECLARABLE.items()), widget=forms.RadioSelect)
    reason = _reason(hint=_("The organiser reads it. Say since when, and in what capacity."))


class ReasonForm(RefusableForm):
    reason = _reason()


class EvaluatorForm(RefusableForm):
    title = forms.CharField(label=_("Title or position"), max_length=80, required=False)
    employer = forms.ModelChoiceField(
        label=_("Employer"),
        queryset=Organisation.objects.all(),
        required=False,
        empty_label=_("Not in the list of organisations"),
        help_text=_("Evaluators judge no cluster of their own employer."),
    )
    sectors = forms.ModelMultipleChoiceField(
        label=_("Expertise"), queryset=Sector.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.ModelMultipleChoiceField(
        label=_("Regions"),
        queryset=Region.objects.all(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_(
            "Where they work or are bound: no cluster that lies there, even in part, is given to them. Hold Ctrl or ⌘ for several."
        ),
    )
    active = forms.BooleanField(label=_("Can be assigned"), required=False)


class ConflictForm(RefusableForm):
    user = forms.ModelChoiceField(label=_("Person"), queryset=None, empty_label=_("Choose a person"))
    cluster = forms.ModelChoiceField(label=_("Cluster"), queryset=None, empty_label=_("Choose a cluster"))
    kind = forms.ChoiceField(label=_("Kind of conflict"), choices=list(DECLARABLE.items()))
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs=REASON))

    def __init__(self, *args, people, clusters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset, self.fields["cluster"].queryset = people, clusters


def typed(text: str) -> str:
    """A mark as people type it: full-width digits, stops and minus signs of an input method become plain ones."""
    return unicodedata.normalize("NFKC", text or "").replace("。", ".").replace("−", "-").strip()


class SheetForm(forms.Form):
    """The whole sheet without a script: `mark-CODE`, `abstain-CODE`, comment, version, key."""

    version = forms.IntegerField(min_value=0)
    key = forms.RegexField(r"^[0-9A-Za-z-]{8,64}$", required=False)
    comment = forms.CharField(max_length=4000, required=False)

    def marks(self, codes) -> dict[str, str]:
        """Criterion code → text, "abstain" or empty, as typed."""
        return {code: "abstain" if self.data.get(f"abstain-{code}") else typed(self.data.get(f"mark-{code}", "")) for code in codes}
