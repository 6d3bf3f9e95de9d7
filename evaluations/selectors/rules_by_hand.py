"""One entry against the pool, and every rule that is set by hand."""

from dataclasses import dataclass

from competition.models import Sector
from evaluations.domain.assignment_plan import PairRule
from evaluations.selectors.plans import Table, fit_table


@dataclass
class PairLine:
    """`derived`: what expertise alone gives; `fit`: what counts; `kinds` of conflict; `ground`: why not, empty where eligible."""

    evaluator: object
    derived: int
    fit: int
    kinds: list[str]
    ground: str
    rule: PairRule
    seated: bool

    @property
    def excluded(self) -> bool:
        return bool(self.ground)


def pair_lines(table: Table, entry) -> list[PairLine]:
    """The eligible first, by fit; then the others."""
    [fits], key = fit_table(table.plan, [entry], table.evaluators), str(entry.pk)
    cluster = entry.application.cluster
    seated = {evaluator for row, evaluator in table.kept | table.loose if row == key}
    lines = [
        PairLine(
            evaluator,
            table.plan.same if cluster.sector_id in {sector.pk for sector in evaluator.sectors.all()} else table.plan.other,
            int(fit),
            sorted(set(table.bound.get((evaluator.user_id, cluster.pk), []))),
            table.problem.forbidden.get((key, str(evaluator.pk)), ""),
            table.plan.pairs.get((key, str(evaluator.pk)), PairRule()),
            str(evaluator.pk) in seated,
        )
        for evaluator, fit in zip(table.evaluators, fits, strict=True)
    ]
    return sorted(lines, key=lambda line: (line.excluded and not line.rule.rule, -line.fit, line.evaluator.code))


def rules_by_hand(table: Table) -> list[tuple[object, object, PairRule]]:
    """(entry, evaluator, rule) of every pair that somebody ruled on, in the order of the entries."""
    entries, people = ({str(one.pk): one for one in rows} for rows in (table.entries, table.evaluators))
    found = [
        (entries[entry], people.get(evaluator), rule)
        for (entry, evaluator), rule in table.plan.pairs.items()
        if rule.rule and entry in entries
    ]
    return sorted(found, key=lambda row: (row[0].pk, row[1].code if row[1] else ""))


def sectors_of(table: Table) -> list[tuple[str, str]]:
    """(code, name) of the sectors of the entries, of the pool and of the plan."""
    known = {entry.application.cluster.sector.code: entry.application.cluster.sector for entry in table.entries}
    known |= {sector.code: sector for evaluator in table.evaluators for sector in evaluator.sectors.all()}
    named = (set(table.plan.ranges) | {own.discipline for own in table.plan.loads.values()}) - {"", "*"} - set(known)
    if named:
        known |= {sector.code: sector for sector in Sector.objects.filter(code__in=named)}
    return [(code, str(known[code])) for code in sorted(known)]
