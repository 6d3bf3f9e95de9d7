"""Starting an application, and the reasons that go with a decision about one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm


class StartForm(RefusableForm):
    cluster = forms.ModelChoiceField(
        None,
        label=_("Cluster"),
        empty_label=_("Choose a cluster"),
        help_text=_("Clusters of your own organisation that have not applied yet."),
    )
    track = forms.ModelChoiceField(
        None, label=_("Track"), empty_label=_("Choose a track"), help_text=_("It cannot be changed once the draft is begun.")
    )

    def __init__(self, *args, clusters, tracks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cluster"].queryset = clusters
        if tracks.exists():
            self.fields["track"].queryset = tracks
        else:
            del self.fields["track"]


class ReasonForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, help_text=_("The applicant reads it word for word.")
    )


class OptionalReasonForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False)


class ReturnForm(ReasonForm):
    due_at = forms.DateTimeField(
        label=_("To be corrected by"),
        help_text=_("Beijing time. It may lie after the end of the intake."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class IntakeFilter(forms.Form):
    """What the queue shows; an unknown value shows everything."""

    STATES = (
        ("", _("All states")),
        ("submitted", _("Waiting for you")),
        ("returned", _("Returned for correction")),
        ("accepted", _("Accepted")),
        ("refused", _("Refused")),
        ("withdrawn", _("Withdrawn")),
        ("draft", _("Draft of the next round")),
    )
    state = forms.ChoiceField(choices=STATES, required=False, label=_("State"))
    track = forms.ModelChoiceField(None, required=False, label=_("Track"), empty_label=_("All tracks"))

    def __init__(self, *args, tracks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["track"].queryset = tracks
