from datetime import UTC, date, datetime, timedelta

import pytest

from competition.domain.calendar import BEIJING, Exceptions, Window, beijing_date, end_of, is_workday, publicity_period
from ledger.domain.reason import Reason, Refused

OPENS = datetime(2026, 9, 1, 9, tzinfo=BEIJING)
CLOSES = datetime(2026, 9, 30, 18, tzinfo=BEIJING)
WINDOW = Window(OPENS, CLOSES, timedelta(minutes=30))


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - timedelta(seconds=1), "early"),
        (OPENS, "open"),
        (CLOSES - timedelta(microseconds=1), "open"),
        (CLOSES, "grace"),
        (CLOSES + timedelta(minutes=29, seconds=59), "grace"),
        (CLOSES + timedelta(minutes=30), "closed"),
    ],
)
def test_phase(at, phase):
    assert WINDOW.phase(at) == phase
    assert WINDOW.phase(at.astimezone(UTC)) == phase


def test_a_late_attempt_is_told_both_moments():
    at = datetime(2026, 9, 30, 10, 0, 3, tzinfo=UTC)
    assert WINDOW.against(at) == (Reason("competition.window_closed", {"closed": "2026-09-30 18:00:00", "now": "2026-09-30 18:00:03"}),)
    assert WINDOW.against(OPENS - timedelta(days=1)) == (Reason("competition.window_early", {"opens": "2026-09-01 09:00:00"}),)
    assert WINDOW.against(OPENS) == ()


def test_open_ends():
    assert Window(None, None).phase(OPENS) == "open"


def test_days_are_beijing_days():
    assert beijing_date(datetime(2026, 9, 30, 16, 30, tzinfo=UTC)) == date(2026, 10, 1)
    assert end_of(date(2026, 9, 30)) == datetime(2026, 9, 30, 16, tzinfo=UTC)


def test_five_working_days_over_the_national_holiday():
    # 2026: 1-7 October off, Sunday 20 September and Saturday 10 October are make-up workdays.
    assert publicity_period(date(2026, 9, 29), 5, "working") == (date(2026, 9, 29), date(2026, 10, 10))
    assert is_workday(date(2026, 10, 10)) and is_workday(date(2026, 9, 20))


def test_a_period_that_would_begin_on_a_day_off():
    assert publicity_period(date(2026, 11, 21), 5, "working") == (date(2026, 11, 23), date(2026, 11, 27))


def test_calendar_days_count_every_day():
    assert publicity_period(date(2026, 9, 29), 7, "calendar") == (date(2026, 9, 29), date(2026, 10, 5))


def test_an_unknown_year_is_refused_and_never_guessed():
    with pytest.raises(Refused) as refusal:
        publicity_period(date(2026, 12, 30), 5, "working")
    assert refusal.value.reasons == (Reason("competition.year_unknown", {"year": 2027}),)


def test_the_organisers_own_table_makes_a_year_known():
    table = Exceptions({date(2027, 1, 1): False, date(2027, 1, 2): True}, frozenset({2027}))
    assert publicity_period(date(2026, 12, 30), 5, "working", table) == (date(2026, 12, 30), date(2027, 1, 5))


def test_days_of_a_table_that_is_not_complete_count_alone():
    table = Exceptions({date(2027, 1, 1): False})
    assert is_workday(date(2027, 1, 1), table) is False
    with pytest.raises(Refused):
        is_workday(date(2027, 1, 4), table)


def test_the_own_table_goes_before_the_library():
    assert is_workday(date(2026, 11, 23), Exceptions({date(2026, 11, 23): False})) is False
