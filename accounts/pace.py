"""How fast one person may ask for pages: far above what hands and open tabs do, far below what stops the rest. Counted by the minute
in the cache; while that is away nobody is held up."""

import time

from django.conf import settings
from django.core.cache import caches

MINUTE = 60  # seconds
SAFE = ("GET", "HEAD", "OPTIONS")


def wait(user_id: int, method: str) -> int:
    """Seconds until this person may go on; 0: at once."""
    kind, most = ("pages", settings.PAGES_PER_MINUTE) if method in SAFE else ("acts", settings.ACTS_PER_MINUTE)
    if not most:
        return 0
    minute, second = divmod(int(time.time()), MINUTE)
    return MINUTE - second if count(f"pace.{kind}.{user_id}.{minute}") > most else 0


def count(key: str) -> int:
    store = caches["pace"]
    store.add(key, 0, 2 * MINUTE)
    try:
        return store.incr(key)
    except ValueError:  # pushed out in between
        return 1
