"""The assignment of a round as its plan sets it: the problem to solve, in ids as text, and its digest."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext

from accounts.permissions import can
from accounts.sql import CountOf
from competition.labels import list_name
from competition.models import Cluster, Entry, Organisation, Round, Sector
from competition.permissions.conflicts import conflicts
from evaluations.domain.assignment import Load, Need, Problem
from evaluations.domain.assignment_plan import Plan, read_plan
from evaluations.models import Assignment, AssignmentPlan, AssignmentRun, Evaluator
from evaluations.selectors.assignments import HELD, judged_entries, pool
from jobs.selectors import latest
from ledger.domain.canonical import encode
from ledger.domain.reason import Reason

SOLVE = "assignment.solve"
GROUND = {"region": "region", "employer": "employer", "applicant": "own"}


def plan_row(round) -> AssignmentPlan | None:
    return AssignmentPlan.objects.filter(round=round).first()


def default_plan(round) -> Plan:
    """The round's own number of seats, and an even load with a little room. One query."""
    return _even_plan(round, **Round.objects.values(**_sizes(round)).get(pk=round.pk))


def _sizes(round) -> dict[str, CountOf]:
    return {
        "entry_count": CountOf(judged_entries(round).order_by().values("pk")),
        "people_count": CountOf(pool(round.competition).order_by().values("pk")),
    }


