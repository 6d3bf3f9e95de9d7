"""What is left of a password beside what everybody tries: words of Django's list, rows of keys, repetition, digits and signs."""

from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

SHORTEST_WORD = 4
WORDS = 2  # so many of the list may stand in a password without making it one's own
FREE_DIGITS = 6  # a date, a year, 123456
LONGEST = 40  # what is longer, and repeats nothing, holds enough beside two words
READ = 4 * LONGEST  # characters; no more are looked at
ROWS = ("0123456789012", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p")
PAIRED_ROWS = ("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujmikolp", "zaqxswcdevfrbgtnhymjukilop")
SIGNS = str.maketrans("@$!013457|+", "asioleastlt")  # as they stand for letters


@cache
def known() -> frozenset[str]:
    words = {word for word in CommonPasswordValidator().passwords if len(word) >= SHORTEST_WORD}
    for row in (*ROWS, *PAIRED_ROWS):
        for way in (row, row[::-1]):
            words |= {way[start:end] for start in range(len(way)) for end in range(start + SHORTEST_WORD, len(way) + 1)}
    return frozenset(words)


def once(text: str) -> str:
    """`abcabcab` → `abc`: what is repeated, once."""
    return text[: next((n for n in range(1, len(text) // 2 + 1) if text[n:] == text[:-n]), len(text))]


def worth(text: str) -> int:
    digits = sum(char.isdigit() for char in text)
    return sum(char.isalpha() for char in text) + max(0, digits - FREE_DIGITS)


def without(text: str, words: int = WORDS) -> int:
    """The least that is left of it when so many words are taken out, each as often as it stands there."""
    least = worth(text)
    if not words or least == 0:
        return least
    spans = {text[start:end] for start in range(len(text)) for end in range(start + SHORTEST_WORD, len(text) + 1)}
    for word in spans & known():
        least = min(least, without(text.replace(word, " "), words - 1))
    return least


def own(password: str) -> int:
    """How many characters of it are one's own."""
    text = password.casefold()[:READ]
    if len(once(text)) > LONGEST:
        return LONGEST
    return min(without(once(way)) for way in {text, text.translate(SIGNS)})
