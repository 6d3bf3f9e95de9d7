"""Old records under a new hash function: should the one they were written under be broken, this still vouches for them."""

from typing import Any

from ledger.domain.digests import record_digest
from ledger.domain.merkle import Tree

ACTION = "ledger.renew"


class Renewal:
    """The Merkle root, under `algorithm`, of every record that seals 1 to `seal` list, in their order, each digested anew."""

    def __init__(self, *, algorithm: str, seal: int, root: str = "", record: int = 0) -> None:
        self.algorithm, self.seal, self.root, self.record = algorithm, seal, root, record
        self.tree = Tree(algorithm)

    def take(self, seal: int, content: dict[str, Any]) -> None:
        if seal <= self.seal:
            self.tree.add(record_digest(**content | {"algorithm": self.algorithm}))

    def holds(self) -> bool:
        return self.tree.root() == self.root
