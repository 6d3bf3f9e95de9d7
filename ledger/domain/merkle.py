"""The Merkle tree of RFC 6962, section 2.1, over record digests, built as a stream in logarithmic memory."""

from ledger.domain import hashing


class Tree:
    """Takes digests one by one and knows the root of what it has taken.

    Leaves and nodes are hashed under different prefixes, so that no node passes for a record; the tree splits at the largest
    power of two below its size, so that a last odd leaf is never doubled.
    """

    def __init__(self, algorithm: str = hashing.FIRST) -> None:
        self.algorithm = algorithm
        self.size = 0
        self._peaks: list[bytes] = []

    def _leaf(self, digest: str) -> bytes:
        return hashing.digest(self.algorithm, b"\x00" + bytes.fromhex(digest))

    def _node(self, left: bytes, right: bytes) -> bytes:
        return hashing.digest(self.algorithm, b"\x01" + left + right)

    def add(self, digest: str) -> None:
        node = self._leaf(digest)
        # Every trailing one-bit of the size before is a finished tree of equal height on the left.
        size = self.size
        while size & 1:
            node = self._node(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> str:
        """Hexadecimal; of nothing, the hash of nothing."""
        if not self._peaks:
            return hashing.digest(self.algorithm, b"").hex()
        *rest, node = self._peaks
        for left in reversed(rest):
            node = self._node(left, node)
        return node.hex()


def root(digests, algorithm: str = hashing.FIRST) -> str:
    tree = Tree(algorithm)
    for digest in digests:
        tree.add(digest)
    return tree.root()
