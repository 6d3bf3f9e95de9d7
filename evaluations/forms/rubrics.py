"""The rubric: dimensions, and the criteria in them."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import RefusableForm, VersionedForm
from evaluations.domain.rubric import read_rubric
from evaluations.forms.functions import FunctionForm, function_initial
from ledger.domain.reason import Refused
from ledger.reasons import say

KINDS = (
    ("expert", _("Marked by evaluators")),
    ("mixed", _("Marked with a figure in view")),
    ("metric", _("Computed from a figure")),
    ("bonus", _("Bonus or deduction")),
    ("veto", _("Veto")),
)
GIVERS = (
    ("organiser", _("By the organiser, once, after checking")),
    ("panel", _("By each evaluator on the sheet")),
)
UNWEIGHTED = ("bonus", "veto")
# Fields that only some kinds have; the page shows the others' only while one of these is chosen.
KINDS_OF = {
    "weight": ("expert", "mixed", "metric"),
    "given_by": UNWEIGHTED,
    "min": ("bonus",),
    "max": ("expert", "mixed", "metric", "bonus"),
    "step": ("expert", "mixed", "metric", "bonus"),
}
MISSING = (
    ("required", _("The sheet cannot be submitted")),
    ("exclude", _("The evaluator does not count for it")),
    ("zero", _("It counts as 0")),
)
CODE = r"^[A-Za-z][A-Za-z0-9]{0,19}$"
CODE_WORDS = {"invalid": _("A letter first, then letters and digits, such as A1.")}


class DimensionForm(RefusableForm):
    code = forms.RegexField(label=_("Short code"), regex=CODE, error_messages=CODE_WORDS)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80)


class CriterionForm(FunctionForm, RefusableForm):
    dimension = forms.CharField(label=_("Dimension"), max_length=20)
    code = forms.RegexField(label=_("Short code"), regex=CODE, error_messages=CODE_WORDS)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120)
    weight = forms.CharField(label=_("Weight"), max_length=12)
    kind = forms.ChoiceField(label=_("How it is marked"), choices=KINDS)
    given_by = forms.ChoiceField(label=_("Who gives it"), choices=GIVERS)
    min = forms.CharField(label=_("Least points"), max_length=12, initial="0", help_text=_("Below 0: points are taken off."))
    max = forms.CharField(label=_("Highest mark"), max_length=12, initial="100", help_text=_("Of a bonus: the most points."))
    step = forms.CharField(label=_("Step"), max_length=12, initial="1")
    missing = forms.ChoiceField(label=_("Left blank"), choices=MISSING)
    data_item = forms.ChoiceField(label=_("Figure"), required=False)
    guidance_zh = forms.CharField(label=_("Guidance in Chinese"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False)
    guidance_en = forms.CharField(label=_("Guidance in English"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False)

    def __init__(self, *args, items=(), **kwargs):
        """`items`: (code, label) of the form's figures."""
        super().__init__(*args, **kwargs)
        self.add_steps()
        self.fields["data_item"].choices = [("", _("None")), *items]
        current = self.initial.get("data_item")
        if current and current not in dict(items):
            self.fields["data_item"].choices.append((current, _("%(code)s (not in the form)") % {"code": current}))
        kind = self["kind"].value() or "expert"
        for name, kinds in KINDS_OF.items():
            self.fields[name].required &= kind in kinds
        self.fields["weight"].widget.attrs |= {"inputmode": "decimal", "class": "n", "data-weight": ""}

    def figure(self) -> str:
        """The name of the figure that shows beside the criterion, empty without one."""
        current = self.initial.get("data_item")
        return dict(self.fields["data_item"].choices)[current] if current else ""

    def clean(self):
        data = super().clean()
        if data.get("kind") == "metric":
            self.clean_function(data)
        return data

    def to_json(self) -> dict:
        data = self.cleaned_data
        names = ("code", "name_zh", "name_en", "kind", "missing", "guidance_zh", "guidance_en", *_KEYS[data["kind"]])
        row = {name: data[name].strip() for name in names}
        if data["kind"] == "metric":
            return row | {"function": self.function()} | ({"reverse": True} if self.reversed() else {})
        return row if data["kind"] in UNWEIGHTED else row | {"function": None}


