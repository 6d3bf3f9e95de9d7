"""Competitions, tracks and rounds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.domain.groups import LEAST, MOST
from competition.domain.publication import parse_publication
from competition.domain.windows import FIELDS, window_faults
from competition.forms.refusable import RefusableForm, VersionedForm
from competition.models import Region
from ledger.domain.reason import Refused
from ledger.reasons import say

CODE_HELP = _("Small letters, digits, hyphens and underscores; it stands in addresses and numbers.")
FORMAT = "format:"  # what a choice of a format begins with, so that it is no competition's number
LEVELS = (("province", _("Province")), ("nation", _("Nation")))
ROUND_KINDS = (("review", _("Review with marks or votes")), ("formal_check", _("Formal check by the organiser")))
PUBLIC_SHOWN = (
    ("", _("As for the whole competition")),
    ("nothing", _("Nobody: applicants learn their own outcome")),
    ("chosen", _("The chosen")),
    ("all", _("Everybody, also those not chosen")),
)
GROUP_HOW = (
    ("dealt", _("By lot, each region's entries dealt over the groups")),
    ("lot", _("By lot alone")),
    ("hand", _("By hand")),
)
PUBLIC_ORDERS = (("region", _("By region")), ("rank", _("By rank")))
INTAKES = (("fresh", _("Takes in applications of its own")), ("carry", _("Judges what was accepted before")))


def code_field(**more):
    return forms.RegexField(
        label=_("Short code"),
        regex=r"^[a-z0-9]+([-_][a-z0-9]+)*$",
        error_messages={"invalid": _("Only small letters a–z and digits, with single hyphens or underscores between them.")},
        **more,
    )


def region_field(**more):
    return forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.filter(parent=None), empty_label=_("Choose a region"), **more)


class NamesForm(RefusableForm):
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160)
    code = code_field(max_length=60, help_text=CODE_HELP)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    level = forms.ChoiceField(label=_("Level"), choices=LEVELS)
    region = region_field(required=False)

    def clean(self):
        data = super().clean()
        if data.get("level") == "province" and not data.get("region") and "region" not in self.errors:
            self.add_error("region", _("A provincial competition needs its region."))
        if data.get("level") == "nation":
            data["region"] = None
        return data


class CompetitionCreateForm(NamesForm):
    source = forms.ChoiceField(
        label=_("Begin from"),
        required=False,
        help_text=_("Its tracks, rounds, forms, rubrics and rules are copied; its dates, people and clusters are not."),
    )
    field_order = ["source"]

    def __init__(self, *args, sources, formats, **kwargs):
        """`sources`: competitions to copy; `formats`: name and label of each format, the default first."""
        super().__init__(*args, **kwargs)
        self.sources = {str(row.pk): row for row in sources}
        self.formats = {f"{FORMAT}{name}": name for name, _label in formats}
        choices = [(_("A format"), [(f"{FORMAT}{name}", label) for name, label in formats])]
        if self.sources:
            choices.append((_("An earlier competition"), [(key, str(row)) for key, row in self.sources.items()]))
        self.fields["source"].choices = choices

    def wanted(self) -> dict:
        """What the service takes; nothing chosen is the default format."""
        chosen = self.cleaned_data["source"]
        begin = {"source": self.sources[chosen]} if chosen in self.sources else {"format": self.formats[chosen]} if chosen else {}
        return self.cleaned_data | {"source": None} | begin


class CompetitionForm(VersionedForm, NamesForm):
    organiser_zh = forms.CharField(label=_("Organiser in Chinese"), max_length=120, required=False)
    organiser_en = forms.CharField(label=_("Organiser in English"), max_length=160, required=False)
    contact = forms.CharField(
        label=_("Contact for questions"), max_length=200, required=False, help_text=_("Office, telephone, e-mail; everybody sees it.")
    )
    summary_zh = forms.CharField(
        label=_("Summary of the call in Chinese"), widget=forms.Textarea(attrs={"rows": 5}), required=False, max_length=4000
    )
    summary_en = forms.CharField(
        label=_("Summary of the call in English"), widget=forms.Textarea(attrs={"rows": 5}), required=False, max_length=4000
    )
    publicity_days = forms.IntegerField(label=_("Length of the publicity"), min_value=1, max_value=60)
    publicity_unit = forms.ChoiceField(
        label=_("Counted in"), choices=(("working", _("Working days, make-up workdays included")), ("calendar", _("Calendar days")))
    )
    public_order = forms.ChoiceField(
        label=_("Order of the published list"),
        choices=PUBLIC_ORDERS,
        help_text=_("An order by rank tells the ranks."),
    )
    public_ranks = forms.BooleanField(label=_("Publish ranks"), required=False)
    public_not_chosen = forms.BooleanField(label=_("Publish those not chosen as well"), required=False)
    joint_entries = forms.BooleanField(
        label=_("Joint entries: an application may name partners"),
        required=False,
        help_text=_("Conflicts count for every partner. The place is charged to the region of the organisation that applies."),
    )
    valid_years = forms.IntegerField(label=_("A title is valid for (years)"), min_value=1, max_value=50)

    GROUPS = (
        (_("The competition"), ("name_zh", "name_en", "code", "year", "level", "region")),
        (_("Organiser and call"), ("organiser_zh", "organiser_en", "contact", "summary_zh", "summary_en")),
        (
            _("Publicity and title"),
            ("publicity_days", "publicity_unit", "public_order", "public_ranks", "public_not_chosen", "valid_years"),
        ),
        (
            _("Who may apply"),
            ("joint_entries",),
        ),
    )
    OPEN = ("contact", "summary_zh", "summary_en")

    def groups(self):
        return [(label, [self[name] for name in names]) for label, names in self.GROUPS]

    def freeze(self):
        """Once the call is out only the words may be mended."""
        for name, field in self.fields.items():
            if name not in (*self.OPEN, "version"):
                field.disabled = True
                field.required = False

    def changes(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TrackForm(RefusableForm):
    code = code_field(max_length=30)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80)


class _TrackFormSet(forms.BaseFormSet):
    def clean(self):
        seen = set()
        for form in self.forms:
            code = form.cleaned_data.get("code") if form.is_valid() and not self._should_delete_form(form) else None
            if code and code in seen:
                form.add_error("code", _("This code stands twice."))
            seen.add(code)

    def rows(self) -> list[dict]:
        """What is to stay, in the order given."""
        return [
            {name: form.cleaned_data[name] for name in ("code", "name_zh", "name_en")}
            for form in self.ordered_forms
            if form.cleaned_data.get("code")
        ]


TrackFormSet = forms.formset_factory(TrackForm, formset=_TrackFormSet, extra=2, can_order=True, can_delete=True, max_num=60)


class VersionForm(VersionedForm):
    """Nothing but the version."""


class Moment(forms.DateTimeField):
    """Beijing time, to the minute."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, required=False, **kwargs)


