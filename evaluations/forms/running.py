"""What an organiser says while a round is judged: reasons, later deadlines, another evaluator."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from competition.forms.refusable import RefusableForm


class ReasonForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the seat and, as a digest, in the ledger."),
    )


class ReturnForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The evaluator reads it above the sheet.")
    )


class ReopenForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The second person reads it before answering."),
    )


class ExtendForm(RefusableForm):
    due_at = forms.DateTimeField(
        label=_("New deadline (Beijing time)"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class EvaluatorChoice(forms.ModelChoiceField):
    def label_from_instance(self, evaluator) -> str:
        load = ngettext("%(n)d seat", "%(n)d seats", evaluator.load) % {"n": evaluator.load}
        return f"{evaluator.code} {evaluator.user.display_name()} · {load}"


class ReplaceForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, evaluators, **kwargs):
        super().__init__(*args, **kwargs)
        field = EvaluatorChoice(
            queryset=evaluators,
            label=_("New evaluator"),
            help_text=_("Without a conflict with this cluster and without a seat here so far."),
        )
        self.fields = {"evaluator": field, **self.fields}
