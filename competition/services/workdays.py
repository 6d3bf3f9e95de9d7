"""The organiser's own table of days off and make-up workdays."""

from datetime import date, datetime

from django.db import transaction

from accounts import permissions
from competition.models import WorkdayException
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def set_year(year: int, *, days: list[tuple[date, bool, str]], complete: bool, actor, at: datetime) -> None:
    """The whole table of one year: (day, is it a workday, name). `complete` makes the year known, so that its other days go by
    the weekday; an empty table cannot be complete, since no year is without holidays."""
    permissions.require(actor, "workday.keep")
    if any(day.year != year for day, _workday, _name in days):
        raise Refused(Reason("competition.day_of_other_year", {"year": year}), field="days")
    if complete and not any(not workday for _day, workday, _name in days):
        raise Refused(Reason("competition.year_without_holidays", {"year": year}), field="days")
    before = list(WorkdayException.objects.filter(date__year=year).order_by("date").values_list("date", "is_workday"))
    WorkdayException.objects.filter(date__year=year).delete()
    WorkdayException.objects.bulk_create(
        [WorkdayException(date=day, is_workday=workday, name=name, year_complete=complete) for day, workday, name in days]
    )
    record(
        actor=f"user:{actor.pk}",
        action="workday.set_year",
        subject=f"year:{year}",
        before={"days": [[day, workday] for day, workday in before]},
        after={"days": [[day, workday] for day, workday, _name in sorted(days)], "complete": complete},
        at=at,
    )
