"""A rule of advancement as data, read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.domain.grades import Band
from competition.domain.rule_values import count as _count
from competition.domain.rule_values import known as _known
from competition.domain.rule_values import malformed as _malformed
from competition.domain.rule_values import number as _number
from competition.domain.votes import Vote, read_vote
from ledger.domain.reason import Reason, Refused

ATTRIBUTES = ("region", "macro_region", "recommender", "sector", "track")
AT_THE_LINE = ("include", "exclude", "panel")
SCOPES = ("group", "track", "overall")
TAKES = ({"top"}, {"share"}, {"score"}, {"bands", "from"}, {"vote"})
MOST_BANDS = 12
LONGEST = {"code": 40, "name_zh": 60, "name_en": 80}


@dataclass(frozen=True)
class Cap:
    """At most `most` entries with one value of `by`: with `value`, or (None) with each."""

    by: str
    most: int
    value: str | None = None


@dataclass(frozen=True)
class Floor:
    """At least `least` entries whose `by` is `value`."""

    by: str
    value: str
    least: int

    def holds(self, row) -> bool:
        return getattr(row, self.by) == self.value


@dataclass(frozen=True)
class Rule:
    """`top` maps a track (or "*": each other one) to its number; overall the only key is "*". Exactly one of `top`,
    `share` (per cent), `score`, `everyone` (whom no threshold holds back), `bands` with `lowest` (the grade from which
    on entries advance) and `vote` is given; a vote that names the most who advance has them as `top` too. `bands` stand from
    the best down. `by_group`: the number holds for each group of a track; by track in `top` for each group of that track."""

    by_track: bool
    top: Mapping[str, int] | None = None
    share: Fraction | None = None
    score: Fraction | None = None
    everyone: bool = False
    bands: tuple[Band, ...] = ()
    lowest: Band | None = None
    vote: Vote | None = None
    caps: tuple[Cap, ...] = ()
    floors: tuple[Floor, ...] = ()
    reserve: int = 0
    substitute: bool = False
    at_the_line: str = "panel"
    by_group: bool = False

    @property
    def inside(self) -> str:
        """In which places are counted: "group", "track", or "" for all together."""
        return "group" if self.by_group else "track" if self.by_track else ""

    def race(self, row) -> tuple[str, str]:
        """(track, group) of those who race for the same places with `row`, empty where all tracks or groups do."""
        return row.track if self.inside else "", row.group if self.by_group else ""

    def places(self, track: str, ranked: int) -> int:
        """For one race in `track`, of `ranked` ranked entries; where no number is given as many as there are."""
        if self.top is not None:
            return self.top.get(track, self.top.get("*", 0))
        if self.share is not None:
            return max(1, int(ranked * self.share / 100)) if ranked else 0
        return ranked

    @property
    def least(self) -> Fraction | None:
        """The total that an entry has to reach, where the rule names one."""
        return self.lowest.least if self.lowest else self.score

    @property
    def draws_line(self) -> bool:
        """Whether there is a line between those who advance and the others: thresholds and majorities alone draw none."""
        return not self.everyone and not (self.vote and self.top is None)


def vote_in(data: Mapping | None) -> Vote | None:
    """Of a rule as data, or of none: the vote that it goes by."""
    take = data["take"] if data else None
    return read_vote(take["vote"], "take.vote") if isinstance(take, Mapping) and "vote" in take else None


def numbers_by_track(data: Mapping) -> Mapping[str, int] | None:
    """Of a rule as data: the numbers it gives track by track."""
    take = data["take"]
    top = take.get("top") if isinstance(take, Mapping) else None
    return top if isinstance(top, Mapping) else None


def parse_rule(data) -> Rule:
    """`Refused` with the place and the fault where the rule is malformed, with the numbers where it contradicts itself."""
    if not isinstance(data, Mapping):
        raise _malformed("rule", "not an object")
    _known(data, {"take", "scope", "caps", "floors", "reserve", "substitute", "at_the_line"}, "rule")
    take = data.get("take")
    everyone = take == "all"
    if everyone:
        take = {}
    elif not isinstance(take, Mapping) or set(take) not in TAKES:
        raise _malformed("take", 'exactly one of top, share, score, bands (with from), vote, or "all"')
    bands = _bands(take["bands"]) if "bands" in take else ()
    vote = read_vote(take["vote"], "take.vote") if "vote" in take else None
    scope = data.get("scope", "overall")
    at_the_line = data.get("at_the_line", "panel")
    if scope not in SCOPES:
        raise _malformed("scope", "group, track or overall")
    if at_the_line not in AT_THE_LINE:
        raise _malformed("at_the_line", "include, exclude or panel")
    substitute = data.get("substitute", False)
    if not isinstance(substitute, bool):
        raise _malformed("substitute", "true or false")
    rule = Rule(
        by_track=scope == "track" or (scope == "overall" and isinstance(take.get("top"), Mapping)),
        top={"*": vote.most} if vote and vote.most else _top(take["top"]) if "top" in take else None,
        share=_share(take["share"]) if "share" in take else None,
        score=_number(take["score"], "take.score") if "score" in take else None,
        everyone=everyone,
        bands=bands,
        lowest=_lowest(bands, take["from"]) if bands else None,
        vote=vote,
        # The same cap written twice is one: counted twice it would seem to shut out more than it does.
        caps=tuple(dict.fromkeys(_cap(item, f"caps.{position}") for position, item in enumerate(_list(data, "caps")))),
        floors=tuple(_floor(item, f"floors.{position}") for position, item in enumerate(_list(data, "floors"))),
        reserve=_count(data.get("reserve", 0), "reserve", 0),
        substitute=substitute,
        at_the_line=at_the_line,
        by_group=scope == "group",
    )
    _refuse_contradiction(rule)
    return rule


def refuse_beyond_tracks(rule: Rule, tracks: Sequence[str]) -> None:
    """What only shows once the tracks are known: floors for which there are not enough places, and a cap that shuts everybody out."""
    for cap in rule.caps:
        if cap.value is None and cap.most == 0:
            raise Refused(Reason("competition.cap_shuts_all", {"by": cap.by}))
    if rule.top is None or rule.by_group:  # how many groups there will be is not known yet
        return
    places = {track: rule.places(track, 0) for track in tracks} if rule.by_track else {"": rule.top["*"]}
    for floor in rule.floors:
        if rule.by_track and floor.by == "track" and floor.least > places.get(floor.value, 0):
            params = {"by": "track", "value": floor.value, "least": floor.least, "places": places.get(floor.value, 0)}
            raise Refused(Reason("competition.floor_above_track", params))
    for by in ATTRIBUTES:
        least = sum(floor.least for floor in rule.floors if floor.by == by)
        if least > sum(places.values()):
            raise Refused(Reason("competition.floors_above_places", {"by": by, "least": least, "places": sum(places.values())}))


def _refuse_contradiction(rule: Rule) -> None:
    if rule.everyone and rule.floors:
        raise Refused(Reason("competition.all_with_floors"), field="floors")
    if rule.everyone and rule.reserve:
        raise Refused(Reason("competition.all_with_reserve"), field="reserve")
    if rule.vote and rule.top is None and rule.floors:
        raise Refused(Reason("competition.vote_with_floors"), field="floors")
    if rule.vote and rule.top is None and rule.reserve:
        raise Refused(Reason("competition.vote_with_reserve"), field="reserve")
    for floor in rule.floors:
        for cap in rule.caps:
            if cap.by == floor.by and cap.value in (None, floor.value) and cap.most < floor.least:
                params = {"by": floor.by, "value": floor.value, "least": floor.least, "most": cap.most}
                raise Refused(Reason("competition.floor_above_cap", params))
    if rule.top is not None and not rule.inside:
        for by in ATTRIBUTES:
            least = sum(floor.least for floor in rule.floors if floor.by == by)
            if least > rule.top["*"]:
                raise Refused(Reason("competition.floors_above_places", {"by": by, "least": least, "places": rule.top["*"]}))


def _top(value) -> dict[str, int]:
    if not isinstance(value, Mapping):
        return {"*": _count(value, "take.top", 1)}
    if not value:
        raise _malformed("take.top", "no track")
    return {str(track): _count(number, f"take.top.{track}", 0) for track, number in value.items()}


def _share(value) -> Fraction:
    share = _number(value, "take.share")
    if not 0 < share <= 100:
        raise _malformed("take.share", "above 0 and at most 100")
    return share


def _bands(value) -> tuple[Band, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_BANDS:
        raise _malformed("take.bands", f"a list of 1 to {MOST_BANDS} grades")
    bands: list[Band] = []
    for position, item in enumerate(value):
        place = f"take.bands.{position}"
        if not isinstance(item, Mapping):
            raise _malformed(place, "not an object")
        _known(item, {"code", "least", "name_zh", "name_en"}, place)
        for name, longest in LONGEST.items():
            words = item.get(name, "")
            if not isinstance(words, str) or len(words) > longest or (name == "code" and not words.strip()):
                raise _malformed(f"{place}.{name}", f"a text of at most {longest} characters")
        band = Band(item["code"], _number(item.get("least"), f"{place}.least"), item.get("name_zh", ""), item.get("name_en", ""))
        if any(band.code == other.code for other in bands):
            raise _malformed(f"{place}.code", f"{band.code} stands twice")
        if bands and band.least >= bands[-1].least:
            raise _malformed(f"{place}.least", "below that of the grade before it")
        bands.append(band)
    return tuple(bands)


def _lowest(bands: tuple[Band, ...], code) -> Band:
    for band in bands:
        if band.code == code:
            return band
    raise _malformed("take.from", f"one of {', '.join(band.code for band in bands)}")


def _cap(item, place: str) -> Cap:
    if not isinstance(item, Mapping):
        raise _malformed(place, "not an object")
    _known(item, {"by", "value", "max"}, place)
    value = item.get("value")
    if value is not None and (not isinstance(value, str) or not value):
        raise _malformed(f"{place}.value", "a text")
    return Cap(_attribute(item, place), _count(item.get("max"), f"{place}.max", 0), value)


def _floor(item, place: str) -> Floor:
    if not isinstance(item, Mapping):
        raise _malformed(place, "not an object")
    _known(item, {"by", "value", "min"}, place)
    if not isinstance(item.get("value"), str) or not item["value"]:
        raise _malformed(f"{place}.value", "a text")
    return Floor(_attribute(item, place), item["value"], _count(item.get("min"), f"{place}.min", 1))


def _attribute(item: Mapping, place: str) -> str:
    if item.get("by") not in ATTRIBUTES:
        raise _malformed(f"{place}.by", ", ".join(ATTRIBUTES))
    return item["by"]


def _list(data: Mapping, key: str) -> list:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise _malformed(key, "not a list")
    return value
