"""What records say that older ones are worth under another hash function."""

from ledger.domain import canonical, hashing
from ledger.domain.proof import Wrong
from ledger.domain.reason import Reason
from ledger.domain.renewal import ACTION, Renewal
from ledger.selectors.raw import raw_renewals


def renewals() -> list[Renewal]:
    """Those that records speak of; raises Wrong where one cannot be read."""
    found = []
    for pk, text in raw_renewals(ACTION):
        try:
            after = canonical.parse(text)
            hashing.name_of(after["algorithm"])
            found.append(Renewal(algorithm=after["algorithm"], seal=int(after["seal"]), root=after["root"], record=pk))
        except (KeyError, TypeError, ValueError):
            raise Wrong(Reason("ledger.record_unreadable", {"record": pk})) from None
    return found
