"""The rule by which clusters of an earlier edition are let in again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import VersionedForm


class ReachedChoice(forms.ModelChoiceField):
    def label_from_instance(self, round):
        return f"{round.competition} · {round}"


class ReadmissionForm(VersionedForm):
    reached = ReachedChoice(
        None,
        label=_("Reached in the earlier edition"),
        empty_label=_("Choose a round"),
        help_text=_("Whoever was in this round and was not chosen in the end. Those who left or were ruled out stay out."),
    )
    enters = forms.ModelChoiceField(
        None,
        label=_("Enters this edition in"),
        empty_label=_("Choose a round"),
        help_text=_("A round with an intake of its own. In the first one the rule spares them the recommendation of their region."),
    )

    def __init__(self, *args, reached, enters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reached"].queryset = reached
        self.fields["enters"].queryset = enters
