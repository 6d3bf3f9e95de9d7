"""The Merkle tree of RFC 6962, section 2.1, over record digests, built as a stream in logarithmic memory."""

import hashlib


def _leaf(digest: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Takes digests one by one and knows the root of what it has taken.

    Leaves and nodes are hashed under different prefixes, so that no node passes for a record; the tree splits at the largest
    power of two below its size, so that a last odd leaf is never doubled.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, digest: str) -> None:
        node = _leaf(digest)
        # Every trailing one-bit of the size before is a finished tree of equal height on the left.
        size = self.size
        while size & 1:
            node = _node(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> str:
        """Hexadecimal; of nothing, the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").hexdigest()
        *rest, node = self._peaks
        for left in reversed(rest):
            node = _node(left, node)
        return node.hex()


def root(digests) -> str:
    tree = Tree()
    for digest in digests:
        tree.add(digest)
    return tree.root()
