"""Verification codes as papers bear them: random, so that nobody finds a paper by guessing, and typed by people."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for something else
LENGTH = 28  # of 30 letters each: 137 bits, in seven groups of four
EARLIER = 16  # codes of papers issued before; they stay good


def spelt(text: str) -> str:
    """As codes are kept: capitals without dashes and spaces. Anything longer than a code stays unknown."""
    return "".join(letter for letter in text.upper()[:80] if letter.isalnum())


def fits(code: str) -> bool:
    return len(code) in (LENGTH, EARLIER)


def grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
