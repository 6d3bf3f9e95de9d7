"""When the demo's editions take in and judge, counted from the day of building or renewing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from competition.domain.calendar import BEIJING

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """`starts`: when the call is published; `windows`: order of a round → its four moments; `due`: what else has a deadline."""

    starts: datetime
    windows: dict[int, dict[str, datetime]]
    due: datetime | None = None


def day_of(at: datetime) -> datetime:
    """Ten o'clock in Beijing, the last one before `at`."""
    today = at.astimezone(BEIJING).replace(hour=10, minute=0, second=0, microsecond=0)
    return today if today <= at else today - DAY


def rounds(starts: datetime, *, intake: int, judging: int, gap: int = 2, number: int = 2) -> dict[int, dict[str, datetime]]:
    """Days of intake and of judging, with `gap` days between; each round follows ten days after the one before."""
    found = {}
    opens = starts + HOUR
    for order in range(1, number + 1):
        closes = opens + intake * DAY
        judged = closes + gap * DAY
        found[order] = {
            "intake_opens": opens,
            "intake_closes": closes,
            "judging_opens": judged,
            "judging_closes": judged + judging * DAY,
        }
        opens = found[order]["judging_closes"] + 10 * DAY
    return found


def last_years_nation(today: datetime) -> Course:
    starts = today.replace(year=today.year - 1, day=min(today.day, 28))
    return Course(starts, rounds(starts, intake=20, judging=10))


def pilot(today: datetime) -> Course:
    starts = today - 34 * DAY
    return Course(starts, rounds(starts, intake=12, judging=6, number=1))


def zhejiang(today: datetime) -> Course:
    """A formal check of what is taken in, then two rounds that judge the same applications."""
    starts = today - 90 * DAY
    windows = rounds(starts, intake=20, judging=4, number=1)
    for order, days in ((2, 10), (3, 2)):
        opens = windows[order - 1]["judging_closes"] + 5 * DAY
        windows[order] = {"intake_opens": None, "intake_closes": None, "judging_opens": opens, "judging_closes": opens + days * DAY}
    return Course(starts, windows)


def guangdong(today: datetime) -> Course:
    """Its final is judged for two more days."""
    starts = today - 52 * DAY
    windows = rounds(starts, intake=12, judging=5)
    windows[2]["judging_closes"] = today + 2 * DAY + 8 * HOUR
    return Course(starts, windows)


def jiangsu(today: datetime) -> Course:
    """`due`: of the correction."""
    starts = today - 9 * DAY
    return Course(starts, rounds(starts, intake=16, judging=10), due=today + 5 * DAY + 8 * HOUR)


def nation(today: datetime) -> Course:
    """`due`: of the regions' recommendations, between intake and judging."""
    starts = today - 20 * DAY
    windows = rounds(starts, intake=28, judging=12, gap=4)
    return Course(starts, windows, due=windows[1]["intake_closes"] + 2 * DAY)
