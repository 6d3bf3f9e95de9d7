"""Who advances: a rule applied to frozen rows gives every entry one outcome and one reason (docs/scoring.md, A1 to A7).

Order of the places: floors first, from the best of each; then by rank under the caps; floor places count toward the
number and the caps. Equal ranks go together. By track each track has its own number, by group each group of a track, while
caps and floors hold for all together, filled in the order of the overall rank. Nothing depends on the order of the rows.

Undecided entries hold the places and the shares of caps that they may come to fill, so that whatever the panel
decides among them exceeds nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby, pairwise

from competition.domain.advancement_caps import Caps, under
from competition.domain.advancement_row import Outcome, Row, counted_inside
from competition.domain.advancement_rule import Floor, Rule, parse_rule
from competition.domain.figures import decimal
from competition.domain.grades import grade_of
from competition.domain.vote_ranking import ranked_by_vote, verdict
from ledger.domain.reason import Reason, Refused

__all__ = ["Outcome", "Row", "Rule", "advance", "parse_rule"]


def advance(rows: Iterable[Row], rule: Rule | Mapping) -> dict[str, Outcome]:
    """One outcome per entry, by entry. `Refused` for a rule that is malformed or impossible for these rows."""
    rule = rule if isinstance(rule, Rule) else parse_rule(rule)
    if rule.vote:
        rows = ranked_by_vote(rows, rule.vote)
    outcomes: dict[str, Outcome] = {}
    ranked, candidates = [], []
    for row in sorted(rows, key=lambda row: row.entry):
        if "ineligible" in row.flags:
            outcomes[row.entry] = Outcome(row.entry, "ineligible", row.reason or Reason("competition.entry_vetoed"))
        elif row.rank is None:
            outcomes[row.entry] = Outcome(row.entry, "undecided", row.reason or Reason("competition.entry_unranked"))
        else:
            ranked.append(row)
            if "below_threshold" in row.flags:
                outcomes[row.entry] = Outcome(row.entry, "eliminated", row.reason or Reason("competition.entry_below_threshold"))
            else:
                candidates.append(row)
    outcomes |= _Race(rule, ranked, candidates).run()
    ranks = {row.entry: row.rank for row in ranked}
    grades = {row.entry: band.code for row in ranked if (band := grade_of(rule.bands, row.total))}
    return {
        entry: Outcome(entry, found.outcome, found.reason, ranks.get(entry), grades.get(entry, "")) for entry, found in outcomes.items()
    }


class _Race:
    """One application of a rule: how many places are free, who holds them, who waits for the panel."""

    def __init__(self, rule: Rule, ranked: list[Row], candidates: list[Row]):
        self.rule = rule
        self.rows = sorted(candidates, key=lambda row: (row.rank, row.entry))
        self.inner = counted_inside(ranked, rule.race) if rule.inside else {}
        self.field = Counter(map(rule.race, ranked))
        self.places = {race: rule.places(race[0], count) for race, count in self.field.items()}
        self.free = dict(self.places)
        self.caps = Caps(rule.caps)
        self.claims: dict[str, tuple[Floor, int]] = {}  # entries at the end of a floor, and the places kept for them
        self.reserves: dict[tuple[str, str], list[Row]] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.why: dict[str, Reason] = {}
        self.refuse_impossible()

    # ------------------------------------------------------------ refusals
    def refuse_impossible(self) -> None:
        for by in sorted({cap.by for cap in self.rule.caps if cap.value is None}):
            if blank := sum(not getattr(row, by) for row in self.rows):
                raise Refused(Reason("competition.attribute_missing", {"by": by, "count": blank, "of": len(self.rows)}))
        for floor in self.rule.floors:
            there = sum(floor.holds(row) for row in self.rows)
            if there < floor.least:
                raise Refused(Reason("competition.floor_above_candidates", self.floor_params(floor) | {"count": there}))
        total = sum(self.places.values())
        for by in sorted({floor.by for floor in self.rule.floors}):
            least = sum(floor.least for floor in self.rule.floors if floor.by == by)
            if least > total:
                raise Refused(Reason("competition.floors_above_places", {"by": by, "least": least, "places": total}))
        for (track, group), rows in self.races().items():
            for one, next_one in pairwise(rows):
                if (one.rank < next_one.rank) != (self.rank(one) < self.rank(next_one)):
                    params = {
                        "track": track,
                        "entry": next_one.entry,
                        "rank": next_one.rank,
                        f"{self.rule.inside}_rank": self.rank(next_one),
                    }
                    if self.rule.by_group:
                        raise Refused(Reason("competition.group_ranks_disagree", params | {"group": group}))
                    raise Refused(Reason("competition.ranks_disagree", params))

    def races(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows if self.rule.inside else ():
            found.setdefault(self.group(row), []).append(row)
        return found

    # ------------------------------------------------------------ the course
    def run(self) -> dict[str, Outcome]:
        for floor in self.rule.floors:
            self.fill_floor(floor)
        for level in self.levels():
            self.settle(level, "advance")
        self.free, self.claims = dict.fromkeys(self.places, self.rule.reserve), {}
        if self.rule.reserve:
            for level in self.levels():
                self.settle(level, "reserve")
        for row in self.rows:
            if row.entry not in self.outcomes:
                self.say(row, "eliminated", self.why.get(row.entry) or self.behind_cut(row))
        return self.outcomes

    def levels(self) -> list[list[Row]]:
        """Those without an outcome, by equal rank, best first."""
        open_rows = [row for row in self.rows if row.entry not in self.outcomes]
        return [list(level) for _, level in groupby(open_rows, key=lambda row: row.rank)]

    def fill_floor(self, floor: Floor) -> None:
        need = floor.least - sum(floor.holds(row) for row in self.rows if self.outcome(row) == "advance")
        for level in self.levels():
            if need <= 0:
                return
            level = [row for row in level if floor.holds(row) and row.entry not in self.claims]
            level = [row for row in level if self.free[self.group(row)] > 0 and self.caps.full(row) is None]
            if not level:
                continue
            wanted = Counter(map(self.group, level))
            tight = any(count > self.free[group] for group, count in wanted.items())
            if len(level) > need or tight or self.caps.ending_in(level):
                # The floor, a number or a cap ends inside equals: places are kept for them until their rank is settled.
                for group, count in wanted.items():
                    kept = min(need, count, self.free[group])
                    self.free[group] -= kept
                    for row in level:
                        if self.group(row) == group:
                            self.claims[row.entry] = (floor, kept)
                return
            for row in level:
                self.take(row, "advance", floor)
            need -= len(level)
        if need > 0:
            raise Refused(Reason("competition.floor_out_of_reach", self.floor_params(floor) | {"count": floor.least - need}))

    def settle(self, level: list[Row], outcome: str) -> None:
        """One rank: who is past a full cap, where a number ends inside equals, where a cap does; the rest is taken."""
        live = []
        for row in level:
            if outcome == "advance" and not self.reaches(row) and row.entry not in self.claims:
                self.why[row.entry] = self.below(row)
            elif self.free[self.group(row)] <= 0 and row.entry not in self.claims:
                continue
            elif (cap := self.caps.full(row)) is not None:
                if row.entry not in self.why:
                    self.why[row.entry] = Reason("competition.cap_reached", self.at(row) | self.caps.params(cap, row))
            else:
                live.append(row)
        if not live:
            return
        for group in sorted({self.group(row) for row in live}):
            tied = [row for row in live if self.group(row) == group]
            kept = self.kept(tied)
            free = max(self.free[group], 0) + kept
            self.free[group] += kept
            if len(tied) - self.caps.most_over(tied) > free and not self.line(tied, free, outcome):
                live = [row for row in live if row not in tied]
        live = self.cap_line(live)
        for row in live:
            self.take(row, outcome, self.claims.get(row.entry, (None, 0))[0])

    def line(self, tied: list[Row], free: int, outcome: str) -> bool:
        """The number ends inside `tied`. True: they go on together."""
        if self.rule.at_the_line == "include":
            return True
        params = {"places": free, "tied": len(tied)}
        if self.rule.at_the_line == "panel":
            code = "competition.line_panel" if outcome == "advance" else "competition.line_panel_reserve"
            for row in tied:
                self.say(row, "undecided", Reason(self.grouped(code, row), self.at(row) | params))
            self.caps.fill(tied)
        elif outcome == "advance":
            for row in tied:
                self.why[row.entry] = Reason(self.grouped("competition.line_excluded", row), self.at(row) | params)
        self.free[self.group(tied[0])] = 0
        return False

    def cap_line(self, rows: list[Row]) -> list[Row]:
        """The rows without those inside whom a cap ends. It is never exceeded: `include` too leaves them to the panel."""
        ends = self.caps.ending_in(rows)
        tied = {row.entry: key for key in reversed(ends) for row in rows if under(*key, row)}
        inside = [row for row in rows if row.entry in tied]
        reasons = {}
        for row in inside:
            cap, value = tied[row.entry]
            count = sum(under(cap, value, other) for other in rows)
            reasons[row.entry] = {"by": cap.by, "value": value, "max": cap.most, "left": self.caps.left(cap, value), "tied": count}
        if self.rule.at_the_line == "exclude":
            for row in inside:
                self.why.setdefault(row.entry, Reason("competition.cap_excluded", self.at(row) | reasons[row.entry]))
            self.caps.close(ends)
        elif inside:
            most = len(inside) - self.caps.most_over(inside)
            for group, count in Counter(map(self.group, inside)).items():
                self.free[group] -= min(most, count)
            for row in inside:
                self.say(row, "undecided", Reason("competition.cap_inside_tie", self.at(row) | reasons[row.entry]))
            self.caps.fill(inside)
        return [row for row in rows if row.entry not in tied]

    # ------------------------------------------------------------ bookkeeping
    def take(self, row: Row, outcome: str, floor: Floor | None = None) -> None:
        group = self.group(row)
        self.free[group] -= 1
        self.caps.fill([row])
        if outcome == "reserve":
            number = 1 + sum(other.rank < row.rank for other in self.reserves.setdefault(group, []))
            self.reserves[group].append(row)
            self.say(row, "reserve", Reason(self.coded("competition.reserve", row), self.at(row) | {"number": number}))
        elif floor is not None and (self.rank(row) > self.places[group] or not self.reaches(row)):
            self.say(row, "advance", Reason("competition.advance_floor", self.at(row) | self.floor_params(floor)))
        elif self.rule.vote:
            self.say(row, "advance", verdict("advance_vote", self.rule.vote, row.ballots))
        elif self.rule.everyone:
            self.say(row, "advance", Reason("competition.advance_all", self.at(row)))
        elif self.rule.lowest is not None:
            band = grade_of(self.rule.bands, row.total)
            params = {"grade": band.name, "least": band.least_text}
            self.say(row, "advance", Reason("competition.advance_grade", self.at(row) | params))
        elif self.rule.score is not None:
            self.say(row, "advance", Reason("competition.advance_score", self.at(row) | {"score": decimal(self.rule.score)}))
        else:
            self.say(row, "advance", Reason(self.coded("competition.advance_rank", row), self.at(row) | {"cut": self.places[group]}))

    def say(self, row: Row, outcome: str, reason: Reason) -> None:
        self.outcomes[row.entry] = Outcome(row.entry, outcome, reason)

    # ------------------------------------------------------------ questions
    def group(self, row: Row) -> tuple[str, str]:
        return self.rule.race(row)

    def rank(self, row: Row) -> int:
        """In the race for places: inside the group, inside the track, or overall; counted where the row does not say it."""
        if not self.rule.inside:
            return row.rank
        told = row.group_rank if self.rule.by_group else row.track_rank
        return self.inner[row.entry] if told is None else told

    def outcome(self, row: Row) -> str | None:
        return self.outcomes[row.entry].outcome if row.entry in self.outcomes else None

    def reaches(self, row: Row) -> bool:
        return self.rule.least is None or (row.total is not None and row.total >= self.rule.least)

    def kept(self, tied: list[Row]) -> int:
        return sum({floor: kept for floor, kept in (self.claims[row.entry] for row in tied if row.entry in self.claims)}.values())

    # ------------------------------------------------------------ words
    def coded(self, code: str, row: Row) -> str:
        return f"{code}_in_track" if self.rule.by_track else self.grouped(code, row)

    def grouped(self, code: str, row: Row) -> str:
        """The words of a group; those of one that is a group of everybody name no track."""
        return f"{code}_in_group{'' if row.track else '_alone'}" if self.rule.by_group else code

    def at(self, row: Row) -> dict:
        place = {"rank": self.rank(row), "of": self.field[self.group(row)]}
        if self.rule.by_group:
            place |= {"group": row.group or "—"}
        return place | {"track": row.track} if self.rule.inside else place

    def below(self, row: Row) -> Reason:
        """Why a total that does not reach what the rule names does not advance."""
        lowest = self.rule.lowest
        if lowest is None:
            return Reason("competition.below_score", self.at(row) | {"score": decimal(self.rule.score)})
        params = self.at(row) | {"from": lowest.name, "least": lowest.least_text}
        if band := grade_of(self.rule.bands, row.total):
            return Reason("competition.below_grade", params | {"grade": band.name})
        return Reason("competition.below_every_grade", params)

    def behind_cut(self, row: Row) -> Reason:
        if self.rule.vote:
            return verdict("vote_behind", self.rule.vote, row.ballots, self.at(row) | {"cut": self.places[self.group(row)]})
        return Reason(self.coded("competition.behind_cut", row), self.at(row) | {"cut": self.places[self.group(row)]})

    @staticmethod
    def floor_params(floor: Floor) -> dict:
        return {"by": floor.by, "value": floor.value, "least": floor.least}
