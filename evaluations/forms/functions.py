"""How a computed criterion turns its figure into points: the fields of each scoring function, and what stands in them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.domain.reason import Reason
from ledger.reasons import say

SHAPES = (
    ("linear", _("Evenly between two figures")),
    ("steps", _("By a table of steps")),
    ("threshold", _("All or nothing at a figure")),
    ("per_item", _("So many points for each")),
    ("percentile", _("By the place among the others of the track")),
    ("min_max", _("Between the least and the greatest of the track")),
)
OPERATORS = ((">=", "≥"), (">", ">"), ("<=", "≤"), ("<", "<"))
# What each function asks for; the page shows only the fields of the one that is chosen.
FIELDS = {"linear": ("floor", "target"), "threshold": ("op", "bar"), "per_item": ("each",)}
REVERSIBLE = ("linear", "steps", "percentile", "min_max")
FUNCTION_FIELDS = ("shape", "floor", "target", "op", "bar", "each", "reverse", "max")
STEP_FIELDS = ("bound", "points")
SPARE, FEWEST, MOST_STEPS = 2, 4, 30


class FunctionForm(forms.Form):
    """Mixed into the form of a criterion. A step is `bound_1` with `points_1` and so on."""

    shape = forms.ChoiceField(label=_("How it is computed"), choices=SHAPES, required=False, initial="linear")
    floor = forms.CharField(label=_("No points at"), max_length=30, required=False)
    target = forms.CharField(label=_("Full points at"), max_length=30, required=False, help_text=_("Below the first one: lower is better."))
    op = forms.ChoiceField(label=_("The figure is"), choices=OPERATORS, required=False, initial=">=")
    bar = forms.CharField(label=_("than this figure"), max_length=30, required=False)
    each = forms.CharField(label=_("Points for each"), max_length=30, required=False)
    reverse = forms.BooleanField(label=_("Less is better: full points become none"), required=False)

    def add_steps(self) -> None:
        typed = sum(self.add_prefix(f"bound_{row}") in self.data for row in range(1, MOST_STEPS + 1))
        stored = sum(f"bound_{row}" in self.initial for row in range(1, MOST_STEPS + 1))
        self.step_rows = range(1, min(max(FEWEST, stored + SPARE, typed), MOST_STEPS) + 1)
        for row in self.step_rows:
            for name, label in (("bound", _("From the figure %(row)s")), ("points", _("Points %(row)s"))):
                widget = forms.TextInput(attrs={"class": "input n", "inputmode": "decimal"})
                self.fields[f"{name}_{row}"] = forms.CharField(label=label % {"row": row}, max_length=30, required=False, widget=widget)

    def steps(self):
        """(row, bound, points) as bound fields."""
        return [(row, self[f"bound_{row}"], self[f"points_{row}"]) for row in self.step_rows]

    def clean_function(self, data) -> None:
        """What is missing, at its field. Whether the values fit each other is said by the rubric's reader."""
        shape = data.get("shape") or "linear"
        for name in FIELDS.get(shape, ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("A computed criterion needs it."))
        if shape == "linear" and data.get("floor") and data.get("floor") == data.get("target"):
            self.add_error("target", _("The two figures are the same; between them nothing can be computed."))
        if shape == "steps":
            if not any(data.get(f"bound_{row}") for row in self.step_rows):
                self.add_error("bound_1", _("A table of steps needs at least one."))
            for row in self.step_rows:
                for one, other in (("bound", "points"), ("points", "bound")):
                    if data.get(f"{one}_{row}") and not data.get(f"{other}_{row}"):
                        self.add_error(f"{other}_{row}", _("Fill in both, or clear both."))

    def function(self) -> dict:
        data = {name: value.strip() if isinstance(value, str) else value for name, value in self.cleaned_data.items()}
        match data["shape"] or "linear":
            case "steps":
                return {"steps": [[data[f"bound_{row}"], data[f"points_{row}"]] for row in self.step_rows if data[f"bound_{row}"]]}
            case "threshold":
                return {"threshold": {"op": data["op"] or ">=", "value": data["bar"]}}
            case "per_item":
                return {"per_item": {"points": data["each"]}}
            case "percentile" | "min_max" as name:
                return {name: {}}
        return {"linear": {"floor": data["floor"], "target": data["target"]}}

    def reversed(self) -> bool:
        """A mark left over from another function counts for nothing."""
        return bool(self.cleaned_data.get("reverse")) and (self.cleaned_data.get("shape") or "linear") in REVERSIBLE

    def said(self, reason: Reason) -> str:
        """Under the name of the field that the reason speaks of."""
        name = self.field_of(str(reason.params["path"])) or "shape"
        return say(Reason(reason.code, {**reason.params, "path": str(self.fields[name].label)}))

    def field_of(self, path: str) -> str | None:
        """The field of a key path below a criterion: "function.steps[1][0]" → bound_2, counted over the rows that are filled."""
        if path == "reverse":
            return "reverse"
        name = path.removeprefix("function.")
        if name.startswith("steps"):
            filled = [row for row in self.step_rows if self.cleaned_data.get(f"bound_{row}")]
            numbers = [int(part.rstrip("]")) for part in name.split("[")[1:]]
            row = filled[numbers[0]] if numbers and numbers[0] < len(filled) else 1
            return f"{'points' if numbers[1:] == [1] else 'bound'}_{row}"
        known = {
            "linear": "target",
            "linear.floor": "floor",
            "linear.target": "target",
            "threshold.op": "op",
            "threshold.value": "bar",
            "per_item.points": "each",
        }
        return known.get(name)


def function_initial(function: dict | None) -> dict:
    """What the fields hold for a stored function."""
    match function:
        case {"linear": {"floor": floor, "target": target}}:
            return {"shape": "linear", "floor": floor, "target": target}
        case {"steps": table}:
            rows = {
                f"{name}_{row}": value
                for row, pair in enumerate(table, start=1)
                for name, value in zip(("bound", "points"), pair, strict=True)
            }
            return {"shape": "steps"} | rows
        case {"threshold": {"op": op, "value": value}}:
            return {"shape": "threshold", "op": op, "bar": value}
        case {"per_item": {"points": points}}:
            return {"shape": "per_item", "each": points}
        case {"percentile": _rest}:
            return {"shape": "percentile"}
        case {"min_max": _rest}:
            return {"shape": "min_max"}
    return {}
