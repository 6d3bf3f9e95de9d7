"""Python's collector of circles, at rest while many objects without circles are made: it would walk all of them again and again,
a third of the time of a large round."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """For one computation; as a decorator too. It holds for the whole process, so another thread that ends first only ends the rest."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
