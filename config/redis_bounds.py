"""Apart from the cache, so that settings load no Redis client where there is no Redis: it takes a tenth of every start."""

TIMEOUT_SECONDS = 1


def redis_options(url: str, keys=None) -> dict:
    """Bounds on what a silent Redis can cost a request; `keys` (config.keys.Keys): by which it is entered."""
    options = {"socket_timeout": TIMEOUT_SECONDS}
    return (
        options
        if url.startswith("unix:")
        else options | {"socket_connect_timeout": TIMEOUT_SECONDS} | (keys.for_redis() if url and keys else {})
    )
