"""The cache in Redis, which may be away: a page that counts attempts does not fail for it."""

import logging
import time

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
TABLE = "cache"
SILENCE_SECONDS = 15  # how long a Redis that failed is not asked again, so that no request waits twice


class Cache(RedisCache):
    """Redis while it answers, else the cache table of the database, which all processes share: limits go on to hold."""

    _silent_until = 0.0  # of the whole process: a cache object belongs to one thread

    def __init__(self, server, params):
        super().__init__(server, params)
        self._beside = DatabaseCache(TABLE, {name: value for name, value in params.items() if name != "OPTIONS"})


class Counters(RedisCache):
    """Counts of every request: in Redis or not at all, for a row in the database each time would cost more than it saves."""


def _while_it_answers(name: str, meanwhile: str, otherwise):
    """`name` in Redis; else `otherwise`, with the same arguments. `meanwhile`: what the log says of that time."""
    in_redis = getattr(RedisCache, name)

    def call(self, *args, **kwargs):
        if time.monotonic() >= Cache._silent_until:
            try:
                return in_redis(self, *args, **kwargs)
            except RedisError as error:
                Cache._silent_until = time.monotonic() + SILENCE_SECONDS
                logger.warning("Redis cannot be reached (%s); %s.", type(error).__name__, meanwhile)
        return otherwise(self, *args, **kwargs)

    return call


def _beside(name: str):
    in_database = getattr(DatabaseCache, name)
    return lambda self, *args, **kwargs: in_database(self._beside, *args, **kwargs)


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"):
    setattr(Cache, _name, _while_it_answers(_name, "the cache is in the database meanwhile", _beside(_name)))
for _name, _answer in (("add", False), ("incr", 0)):
    setattr(Counters, _name, _while_it_answers(_name, "nobody's pace is counted meanwhile", lambda self, *_, _answer=_answer: _answer))
