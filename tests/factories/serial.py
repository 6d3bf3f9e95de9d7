"""What tells made rows apart: letters, so that no page holds a figure by chance; of one length, so that they sort as they were made."""

from itertools import product

_LETTERS = "bcdfghjkmnpqrtvwxz"
_serials = ("".join(letters) for letters in product(_LETTERS, repeat=4))


def serial() -> str:
    return next(_serials)
