"""The scoring scheme of a round."""

import re

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import VersionedForm
from evaluations.domain.rubric import WEIGHTED
from evaluations.domain.scheme import SCALES
from evaluations.wording import rung_words
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

DIGITS = (("", _("not rounded")), *((str(number), str(number)) for number in range(7)))
LEAST_RUNGS = 5
STAGES = {"sheet": ("sheet", "panel", "total"), "criterion": ("panel", "weighted", "total")}


def _points(label, **bounds):
    return forms.DecimalField(label=label, max_digits=12, decimal_places=4, required=False, **bounds)


class SchemeForm(VersionedForm):
    """`dimensions`: the rubric as JSON; `earlier`: rounds before this one. A threshold is `least_dimension_CODE` or
    `least_criterion_CODE`, the weight of an earlier round `carry_CODE`, the tie ladder `rung_1` …."""

    scale = forms.ChoiceField(
        label=_("What a weight means"),
        choices=(("percent", _("Points of 100: weight × mark ÷ highest mark")), ("factor", _("A factor: weight × mark"))),
    )
    order = forms.ChoiceField(
        label=_("What is brought together"),
        choices=(("sheet", _("The total of each sheet")), ("criterion", _("Each criterion, then weighted"))),
    )
    method = forms.ChoiceField(
        label=_("How the panel becomes one value"),
        choices=(("trimmed", _("Mean without the extremes")), ("mean", _("Mean")), ("median", _("Median"))),
    )
    min_panel = forms.IntegerField(label=_("Fewest evaluators for a rank"), min_value=1, max_value=99)
    drop_high = forms.IntegerField(label=_("Drop highest"), min_value=0, max_value=9, required=False)
    drop_low = forms.IntegerField(label=_("Drop lowest"), min_value=0, max_value=9, required=False)
    min_to_trim = forms.IntegerField(label=_("Drop only from this many values on"), min_value=1, max_value=99, required=False)
    digits_sheet = forms.ChoiceField(label=_("Decimals of a sheet's total"), choices=DIGITS, required=False)
    digits_panel = forms.ChoiceField(label=_("Decimals of the panel's value"), choices=DIGITS, required=False)
    digits_weighted = forms.ChoiceField(label=_("Decimals of a weighted value"), choices=DIGITS, required=False)
    digits_total = forms.ChoiceField(label=_("Decimals of the total"), choices=DIGITS, required=False)
    least_total = _points(_("Least total to advance"), min_value=0, max_value=100_000)
    bonus_least = _points(_("All bonuses together: least"), max_value=0, min_value=-1000)
    bonus_most = _points(_("All bonuses together: most"), min_value=0, max_value=1000)

    BASIS = ("scale", "order")
    PANEL = ("method", "min_panel")
    TRIM = ("drop_high", "drop_low", "min_to_trim")

    def __init__(self, *args, definition, dimensions, earlier, language, version, **kwargs):
        self.definition, self.whole = definition or {}, dimensions
        # Without weight nothing is a threshold or a rung.
        weighted = [{**row, "criteria": [one for one in row["criteria"] if one["kind"] in WEIGHTED]} for row in dimensions]
        self.dimensions = [row for row in weighted if row["criteria"]]
        self.has_bonus = any(one["kind"] == "bonus" for row in dimensions for one in row["criteria"])
        self.initial_rungs = self.definition.get("ties") or []
        self.rung_count = max(LEAST_RUNGS, len(self.initial_rungs) + 2)
        kwargs["initial"] = {"version": version, **_initial(self.definition)}
        super().__init__(*args, **kwargs)
        self._add_thresholds(language)
        self._add_rungs(language)
        for row in earlier:
            self.fields[f"carry_{row.code}"] = forms.DecimalField(
                label=_("%(round)s counts") % {"round": row}, min_value=0, max_value=1000, max_digits=10, decimal_places=4, required=False
            )

    def _add_thresholds(self, language):
        name = "name_en" if language.startswith("en") else "name_zh"
        for dimension in self.dimensions:
            label = _("%(code)s %(name)s, points") % {"code": dimension["code"], "name": dimension[name]}
            self.fields[f"least_dimension_{dimension['code']}"] = _points(label, min_value=0, max_value=100_000)
        for dimension in self.dimensions:
            for row in dimension["criteria"]:
                label = _("%(code)s %(name)s, mark of %(most)s") % {"code": row["code"], "name": row[name], "most": row["max"]}
                self.fields[f"least_criterion_{row['code']}"] = _points(label, min_value=0, max_value=1000)

    def _add_rungs(self, language):
        rungs = [
            *(f"dimension:{row['code']}" for row in self.dimensions),
            *(f"criterion:{row['code']}" for dimension in self.dimensions for row in dimension["criteria"]),
            "untrimmed_mean",
            "median",
            "lot",
        ]
        choices = [("", _("—")), *((rung, rung_words(rung, self.dimensions, language)) for rung in rungs)]
        gone = [(rung, _("%(code)s (not in the rubric)") % {"code": rung}) for rung in self.initial_rungs if rung not in rungs]
        for place in range(1, self.rung_count + 1):
            self.fields[f"rung_{place}"] = forms.ChoiceField(
                label=_("Step %(number)s") % {"number": place}, choices=[*choices, *gone], required=False
            )

    def named(self, names):
        return [self[name] for name in names]

    def fields_of(self, prefix: str):
        return [self[name] for name in self.fields if name.startswith(prefix)]

    def basis(self):
        return self.named(self.BASIS)

    def panel_fields(self):
        return self.named(self.PANEL)

    def trim_fields(self):
        return self.named(self.TRIM)

    def leasts(self):
        return [self["least_total"], *self.fields_of("least_dimension_")]

    def criterion_leasts(self):
        return self.fields_of("least_criterion_")

    @property
    def criterion_least_set(self) -> bool:
        return any(field.value() not in (None, "") or field.errors for field in self.criterion_leasts())

    def rungs(self):
        return self.fields_of("rung_")

    def carries(self):
        return self.fields_of("carry_")

    def clean(self):
        data = super().clean()
        if data.get("method") == "trimmed":
            for name in self.TRIM:
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Dropping extremes needs it; 0 drops none."))
            dropped = (data.get("drop_high") or 0) + (data.get("drop_low") or 0)
            if data.get("min_to_trim") is not None and data["min_to_trim"] <= dropped:
                self.add_error("min_to_trim", _("It has to be more than what is dropped, or nothing would be left."))
        places = [place for place in range(1, self.rung_count + 1) if data.get(f"rung_{place}")]
        seen: set[str] = set()
        for place in places:
            rung = data[f"rung_{place}"]
            if rung in seen:
                self.add_error(f"rung_{place}", _("A step stands twice in the ladder."))
            if "lot" in seen and rung != "lot":
                self.add_error(f"rung_{place}", _("After the lot nothing is equal any more; let the lot be the last step."))
            seen.add(rung)
        for one, other in (("bonus_least", "bonus_most"), ("bonus_most", "bonus_least")):
            if data.get(one) is not None and data.get(other) is None and other not in self.errors:
                self.add_error(other, _("Give both bounds, or leave both empty."))
        return data

    def to_json(self) -> dict:
        data = self.cleaned_data
        panel = {"method": data["method"], "min_panel": data["min_panel"]}
        if data["method"] == "trimmed":
            panel |= {name: data[name] for name in self.TRIM}
        thresholds = {"total": _plain(data["least_total"])} if data.get("least_total") is not None else {}
        for kind in ("dimension", "criterion"):
            prefix = f"least_{kind}_"
            found = {name.removeprefix(prefix): data[name] for name in self.fields if name.startswith(prefix) and data[name] is not None}
            if found:
                thresholds[{"dimension": "dimensions", "criterion": "criteria"}[kind]] = {code: _plain(one) for code, one in found.items()}
        definition = {
            "scale": data["scale"],
            "order": data["order"],
            "panel": panel,
            "rounding": {
                stage: int(data[f"digits_{stage}"]) if data[f"digits_{stage}"] else None
                for stage in ("sheet", "panel", "weighted", "total")
            },
            "ties": [data[f"rung_{place}"] for place in range(1, self.rung_count + 1) if data[f"rung_{place}"]],
        }
        if data.get("bonus_least") is not None and data.get("bonus_most") is not None:
            definition["bonus_cap"] = [_plain(data["bonus_least"]), _plain(data["bonus_most"])]
        carry = [
            {"round": name.removeprefix("carry_"), "weight": _plain(data[name])}
            for name in self.fields
            if name.startswith("carry_") and data[name]
        ]
        return definition | ({"thresholds": thresholds} if thresholds else {}) | ({"carry": carry} if carry else {})

    def refuse(self, refused: Refused) -> None:
        """Each reason names its key as a path ("panel.min_to_trim"); it is told at the field of that key, under the field's name."""
        for reason in refused.reasons:
            path = str(reason.params.get("path", ""))
            name = self._field_of(path)
            if name:
                reason = Reason(reason.code, {**reason.params, "path": str(self.fields[name].label)})
            elif path.startswith("criteria"):
                reason = Reason(reason.code, {**reason.params, "path": _now("Rubric")})
            self.add_error(name, say(reason))

    def _field_of(self, path: str) -> str | None:
        key, _dot, rest = path.partition(".")
        place = re.search(r"\[(\d+)\]", path)
        number = int(place[1]) if place else 0
        typed = [name for name in self.fields if name.startswith(("rung_", "carry_")) and self.cleaned_data.get(name)]
        listed = [name for name in typed if name.startswith({"ties": "rung_", "carry": "carry_"}.get(key.partition("[")[0], "-"))]
        name = {
            "panel": rest,
            "rounding": f"digits_{rest}",
            "thresholds": f"least_{rest.replace('dimensions.', 'dimension_').replace('criteria.', 'criterion_')}",
        }.get(key, key)
        if listed:
            name = listed[min(number, len(listed) - 1)]
        elif key.startswith("bonus_cap"):
            name = "bonus_most" if number else "bonus_least"
        return name if name in self.fields and not self.fields[name].widget.is_hidden else None


def _plain(number) -> str:
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def _initial(definition) -> dict:
    start = {"scale": SCALES[0], "order": "sheet", "method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 5, "min_panel": 3}
    if not definition:
        return start | {"digits_total": "2"}
    initial = start | {**definition["panel"], "scale": definition.get("scale", SCALES[0]), "order": definition["order"]}
    initial |= {f"digits_{stage}": "" if digits is None else str(digits) for stage, digits in definition["rounding"].items()}
    thresholds = definition.get("thresholds") or {}
    initial["least_total"] = thresholds.get("total")
    for kind, key in (("dimension", "dimensions"), ("criterion", "criteria")):
        initial |= {f"least_{kind}_{code}": value for code, value in (thresholds.get(key) or {}).items()}
    if cap := definition.get("bonus_cap"):
        initial |= {"bonus_least": cap[0], "bonus_most": cap[1]}
    initial |= {f"rung_{place}": rung for place, rung in enumerate(definition.get("ties") or [], start=1)}
    return initial | {f"carry_{row['round']}": row["weight"] for row in definition.get("carry") or []}
