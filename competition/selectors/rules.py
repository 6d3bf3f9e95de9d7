"""The version that counts of each frozen thing: the frozen one once the call is published, else the newest draft."""

from competition.models import AdvancementRule, Form, RulesEdition, WorkdayException


def form_of(round) -> Form | None:
    return round.forms.order_by("-version").first()


def advancement_of(round) -> AdvancementRule | None:
    return round.advancement_rules.order_by("-version").first()


def rules_edition(competition) -> RulesEdition | None:
    return competition.rules_editions.order_by("-version").first()


def workday_exceptions() -> dict:
    """date → is it a workday, from the organiser's own table."""
    return dict(WorkdayException.objects.values_list("date", "is_workday"))
