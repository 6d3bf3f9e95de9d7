"""Guessing codes is slow: wrong ones are counted per browser at its address, and generously per address, since a hall shares one."""

from hashlib import sha256

from django.core.cache import cache

PERIOD = 10 * 60  # seconds
PER_BROWSER = 10
PER_ADDRESS = 300


def keys(address: str, session: str) -> list[tuple[str, int]]:
    def key(*parts):
        return "verify:" + sha256("\0".join(parts).encode()).hexdigest()

    return [(key(address, session), PER_BROWSER), (key(address), PER_ADDRESS)]


def too_many(address: str, session: str) -> bool:
    return any(cache.get(key, 0) >= most for key, most in keys(address, session))


def count(address: str, session: str) -> None:
    for key, _most in keys(address, session):
        cache.add(key, 0, PERIOD)
        try:
            cache.incr(key)
        except ValueError:  # it ran out in between
            cache.set(key, 1, PERIOD)