class WindowsForm(RefusableForm):
    intake_opens = Moment(label=_("Applications open"))
    intake_closes = Moment(label=_("Deadline for applications"))
    judging_opens = Moment(label=_("Judging begins"))
    judging_closes = Moment(label=_("Judging ends"))

    def __init__(self, *args, after=None, fresh=True, **kwargs):
        """`after`: the end of judging in the round before."""
        super().__init__(*args, **kwargs)
        self.after, self.fresh = after, fresh

    def clean(self):
        data = super().clean()
        for field, reason in window_faults(data, fresh=data.get("intake", "fresh" if self.fresh else "carry") == "fresh", after=self.after):
            self.add_error(field, say(reason))
        return data

    def windows(self) -> dict:
        return {name: self.cleaned_data.get(name) for name in FIELDS}


class RoundForm(VersionedForm, WindowsForm):
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    code = code_field(max_length=30)
    kind = forms.ChoiceField(
        label=_("Kind of round"),
        choices=ROUND_KINDS,
        help_text=_("Changing it changes the rubric: a formal check begins with the usual items and keeps those that are passed or not."),
    )
    intake = forms.ChoiceField(label=_("How it takes in"), choices=INTAKES)
    seats = forms.IntegerField(
        label=_("Evaluators per entry"), min_value=0, max_value=99, help_text=_("A formal check has none; every other round at least one.")
    )
    blind = forms.BooleanField(
        label=_("Blind: evaluators do not see who applies"),
        required=False,
        help_text=_(
            "They see a code, the track, and of the form what is not marked as telling who applies. Conflicts are found by the system."
        ),
    )
    group_most = forms.IntegerField(
        label=_("Entries per group at most"),
        min_value=LEAST,
        max_value=MOST,
        required=False,
        help_text=_(
            "Empty: no groups. A track with more entries is divided into as few groups as hold them, each with a panel of its own."
        ),
    )
    group_how = forms.ChoiceField(label=_("How groups are made"), choices=GROUP_HOW, required=False)
    public_shown = forms.ChoiceField(label=_("Who is listed"), choices=PUBLIC_SHOWN, required=False)
    public_order = forms.ChoiceField(
        label=_("Order of the published list"), choices=PUBLIC_ORDERS, required=False, help_text=_("An order by rank tells the ranks.")
    )
    public_ranks = forms.BooleanField(label=_("Publish ranks"), required=False)
    public_totals = forms.BooleanField(label=_("Publish totals"), required=False, help_text=_("Single marks are never published."))
    field_order = ["name_zh", "name_en", "code", "kind", "intake", "seats", "blind", "group_most", "group_how", *FIELDS]
    PUBLIC = ("public_shown", "public_order", "public_ranks", "public_totals")

    def clean(self):
        data = super().clean()
        if data.get("kind") == "review" and data.get("seats") == 0:
            self.add_error("seats", _("At least one evaluator judges each entry."))
        if data.get("kind") == "formal_check" and data.get("group_most"):
            self.add_error("group_most", _("A formal check has no groups: nobody is ranked."))
        if not data.get("public_shown"):
            if data.get("public_ranks") or data.get("public_totals"):
                self.add_error("public_shown", _("Choose who is listed, then ranks and totals of this round can be published."))
            return data
        try:
            parse_publication(self._publication())
        except Refused as refused:
            self.add_error(refused.field, say(refused.reason))
        return data

    def _publication(self) -> dict:
        named = {name.removeprefix("public_"): self.cleaned_data.get(name) for name in self.PUBLIC}
        return named | {"order": named["order"] or "region"}

    def basics(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("code", "name_zh", "name_en", "kind", "intake", "seats", "blind")} | {
            "publication": self._publication() if self.cleaned_data["public_shown"] else None,
            "groups": self._groups(),
        }

    def _groups(self) -> dict | None:
        most = self.cleaned_data["group_most"]
        return {"most": most, "how": self.cleaned_data["group_how"] or "dealt"} if most else None


class RoundAddForm(VersionedForm):
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    code = code_field(max_length=30)
    intake = forms.ChoiceField(label=_("How it takes in"), choices=INTAKES)
    seats = forms.IntegerField(label=_("Evaluators per entry"), min_value=1, max_value=99, initial=5)


class MoveWindowsForm(WindowsForm):
    reason = forms.CharField(
        label=_("Why the dates are moved"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        help_text=_("It is kept in the ledger."),
    )
