"""How figures and moments are written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from accounts import figures
from accounts.templatetags import saima

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (18204, None, f"18{THIN}204"),
        (999, None, "999"),
        (Decimal("-0.06"), None, "−0.06"),
        (Decimal("87.365"), 2, "87.37"),
        (Fraction(26213, 300), 2, "87.38"),
        (Fraction(-1, 300), 2, "0.00"),
        (Fraction(-2, 3), 1, "−0.7"),
        (1234567.5, 1, f"1{THIN}234{THIN}567.5"),
        (0, 2, "0.00"),
        (None, 2, "—"),
        ("", None, "—"),
    ],
)
def test_num(value, places, text):
    assert figures.num(value, places) == text


@pytest.mark.parametrize(("value", "text"), [(Decimal("1.66"), "+1.66"), (Decimal("-0.06"), "−0.06"), (0, "0.00"), (None, "—")])
def test_signed(value, text):
    assert figures.signed(value, 2) == text


def test_percent_follows_the_language():
    with translation.override("zh-hans"):
        assert figures.percent(Fraction(97, 200)) == "49%"
    with translation.override("en"):
        assert figures.percent(0.486, 1) == f"48.6{THIN}%"


def test_a_deadline_names_its_weekday_in_beijing_time():
    at = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert saima.deadline(at) == "2026年11月25日 星期三 18:00"
    with translation.override("en"):
        assert saima.deadline(at) == "Wed 25 Nov 2026, 18:00"


def test_midnight_belongs_to_the_day_that_ends():
    with translation.override("zh-hans"):
        assert saima.deadline(datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == "2026年9月30日 星期三 24:00"


def test_stored_texts_read_as_moments_and_days():
    with translation.override("zh-hans"):
        assert saima.to_the_second("2026-11-27T01:30:12+00:00") == "2026年11月27日 09:30:12"
        assert saima.day("2026-12-18") == saima.day(date(2026, 12, 18)) == "2026年12月18日"
        assert saima.moment(None) == "—"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 18), "二〇二六年十二月十八日"),
        (date(2030, 1, 10), "二〇三〇年一月十日"),
        (date(2029, 10, 31), "二〇二九年十月三十一日"),
        (date(2027, 7, 20), "二〇二七年七月二十日"),
    ],
)
def test_certificates_are_dated_in_characters(day, words):
    assert figures.day_in_characters(day) == words
