"""The version that counts of each frozen thing: the frozen one once the call is published, else the newest draft."""

from competition.domain.advancement_rule import vote_in
from competition.domain.calendar import Exceptions
from competition.domain.votes import Vote
from competition.models import AdvancementRule, Form, RulesEdition, WorkdayException


def form_of(round) -> Form | None:
    return round.forms.order_by("-version").first()


def advancement_of(round) -> AdvancementRule | None:
    return round.advancement_rules.order_by("-version").first()


def vote_of(round) -> Vote | None:
    """The vote that the round's rule goes by: then there is neither rubric nor scheme. One query."""
    rule = round.advancement_rules.order_by("-version").values_list("rule", flat=True).first()
    return vote_in(rule)


def rules_edition(competition) -> RulesEdition | None:
    return competition.rules_editions.order_by("-version").first()


def workday_exceptions() -> Exceptions:
    """The organiser's own table, for years the library does not know."""
    rows = list(WorkdayException.objects.values_list("date", "is_workday", "year_complete"))
    return Exceptions(
        days={day: is_workday for day, is_workday, _complete in rows},
        years=frozenset(day.year for day, _is_workday, complete in rows if complete),
    )


def judged_blind(round, rounds=None) -> bool:
    """Whether what is handed in for `round` is judged blind, in it or in a later round that carries it on. `rounds`: those of its
    competition in their order; one query where they are not given."""
    rounds = round.competition.rounds.order_by("order") if rounds is None else rounds
    for row in rounds:
        if row.order > round.order and row.intake == "fresh":
            return False
        if row.order >= round.order and row.blind:
            return True
    return False


def form_for(round) -> Form | None:
    """The form whose answers are judged in `round`: its own, or the one of the last round before it with an intake."""
    if round.intake == "fresh":
        return form_of(round)
    before = round.competition.rounds.filter(order__lt=round.order, intake="fresh").order_by("-order").first()
    return form_of(before) if before else None
