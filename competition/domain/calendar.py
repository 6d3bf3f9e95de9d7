"""Windows and periods in Beijing time. The moment is always passed in; what depends on it is never stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ledger.domain.reason import Reason, Refused

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Window:
    """From `opens` (in it) to `closes` (no longer in it); `grace` is for uploads under way at the end. An open end is
    None. Aware moments."""

    opens: datetime | None
    closes: datetime | None
    grace: timedelta = timedelta(0)

    def phase(self, at: datetime) -> str:
        """early, open, grace or closed."""
        if self.opens is not None and at < self.opens:
            return "early"
        if self.closes is None or at < self.closes:
            return "open"
        return "grace" if at < self.closes + self.grace else "closed"

    def against(self, at: datetime) -> tuple[Reason, ...]:
        """Nothing while it is open; else why not, with the moment in Beijing time. Grace does not count as open."""
        phase = self.phase(at)
        if phase == "early":
            return (Reason("competition.window_early", {"opens": in_beijing(self.opens)}),)
        if phase == "open":
            return ()
        return (Reason("competition.window_closed", {"closed": in_beijing(self.closes), "now": in_beijing(at)}),)


def in_beijing(moment: datetime) -> str:
    """2026-11-25 18:00:00, the form in which a reason carries a moment."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def beijing_date(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def end_of(day: date) -> datetime:
    """The first moment that is no longer `day` in Beijing."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=BEIJING)


@dataclass(frozen=True)
class Exceptions:
    """The organiser's own table. `days`: date → is it a working day. It goes before the library's calendar. A year that
    the library does not know counts as known once it is among `years`: its other days go by the weekday."""

    days: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()


def is_workday(day: date, exceptions: Exceptions = Exceptions()) -> bool:
    """With make-up workdays (调休). `Refused` for a year that neither the library nor the table knows."""
    if day in exceptions.days:
        return exceptions.days[day]
    if day.year in exceptions.years:
        return day.weekday() < 5
    import chinese_calendar

    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError as unknown:
        raise Refused(Reason("competition.year_unknown", {"year": day.year})) from unknown


def publicity_period(start: date, days: int, unit: str, exceptions: Exceptions = Exceptions()) -> tuple[date, date]:
    """First and last day, both counted. `start` is the first day that may count; `unit` is working or calendar. In
    working days a period that would begin on a day off begins on the next working day."""
    if days < 1:
        raise ValueError("a period has at least one day")
    if unit == "calendar":
        return start, start + timedelta(days=days - 1)
    if unit != "working":
        raise ValueError(f"unknown unit {unit!r}")
    first = start
    while not is_workday(first, exceptions):
        first += timedelta(days=1)
    last, counted = first, 1
    while counted < days:
        last += timedelta(days=1)
        counted += is_workday(last, exceptions)
    return first, last
