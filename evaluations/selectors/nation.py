"""A national edition province by province: numbers of applications, places and sheets; never a mark, a total or a rank, and who was
chosen only once the round is released. A constant number of queries."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from competition.domain.balance import gini
from competition.domain.quotas import Account, charged_to
from competition.domain.states import IN_RACE
from competition.labels import MACRO_REGIONS
from competition.models import Application, Entry, Region, Round
from competition.permissions.secrecy import against_outcomes
from evaluations.models import Assignment
from evaluations.selectors.board import current_round

SHOWN = ("submitted", "used", "nominated", "accepted")
COUNTED = ("drafts", "submitted", "waiting", "declined", "nominated", "accepted", "chosen", "seats", "sheets")


@dataclass
class Line:
    """One region with its account. `submitted`: handed in and not taken back; `chosen`: None while the embargo holds."""

    region: Any
    account: Account
    quota_id: int | None = None
    counts: Counter = field(default_factory=Counter)
    feeders: list = field(default_factory=list)
    released: bool = False

    def __getattr__(self, name):
        if name in COUNTED:
            return self.counts[name]
        raise AttributeError(name)

    @property
    def used(self) -> int:
        return self.account.used

    @property
    def shown_chosen(self) -> int | None:
        return self.counts["chosen"] if self.released else None


@dataclass
class Board:
    round: Any
    lines: list[Line]
    total: Line
    tracks: list[tuple[str, int]]
    macro: list[tuple[str, int]]
    spread: float | None
    map: dict


def board_of(competition, *, show: str = "submitted") -> Board:
    """`show`: which number stands on the map."""
    round = current_round(competition)
    regions = {region.pk: region for region in Region.objects.all()}
    quotas = {row.region_id: row for row in competition.quotas.all()}
    lines: dict[str, Line] = {}
    released = against_outcomes(round) is None

    def line(code: str) -> Line:
        chain = _chain(code, regions)
        home = charged_to(chain, quotas) or chain[-1]
        if home not in lines:
            quota = quotas.get(home)
            lines[home] = Line(regions[home], Account(quota.places if quota else 0, 0), quota.pk if quota else None, released=released)
        return lines[home]

    for code in quotas:
        line(code)
    used = _applications(competition, line)
    tracks = _entries(round, line)
    _sheets(round, line)
    for feeder in _feeders(competition):
        line(feeder.competition.region_id).feeders.append(feeder)
    for code, row in lines.items():
        row.account = Account(row.account.places, used[code])
    rows = [lines[code] for code in sorted(lines)]
    counts = {row.region.pk: getattr(row, show) for row in rows}
    return Board(
        round=round,
        lines=rows,
        total=_total(rows, released),
        tracks=sorted(tracks.items()),
        macro=_macro(rows),
        spread=_spread(rows),
        map=_map(regions, counts),
    )


def _chain(code: str, regions) -> list[str]:
    chain = [code]
    while (above := regions[chain[-1]].parent_id) is not None and above not in chain:
        chain.append(above)
    return chain


_CHARGED = Coalesce("recommendation__quota__region_id", "cluster__lead_region_id")


def _applications(competition, line) -> Counter:
    """One query. How many places of each line are used."""
    rows = Application.objects.filter(competition=competition).annotate(charged=_CHARGED).order_by()
    grouped = rows.values_list("charged", "state", "recommendation__state").annotate(n=Count("pk"), named=Count("nomination"))
    used: Counter = Counter()
    for code, state, says, number, nominated in grouped:
        row = line(code)
        row.counts["nominated"] += nominated
        if says == "recommended":
            used[row.region.pk] += number
        if state == "draft":
            row.counts["drafts"] += number
        elif state != "withdrawn":
            row.counts["submitted"] += number
            if says in ("waiting", "declined"):
                row.counts[says] += number
    return used


def _entries(round, line) -> Counter:
    """One query. Entries in the race by track."""
    charged = Coalesce("application__recommendation__quota__region_id", "application__cluster__lead_region_id")
    rows = Entry.objects.filter(round=round, state__in=IN_RACE, revision__isnull=False).annotate(charged=charged).order_by()
    tracks: Counter = Counter()
    names = ("charged", "track__name_zh", "track__name_en")
    for code, zh, en, number, chosen in rows.values_list(*names).annotate(n=Count("pk"), chosen=Count("pk", filter=Q(outcome="advance"))):
        row = line(code)
        row.counts["accepted"] += number
        row.counts["chosen"] += chosen
        if zh:
            tracks[zh, en] += number
    return tracks


def _sheets(round, line) -> None:
    """One query: seats that count and sheets that are in."""
    charged = Coalesce("entry__application__recommendation__quota__region_id", "entry__application__cluster__lead_region_id")
    rows = Assignment.objects.filter(entry__round=round, state__in=("published", "confirmed"), entry__state__in=IN_RACE)
    done = Count("pk", filter=Q(sheet__state__in=("submitted", "locked")))
    for code, seats, sheets in rows.annotate(charged=charged).order_by().values_list("charged").annotate(seats=Count("pk"), sheets=done):
        line(code).counts.update(seats=seats, sheets=sheets)


def _feeders(competition) -> list[Round]:
    """One query: of each province's competition the round that it has come to."""
    rounds = (
        Round.objects.filter(competition__feeds__competition=competition).select_related("competition").order_by("competition", "order")
    )
    newest: dict[int, Round] = {}
    for round in rounds:
        if round.competition_id not in newest or round.state != "planned":
            newest[round.competition_id] = round
    return list(newest.values())


def _total(rows, released) -> Line:
    places = None if any(row.account.places is None for row in rows) else sum(row.account.places for row in rows)
    total = Line(None, Account(places, sum(row.used for row in rows)), released=released)
    for row in rows:
        total.counts.update(row.counts)
    return total


def _macro(rows) -> list[tuple[str, int]]:
    counts: Counter = Counter()
    for row in rows:
        counts[row.region.macro_region] += row.accepted
    return [(str(name), counts[code]) for code, name in MACRO_REGIONS.items()]


def _spread(rows) -> float | None:
    """Analysis: the Gini coefficient of what was accepted, shown and never applied."""
    found = gini([row.accepted for row in rows]) if rows else None
    return None if found is None else float(found)


def _map(regions, counts) -> dict:
    """A region without a tile counts on the one above it."""
    shown: Counter = Counter()
    for code, number in counts.items():
        tile = next((above for above in _chain(code, regions) if regions[above].tile_col is not None), None)
        if tile:
            shown[tile] += number
    tiles = [
        {
            "key": region.pk,
            "label": region.short_zh,
            "name": str(region),
            "col": region.tile_col,
            "row": region.tile_row,
            "recommends": region.recommends,
        }
        for region in regions.values()
        if region.tile_col is not None
    ]
    return {"regions": tiles, "counts": dict(shown), "most": max(shown.values(), default=0)}
