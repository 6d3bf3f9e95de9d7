"""The rules of a published competition in words."""

from django.core.cache import cache

from competition.rule_wording import advancement_words
from competition.rules import parts
from competition.selectors.limits import group_names
from competition.selectors.readmissions import rules_of
from competition.selectors.rules import advancement_of, form_of, judged_blind
from competition.wording import (
    blind_words,
    check_words,
    form_words,
    group_words,
    joint_words,
    publication_words,
    publicity_words,
    quota_words,
    readmission_words,
)

KEPT_SECONDS = 3600


def rules_page(competition, edition, language: str) -> dict:
    """`rounds`: each with `round`, `blind`, `groups`, `published`, `form`, `parts` (heading, lines) and `advancement`; `publicity`,
    `joint`, `recommendation` and `readmission`: lines. What is frozen in an edition is put into words once and kept: many read it
    in the hours before a deadline."""
    names = group_names(competition)
    rounds = list(competition.rounds.order_by("order"))

    def made() -> dict:
        words = {round.pk: _round_words(round, rounds, names, language) for round in rounds}
        return words | {"readmission": readmission_words(rules_of(competition), language)}

    if edition is None:
        words = made()
    else:
        words = cache.get_or_set(f"competition.rules:{edition.pk}:{edition.digest}:{language}", made, KEPT_SECONDS)
    labels = {name: part.label for name, part in parts().items()}
    return {
        "rounds": [_labelled(round, words[round.pk], labels, language) for round in rounds],
        "tracks": list(names["track"].values()),
        "publicity": publicity_words(competition, rounds, language),
        "joint": joint_words(competition, language),
        "recommendation": quota_words(competition, language),
        # Absent from what an older release has kept: then no edition had such a rule.
        "readmission": words.get("readmission", []),
    }


def _labelled(round, words, labels, language) -> dict:
    named = {"parts": [(labels[name], lines) for name, lines in words["parts"] if lines]}
    return (
        {
            "round": round,
            "blind": blind_words(language) if round.blind else [],
            "groups": group_words(round.grouping, language) if round.groups else [],
            "published": publication_words(round, language),
        }
        | words
        | named
    )


def _round_words(round, rounds, names, language) -> dict:
    form, rule = form_of(round) if round.intake == "fresh" else None, advancement_of(round)
    return {
        "form": form_words(form.definition, language, blind=judged_blind(round, rounds)) if form else [],
        "parts": [(name, part.words(round, language)) for name, part in parts().items()],
        "advancement": check_words(language) if round.checks_only else advancement_words(rule.rule, names, language) if rule else [],
    }
