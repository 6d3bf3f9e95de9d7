"""Clusters, organisations, the workday table."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm
from competition.models import Organisation, Region, Sector


class OrganisationForm(RefusableForm):
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=18, required=False, help_text=_("18 characters; the last one is a check digit.")
    )
    region = forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.all(), required=False, empty_label=_("None"))


class ClusterForm(RefusableForm):
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    short_zh = forms.CharField(
        label=_("Short name in Chinese"), max_length=8, help_text=_("For charts, at most 8 characters; given, never cut from the name.")
    )
    short_en = forms.CharField(label=_("Short name in English"), max_length=24, required=False)
    sector = forms.ModelChoiceField(label=_("Sector"), queryset=Sector.objects.all(), empty_label=_("Choose a sector"))
    lead_region = forms.ModelChoiceField(label=_("Lead region"), queryset=Region.objects.all(), empty_label=_("Choose a region"))
    regions = forms.ModelMultipleChoiceField(
        label=_("All regions it lies in"),
        queryset=Region.objects.all(),
        required=False,
        help_text=_("Of a joint cluster every region: a conflict of interest binds in each of them."),
        widget=forms.CheckboxSelectMultiple,
    )
    organisation = forms.ModelChoiceField(
        label=_("Promotion organisation"), queryset=Organisation.objects.all(), required=False, empty_label=_("Not known yet")
    )


_LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s*[,，\t ]\s*(off|work|休|班)\s*(?:[,，\t ]\s*(.{0,60}))?")


class WorkdayForm(RefusableForm):
    """Days as lines: date, off or work, name."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    days = forms.CharField(
        label=_("Days off and make-up workdays"),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        required=False,
        help_text=_(
            "One day on each line: 2027-01-01, off, New Year. “off” (休) is a day off, “work” (班) a make-up workday. "
            "Weekends stand by themselves."
        ),
    )
    complete = forms.BooleanField(
        label=_("The table of this year is complete"),
        required=False,
        help_text=_("Only then publicity in working days can be counted in a year that the calendar does not know."),
    )

    def clean_days(self):
        found: dict[date, tuple[bool, str]] = {}
        for number, line in enumerate(self.cleaned_data["days"].splitlines(), start=1):
            if not line.strip():
                continue
            match = _LINE.fullmatch(line.strip())
            try:
                day = date(*map(int, match[1].split("-"))) if match else None
            except ValueError:
                day = None
            if day is None:
                raise forms.ValidationError(_("Line %(line)s cannot be read: write a date, then off or work."), params={"line": number})
            if day in found:
                raise forms.ValidationError(_("Line %(line)s: this day stands twice."), params={"line": number})
            found[day] = (match[2] in ("work", "班"), (match[3] or "").strip())
        return [(day, *rest) for day, rest in sorted(found.items())]
