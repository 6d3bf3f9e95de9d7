"""Who goes on after a round."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.grades import GradeRows, initial_grades, plain
from competition.forms.refusable import VersionedForm
from competition.forms.votes import VoteFields, initial_vote
from competition.labels import GROUPINGS
from ledger.domain.reason import Refused
from ledger.reasons import say

KINDS = (
    ("top", _("The best N")),
    ("top_by_track", _("The best of each track, a number for each")),
    ("share", _("A share of those ranked")),
    ("score", _("Everybody with at least a score")),
    ("bands", _("By grades: everybody from a grade on")),
    ("all", _("Everybody whom no threshold of the scheme holds back")),
    ("vote", _("By a vote of the jury, without scores")),
)
SCOPES = (("overall", _("Over all tracks together")), ("track", _("Inside each track")), ("group", _("Inside each group")))
SPARE = 2  # empty rows below the caps and the floors that are there
MOST_LIMITS = 40


class AdvancementForm(GradeRows, VoteFields, VersionedForm):
    """Numbers by track are fields of their own: `track_CODE`, and `track_*` for each other track. A cap is `cap_1_of` ("region" for
    each region, "region:320000" for one) with `cap_1_max`; a floor `floor_1_of` with `floor_1_min`. `names`: {attribute: {value: name}};
    `grouped`: the round has groups."""

    kind = forms.ChoiceField(label=_("Who advances"), choices=KINDS, widget=forms.RadioSelect)
    top = forms.IntegerField(label=_("N"), min_value=1, max_value=9999, required=False)
    share = forms.DecimalField(label=_("Share in per cent"), min_value=0, max_value=100, decimal_places=4, required=False)
    score = forms.DecimalField(label=_("Score in points"), min_value=0, max_value=99999, decimal_places=4, required=False)
    scope = forms.ChoiceField(label=_("Counted"), choices=())
    at_the_line = forms.ChoiceField(
        label=_("Equal ranks at the line"),
        choices=(
            ("include", _("All advance, even if the number is exceeded")),
            ("exclude", _("None advances")),
            ("panel", _("The deciding body decides")),
        ),
    )
    reserve = forms.IntegerField(label=_("In reserve"), min_value=0, max_value=999)
    substitute = forms.BooleanField(label=_("Offer a freed place to the first reserve"), required=False)

    def __init__(self, *args, tracks, names, rule=None, version=0, grouped=False, **kwargs):
        self.rule, self.tracks, self.names = rule or {}, tracks, names
        kwargs["initial"] = {"version": version, "reserve": 0, "kind": "top", "at_the_line": "panel", **_initial(rule)}
        super().__init__(*args, **kwargs)
        inner = grouped or self.rule.get("scope") == "group"
        self.fields["scope"].choices = SCOPES if inner else SCOPES[:-1]
        for track in tracks:
            self.fields[f"track_{track.code}"] = forms.IntegerField(label=str(track), min_value=0, max_value=9999, required=False)
        self.fields["track_*"] = forms.IntegerField(label=_("Each other track"), min_value=0, max_value=9999, required=False)
        self.add_grade_fields()
        self.add_vote_fields()
        single = [(str(GROUPINGS[by]), [(f"{by}:{value}", name) for value, name in values.items()]) for by, values in names.items()]
        each = [(by, _("each %(group)s") % {"group": GROUPINGS[by]}) for by in names]
        self.cap_rows = self._limits("cap", "max", [("", "—"), (_("All alike"), each), *single], least=0)
        self.floor_rows = self._limits("floor", "min", [("", "—"), *single], least=1)

    def _limits(self, what, bound, choices, *, least) -> list[int]:
        """Adds the fields of the rows that the rule or the data has, and some spare ones; gives their numbers."""
        words = {"cap": (_("Of"), _("at most")), "floor": (_("Of"), _("at least"))}[what]
        known = {value for _label, group in choices if isinstance(group, list) for value, _name in group}
        typed = sum(name.startswith(f"{what}_") and name.endswith("_of") for name in self.data)
        rows = list(range(1, min(max(len(self.rule.get(f"{what}s", [])) + SPARE, typed), MOST_LIMITS) + 1))
        for row in rows:
            stored = self.initial.get(f"{what}_{row}_of")
            extra = [(stored, stored)] if stored and stored not in known else []
            self.fields[f"{what}_{row}_of"] = forms.ChoiceField(label=words[0], choices=[*choices, *extra], required=False)
            self.fields[f"{what}_{row}_{bound}"] = forms.IntegerField(label=words[1], min_value=least, max_value=9999, required=False)
        return rows

    def track_fields(self):
        return [self[name] for name in self.fields if name.startswith("track_")]

    def caps(self):
        return [(row, self[f"cap_{row}_of"], self[f"cap_{row}_max"]) for row in self.cap_rows]

    def floors(self):
        return [(row, self[f"floor_{row}_of"], self[f"floor_{row}_min"]) for row in self.floor_rows]

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        if kind in ("top", "share", "score") and data.get(kind) is None and kind not in self.errors:
            self.add_error(kind, _("Fill this in, or choose another way above."))
        if kind == "share" and data.get("share") == 0:
            self.add_error("share", _("The share is above 0."))
        if kind == "top_by_track" and not any(data.get(name) for name in self.fields if name.startswith("track_")):
            self.add_error("kind", _("Give a number for at least one track."))
        if kind == "bands":
            self.clean_grades(data)
        if kind == "vote":
            self.clean_vote(data)
        for what, bound, rows in (("cap", "max", self.cap_rows), ("floor", "min", self.floor_rows)):
            seen = set()
            for row in rows:
                of, number = (f"{what}_{row}_{part}" for part in ("of", bound))
                if data.get(of) and data.get(number) is None and number not in self.errors:
                    self.add_error(number, _("Give the number, or choose “—” beside it."))
                if data.get(number) is not None and not data.get(of) and of not in self.errors:
                    self.add_error(of, _("Choose what the number is for, or clear it."))
                if data.get(of) in seen:
                    self.add_error(of, _("This stands twice; one of the two is enough."))
                seen.add(data.get(of) or None)
        return data

    def to_rule(self) -> dict:
        data = self.cleaned_data
        kind, scope = data["kind"], data["scope"]
        if kind == "top_by_track":
            numbers = {
                name.removeprefix("track_"): data[name] for name in self.fields if name.startswith("track_") and data[name] is not None
            }
            take, scope = {"top": numbers}, "group" if scope == "group" else "track"
        elif kind == "top":
            take = {"top": data["top"]}
        elif kind == "all":
            take = "all"
        elif kind == "bands":
            take = self.take_grades(data)
        elif kind == "vote":
            take = self.take_vote(data)
        else:
            take = {kind: plain(data[kind])}
        caps = [_limit(data[f"cap_{row}_of"], "max", data[f"cap_{row}_max"]) for row in self.cap_rows if data[f"cap_{row}_of"]]
        floors = [_limit(data[f"floor_{row}_of"], "min", data[f"floor_{row}_min"]) for row in self.floor_rows if data[f"floor_{row}_of"]]
        return {
            "take": take,
            "scope": scope,
            "reserve": data["reserve"],
            "substitute": data["substitute"],
            "at_the_line": data["at_the_line"],
            **({"caps": caps} if caps else {}),
            **({"floors": floors} if floors else {}),
        }

    def refuse(self, refused: Refused) -> None:
        """Numbers that contradict each other are told at the floor or cap that they speak of, else where the places are given."""
        for reason in refused.reasons:
            self.add_error(self._place(reason, refused.field), say(reason))

    def _place(self, reason, field) -> str | None:
        by, value = reason.params.get("by"), reason.params.get("value")
        for what, rows in (("floor", self.floor_rows), ("cap", self.cap_rows)):
            for row in rows:
                of = self.cleaned_data.get(f"{what}_{row}_of", "")
                if by and of and of == (f"{by}:{value}" if value else of) and of.partition(":")[0] == by:
                    return f"{what}_{row}_of"
        if field == "take":
            return "kind"
        if field == "floors":
            return next((f"floor_{row}_of" for row in self.floor_rows if self.cleaned_data.get(f"floor_{row}_of")), None)
        return field if field in self.fields and not self.fields[field].widget.is_hidden else None


def _limit(of: str, bound: str, number: int) -> dict:
    by, colon, value = of.partition(":")
    return {"by": by, **({"value": value} if colon else {}), bound: number}


def _initial(rule) -> dict:
    if not rule:
        return {}
    take = rule["take"]
    initial = {name: rule[name] for name in ("scope", "reserve", "substitute", "at_the_line") if name in rule}
    for what, bound in (("cap", "max"), ("floor", "min")):
        for row, limit in enumerate(rule.get(f"{what}s", []), start=1):
            one = limit.get("value")
            initial |= {f"{what}_{row}_of": f"{limit['by']}:{one}" if one else limit["by"], f"{what}_{row}_{bound}": limit[bound]}
    if take == "all":
        return initial | {"kind": "all"}
    if "bands" in take:
        return initial | {"kind": "bands"} | initial_grades(take)
    if "vote" in take:
        return initial | {"kind": "vote"} | initial_vote(take)
    ((kind, value),) = take.items()
    if isinstance(value, dict):
        return initial | {"kind": "top_by_track"} | {f"track_{code}": number for code, number in value.items()}
    return initial | {"kind": kind, kind: value}
