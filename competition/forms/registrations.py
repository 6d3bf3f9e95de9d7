"""Registering an organisation with its cluster."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm
from competition.models import Region, Sector
from competition.services.clusters import against_credit_code
from ledger.reasons import say

NEW_CLUSTER = ("cluster_zh", "short_zh", "region", "sector")


class RegistrationForm(RefusableForm):
    """A cluster from the list, or the fields of a new one."""

    name_zh = forms.CharField(label=_("Organisation's Chinese name"), max_length=120, help_text=_("As in its registration certificate."))
    name_en = forms.CharField(label=_("Organisation's English name"), max_length=160, required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 characters; the last one is a check digit.")
    )
    cluster = forms.ModelChoiceField(
        None,
        label=_("Cluster"),
        required=False,
        empty_label=_("It is not in the list: I enter it below"),
        help_text=_("The list has the clusters that no organisation speaks for yet."),
    )
    cluster_zh = forms.CharField(label=_("New cluster: Chinese name"), max_length=120, required=False)
    cluster_en = forms.CharField(label=_("New cluster: English name"), max_length=200, required=False)
    short_zh = forms.CharField(
        label=_("Short name in Chinese"), max_length=8, required=False, help_text=_("For charts, at most 8 characters.")
    )
    short_en = forms.CharField(label=_("Short name in English"), max_length=24, required=False)
    region = forms.ModelChoiceField(label=_("Lead region"), queryset=Region.objects.all(), required=False, empty_label=_("Choose a region"))
    sector = forms.ModelChoiceField(label=_("Sector"), queryset=Sector.objects.all(), required=False, empty_label=_("Choose a sector"))

    def __init__(self, *args, clusters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cluster"].queryset = clusters
        for name in ("cluster", *NEW_CLUSTER):
            self.fields[name].conditional = True  # neither required nor optional: it hangs on the list
        self.fields["cluster"].label_from_instance = lambda cluster: f"{cluster} · {cluster.lead_region}"

    def clean_credit_code(self):
        code = "".join(self.cleaned_data["credit_code"].split()).upper()
        if reason := against_credit_code(code):
            raise forms.ValidationError(say(reason))
        return code

    def clean(self):
        data = super().clean()
        if data.get("cluster") is None and "cluster" not in self.errors:
            for name in NEW_CLUSTER:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Needed where the cluster is not in the list."))
        return data


class RefuseForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, help_text=_("The applicant reads it word for word.")
    )
