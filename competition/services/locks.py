"""In which order rows are locked: rounds, the earlier first, then applications, then entries;
a recommendation after its application and the quota of its region. Whoever changes several keeps to it,
so that no two wait for each other."""

from competition.models import Round


def lock_round(pk: int) -> Round:
    """no_key: whoever inserts a row that points to it need not wait."""
    return Round.objects.select_for_update(no_key=True).get(pk=pk)


def lock_course(application_id: int) -> None:
    """Every round that the application has run in or is handed in for."""
    entered = Round.objects.filter(entries__application=application_id).values("pk")
    handed_in = Round.objects.filter(applications=application_id).values("pk")
    rounds = Round.objects.filter(pk__in=entered) | Round.objects.filter(pk__in=handed_in)
    list(rounds.select_for_update(no_key=True).order_by("order").values_list("pk", flat=True))
