"""Where a list of standings is cut: by its newest proposal, or as the rule's number says. Who may read is decided before."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from accounts.sql import CountOf
from competition.domain.advancement_rule import numbers_by_track, parse_rule
from competition.domain.groups import race_key
from competition.labels import OUTCOME_MARKS
from competition.models import AdvancementRule, Proposal, ProposalRow, Signature, Track

REGION = "entry__application__cluster__lead_region__macro_region"
TRACK = ("entry__track", "entry__track__code", "entry__track__name_zh", "entry__track__name_en", "entry__track__order")


class Place(NamedTuple):
    """One entry of a snapshot. Ranks None: not ranked; `outcome` empty without a proposal."""

    row: int
    entry: int
    rank: int | None
    track_rank: int | None
    macro_region: str
    track: Track | None
    outcome: str
    group: int | None = None
    group_rank: int | None = None


@dataclass(frozen=True)
class Line:
    """`places`: the list, best first, those without a rank last; `everywhere`: the whole snapshot's; `track`: of the list, empty for
    all; `group`: of the track's groups, None for all. `outcomes`: of each entry, as the newest proposal on this snapshot has it
    (`signers`: who signed what it says now); without one a forecast by the rule's number. `cut`: entries inside, `reserve`: behind it,
    where one line runs through the list; `cut` None where it does not (several tracks, caps, a share, or a `rule` that draws no line)."""

    places: list[Place]
    everywhere: list[Place]
    track: str
    outcomes: dict[int, str]
    cut: int | None
    reserve: int
    proposal: Proposal | None
    rule: dict | None = None
    group: int | None = None

    @property
    def lineless(self) -> bool:
        """By the rule there is no line: everybody advances whom no threshold holds back."""
        return self.rule is not None and not parse_rule(self.rule).draws_line

    def rank(self, place) -> int | None:
        """In the list, of a place or of a standing."""
        return _rank(place, self.track, self.group)

    @property
    def key(self) -> str:
        """What the analysis calls the list."""
        return self.track if self.group is None else race_key(self.track, self.group)

    @property
    def groups(self) -> list[int]:
        """Of the track that is shown, where groups of one track alone can be meant."""
        if not self.track and len(self.tracks) > 1:
            return []
        return sorted({place.group for place in self.everywhere if place.group and (not self.track or place.track.code == self.track)})

    @property
    def ranked(self) -> list[Place]:
        return [place for place in self.places if self.rank(place) is not None]

    @property
    def ends(self) -> list[Place]:
        """The last inside and the first outside, as far as there are any."""
        return self.ranked[self.cut - 1 : self.cut + 1] if self.cut else []

    @property
    def tracks(self) -> list[Track]:
        """Those that have entries."""
        found = {place.track.pk: place.track for place in self.everywhere if place.track}
        return sorted(found.values(), key=lambda track: (track.order, track.pk))

    @property
    def signers(self) -> int:
        return self.proposal.signers if self.proposal else 0


def line_of(round, standings, track: str = "", group: int | None = None) -> Line:
    """Two queries, three where neither a proposal is there nor the round brings its rule, whatever the number of entries. A track or
    group without entries is as none."""
    proposal = _proposal(round, standings)
    everywhere = _places(standings, proposal)
    own = [place for place in everywhere if place.track and place.track.code == track]
    track = track if own else ""
    alone = track or len({place.track.pk for place in everywhere if place.track}) <= 1
    inner = [place for place in own or everywhere if place.group == group] if group and alone else []
    group = group if inner else None
    ranks = {place: _rank(place, track, group) for place in inner or own or everywhere}
    places = sorted(ranks, key=lambda place: (ranks[place] is None, ranks[place] or 0, place.entry))
    order = [(place.entry, ranks[place]) for place in places if ranks[place] is not None]
    rule = proposal.rule.rule if proposal else _newest_rule(round)
    outcomes = {place.entry: place.outcome for place in everywhere if place.outcome} if proposal else _forecast(rule, order, track, group)
    line = Line(places, everywhere, track, outcomes, None, 0, proposal, rule, group)
    if line.lineless:
        return line
    cut, reserve = _one_line([outcomes.get(pk, "") for pk, _rank in order])
    return replace(line, cut=cut, reserve=reserve)


def _rank(place, track: str, group: int | None) -> int | None:
    return place.group_rank if group is not None else place.track_rank if track else place.rank


def _proposal(round, standings) -> Proposal | None:
    """The newest on this snapshot."""
    signed = Signature.objects.filter(proposal=OuterRef("pk"), voided_at=None, digest=OuterRef("digest")).values("user").distinct()
    rows = Proposal.objects.filter(round=round, standings=standings).exclude(state="void").annotate(signers=CountOf(signed))
    found = rows.select_related("standings", "rule", "meeting").order_by("-number").first()
    if found is not None:
        found.round = found.standings.round = round
    return found


def _places(standings, proposal) -> list[Place]:
    proposed = ProposalRow.objects.filter(proposal=proposal, entry=OuterRef("entry")).values("outcome")[:1]
    rows = standings.rows.order_by("entry_id").annotate(outcome=Subquery(proposed)) if proposal else standings.rows.order_by("entry_id")
    outcome = ["outcome"] if proposal else []
    tracks: dict[int | None, Track | None] = {None: None}
    found = []
    group = ("entry__group", "group_rank")
    for *place, track, code, zh, en, order, number, inner in rows.values_list(
        "pk", "entry_id", "rank", "track_rank", REGION, *outcome, *TRACK, *group
    ):
        if track not in tracks:
            tracks[track] = Track(pk=track, code=code, name_zh=zh, name_en=en, order=order)
        pk, entry, rank, track_rank, region, *said = place
        found.append(Place(pk, entry, rank, track_rank, region, tracks[track], (said[0] or "") if said else "", number, inner))
    return found


def _newest_rule(round) -> dict | None:
    if hasattr(round, "newest_rule"):
        return round.newest_rule
    return AdvancementRule.objects.filter(round=round).order_by("-version").values_list("rule", flat=True).first()


def _forecast(rule: dict | None, order: list[tuple[int, int]], track: str, group: int | None) -> dict[int, str]:
    """Only where the rule is a plain number of places in this very list."""
    if rule is None or rule.get("caps") or rule.get("floors"):
        return {}
    numbers = numbers_by_track(rule)
    scope = rule.get("scope", "overall")
    if numbers is not None and scope == "overall":
        scope = "track"
    if "top" not in rule["take"] or scope != ("group" if group is not None else "track" if track else "overall"):
        return {}
    top = rule["take"]["top"] if numbers is None else numbers.get(track, numbers.get("*"))
    if top is None:
        return {}
    last = top + rule.get("reserve", 0)
    return {pk: "advance" if rank <= top else "reserve" if rank <= last else "eliminated" for pk, rank in order}


def _one_line(outcomes: list[str]) -> tuple[int | None, int]:
    """(entries inside, reserves right behind them), where those inside stand before all others; else (None, 0)."""
    marks = [OUTCOME_MARKS.get(outcome, "out") for outcome in outcomes]
    inside, reserve = marks.count("in"), marks.count("reserve")
    if not inside or set(marks[:inside]) != {"in"}:
        return None, 0
    return inside, reserve if set(marks[inside : inside + reserve]) <= {"reserve"} else 0
