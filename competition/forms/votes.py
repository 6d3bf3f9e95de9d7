"""The vote of an advancement rule: quorum, majority, what it is a part of, and how many advance at most."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from competition.domain.votes import ALL
from competition.forms.grades import plain
from competition.labels import VOTE_BASES

NUMBER, OTHER = "number", "other"
QUORUMS = (
    ("50", _("half of those who may vote")),
    ("2/3", _("two thirds of those who may vote")),
    ("100", _("everybody who may vote")),
    (NUMBER, _("a number of ballots")),
)
MAJORITIES = (
    ("50", _("more than half")),
    ("60", _("more than three fifths")),
    ("2/3", _("more than two thirds")),
    ("75", _("more than three quarters")),
    (ALL, _("all: consensus")),
    (OTHER, _("more than another part, in per cent")),
)
BELONGS = {"vote_ballots": "of-number", "vote_percent": "of-other"}


class VoteFields:
    """A part of AdvancementForm."""

    def add_vote_fields(self) -> None:
        stored = _stored(self.rule)
        self.fields |= {
            "vote_quorum": forms.ChoiceField(
                label=_("Quorum: at least"), choices=_with(QUORUMS, stored.get("vote_quorum")), required=False, initial="2/3"
            ),
            "vote_ballots": forms.IntegerField(
                label=_("Ballots"), min_value=1, max_value=999, required=False, help_text=_("Abstentions count as ballots.")
            ),
            "vote_majority": forms.ChoiceField(
                label=_("Yes votes needed"), choices=_with(MAJORITIES, stored.get("vote_majority")), required=False, initial="50"
            ),
            "vote_percent": forms.DecimalField(
                label=_("More than, in per cent"), min_value=0, max_value=100, decimal_places=4, required=False
            ),
            "vote_basis": forms.ChoiceField(
                label=pgettext_lazy("majority", "Of"), choices=list(VOTE_BASES.items()), required=False, initial="cast"
            ),
            "vote_most": forms.IntegerField(
                label=_("At most"), min_value=1, max_value=9999, required=False, help_text=_("Empty: everybody with a majority advances.")
            ),
        }

        for name in ("vote_quorum", "vote_ballots", "vote_majority", "vote_percent", "vote_basis"):
            self.fields[name].conditional = True

    def vote_fields(self):
        """Each with the name of what it belongs to, where that is but one choice of another field."""
        return [(self[name], BELONGS.get(name, "")) for name in self.fields if name.startswith("vote_")]

    def clean_vote(self, data) -> None:
        if not data.get("vote_quorum"):
            self.add_error("vote_quorum", _("Choose one."))
        if not data.get("vote_majority"):
            self.add_error("vote_majority", _("Choose one."))
        if data.get("vote_quorum") == NUMBER and data.get("vote_ballots") is None and "vote_ballots" not in self.errors:
            self.add_error("vote_ballots", _("Please fill this in."))
        if data.get("vote_majority") == OTHER and "vote_percent" not in self.errors:
            percent = data.get("vote_percent")
            if percent is None:
                self.add_error("vote_percent", _("Please fill this in."))
            elif not 0 < percent < 100:
                self.add_error("vote_percent", _("Above 0 and below 100: no vote exceeds 100 per cent."))

    def take_vote(self, data) -> dict:
        quorum, majority = data["vote_quorum"], data["vote_majority"]
        vote = {
            "quorum": data["vote_ballots"] if quorum == NUMBER else quorum,
            "majority": plain(data["vote_percent"]) if majority == OTHER else majority,
            "basis": data["vote_basis"] or "cast",
        }
        return {"vote": vote | ({"most": data["vote_most"]} if data.get("vote_most") else {})}


def _with(choices, stored):
    """Another value that a rule already has stays one that can be chosen."""
    return list(choices) if stored in (None, "", *dict(choices)) else [*choices, (stored, stored)]


def initial_vote(take: dict) -> dict:
    vote = take["vote"]
    initial = {"vote_basis": vote.get("basis", "cast"), "vote_most": vote.get("most")}
    number = isinstance(vote["quorum"], int)
    initial |= {"vote_quorum": NUMBER, "vote_ballots": vote["quorum"]} if number else {"vote_quorum": vote["quorum"]}
    if vote["majority"] in dict(MAJORITIES) or "/" in vote["majority"]:
        return initial | {"vote_majority": vote["majority"]}
    return initial | {"vote_majority": OTHER, "vote_percent": vote["majority"]}


def _stored(rule) -> dict:
    take = (rule or {}).get("take")
    return initial_vote(take) if isinstance(take, dict) and "vote" in take else {}
