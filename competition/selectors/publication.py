"""The rules of a published competition in words."""

from competition.rules import parts
from competition.selectors.limits import group_names
from competition.selectors.rules import advancement_of, form_of
from competition.wording import advancement_words, form_words, publicity_words, quota_words


def rules_page(competition, language: str) -> dict:
    """`rounds`: each with `round` and `sections` (heading, lines); `publicity` and `recommendation`: lines."""
    names = group_names(competition)
    rounds = []
    for round in competition.rounds.order_by("order"):
        form, rule = form_of(round) if round.intake == "fresh" else None, advancement_of(round)
        rounds.append(
            {
                "round": round,
                "form": form_words(form.definition, language) if form else [],
                "parts": [(part.label, part.words(round, language)) for part in parts().values()],
                "advancement": advancement_words(rule.rule, names, language) if rule else [],
            }
        )
    return {"rounds": rounds, "tracks": list(names["track"].values()), "publicity": publicity_words(competition, language)} | {
        "recommendation": quota_words(competition, language)
    }
