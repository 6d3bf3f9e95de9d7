"""The groups of a round: drawn from its committed seed, or set by hand with a reason; fixed once a seat is given."""

import hashlib
from datetime import datetime

from django.db import OperationalError, transaction

from accounts.permissions import require
from competition.domain.groups import may_take
from competition.models import Entry, GroupDraw, Round
from evaluations.selectors import groups as selectors
from evaluations.services.scoreboards import lock_board
from ledger.domain.reason import Reason, Refused
from ledger.services import record


def _locked(round, *, actor, at) -> Round:
    """The round and its scoreboard, under which seats are given, under their locks, and its entries held still."""
    round = Round.objects.select_for_update(of=("self",), no_key=True).select_related("competition").get(pk=round.pk)
    require(actor, "round.group", round)
    lock_board(round)
    try:
        # Whoever takes an entry out of the race holds it and waits for the round: nobody waits for them in turn.
        list(Entry.objects.select_for_update(nowait=True).filter(round=round).order_by("pk").values_list("pk"))
    except OperationalError as busy:
        raise Refused(Reason("evaluations.groups_entries_moving")) from busy
    return round


@transaction.atomic
def draw_groups(round: Round, *, shown: str, actor, at: datetime) -> GroupDraw:
    """Every entry gets its group by lot; what was moved by hand before is drawn anew. `shown`: `selectors.groups.token_of` what the
    organiser was shown."""
    round = _locked(round, actor=actor, at=at)
    content, draws = selectors.content_of(round), round.group_draws.count()
    reasons = selectors.against_draw(round, entries=len(content), seats=selectors.seats_made(round), at=at)
    if reasons:
        raise Refused(*reasons)
    if reason := selectors.moved_on(shown, content, draws):
        raise Refused(reason)
    found = selectors.drawn(content, round.grouping, round.seed)
    before = {row[0]: row[3] for row in content}
    changed = [Entry(pk=pk, group=group) for pk, _track, _region, group in found if before[pk] != group]
    Entry.objects.bulk_update(changed, ["group"], batch_size=500)
    made = GroupDraw.objects.create(
        round=round,
        number=draws + 1,
        grouping=round.groups,
        content=found,
        digest=selectors.digest_of(found),
        drawn_by=actor,
        at=at,
    )
    sizes: dict[str, dict[int, int]] = {}
    for _pk, track, _region, group in found:
        own = sizes.setdefault(track, {})
        own[group] = own.get(group, 0) + 1
    record(
        actor=f"user:{actor.pk}",
        action="round.draw_groups",
        subject=f"round:{round.pk}",
        scope=f"competition:{round.competition_id}",
        after={
            "number": made.number,
            **round.groups,
            "seed_sha256": hashlib.sha256(round.seed.encode()).hexdigest(),
            "entries": len(found),
            "digest": made.digest,
            "sizes": {track: [own[number] for number in sorted(own)] for track, own in sorted(sizes.items())},
        },
        at=at,
    )
    return made


@transaction.atomic
def move_entry(entry: Entry, *, group: int | None = None, exchange: Entry | None = None, reason: str, actor, at: datetime) -> Entry:
    """Into another group of its track that has room, or in exchange for an entry of one; with a written reason."""
    round = _locked(entry.round, actor=actor, at=at)
    entry = Entry.objects.select_related("track").get(pk=entry.pk, round=round)
    entry.round = round
    reasons = selectors.against_move(
        entry,
        seats=selectors.seats_made(round),
        own_seats=entry.assignments.count(),
        draws=round.group_draws.count(),
    )
    if reasons:
        raise Refused(*reasons)
    reason = reason.strip()
    if not reason:
        raise Refused(Reason("competition.reason_missing"), field="reason")
    sizes, beside = selectors.sizes_beside(entry)
    other = _other(entry, exchange, beside) if exchange is not None else None
    group = other.group if other else group
    if group not in sizes or group == entry.group:
        raise Refused(Reason("evaluations.group_unknown"), field="to")
    if other is None and not may_take(sizes, group, round.grouping.most):
        raise Refused(Reason("evaluations.group_full", {"group": group, "most": round.grouping.most}), field="to")
    if other is not None:
        _write(other, entry.group, entry, reason, actor=actor, at=at)
    _write(entry, group, other, reason, actor=actor, at=at)
    return entry


def _other(entry, exchange, beside) -> Entry:
    """Only one that is in a group can be given in exchange, and only for one that is."""
    found = next((row for row in beside if row.pk == exchange.pk), None)
    if found is None or entry.group is None or found.group == entry.group:
        raise Refused(Reason("evaluations.group_unknown"), field="to")
    found.round = entry.round
    return found


def _write(entry, group, other, reason, *, actor, at) -> None:
    before, entry.group = entry.group, group
    entry.save(update_fields=["group"])
    record(
        actor=f"user:{actor.pk}",
        action="entry.group",
        subject=f"entry:{entry.pk}",
        scope=f"competition:{entry.round.competition_id}",
        before={"group": before},
        after={"group": group} | ({"exchange": other.pk} if other else {}),
        private={"reason": reason},
        at=at,
    )
