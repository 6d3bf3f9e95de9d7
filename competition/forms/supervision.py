"""What a supervisor looks for in the ledger."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from competition import record_names
from competition.forms.refusable import RefusableForm

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


def _day(label):
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"))


class LedgerForm(RefusableForm):
    """`competitions`: those to choose from (None: the page is of one); `actions`: what was recorded, code and words."""

    competition = forms.TypedChoiceField(label=_("Competition"), required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    kind = forms.ChoiceField(label=_("About what"), required=False)
    about = forms.CharField(label=_("Its number, or the cluster's name"), required=False, max_length=80)
    person = forms.CharField(label=_("Who: part of the name"), required=False, max_length=80)
    since = _day(_("From (Beijing time)"))
    until = _day(_("Until and including"))

    def __init__(self, *args, competitions=None, actions=(), **kwargs):
        super().__init__(*args, **kwargs)
        if competitions is None:
            del self.fields["competition"]
        else:
            self.fields["competition"].choices = [("", _("All")), *((row.pk, str(row)) for row in competitions)]
        self.fields["action"].choices = [("", _("Everything")), *actions]
        kinds = sorted(((code, str(label)) for code, label in record_names.labels().items()), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", _("Anything")), *kinds]

    def clean(self):
        data = super().clean()
        for name in ("since", "until"):
            if data.get(name) and not FIRST <= data[name] <= LAST:
                self.add_error(name, _("Choose a day between 2000 and 2100."))
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("This day is before the first one."))
        return data