_MARKED = ("weight", "max", "step", "data_item")
_KEYS = {"expert": _MARKED, "mixed": _MARKED, "metric": _MARKED, "bonus": ("given_by", "min", "max", "step"), "veto": ("given_by",)}
DimensionFormSet = forms.formset_factory(DimensionForm, extra=1, can_order=True, can_delete=True, max_num=40)
CriterionFormSet = forms.formset_factory(CriterionForm, extra=2, can_order=True, can_delete=True, max_num=200)


class RubricEditor(VersionedForm):
    """Version, dimensions and criteria as one: `is_valid`, `to_json`."""

    def __init__(self, data, *, dimensions, version, items):
        super().__init__(data, initial={"version": version})
        criteria = [
            {**row, "dimension": dimension["code"], "dimension_label": _label(dimension), **function_initial(row.get("function"))}
            for dimension in dimensions
            for row in dimension["criteria"]
        ]
        self.dimensions = DimensionFormSet(data, prefix="dimensions", initial=dimensions)
        self.criteria = CriterionFormSet(data, prefix="criteria", initial=criteria, form_kwargs={"items": items})

    @property
    def sound(self) -> bool:
        if not (self.is_bound and self.is_valid() and self.dimensions.is_valid() and self.criteria.is_valid()):
            return False
        # Read once: a formset whose form gets an error afterwards no longer tells its order.
        self.kept_dimensions = [form for form in self.dimensions.ordered_forms if form.cleaned_data.get("code")]
        self.kept = [form for form in self.criteria.ordered_forms if form.cleaned_data.get("code")]
        known = {form.cleaned_data["code"] for form in self.kept_dimensions}
        for form in self.kept:
            if form.cleaned_data["dimension"] not in known:
                form.add_error("dimension", _("There is no dimension of this code above."))
        if any(form.errors for form in self.kept):
            return False
        try:
            read_rubric(self.to_json())
        except Refused as refused:
            self.place(refused)
            return False
        return True

    def place(self, refused: Refused) -> None:
        """Each reason at the field that it speaks of, where there is one."""
        rows = {form.cleaned_data["code"]: form for form in self.kept}
        for reason in refused.reasons:
            row = rows.get(reason.params.get("criterion"))
            name = FIELD_OF.get(reason.code.removeprefix("evaluations.rubric_"))
            if row is not None and "path" in reason.params:
                row.add_error(row.field_of(str(reason.params["path"])) or "shape", row.said(reason))
            elif row is not None and name:
                row.add_error(name, say(reason))
            else:
                self.add_error(None, say(reason))

    def to_json(self) -> list[dict]:
        criteria: dict[str, list[dict]] = {}
        for form in self.kept:
            criteria.setdefault(form.cleaned_data["dimension"], []).append(form.to_json())
        return [
            {
                **{name: form.cleaned_data[name] for name in ("code", "name_zh", "name_en")},
                "criteria": criteria.get(form.cleaned_data["code"], []),
            }
            for form in self.kept_dimensions
        ]


FIELD_OF = {
    "code_twice": "code",
    "kind_unknown": "kind",
    "missing_unknown": "missing",
    "weight_wrong": "weight",
    "max_wrong": "max",
    "step_wrong": "step",
    "min_wrong": "min",
    "bonus_max_wrong": "max",
    "bonus_step_wrong": "step",
    "giver_unknown": "given_by",
    "veto_blank": "missing",
    "data_item_missing": "data_item",
    "function_missing": "shape",
}


def _label(dimension) -> str:
    english = (get_language() or "").startswith("en")
    return f"{dimension['code']} {dimension['name_en' if english else 'name_zh']}"
