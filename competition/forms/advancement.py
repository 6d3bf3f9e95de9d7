"""Who goes on after a round."""

from django import forms
from django.utils.translation import gettext_lazy as _

from competition.forms.refusable import VersionedForm

KINDS = (
    ("top", _("The best N")),
    ("top_by_track", _("The best of each track, a number for each")),
    ("share", _("A share of those ranked")),
    ("score", _("Everybody with at least a score")),
)


class AdvancementForm(VersionedForm):
    """Numbers by track are fields of their own: `track_CODE`, and `track_*` for each other track. Caps and floors of the rule
    stay as they are."""

    kind = forms.ChoiceField(label=_("Who advances"), choices=KINDS, widget=forms.RadioSelect)
    top = forms.IntegerField(label=_("N"), min_value=1, max_value=9999, required=False)
    share = forms.DecimalField(label=_("Share in per cent"), min_value=0, max_value=100, decimal_places=4, required=False)
    score = forms.DecimalField(label=_("Score in points"), min_value=0, max_value=99999, decimal_places=4, required=False)
    scope = forms.ChoiceField(label=_("Counted"), choices=(("overall", _("Over all tracks together")), ("track", _("Inside each track"))))
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

    def __init__(self, *args, tracks, rule=None, version=0, **kwargs):
        kwargs["initial"] = {"version": version, "reserve": 0, "kind": "top", "at_the_line": "panel", **_initial(rule)}
        super().__init__(*args, **kwargs)
        self.tracks, self.rule = tracks, rule or {}
        for track in tracks:
            self.fields[f"track_{track.code}"] = forms.IntegerField(label=str(track), min_value=0, max_value=9999, required=False)
        self.fields["track_*"] = forms.IntegerField(label=_("Each other track"), min_value=0, max_value=9999, required=False)

    def track_fields(self):
        return [self[name] for name in self.fields if name.startswith("track_")]

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        if kind in ("top", "share", "score") and data.get(kind) is None and kind not in self.errors:
            self.add_error(kind, _("Fill this in, or choose another way above."))
        if kind == "share" and data.get("share") == 0:
            self.add_error("share", _("The share is above 0."))
        if kind == "top_by_track" and not any(data.get(name) for name in self.fields if name.startswith("track_")):
            self.add_error("kind", _("Give a number for at least one track."))
        return data

    def to_rule(self) -> dict:
        data = self.cleaned_data
        kind, scope = data["kind"], data["scope"]
        if kind == "top_by_track":
            numbers = {
                name.removeprefix("track_"): data[name] for name in self.fields if name.startswith("track_") and data[name] is not None
            }
            take, scope = {"top": numbers}, "track"
        elif kind == "top":
            take = {"top": data["top"]}
        else:
            take = {kind: f"{data[kind].normalize():f}"}
        kept = {name: self.rule[name] for name in ("caps", "floors") if self.rule.get(name)}
        return {
            "take": take,
            "scope": scope,
            "reserve": data["reserve"],
            "substitute": data["substitute"],
            "at_the_line": data["at_the_line"],
            **kept,
        }


def _initial(rule) -> dict:
    if not rule:
        return {}
    ((kind, value),) = rule["take"].items()
    initial = {name: rule[name] for name in ("scope", "reserve", "substitute", "at_the_line") if name in rule}
    if isinstance(value, dict):
        return initial | {"kind": "top_by_track"} | {f"track_{code}": number for code, number in value.items()}
    return initial | {"kind": kind, kind: value}
