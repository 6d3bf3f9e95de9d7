"""What an organiser says while a round is judged: reasons, later deadlines, another evaluator."""

from django import forms
from django.utils.translation import gettext_lazy as _

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


AGAINST = {
    "load": _("already at the most"),
    "employer": _("same employer as another of the panel"),
    "discipline": _("against the numbers by sector"),
    "hand": _("excluded by hand"),
}


def _candidate(one) -> str:
    """Code, name, fit, load; and which rules it would break."""
    words = _("fit %(fit)s, %(load)s of at most %(most)s entries") % {"fit": one.fit, "load": one.load, "most": one.most}
    text = f"{one.evaluator.code} {one.evaluator.user.display_name()} · {words}"
    if one.evaluator.employer:
        text += f" · {one.evaluator.employer}"
    return " · ".join([text, *(str(AGAINST[rule]) for rule in one.against)])


class ReplaceForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, candidates, **kwargs):
        """`candidates`: whoever may take the seat, the best first; those who break a rule of the plan apart."""
        super().__init__(*args, **kwargs)
        self.people = {str(one.evaluator.pk): one.evaluator for one in candidates}
        groups = ((_("By fit and rules, the best first"), False), (_("Against a rule of the plan"), True))
        choices = [
            (label, [(one.evaluator.pk, _candidate(one)) for one in candidates if bool(one.against) is bad]) for label, bad in groups
        ]
        field = forms.ChoiceField(
            choices=[group for group in choices if group[1]],
            label=_("New evaluator"),
            help_text=_("Without a conflict with this cluster and without a seat here so far."),
            initial=candidates[0].evaluator.pk if candidates and not candidates[0].against else None,
        )
        self.fields = {"evaluator": field, **self.fields}

    def clean_evaluator(self):
        return self.people[self.cleaned_data["evaluator"]]


class OutliersForm(RefusableForm):
    due_at = forms.DateTimeField(
        label=_("Answers due (Beijing time)"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"],
        help_text=_("A correction that is asked about may be handed in until then."),
    )


class FlagForm(RefusableForm):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("confirm", _("My marks are right and stay")), ("correct", _("I want to correct my marks; open the sheet again"))],
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Staff without a conflict read it after the round is closed."),
    )
