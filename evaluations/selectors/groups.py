"""The groups of a round: who is in which, what stands against a draw, and a draw made again."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import F

from competition.domain.groups import Card, Grouping, draw, groups_for, parse_grouping
from competition.domain.states import IN_RACE
from competition.models import Application, Entry, GroupDraw, Track
from evaluations.models import Assignment
from ledger.domain.canonical import encode
from ledger.domain.reason import Reason

OPEN_ROUND = ("open", "judging")


def placed_entries(round):
    """Entries in the race that have something to be judged, by track, group and name; those in no group first."""
    return (
        Entry.objects.filter(round=round, state__in=IN_RACE, revision__isnull=False)
        .select_related("track", "application__cluster__lead_region", "application__cluster__sector")
        .order_by("track__order", "track", F("group").asc(nulls_first=True), "application__cluster__name_zh", "pk")
    )


def content_of(round) -> list[list]:
    """[entry id, track code, region code, group] of each entry that is to be in a group, by id. One query."""
    rows = Entry.objects.filter(round=round, state__in=IN_RACE, revision__isnull=False).order_by("pk")
    return [[pk, track or "", region, group] for pk, track, region, group in rows.values_list(*CARD, "group")]


CARD = ("pk", "track__code", "application__cluster__lead_region")


def digest_of(content) -> str:
    return hashlib.sha256(encode(content)).hexdigest()


def drawn(content, grouping: Grouping, seed: str) -> list[list]:
    """The same with the groups that the lot gives."""
    found = draw((Card(str(pk), track, region) for pk, track, region, _group in content), grouping, seed)
    return [[pk, track, region, found[str(pk)]] for pk, track, region, _group in content]


def holds(made: GroupDraw, seed: str) -> bool:
    """Whether the draw comes out the same from what it says and the seed: what anybody can count again after the release."""
    again = drawn(made.content, parse_grouping(made.grouping), seed)
    return again == made.content and digest_of(made.content) == made.digest


def newest_draw(round) -> GroupDraw | None:
    return GroupDraw.objects.filter(round=round).select_related("drawn_by").first()


def token_of(content, draws: int) -> str:
    """What a page was shown: number of draws, entries, and their digest with the groups as they are."""
    return f"{draws}.{len(content)}.{digest_of(content)[:16]}"


def moved_on(shown: str, content, draws: int) -> Reason | None:
    """Why what a page was shown no longer holds."""
    if shown == token_of(content, draws):
        return None
    number, _dot, rest = shown.partition(".")
    count = rest.partition(".")[0]
    if number != str(draws):
        return Reason("evaluations.groups_drawn_meanwhile")
    return Reason("evaluations.groups_entries_changed", {"before": count if count.isdecimal() else "?", "count": len(content)})


def seats_made(round) -> int:
    """Seats of the round, given up ones too: once one was given, evaluators may know whom they read."""
    return Assignment.objects.filter(entry__round=round).count()


def against_draw(round, *, entries: int, seats: int, at) -> tuple[Reason, ...]:
    """One query, none where something else is against it. An entry that may still come would come to no group."""
    grouping = round.grouping
    if grouping is None:
        return (Reason("evaluations.round_without_groups"),)
    if not grouping.drawn:
        return (Reason("evaluations.groups_by_hand"),)
    if round.state not in OPEN_ROUND:
        return (Reason("evaluations.round_not_open"),)
    found = []
    if round.state == "open" and round.intake == "fresh" and round.intake_closes and at < round.intake_closes:
        found.append(Reason("evaluations.groups_intake_open"))
    elif unanswered := Application.objects.filter(round=round, state__in=("submitted", "returned")).count():
        found.append(Reason("competition.applications_unanswered", {"count": unanswered}))
    if not entries:
        found.append(Reason("evaluations.groups_of_nobody"))
    if seats:
        found.append(Reason("evaluations.groups_fixed", {"count": seats}))
    return tuple(found)


@dataclass
class TrackLine:
    """A track (None: the whole round) with the sizes of its groups by number, how many entries are in none, and how many groups there
    are to be."""

    track: Track | None
    sizes: dict[int, int] = field(default_factory=dict)
    outside: int = 0
    wanted: int = 0

    @property
    def entries(self) -> int:
        return sum(self.sizes.values()) + self.outside


def track_lines(round, content) -> list[TrackLine]:
    """One query."""
    tracks = {track.code: track for track in round.competition.tracks.all()}
    counts: dict[str, Counter] = {}
    for _pk, track, _region, group in content:
        counts.setdefault(track, Counter())[group] += 1
    order = sorted(counts, key=lambda code: (tracks[code].order if code in tracks else -1, code))
    return [_line(tracks.get(code), counts[code], round.grouping) for code in order]


def _line(track, counts: Counter, grouping) -> TrackLine:
    outside = counts.pop(None, 0)
    count = max(groups_for(counts.total() + outside, grouping.most), *counts, 0)
    return TrackLine(track, {number: counts[number] for number in range(1, count + 1)}, outside, count)


def sizes_beside(entry) -> tuple[dict[int, int], list[Entry]]:
    """The sizes of the groups of the entry's track, and the track's other entries that are in one. One query."""
    beside = list(placed_entries(entry.round).filter(track=entry.track_id))
    counts = Counter(row.group for row in beside if row.group is not None)
    count = max(groups_for(len(beside), entry.round.grouping.most), *counts, 0)
    return {number: counts[number] for number in range(1, count + 1)}, [row for row in beside if row.group and row.pk != entry.pk]


def against_move(entry, *, seats: int, own_seats: int, draws: int) -> tuple[Reason, ...]:
    """Why the entry's group cannot be chosen by hand now. One that is in none yet may be placed as long as nobody sits at it."""
    round = entry.round
    if round.grouping is None:
        return (Reason("evaluations.round_without_groups"),)
    if round.state not in OPEN_ROUND:
        return (Reason("evaluations.round_not_open"),)
    if entry.state not in IN_RACE:
        return (Reason("evaluations.entry_not_running"),)
    if entry.revision_id is None:
        return (Reason("evaluations.entry_without_revision"),)
    if round.grouping.drawn and not draws:
        return (Reason("evaluations.groups_not_drawn"),)
    if entry.group is None:
        return (Reason("evaluations.groups_fixed", {"count": own_seats}),) if own_seats else ()
    return (Reason("evaluations.groups_fixed", {"count": seats}),) if seats else ()
