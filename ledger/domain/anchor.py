"""The number and hash of one seal, noted down outside the database."""

import re
from dataclasses import dataclass

_ANCHOR = re.compile(r"\s*([1-9][0-9]{0,17}):([0-9a-fA-F]{64})\s*")


@dataclass(frozen=True)
class Anchor:
    number: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """``NUMBER:HASH`` as `Seal.anchor` writes it; ValueError otherwise."""
        match = _ANCHOR.fullmatch(text)
        if not match:
            raise ValueError(f"an anchor is NUMBER:HASH with 64 hexadecimal digits, not {text!r}")
        return cls(int(match[1]), match[2].lower())
