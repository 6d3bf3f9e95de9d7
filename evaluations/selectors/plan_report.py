"""What is short before anything is computed: of each entry, each evaluator, each sector and the whole, by counting."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from evaluations.domain.assignment_groups import group_shortages
from evaluations.domain.assignment_problem import with_anchors
from evaluations.domain.assignment_shortage import counted_shortages, employer_shortage, flow_shortage, refuse_contradictions
from evaluations.selectors.plans import Table, discipline_of, knows_table
from ledger.domain.reason import Reason, Refused

# Up to so many pairs what is short only together is sought as well; beyond, the computation itself says so.
MOST_PAIRS = 60_000


@dataclass
class EntryLine:
    """`grounds`: how many evaluators are excluded, by ground; `knowing`: eligible ones of the entry's sector."""

    entry: object
    seats: int
    own_seats: int | None
    anchor: bool
    eligible: int
    knowing: int
    kept: int
    grounds: Counter = field(default_factory=Counter)

    @property
    def short(self) -> bool:
        return self.eligible < self.seats


@dataclass
class EvaluatorLine:
    evaluator: object
    least: int
    most: int
    discipline: str
    eligible: int
    kept: int

    @property
    def short(self) -> bool:
        return self.eligible < self.least


@dataclass
class Topic:
    """A sector: seats that its entries want, evaluators who know it with the room in their loads, the fewest of them open to
    one of its entries."""

    sector: object
    entries: int
    seats: int
    evaluators: int
    room: int
    fewest: int

    @property
    def missing(self) -> int:
        return max(0, self.seats - self.room)


@dataclass
class GroupLine:
    """A group with its seats as they stand, proposed ones too: who judges all of its entries, and who some, as (code, how many)."""

    name: str
    entries: int
    seats: int
    whole: list[str]
    partly: list[tuple[str, int]]


@dataclass
class Report:
    entries: list[EntryLine]
    evaluators: list[EvaluatorLine]
    topics: list[Topic]
    faults: list[Reason]
    groups: list[GroupLine] = field(default_factory=list)

    @property
    def seats(self) -> int:
        return sum(line.seats for line in self.entries)

    @property
    def room(self) -> int:
        return sum(line.most for line in self.evaluators)

    @property
    def kept(self) -> int:
        return sum(line.kept for line in self.entries)

    @property
    def excluded(self) -> Counter:
        return sum((line.grounds for line in self.entries), Counter())


def report_of(table: Table) -> Report:
    problem = with_anchors(table.problem)
    allowed = np.ones((len(table.entries), len(table.evaluators)), bool)
    row, column = ({str(one.pk): place for place, one in enumerate(rows)} for rows in (table.entries, table.evaluators))
    grounds: dict[str, Counter] = {}
    for (entry, evaluator), ground in problem.forbidden.items():
        allowed[row[entry], column[evaluator]] = False
        grounds.setdefault(entry, Counter())[ground] += 1
    knowing = allowed & knows_table(table.entries, table.evaluators)
    kept, held = Counter(entry for entry, _ in table.kept), Counter(evaluator for _, evaluator in table.kept)
    seats = {need.entry: need.seats for need in problem.needs}
    entries = [
        EntryLine(
            entry,
            seats[key],
            table.plan.seats_of.get(key),
            key in problem.anchors,
            int(allowed[place].sum()),
            int(knowing[place].sum()),
            kept[key],
            grounds.get(key, Counter()),
        )
        for place, (key, entry) in enumerate((str(entry.pk), entry) for entry in table.entries)
    ]
    open_to = (allowed & (np.array([line.seats for line in entries], np.int64) > 0)[:, None]).sum(axis=0)
    evaluators = [
        EvaluatorLine(evaluator, load.least, load.most, discipline_of(table.plan, evaluator), int(open_to[place]), held[load.evaluator])
        for place, (evaluator, load) in enumerate(zip(table.evaluators, problem.loads, strict=True))
    ]
    return Report(entries, evaluators, _topics(entries, evaluators), _faults(table, problem), group_lines(table))


def group_lines(table: Table) -> list[GroupLine]:
    """In the order of tracks and groups; no query."""
    codes = {str(evaluator.pk): evaluator.code for evaluator in table.evaluators}
    sizes, panels = Counter(table.groups.values()), {key: Counter() for key in table.groups.values()}
    for entry, evaluator in table.kept | table.loose if table.groups else ():
        if evaluator in codes and entry in table.groups:
            panels[table.groups[entry]][codes[evaluator]] += 1
    found = []
    for key in sorted(sizes):
        own = sorted(panels[key].items(), key=lambda row: (-row[1], row[0]))
        whole = [code for code, number in own if number == sizes[key]]
        partly = [row for row in own if row[1] < sizes[key]]
        found.append(GroupLine(table.group_names[key], sizes[key], panels[key].total(), whole, partly))
    return found


def _topics(entries: list[EntryLine], evaluators: list[EvaluatorLine]) -> list[Topic]:
    by_sector: dict[int, list[EntryLine]] = {}
    for line in entries:
        if line.seats:
            by_sector.setdefault(line.entry.application.cluster.sector_id, []).append(line)
    found = []
    for sector_id, lines in by_sector.items():
        know = [line for line in evaluators if sector_id in {sector.pk for sector in line.evaluator.sectors.all()}]
        sector = lines[0].entry.application.cluster.sector
        found.append(
            Topic(
                sector,
                len(lines),
                sum(line.seats for line in lines),
                len(know),
                sum(line.most for line in know),
                min(line.knowing for line in lines),
            )
        )
    return sorted(found, key=lambda topic: (-topic.missing, topic.sector.code))


def _faults(table: Table, problem) -> list[Reason]:
    """Everything that a computation would be refused for, as far as counting shows it."""
    if table.faults or not table.entries:
        return table.faults
    try:
        refuse_contradictions(table.problem)
    except Refused as refused:
        return list(refused.reasons)
    found = counted_shortages(problem) or (group_shortages(problem, table.groups) if table.groups else [])
    if not found and len(table.entries) * len(table.evaluators) <= MOST_PAIRS:
        found = flow_shortage(problem)
    return found or employer_shortage(problem)
