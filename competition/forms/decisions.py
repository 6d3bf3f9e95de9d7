"""Changing an outcome, recording the meeting, objections and awards."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competition import labels
from competition.domain import condition
from competition.forms.refusable import RefusableForm
from competition.models import Award


class OutcomeForm(RefusableForm):
    outcome = forms.ChoiceField(label=_("Outcome"))
    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why it differs from the rule. Printed in the award report and shown to the applicant."),
    )

    condition_zh = forms.CharField(
        label=_("Condition, Chinese"),
        required=False,
        max_length=condition.MOST,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "zh-Hans"}),
        help_text=_("What the chosen cluster must still show. Until then its title is conditional. Published with the list."),
    )
    condition_en = forms.CharField(
        label=_("Condition, English"),
        required=False,
        max_length=condition.MOST,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
    )
    condition_due = forms.DateField(
        label=_("To be met by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, row, words, last, **kwargs):
        """`last`: conditions belong to titles, so only the last round asks for them."""
        names = ["outcome", "note"] + ([name for name in self.base_fields if name.startswith("condition_")] if last else [])
        super().__init__(*args, initial={name: getattr(row, name) for name in names}, **kwargs)
        for name in set(self.fields) - set(names):
            del self.fields[name]
        codes = ["advance", "reserve", "eliminated", "ineligible"]
        if row.computed not in codes:
            codes.append(row.computed)
        self.fields["outcome"].choices = [
            (code, _("%(outcome)s (by the rule)") % {"outcome": words[code]} if code == row.computed else words[code]) for code in codes
        ]

    def wish(self) -> dict:
        """What `change_outcome` takes."""
        given = self.cleaned_data
        terms = condition.Terms(given["condition_zh"], given["condition_en"], given["condition_due"]) if "condition_zh" in given else None
        return {"outcome": given["outcome"], "note": given["note"], "condition": terms}


class MeetingForm(RefusableForm):
    number = forms.CharField(label=_("Number of the meeting or its minutes"), max_length=60)
    held_on = forms.DateField(label=_("Held on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    minutes = forms.FileField(label=_("Minutes"), required=False, help_text=_("PDF, at most 20 MB."))

    def refuse(self, refused):
        if refused.field == "file":
            refused.field = "minutes"
        super().refuse(refused)


class SignForm(RefusableForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class EntryChoice(forms.ModelChoiceField):
    def label_from_instance(self, entry):
        return str(entry.application.cluster)


class ObjectionForm(RefusableForm):
    entry = EntryChoice(label=_("About"), queryset=None)
    objector_kind = forms.ChoiceField(label=_("Who objects"), choices=list(labels.OBJECTORS.items()), widget=forms.RadioSelect)
    objector = forms.CharField(label=_("Name"), max_length=120)
    contact = forms.CharField(label=_("How to reach them"), max_length=200, help_text=_("The reply goes there."))
    text = forms.CharField(label=_("Facts and grounds"), max_length=10000, widget=forms.Textarea(attrs={"rows": 6}))
    received_at = forms.DateTimeField(
        label=_("Received"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Beijing time. What counts is when it came in, not when it is entered."),
    )

    def __init__(self, *args, entries, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = entries
        self.fields["received_at"].initial = lambda: timezone.localtime().replace(second=0, microsecond=0)


class ObjectionDecisionForm(RefusableForm):
    RULINGS = (
        ("reject", _("Reject: the entry runs on")),
        ("disqualify", _("Uphold: the entry is disqualified")),
        ("uphold", _("Uphold: the entry keeps its place, the decision says what follows")),
    )
    ruling = forms.ChoiceField(label=_("Decision"), choices=RULINGS, widget=forms.RadioSelect)
    decision = forms.CharField(
        label=_("Grounds"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), help_text=_("This is the reply to the objector.")
    )


class AwardForm(RefusableForm):
    titles = forms.MultipleChoiceField(
        label=_("Titles"), choices=[(code, labels.TITLES[code]) for code in Award.TITLES], widget=forms.CheckboxSelectMultiple
    )
