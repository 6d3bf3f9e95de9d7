"""How numbers and moments are written: thin spaces in thousands, a real minus, weekdays on deadlines."""

import math
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language

THIN = "\u202f"
MINUS = "\u2212"
MISSING = "—"
WEEKDAYS_ZH = "一二三四五六日"
ENGLISH_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
ENGLISH_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def num(value, places=None) -> str:
    """18 204 · −0.06 · — where there is none. `places` fixes the decimals (half up, for display only)."""
    if value is None or value == "":
        return MISSING
    number = value if isinstance(value, (int, Fraction)) else Decimal(str(value))
    if places is not None:
        scaled = math.floor(abs(Fraction(number)) * 10 ** int(places) + Fraction(1, 2))
        digits = Decimal(scaled).scaleb(-int(places))
        negative = number < 0 and scaled != 0
    else:
        digits, negative = abs(Decimal(number) if not isinstance(number, Fraction) else Decimal(float(number))), number < 0
    text = f"{digits:,f}".replace(",", THIN)
    return MINUS + text if negative else text


def signed(value, places=None) -> str:
    """As `num`, with + where it is above zero."""
    text = num(value, places)
    if text == MISSING or text.startswith(MINUS) or not text.strip("0." + THIN):
        return text
    return "+" + text


def percent(value, places=0) -> str:
    """A share 0…1 as a percentage."""
    if value is None or value == "":
        return MISSING
    text = num(Fraction(str(value)) * 100, places)
    return f"{text}%" if (get_language() or "").startswith("zh") else f"{text}{THIN}%"


def deadline(local: datetime, language: str) -> str:
    """`local` is already in Beijing time."""
    clock = f"{local:%H:%M}"
    if clock == "00:00":
        local, clock = local - timedelta(days=1), "24:00"
    if language.startswith("zh"):
        return f"{local.year}年{local.month}月{local.day}日 星期{WEEKDAYS_ZH[local.weekday()]} {clock}"
    return f"{ENGLISH_DAYS[local.weekday()]} {local.day} {ENGLISH_MONTHS[local.month - 1]} {local.year}, {clock}"


def day_in_characters(day) -> str:
    """二〇二六年十二月十八日, as certificates are dated."""
    digits, ones = "〇一二三四五六七八九", "零一二三四五六七八九十"

    def small(n):
        tens, rest = divmod(n, 10)
        return ones[n] if n <= 10 else ("" if tens == 1 else ones[tens]) + "十" + (ones[rest] if rest else "")

    return "".join(digits[int(figure)] for figure in str(day.year)) + f"年{small(day.month)}月{small(day.day)}日"
