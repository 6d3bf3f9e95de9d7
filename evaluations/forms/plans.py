"""The plan of an assignment as an organiser fills it in: the whole, the entries, the evaluators, and one entry's pairs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import VersionedForm
from evaluations.domain.assignment_plan import EACH, LONGEST_REASON, LONGEST_SEED, MOST_LOAD, MOST_SEATS, Own, PairRule, Plan

RULES = (("", _("None")), ("forbidden", _("Never here")), ("required", _("Always here")))


def _count(label, most, **more) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, **more)


def _named(field, label):
    """A field in a cell of a table: its label is read out, not shown."""
    field.widget.attrs["aria-label"] = label
    return field


class PlanForm(VersionedForm):
    seats = _count(_("Evaluators per entry"), MOST_SEATS, help_text=_("Single entries can differ: see “Plan: entries”."))
    least = _count(_("Fewest entries per evaluator"), MOST_LOAD)
    most = _count(_("Most entries per evaluator"), MOST_LOAD, help_text=_("Single evaluators can differ: see “Plan: loads”."))
    same = _count(_("Fit with the entry's sector"), 100, help_text=_("0 to 100, for whoever has the sector among their expertise."))
    other = _count(_("Fit without it"), 100)
    one_per_employer = forms.BooleanField(label=_("Never two evaluators of one employer at one entry"), required=False)
    balance = forms.BooleanField(
        label=_("Even loads"), required=False, help_text=_("First everybody judges about as many entries, then the best fit is sought.")
    )
    fairness = forms.BooleanField(
        label=_("Raise the worst-off entry"),
        required=False,
        help_text=_("The entry with the lowest fit is lifted as long as the total stays within half a per cent of the best."),
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=LONGEST_SEED,
        help_text=_("Any text. It decides among assignments that are equally good; the same seed gives the same seats."),
    )

    def __init__(self, data=None, *, plan: Plan, version: int, sectors):
        """`sectors`: (code, name) that evaluators or entries have."""
        initial = {name: getattr(plan, name) for name in ("seats", "least", "most", "same", "other")}
        initial |= {name: getattr(plan, name) for name in ("one_per_employer", "balance", "fairness", "seed")}
        super().__init__(data, initial=initial | {"version": version})
        self.codes = []
        for code, name in [*sectors, (EACH, _("Each other sector"))]:
            least, most = plan.ranges.get(code, (None, None))
            self.codes.append((code, name))
            words = {"sector": name}
            self.fields[f"least-{code}"] = _count(_("At least, of %(sector)s") % words, MOST_SEATS, required=False, initial=least or None)
            self.fields[f"most-{code}"] = _count(_("At most, of %(sector)s") % words, MOST_SEATS, required=False, initial=most)

    @property
    def ranges(self):
        return [{"name": name, "least": self[f"least-{code}"], "most": self[f"most-{code}"]} for code, name in self.codes]

    @property
    def ranged(self) -> bool:
        """Is a range set, or wrong? Then it is not folded away."""
        return any(self[f"{side}-{code}"].value() not in (None, "") for code, _name in self.codes for side in ("least", "most"))

    def clean(self):
        data = super().clean()
        pairs = [("least", "most"), *((f"least-{code}", f"most-{code}") for code, _name in self.codes)]
        for least, most in pairs:
            if data.get(least) is not None and data.get(most) is not None and data[least] > data[most]:
                self.add_error(most, _("This lies below the least number."))
        return data

    def to_changes(self) -> dict:
        data = self.cleaned_data
        ranges = {}
        for code, _name in self.codes:
            least, most = data.get(f"least-{code}"), data.get(f"most-{code}")
            if least or most is not None:
                ranges[code] = [least or 0, most]
        names = ("seats", "least", "most", "same", "other", "one_per_employer", "balance", "fairness", "seed")
        return {name: data[name] for name in names} | {"ranges": ranges}


class RowsForm(VersionedForm):
    """Fields of one page of a table, `NAME-ID` each; ids of other pages are left alone."""

    def cells(self, key) -> dict:
        return {name: self[f"{name}-{key}"] for name in self.columns}

    def value(self, name: str, key):
        return self.cleaned_data.get(f"{name}-{key}")

    def shown(self) -> list[str]:
        """Ids whose fields were sent: a row that came to this page meanwhile is not emptied."""
        return [key for key in self.keys if f"{self.columns[0]}-{key}" in self.data]


class EntriesForm(RowsForm):
    columns = ("seats", "anchor")

    def __init__(self, data=None, *, plan: Plan, version: int, entries):
        super().__init__(data, initial={"version": version})
        self.keys = [str(entry.pk) for entry in entries]
        for entry in entries:
            key, words = str(entry.pk), {"entry": entry.application.cluster}
            seats = _count(_("Seats of %(entry)s") % words, MOST_SEATS, required=False, initial=plan.seats_of.get(key))
            seats.widget.attrs["placeholder"] = plan.seats
            self.fields[f"seats-{key}"] = _named(seats, seats.label)
            anchor = forms.BooleanField(label=_("%(entry)s is read by everyone") % words, required=False, initial=key in plan.anchors)
            self.fields[f"anchor-{key}"] = _named(anchor, anchor.label)

    def to_changes(self) -> dict:
        rows = {}
        for key in self.shown():
            seats, row = self.value("seats", key), {}
            if seats is not None:
                row["seats"] = seats
            if self.value("anchor", key):
                row["anchor"] = True
            rows[key] = row
        return {"entries": rows}


class EvaluatorsForm(RowsForm):
    columns = ("least", "most", "discipline")

    def __init__(self, data=None, *, plan: Plan, version: int, evaluators, sectors):
        super().__init__(data, initial={"version": version})
        self.keys = [str(evaluator.pk) for evaluator in evaluators]
        for evaluator in evaluators:
            key, words = str(evaluator.pk), {"evaluator": evaluator.code}
            own = plan.loads.get(key, Own())
            for name, label, usual in (
                ("least", _("Fewest entries of %(evaluator)s") % words, plan.least),
                ("most", _("Most entries of %(evaluator)s") % words, plan.most),
            ):
                count = _count(label, MOST_LOAD, required=False, initial=getattr(own, name))
                count.widget.attrs["placeholder"] = usual
                self.fields[f"{name}-{key}"] = _named(count, label)
            first = min(((sector.code, str(sector)) for sector in evaluator.sectors.all()), default=("", "—"))[1]
            discipline = forms.ChoiceField(
                label=_("%(evaluator)s counts as") % words,
                required=False,
                initial=own.discipline,
                choices=[("", first), *sectors],
            )
            self.fields[f"discipline-{key}"] = _named(discipline, discipline.label)

    def clean(self):
        data = super().clean()
        for key in self.keys:
            least, most = data.get(f"least-{key}"), data.get(f"most-{key}")
            if least is not None and most is not None and least > most:
                self.add_error(f"most-{key}", _("This lies below the least number."))
        return data

    def to_changes(self) -> dict:
        rows = {}
        for key in self.shown():
            row = {name: self.value(name, key) for name in ("least", "most")}
            row = {name: value for name, value in row.items() if value is not None}
            if self.value("discipline", key):
                row["discipline"] = self.value("discipline", key)
            rows[key] = row
        return {"loads": rows}


class PairsForm(RowsForm):
    columns = ("fit", "rule", "reason")

    def __init__(self, data=None, *, plan: Plan, version: int, entry, evaluators, derived):
        """`derived`: the fit that expertise gives, in the order of the evaluators."""
        super().__init__(data, initial={"version": version})
        self.entry, self.keys = str(entry.pk), [str(evaluator.pk) for evaluator in evaluators]
        for evaluator, usual in zip(evaluators, derived, strict=True):
            key, words = str(evaluator.pk), {"evaluator": evaluator.code}
            own = plan.pairs.get((self.entry, key), PairRule())
            fit = _count(_("Fit of %(evaluator)s") % words, 100, required=False, initial=own.fit)
            fit.widget.attrs["placeholder"] = usual
            rule = forms.ChoiceField(label=_("Rule for %(evaluator)s") % words, choices=RULES, required=False, initial=own.rule)
            reason = forms.CharField(
                label=_("Reason for %(evaluator)s") % words, max_length=LONGEST_REASON, required=False, initial=own.reason
            )
            for name, field in (("fit", fit), ("rule", rule), ("reason", reason)):
                self.fields[f"{name}-{key}"] = _named(field, field.label)

    def clean(self):
        data = super().clean()
        for key in self.keys:
            if data.get(f"rule-{key}") and not data.get(f"reason-{key}") and f"reason-{key}" not in self.errors:
                self.add_error(f"reason-{key}", _("A rule by hand needs its reason."))
        return data

    def to_changes(self) -> dict:
        rows = {}
        for key in self.shown():
            row = {} if self.value("fit", key) is None else {"fit": self.value("fit", key)}
            if self.value("rule", key):
                row |= {"rule": self.value("rule", key), "reason": self.value("reason", key)}
            rows[key] = row
        return {"pairs": {self.entry: rows}}
