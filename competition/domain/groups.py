"""Groups inside a track, for panels that cannot read the whole of it: how many, how entries are dealt over them, and the rank inside one.

The draw hangs on the entries and the round's seed alone: drawn again it comes out the same, so nobody draws until they like it."""

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass

from ledger.domain.reason import Reason, Refused

HOW = ("dealt", "lot", "hand")
LEAST, MOST = 2, 500


@dataclass(frozen=True)
class Grouping:
    """At most `most` entries in a group. `how`: "dealt" (by lot, the entries of each region dealt over the groups of their track), "lot"
    (by lot alone) or "hand"."""

    most: int
    how: str = "dealt"

    @property
    def drawn(self) -> bool:
        return self.how != "hand"

    def as_json(self) -> dict:
        return asdict(self)


def parse_grouping(value: Mapping) -> Grouping:
    """`Refused` where it is none."""
    most, how = value.get("most"), value.get("how", "dealt")
    if set(value) - {"most", "how"} or how not in HOW:
        raise Refused(Reason("competition.grouping_malformed"), field="group_how")
    if isinstance(most, bool) or not isinstance(most, int) or not LEAST <= most <= MOST:
        raise Refused(Reason("competition.grouping_out_of_bounds", {"least": LEAST, "most": MOST}), field="group_most")
    return Grouping(most, how)


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as the draw sees it."""

    entry: str
    track: str
    region: str


def groups_for(entries: int, most: int) -> int:
    """The fewest groups of at most `most`."""
    return -(-entries // most)


def draw(cards: Iterable[Card], grouping: Grouping, seed: str) -> dict[str, int]:
    """{entry: number of its group in its track, from 1}. Sizes inside a track differ by at most one, and where regions are dealt so do
    the entries of one region over its groups. Every comparison is one of SHA-256 values (docs/scoring.md, K1)."""
    tracks: dict[str, list[Card]] = {}
    for card in cards:
        tracks.setdefault(card.track, []).append(card)
    found = {}
    for track, own in tracks.items():
        count = groups_for(len(own), grouping.most)

        def place(card: Card, track=track) -> tuple[str, ...]:
            lot = hashlib.sha256(f"{seed}|group|{card.entry}".encode()).hexdigest(), card.entry
            if grouping.how == "lot":
                return lot
            return hashlib.sha256(f"{seed}|group|{track}|{card.region}".encode()).hexdigest(), card.region, *lot

        # One region after the other, round and round: both the whole and each region come out level.
        found |= {card.entry: 1 + position % count for position, card in enumerate(sorted(own, key=place))}
    return found


def may_take(sizes: Mapping[int, int], group: int, most: int) -> bool:
    """Whether `group` has room for one more: up to `most`; and where every group is full, the smallest ones do."""
    return sizes[group] < most or (min(sizes.values()) >= most and sizes[group] == min(sizes.values()))


def race_key(track: str, group: int | None) -> str:
    """What a group is called where a track is called by its code, which holds no such sign."""
    return f"{track}#{group or 0}"


def race_of(key: str) -> tuple[str, int | None]:
    """(track, group) of a track's code or a group's key."""
    track, sign, group = key.partition("#")
    return track, int(group) if sign else None


def ranks_inside(ranks: Mapping[Hashable, int | None], groups: Mapping[Hashable, Hashable]) -> dict[Hashable, int]:
    """{entry: 1 + those of its group with a better rank} of the ranked entries that are in a group."""
    placed = sorted((rank, entry) for entry, rank in ranks.items() if rank is not None and groups.get(entry) is not None)
    found: dict[Hashable, int] = {}
    before: Counter = Counter()
    level: list[Hashable] = []
    last = None
    for rank, entry in placed:
        if rank != last:
            before.update(groups[one] for one in level)
            level, last = [], rank
        level.append(entry)
        found[entry] = 1 + before[groups[entry]]
    return found
