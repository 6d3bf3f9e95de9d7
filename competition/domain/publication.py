"""What the public sees of a round once it is released: whom, in which order, with ranks or totals."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ledger.domain.reason import Reason, Refused

SHOWN = ("nothing", "chosen", "all")
ORDERS = ("region", "rank")


@dataclass(frozen=True)
class Publication:
    """`shown`: "nothing" (applicants learn their own outcome and nobody else), "chosen", or "all" (those not chosen too). `order`:
    "region" or "rank"."""

    shown: str
    order: str = "region"
    ranks: bool = False
    totals: bool = False

    @property
    def lists(self) -> bool:
        return self.shown != "nothing"

    @property
    def whole(self) -> bool:
        return self.shown == "all"

    def as_json(self) -> dict:
        return asdict(self)


def parse_publication(value: Mapping) -> Publication:
    """`Refused` where it is none, or says two things at once."""
    if set(value) - {"shown", "order", "ranks", "totals"} or value.get("shown") not in SHOWN or value.get("order", "region") not in ORDERS:
        raise Refused(Reason("competition.publication_malformed"), field="public_shown")
    found = Publication(value["shown"], value.get("order", "region"), value.get("ranks") is True, value.get("totals") is True)
    if not found.lists and (found.ranks or found.totals):
        raise Refused(Reason("competition.publication_of_nothing"), field="public_shown")
    if found.totals and not found.ranks:
        raise Refused(Reason("competition.publication_totals_tell_ranks"), field="public_totals")
    return found
