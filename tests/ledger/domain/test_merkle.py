import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.merkle import Tree, root

D = [hashlib.sha256(bytes([number])).hexdigest() for number in range(9)]


def leaf(digest):
    return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def by_definition(digests):
    """RFC 6962, 2.1, word for word."""
    if not digests:
        return hashlib.sha256(b"").digest()
    if len(digests) == 1:
        return leaf(digests[0])
    split = 1
    while split * 2 < len(digests):
        split *= 2
    return node(by_definition(digests[:split]), by_definition(digests[split:]))


def test_three_leaves_by_hand():
    assert root(D[:3]) == node(node(leaf(D[0]), leaf(D[1])), leaf(D[2])).hex()


def test_seven_leaves_by_hand():
    left = node(node(leaf(D[0]), leaf(D[1])), node(leaf(D[2]), leaf(D[3])))
    assert root(D[:7]) == node(left, node(node(leaf(D[4]), leaf(D[5])), leaf(D[6]))).hex()


def test_known_roots_of_the_rfc_shape():
    assert root([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root([""]) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(st.integers(0, 70))
def test_the_stream_is_the_definition(size):
    digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(size)]
    assert root(digests) == by_definition(digests).hex()


@pytest.mark.parametrize("size", range(2, 9))
def test_order_number_and_every_leaf_count(size):
    digests = D[:size]
    others = [digests[::-1], digests[:-1], [*digests, digests[-1]]] + [[*digests[:at], D[8], *digests[at + 1 :]] for at in range(size)]
    roots = {root(other) for other in others}
    assert root(digests) not in roots
    assert len(roots) == len(others)


def test_memory_grows_with_the_logarithm():
    tree = Tree()
    for _ in range(5000):
        tree.add(D[0])
    assert (tree.size, len(tree._peaks)) == (5000, (5000).bit_count())
