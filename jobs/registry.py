"""Which kinds of job exist and who does them. Filled at start-up from each app's ``tasks.py``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

QUEUES = ("codes", "scores", "documents", "mail", "default")


class Cancelled(Exception):
    """Raised by ``Context.progress`` where a person cancelled the job; a handler lets it pass."""


class UnknownKind(LookupError):
    pass


@dataclass(frozen=True)
class Context:
    """What a handler is given. ``subject`` is (kind, key) text such as ``round:3``; ``attempt`` counts from 1."""

    job_id: int
    kind: str
    subject: str
    params: Mapping
    requested_by: str
    attempt: int
    report: Callable[[int, int], None] = field(repr=False)

    @property
    def key(self) -> str:
        """The subject without its kind: ``3`` of ``round:3``."""
        return self.subject.partition(":")[2]

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is. Cheap enough for every row; raises ``Cancelled`` where the job was cancelled."""
        self.report(done, total)


@dataclass(frozen=True)
class Kind:
    name: str
    handler: Callable[[Context], object] = field(repr=False)
    queue: str
    label: object
    attempts: int
    time_limit: int
    retry_on: tuple[type[Exception], ...]


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    handler: Callable[[Context], object],
    *,
    queue: str = "default",
    label,
    attempts: int = 5,
    time_limit: int = 600,
    retry_on: tuple[type[Exception], ...] = (),
) -> None:
    """``time_limit`` in seconds. A handler run twice does nothing the second time: that is its duty, not ours.

    Whatever it raises is tried again after a rest until ``attempts`` are used; only ``Refused`` fails at once.
    ``retry_on`` names what is expected now and then (a mail server away): it is logged in one line, not as a fault.
    """
    if queue not in QUEUES:
        raise ValueError(f"There is no queue {queue!r}; queues are {', '.join(QUEUES)}.")
    known = _kinds.get(kind)
    if known is not None and (known.handler.__module__, known.handler.__qualname__) != (handler.__module__, handler.__qualname__):
        raise ValueError(f"The job kind {kind!r} is already registered.")
    _kinds[kind] = Kind(kind, handler, queue, label, attempts, time_limit, tuple(retry_on))


def get(kind: str) -> Kind:
    try:
        return _kinds[kind]
    except KeyError:
        raise UnknownKind(f"No handler is registered for the job kind {kind!r}.") from None


def kinds() -> dict[str, Kind]:
    return dict(_kinds)
