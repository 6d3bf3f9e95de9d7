"""The region's word, its order of preference, and the organiser's table of places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.competitions import Moment
from competition.forms.refusable import RefusableForm, VersionedForm

MOST = 999


class OpinionForm(RefusableForm):
    opinion = forms.CharField(
        label=_("The region's opinion"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        help_text=_("The organiser and the applicant read it; it stands in the letter of recommendation."),
    )


class WhyForm(RefusableForm):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, help_text=_("The applicant reads it word for word.")
    )


class PreferenceForm(RefusableForm):
    """A place for each recommended application; `before` is the order that was shown."""

    before = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.initial["before"] = ",".join(str(row.pk) for row in rows)
        for row in rows:
            self.fields[f"place_{row.pk}"] = forms.IntegerField(
                label=_("Place of %(name)s") % {"name": row.application.cluster},
                min_value=1,
                max_value=len(rows),
                initial=row.preference,
            )

    def lines(self):
        return [(row, self[f"place_{row.pk}"]) for row in self.rows]

    def clean(self):
        data = super().clean()
        taken: dict[int, str] = {}
        for row in self.rows:
            name = f"place_{row.pk}"
            place = data.get(name)
            if place in taken:
                self.add_error(name, _("This place stands twice."))
            elif place is not None:
                taken[place] = name
        return data

    def wanted(self) -> list[int]:
        return [row.pk for row in sorted(self.rows, key=lambda row: self.cleaned_data[f"place_{row.pk}"])]

    def shown(self) -> list[int]:
        parts = self.cleaned_data["before"].split(",")
        return [int(part) for part in parts if part.isdecimal() and len(part) < 19]


class QuotasForm(VersionedForm):
    """`places_CODE` a number, `unlimited_CODE` without one; neither: the region recommends nobody. `others` fills what is empty."""

    required = forms.BooleanField(
        label=_("Applications are accepted only with the recommendation of their lead region"),
        required=False,
        help_text=_("A joint entry is charged to its lead region alone. A region without places passes it to the one above."),
    )
    closes = Moment(
        label=_("Deadline for recommendations"),
        help_text=_("Beijing time; after the applicants' deadline, before judging begins."),
    )
    others = forms.IntegerField(
        label=_("Places for every region left empty"),
        min_value=1,
        max_value=MOST,
        required=False,
        help_text=_("Empty: those regions recommend nobody here."),
    )

    def __init__(self, *args, regions, **kwargs):
        super().__init__(*args, **kwargs)
        self.regions = list(regions)
        for region in self.regions:
            self.fields[f"places_{region.pk}"] = forms.IntegerField(
                label=_("Places of %(region)s") % {"region": region}, min_value=1, max_value=MOST, required=False
            )
            self.fields[f"unlimited_{region.pk}"] = forms.BooleanField(
                label=_("Without a limit: %(region)s") % {"region": region}, required=False
            )

    def lines(self):
        return [(region, self[f"places_{region.pk}"], self[f"unlimited_{region.pk}"]) for region in self.regions]

    def clean(self):
        data = super().clean()
        for region in self.regions:
            if data.get(f"places_{region.pk}") and data.get(f"unlimited_{region.pk}"):
                self.add_error(f"places_{region.pk}", _("Give a number or say without a limit, not both."))
        if data.get("required") and not data.get("closes") and "closes" not in self.errors:
            self.add_error("closes", _("Set the deadline."))
        if data.get("required") and not self.errors and not self.places():
            self.add_error("required", _("Give at least one region places."))
        return data

    def places(self) -> dict[str, int | None]:
        data, found = self.cleaned_data, {}
        for region in self.regions:
            number = data.get(f"places_{region.pk}") or data.get("others")
            if data.get(f"unlimited_{region.pk}"):
                found[region.pk] = None
            elif number:
                found[region.pk] = number
        return found


class MoveDeadlineForm(RefusableForm):
    closes = Moment(label=_("New deadline for recommendations"), help_text=_("Beijing time."))
    reason = forms.CharField(
        label=_("Why the dates are moved"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        help_text=_("It is kept in the ledger."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closes"].required = True


class SourceChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, source):
        return f"{source.region} · {source}"


class FeedersForm(VersionedForm):
    sources = SourceChoices(
        None,
        label=_("Provincial competitions that feed this edition"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What was chosen in their last round, once it is released, may be nominated within the places of the region."),
    )

    def __init__(self, *args, sources, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sources"].queryset = sources


class NominateForm(OpinionForm):
    track = forms.ModelChoiceField(None, label=_("Track in the edition"), empty_label=_("Choose a track"))
    field_order = ["track", "opinion"]

    def __init__(self, *args, tracks, **kwargs):
        super().__init__(*args, **kwargs)
        if tracks.exists():
            self.fields["track"].queryset = tracks
        else:
            del self.fields["track"]
