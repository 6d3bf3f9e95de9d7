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


def _either(name: str):
    in_redis, beside = getattr(RedisCache, name), getattr(DatabaseCache, name)

    def call(self, *args, **kwargs):
        if time.monotonic() >= Cache._silent_until:
            try:
                return in_redis(self, *args, **kwargs)
            except RedisError as error:
                Cache._silent_until = time.monotonic() + SILENCE_SECONDS
                logger.warning("Redis cannot be reached (%s); the cache is in the database meanwhile.", type(error).__name__)
        return beside(self._beside, *args, **kwargs)

    return call


for _name in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"):
    setattr(Cache, _name, _either(_name))


class Counters(RedisCache):
    """Counts of every request: in Redis or not at all, for a row in the database each time would cost more than it saves."""


def _or(name: str, otherwise):
    in_redis = getattr(RedisCache, name)

    def call(self, *args, **kwargs):
        if time.monotonic() >= Cache._silent_until:
            try:
                return in_redis(self, *args, **kwargs)
            except RedisError as error:
                Cache._silent_until = time.monotonic() + SILENCE_SECONDS
                logger.warning("Redis cannot be reached (%s); nobody's pace is counted meanwhile.", type(error).__name__)
        return otherwise

    return call


Counters.add, Counters.incr = _or("add", False), _or("incr", 0)
