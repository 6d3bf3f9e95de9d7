"""Places that a region may recommend for: which region an application is charged to, and what is left of its places."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ledger.domain.reason import Reason


def charged_to(chain: Sequence[str], listed: Collection[str]) -> str | None:
    """`chain`: the lead region of the cluster and those above it, the nearest first. The nearest of them that has places of its own
    is charged; None where none has. The other regions of a joint entry are never asked."""
    return next((code for code in chain if code in listed), None)


@dataclass(frozen=True)
class Account:
    """`places` None: without a limit, because the organiser said so. `used`: recommended and not taken back."""

    places: int | None
    used: int

    @property
    def left(self) -> int | None:
        return None if self.places is None else self.places - self.used

    def against_one_more(self) -> Reason | None:
        if self.places is None or self.used < self.places:
            return None
        return Reason("competition.quota_used_up", {"places": self.places, "used": self.used})


def order_fault(before: Sequence[int], wanted: Collection[int]) -> Reason | None:
    """Why `wanted` is no order of the rows that stand in `before`: something came or went meanwhile, or stands twice."""
    if sorted(before) != sorted(wanted):
        return Reason("competition.preference_changed")
    return None
