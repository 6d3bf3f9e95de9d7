"""The grades of an advancement rule, a row of fields for each: `band_1_code`, `_zh`, `_en`, `_least`, `_in` (advances)."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competition.domain.advancement_rule import LONGEST, MOST_BANDS

LEAST_ROWS = 4
SPARE = 1
TEXTS = ("code", "zh", "en")
CODE, NAME_ZH, NAME_EN = (
    pgettext_lazy("grade", "Code"),
    pgettext_lazy("grade", "Name in Chinese"),
    pgettext_lazy("grade", "Name in English"),
)


class GradeRows:
    """A part of AdvancementForm."""

    def add_grade_fields(self) -> None:
        take = self.rule.get("take")
        stored = len(take["bands"]) if isinstance(take, dict) and "bands" in take else 0
        typed = sum(name.startswith("band_") and name.endswith("_code") for name in self.data)
        self.band_rows = list(range(1, min(max(stored + SPARE, typed, LEAST_ROWS), MOST_BANDS) + 1))
        for row in self.band_rows:
            self.fields |= {
                f"band_{row}_code": forms.CharField(label=CODE, max_length=LONGEST["code"], required=False),
                f"band_{row}_zh": forms.CharField(label=NAME_ZH, max_length=LONGEST["name_zh"], required=False),
                f"band_{row}_en": forms.CharField(label=NAME_EN, max_length=LONGEST["name_en"], required=False),
                f"band_{row}_least": forms.DecimalField(
                    label=_("From points"), min_value=-99999, max_value=99999, decimal_places=4, required=False
                ),
                f"band_{row}_in": forms.BooleanField(label=_("Advances"), required=False),
            }

    def bands(self):
        return [(row, [self[f"band_{row}_{part}"] for part in (*TEXTS, "least", "in")]) for row in self.band_rows]

    def _filled(self, data) -> list[int]:
        def typed(row) -> bool:
            return any(data.get(f"band_{row}_{part}") not in (None, "", False) for part in (*TEXTS, "least", "in"))

        return [row for row in self.band_rows if typed(row)]

    def clean_grades(self, data) -> None:
        rows = self._filled(data)
        if not rows:
            self.add_error("band_1_code", _("Give at least one grade, the best first."))
            return
        codes, above, passed_over = set(), None, False
        for row in rows:
            code, least = data.get(f"band_{row}_code"), data.get(f"band_{row}_least")
            for part in (*TEXTS, "least"):
                if data.get(f"band_{row}_{part}") in (None, "") and f"band_{row}_{part}" not in self.errors:
                    self.add_error(f"band_{row}_{part}", _("Please fill this in."))
            if code and code in codes:
                self.add_error(f"band_{row}_code", _("This code stands twice; each grade has its own."))
            codes.add(code)
            if least is not None and above is not None and least >= above:
                self.add_error(f"band_{row}_least", _("Fewer points than the grade above it: the best grade stands first."))
            above = least if least is not None else above
            if passed_over and data.get(f"band_{row}_in"):
                self.add_error(f"band_{row}_in", _("A better grade does not advance, so this one cannot."))
            passed_over = passed_over or not data.get(f"band_{row}_in")
        if not data.get(f"band_{rows[0]}_in"):
            self.add_error(f"band_{rows[0]}_in", _("Mark the grades that advance, at least the best one."))

    def take_grades(self, data) -> dict:
        rows = self._filled(data)
        bands = [
            {
                "code": data[f"band_{row}_code"],
                "least": plain(data[f"band_{row}_least"]),
                "name_zh": data[f"band_{row}_zh"],
                "name_en": data[f"band_{row}_en"],
            }
            for row in rows
        ]
        return {"bands": bands, "from": [data[f"band_{row}_code"] for row in rows if data[f"band_{row}_in"]][-1]}


def plain(number) -> str:
    return f"{number.normalize():f}"


def initial_grades(take: dict) -> dict:
    found, inside = {}, True
    for row, band in enumerate(take["bands"], start=1):
        found |= {f"band_{row}_code": band["code"], f"band_{row}_zh": band.get("name_zh", ""), f"band_{row}_en": band.get("name_en", "")}
        found |= {f"band_{row}_least": band["least"], f"band_{row}_in": inside}
        inside = inside and band["code"] != take["from"]
    return found
