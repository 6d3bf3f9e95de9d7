"""The scoring scheme of a round."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import VersionedForm
from evaluations.domain.rubric import WEIGHTED, weighted
from evaluations.wording import rung_words

DIGITS = (("", _("not rounded")), *((str(number), str(number)) for number in range(7)))
RUNGS = 5


class SchemeForm(VersionedForm):
    """`dimensions`: the rubric as JSON; `earlier`: rounds before this one. Thresholds by dimension are `least_CODE`, the weight of an
    earlier round `carry_CODE`, the tie ladder `rung_1` …; thresholds by criterion stay as they are."""

    method = forms.ChoiceField(
        label=_("How the panel becomes one value"),
        choices=(("trimmed", _("Mean without the extremes")), ("mean", _("Mean")), ("median", _("Median"))),
    )
    drop_high = forms.IntegerField(label=_("Drop highest"), min_value=0, max_value=9, required=False)
    drop_low = forms.IntegerField(label=_("Drop lowest"), min_value=0, max_value=9, required=False)
    min_to_trim = forms.IntegerField(label=_("Drop only from this many values on"), min_value=1, max_value=99, required=False)
    min_panel = forms.IntegerField(label=_("Fewest evaluators for a rank"), min_value=1, max_value=99)
    order = forms.ChoiceField(
        label=_("What is brought together"),
        choices=(("sheet", _("The total of each sheet")), ("criterion", _("Each criterion, then weighted"))),
    )
    digits_sheet = forms.ChoiceField(label=_("Decimals of a sheet's total"), choices=DIGITS, required=False)
    digits_panel = forms.ChoiceField(label=_("Decimals of the panel's value"), choices=DIGITS, required=False)
    digits_weighted = forms.ChoiceField(label=_("Decimals of a weighted value"), choices=DIGITS, required=False)
    digits_total = forms.ChoiceField(label=_("Decimals of the total"), choices=DIGITS, required=False)
    least_total = forms.DecimalField(label=_("Least total to advance"), min_value=0, max_value=1000, decimal_places=4, required=False)

    PANEL = ("method", "drop_high", "drop_low", "min_to_trim", "min_panel", "order")

    def __init__(self, *args, definition, dimensions, earlier, language, version, **kwargs):
        # Without weight nothing is a threshold or a rung.
        dimensions = [
            {**row, "criteria": [one for one in row["criteria"] if one["kind"] in WEIGHTED]} for row in dimensions if weighted(row)
        ]
        self.definition, self.dimensions = definition or {}, dimensions
        kwargs["initial"] = {"version": version, **_initial(self.definition)}
        super().__init__(*args, **kwargs)
        for dimension in dimensions:
            name = dimension["name_en" if language.startswith("en") else "name_zh"]
            self.fields[f"least_{dimension['code']}"] = forms.DecimalField(
                label=_("Least points in %(code)s %(name)s") % {"code": dimension["code"], "name": name},
                min_value=0,
                max_value=1000,
                decimal_places=4,
                required=False,
            )
        rungs = [
            *(f"dimension:{row['code']}" for row in dimensions),
            *(f"criterion:{row['code']}" for dimension in dimensions for row in dimension["criteria"]),
            "untrimmed_mean",
            "median",
            "lot",
        ]
        choices = [("", _("—")), *((rung, rung_words(rung, dimensions, language)) for rung in rungs)]
        for place in range(1, RUNGS + 1):
            self.fields[f"rung_{place}"] = forms.ChoiceField(
                label=_("Step %(number)s") % {"number": place}, choices=choices, required=False
            )
        for row in earlier:
            self.fields[f"carry_{row.code}"] = forms.DecimalField(
                label=_("Points of %(round)s carried in") % {"round": row}, min_value=0, max_value=100, decimal_places=4, required=False
            )

    def panel_fields(self):
        return [self[name] for name in self.PANEL]

    def fields_of(self, prefix: str):
        return [self[name] for name in self.fields if name.startswith(prefix)]

    def digits(self):
        return self.fields_of("digits_")

    def leasts(self):
        return self.fields_of("least_")

    def rungs(self):
        return self.fields_of("rung_")

    def carries(self):
        return self.fields_of("carry_")

    def clean(self):
        data = super().clean()
        if data.get("method") == "trimmed":
            for name in ("drop_high", "drop_low", "min_to_trim"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Dropping extremes needs it; 0 drops none."))
            dropped = (data.get("drop_high") or 0) + (data.get("drop_low") or 0)
            if data.get("min_to_trim") is not None and data["min_to_trim"] <= dropped:
                self.add_error("min_to_trim", _("It has to be more than what is dropped, or nothing would be left."))
        rungs = [data.get(f"rung_{place}") for place in range(1, RUNGS + 1) if data.get(f"rung_{place}")]
        if len(set(rungs)) < len(rungs):
            self.add_error("rung_1", _("A step stands twice in the ladder."))
        return data

    def to_json(self) -> dict:
        data = self.cleaned_data
        panel = {"method": data["method"], "min_panel": data["min_panel"]}
        if data["method"] == "trimmed":
            panel |= {name: data[name] for name in ("drop_high", "drop_low", "min_to_trim")}
        thresholds = {}
        if data.get("least_total") is not None:
            thresholds["total"] = _plain(data["least_total"])
        dimensions = {
            row["code"]: _plain(data[f"least_{row['code']}"]) for row in self.dimensions if data.get(f"least_{row['code']}") is not None
        }
        if dimensions:
            thresholds["dimensions"] = dimensions
        if criteria := (self.definition.get("thresholds") or {}).get("criteria"):
            thresholds["criteria"] = criteria
        definition = {
            "scale": self.definition.get("scale", "percent"),
            "order": data["order"],
            "panel": panel,
            "rounding": {
                stage: int(data[f"digits_{stage}"]) if data[f"digits_{stage}"] else None
                for stage in ("sheet", "panel", "weighted", "total")
            },
            "ties": [data[f"rung_{place}"] for place in range(1, RUNGS + 1) if data[f"rung_{place}"]],
        }
        carry = [
            {"round": name.removeprefix("carry_"), "weight": _plain(data[name])}
            for name in self.fields
            if name.startswith("carry_") and data[name]
        ]
        kept = {name: self.definition[name] for name in ("bonus_cap",) if name in self.definition}
        return definition | kept | ({"thresholds": thresholds} if thresholds else {}) | ({"carry": carry} if carry else {})


def _plain(number) -> str:
    return f"{number.normalize():f}"


def _initial(definition) -> dict:
    if not definition:
        return {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 5, "min_panel": 3, "order": "sheet", "digits_total": "2"}
    initial = {**definition["panel"], "order": definition["order"]}
    initial |= {f"digits_{stage}": "" if digits is None else str(digits) for stage, digits in definition["rounding"].items()}
    thresholds = definition.get("thresholds") or {}
    initial |= {"least_total": thresholds.get("total")} | {
        f"least_{code}": value for code, value in (thresholds.get("dimensions") or {}).items()
    }
    initial |= {f"rung_{place}": rung for place, rung in enumerate(definition.get("ties") or [], start=1)}
    return initial | {f"carry_{row['round']}": row["weight"] for row in definition.get("carry") or []}