def _even_plan(round, entry_count: int, people_count: int) -> Plan:
    """In whole groups where the round has some: one query more."""
    most = max(1, -(-entry_count * round.seats // max(people_count, 1)) + 1)
    if round.groups:
        sizes = Counter(judged_entries(round).order_by().values_list("track", "group")) or {(None, None): 1}
        most = max(sizes.values()) * max(1, -(-len(sizes) * round.seats // max(people_count, 1)))
    return Plan(seats=round.seats, most=most, seed=f"{round.competition.code}-{round.code}"[:60])


def plan_of(round) -> tuple[Plan, int]:
    """The plan with its version, 0 where none is saved yet. One query."""
    sizes = {name: Case(When(assignment_plan=None, then=size)) for name, size in _sizes(round).items()}
    saved = Round.objects.filter(pk=round.pk).annotate(**sizes)
    definition, version, *sizes = saved.values_list("assignment_plan__definition", "assignment_plan__version", *sizes).get()
    return (read_plan(definition), version) if version is not None else (_even_plan(round, *sizes), 0)


def newest_run(round) -> AssignmentRun | None:
    """With `newest_plan`, the version that the plan has now."""
    rows = AssignmentRun.objects.filter(round=round).annotate(newest_plan=F("round__assignment_plan__version"))
    return rows.select_related("worst_entry__application__cluster", "asked_by").first()


def newest_job(round):
    return latest(SOLVE, f"plan:{round.pk}")


def may_watch(user, key: str) -> bool:
    round = Round.objects.select_related("competition").filter(pk=key).first()
    return round is not None and can(user, "assignment.plan", round).allowed


@dataclass
class Table:
    """A round's entries × its pool. `kept` are the seats that a computation leaves alone, `loose` the proposed ones that it
    replaces, both as (entry id, evaluator id) in text; `faults` say why the plan cannot be solved as it stands; `bound`: (user id, cluster
    id) → kinds of conflict; `groups`: entry id → the key of its group, empty where
    the round has none, and `group_names` what they are called."""

    plan: Plan
    entries: list
    evaluators: list
    problem: Problem
    kept: frozenset = frozenset()
    loose: frozenset = frozenset()
    faults: list[Reason] = field(default_factory=list)
    bound: Mapping[tuple[int, int], list[str]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    group_names: Mapping[str, str] = field(default_factory=dict)


def discipline_of(plan: Plan, evaluator) -> str:
    own = plan.loads.get(str(evaluator.pk))
    return (own.discipline if own else "") or min((sector.code for sector in evaluator.sectors.all()), default="")


def knows_table(entries, evaluators) -> np.ndarray:
    """Entries × evaluators: is the entry's sector among the evaluator's?"""
    sectors = sorted({entry.application.cluster.sector_id for entry in entries})
    column = {sector: place for place, sector in enumerate(sectors)}
    knows = np.zeros((len(sectors), len(evaluators)), bool)
    for place, evaluator in enumerate(evaluators):
        for sector in evaluator.sectors.all():
            if sector.pk in column:
                knows[column[sector.pk], place] = True
    return knows[np.array([column[entry.application.cluster.sector_id] for entry in entries], np.int64)]


def fit_table(plan: Plan, entries, evaluators) -> np.ndarray:
    """Entries × evaluators: what expertise gives, then what is set by hand."""
    fit = np.where(knows_table(entries, evaluators), plan.same, plan.other).astype(np.int64)
    row, place = ({str(one.pk): number for number, one in enumerate(rows)} for rows in (entries, evaluators))
    for (entry, evaluator), rule in plan.pairs.items():
        if rule.fit is not None and entry in row and evaluator in place:
            fit[row[entry], place[evaluator]] = rule.fit
    return fit


def table_of(round, plan: Plan) -> Table:
    """Published, confirmed and hand-made seats are kept; who gave a seat up comes to that entry no more. As many queries
    whatever the size."""
    entries, evaluators = list(judged_entries(round)), list(pool(round.competition))
    known, rows = {str(evaluator.pk) for evaluator in evaluators}, {str(entry.pk) for entry in entries}
    kept, loose, left, gone = set(), set(), set(), Counter()
    seats = Assignment.objects.filter(entry__round=round, entry__state="running").values_list("entry_id", "evaluator_id", "state", "source")
    for entry_id, evaluator_id, state, source in seats.order_by("pk"):
        pair = str(entry_id), str(evaluator_id)
        if state not in HELD:
            left.add(pair)
        elif state == "proposed" and source == "auto":
            loose.add(pair)
        elif pair[1] in known and pair[0] in rows:
            kept.add(pair)
        else:
            gone[pair[0]] += 1  # held by somebody who is in the pool no more
    bound = conflicts([evaluator.user_id for evaluator in evaluators], {entry.application.cluster_id for entry in entries})
    forbidden = _forbidden(plan, entries, evaluators, left, kept, bound)
    wanted = {pair for pair, rule in plan.pairs.items() if rule.rule == "required" and pair[0] in rows}
    lost = sorted(pair for pair in wanted if pair[1] not in known)
    held_by, load_of = Counter(entry for entry, _ in kept), Counter(evaluator for _, evaluator in kept)
    loads = []
    for evaluator in evaluators:
        key = str(evaluator.pk)
        least, most = plan.load_of(key)
        employer = str(evaluator.employer_id or "")
        loads.append(Load(key, max(most, load_of[key]), least, employer, discipline_of(plan, evaluator)))
    problem = Problem(
        needs=tuple(
            Need(key, max(plan.seats_of.get(key, plan.seats) - gone[key], held_by[key])) for key in (str(row.pk) for row in entries)
        ),
        loads=tuple(loads),
        fit=fit_table(plan, entries, evaluators),
        forbidden=forbidden,
        required=frozenset(kept | wanted - set(lost)),
        seed=plan.seed,
        balance=plan.balance,
        fairness=plan.fairness,
        one_per_employer=plan.one_per_employer,
        discipline_range=dict(plan.ranges),
        anchors=frozenset(plan.anchors & rows),
    )
    faults = [Reason("evaluations.assignment_required_gone", {"entry": entry, "evaluator": name}) for entry, name in lost]
    table = Table(plan, entries, evaluators, problem, frozenset(kept), frozenset(loose), faults, bound)
    if round.groups:
        _group(table)
    return table


def _group(table: Table) -> None:
    outside = sum(entry.group is None for entry in table.entries)
    if outside:
        table.faults.append(Reason("evaluations.entries_without_group", {"count": outside}))
    table.groups = {str(entry.pk): group_key(entry) for entry in table.entries}
    table.group_names = {group_key(entry): group_label(entry) for entry in table.entries}


def group_key(entry) -> str:
    return f"{entry.track_id or 0:06}-{entry.group or 0:04}"


def group_label(entry) -> str:
    """With its track, in the language under way."""
    return list_name(entry.track, entry.group) or gettext("in no group yet")


def _forbidden(plan: Plan, entries, evaluators, left, kept, bound) -> dict[tuple[str, str], str]:
    """Pair → its ground. A conflict counts before a rule by hand; a seat that is kept is no longer asked about."""
    by_cluster: dict[int, list[str]] = {}
    for entry in entries:
        by_cluster.setdefault(entry.application.cluster_id, []).append(str(entry.pk))
    by_user = {evaluator.user_id: str(evaluator.pk) for evaluator in evaluators}
    found = {pair: "hand" for pair, rule in plan.pairs.items() if rule.rule == "forbidden"}
    found |= dict.fromkeys(left, "recused")
    for (user_id, cluster_id), kinds in bound.items():
        for entry in by_cluster.get(cluster_id, ()):
            found[entry, by_user[user_id]] = GROUND.get(kinds[0], "declared")
    rows, known = {str(entry.pk) for entry in entries}, set(by_user.values())
    return {pair: ground for pair, ground in found.items() if pair not in kept and pair[0] in rows and pair[1] in known}


def input_digest(problem: Problem, groups: Mapping[str, str] | None = None) -> str:
    """Of everything that decides the answer: the same digest, the same seats."""
    content = {
        "needs": [[need.entry, need.seats] for need in problem.needs],
        "loads": [[load.evaluator, load.least, load.most, load.employer, load.discipline] for load in problem.loads],
        "forbidden": sorted([*pair, ground] for pair, ground in problem.forbidden.items()),
        "required": sorted(map(list, problem.required)),
        "ranges": {code: list(bounds) for code, bounds in problem.discipline_range.items()},
        "anchors": sorted(problem.anchors),
        "rules": [problem.one_per_employer, problem.balance, problem.fairness, problem.seed],
        "fit": hashlib.sha256(np.ascontiguousarray(problem.fit, dtype=">i8").tobytes()).hexdigest(),
    }
    if groups:
        content["groups"] = sorted(map(list, groups.items()))
    return hashlib.sha256(encode(content)).hexdigest()


NAMED = {
    "entry": "entry",
    "entries": "entry",
    "evaluator": "evaluator",
    "evaluators": "evaluator",
    "employer": "employer",
    "discipline": "sector",
    "group": "group",
}


def named(reasons, table: Table) -> list[Reason]:
    """Reasons in names that people know, in the reader's language, for the ids of the problem: those of the table without a query,
    all others (an older computation speaks of who is gone since) in one."""
    names = {
        "entry": {str(entry.pk): str(entry.application.cluster) for entry in table.entries},
        "evaluator": {str(evaluator.pk): evaluator.code for evaluator in table.evaluators},
        "employer": {str(row.employer_id): str(row.employer) for row in table.evaluators if row.employer_id},
        "sector": {sector.code: str(sector) for evaluator in table.evaluators for sector in evaluator.sectors.all()},
        "group": table.group_names,
    }
    wanted: dict[str, set[str]] = {kind: set() for kind in names}
    for reason in reasons:
        for key, value in reason.params.items():
            if key in NAMED:
                wanted[NAMED[key]] |= set(value if isinstance(value, list) else [value])
    for kind, key, name in _other_names({kind: keys - set(names[kind]) for kind, keys in wanted.items()}):
        names[kind][key] = name

    def said(key, value):
        known = names[NAMED[key]]
        return [known.get(one, one) for one in value] if isinstance(value, list) else known.get(value, value)

    return [
        Reason(reason.code, {key: said(key, value) if key in NAMED else value for key, value in reason.params.items()})
        for reason in reasons
    ]


def _other_names(wanted: Mapping[str, set[str]]):
    """(kind, key, name) of these keys, in one query."""
    sources = {
        "entry": (Entry, "pk", Cluster, "application__cluster__"),
        "evaluator": (Evaluator, "pk", None, "code"),
        "employer": (Organisation, "pk", Organisation, ""),
        "sector": (Sector, "code", Sector, ""),
    }
    queries = []
    for kind, (model, key, named_by, path) in sources.items():
        keys = [one for one in wanted[kind] if key == "code" or (isinstance(one, str) and one.isdecimal())]
        if keys:
            zh, en = (f"{path}name_zh", f"{path}name_en") if named_by else (path, path)
            rows = model.objects.filter(**{f"{key}__in": keys}).order_by()
            queries.append(rows.values_list(Value(kind, output_field=TextField()), Cast(key, TextField()), zh, en))
    if queries:
        for kind, key, zh, en in queries[0].union(*queries[1:], all=True):
            named_by = sources[kind][2]
            yield kind, key, str(named_by(name_zh=zh, name_en=en)) if named_by else zh


def change_rows(changes) -> list[tuple[bool, Entry | None, Evaluator | None]]:
    """(added, entry, evaluator) for (added, entry id, evaluator id). Two queries."""
    changes = list(changes)
    entries = Entry.objects.select_related("application__cluster__lead_region").in_bulk([entry for _, entry, _ in changes])
    people = Evaluator.objects.select_related("user", "employer").in_bulk([evaluator for _, _, evaluator in changes])
    return [(added, entries.get(entry), people.get(evaluator)) for added, entry, evaluator in changes]
