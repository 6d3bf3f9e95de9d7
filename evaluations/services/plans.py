"""The plan of a round's assignment, and the seats that are computed under it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.models import Entry, Round
from competition.services.drafting import refuse_stale
from competition.services.rules import digest_of
from evaluations.domain.assignment import Assigned, assign, check
from evaluations.domain.assignment_groups import assign_in_groups
from evaluations.domain.assignment_plan import changed, read_plan
from evaluations.domain.assignment_problem import with_anchors
from evaluations.models import Assignment, AssignmentPlan, AssignmentRun, Evaluator
from evaluations.selectors.loads import flat_rows
from evaluations.selectors.plans import SOLVE, Table, default_plan, input_digest, plan_of, plan_row, table_of
from evaluations.services.scoreboards import lock_board
from jobs.services import enqueue
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record, record_many

OPEN_ROUND = ("open", "judging")
ATTEMPTS = 3
STEPS = 4


@transaction.atomic
def save_plan(round: Round, *, changes: dict, version: int, actor, at: datetime) -> AssignmentPlan:
    """`changes` as in `evaluations.domain.assignment_plan.changed`; `version` is the one that the page began from, 0 for none.
    Refused with the key path as field."""
    row, before = _locked(round, actor=actor)
    refuse_stale(version, row.version)
    data = changed(read_plan(row.definition) if row.version else default_plan(round), changes)
    plan = read_plan(data)
    _refuse_strangers(round, plan)
    definition = plan.to_json()
    if row.version and definition == row.definition:
        return row
    return _write(row, definition, before, actor=actor, at=at)


def _lock(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",), no_key=True).select_related("competition").get(pk=round.pk)


def _locked(round: Round, *, actor) -> tuple[AssignmentPlan, dict | None]:
    """The plan under its lock (version 0 where there is none yet), and what the ledger says it was."""
    round = _lock(round)
    require(actor, "assignment.plan", round)
    if round.state not in OPEN_ROUND:
        raise Refused(Reason("evaluations.round_not_open"))
    row = plan_row(round)
    if row is None:
        return AssignmentPlan(round=round, version=0), None
    return row, {"version": row.version, "digest": row.digest}


def _write(row: AssignmentPlan, definition: dict, before, *, actor, at) -> AssignmentPlan:
    row.version += 1
    row.definition, row.digest, row.saved_at = definition, digest_of(definition), at
    row.save()
    reasons = {
        f"reason_{entry}_{evaluator}": rule["reason"]
        for entry, rules in definition["pairs"].items()
        for evaluator, rule in rules.items()
        if rule.get("reason")
    }
    record(
        actor=f"user:{actor.pk}",
        action="assignment.plan",
        subject=f"round:{row.round_id}",
        scope=f"competition:{row.round.competition_id}",
        before=before,
        after={"version": row.version, "digest": row.digest, "seed": definition["seed"], "seats": definition["seats"]},
        private=reasons or None,
        at=at,
    )
    return row


def _refuse_strangers(round: Round, plan) -> None:
    """Exceptions name entries of this round and evaluators of the pool's table, whoever they are now."""
    entries = {entry for entry, _ in plan.pairs} | set(plan.seats_of) | plan.anchors
    evaluators = {evaluator for _, evaluator in plan.pairs} | set(plan.loads)
    known = {
        "entries": {str(pk) for pk in Entry.objects.filter(round=round).values_list("pk", flat=True)},
        "evaluators": {str(pk) for pk in Evaluator.objects.values_list("pk", flat=True)},
    }
    for path, names in (("entries", entries), ("evaluators", evaluators)):
        if strangers := sorted(names - known[path]):
            raise Refused(Reason("evaluations.scheme_id_unknown", {"path": path, "value": strangers[0]}))


@transaction.atomic
def ask_seats(round: Round, *, version: int, actor, at: datetime):
    """Queues the computation under the plan as it was shown; a plan that nobody changed is saved as it stands. The job."""
    row, before = _locked(round, actor=actor)
    refuse_stale(version, row.version)
    if not row.version:
        row = _write(row, default_plan(row.round).to_json(), before, actor=actor, at=at)
    params = {"ask": f"{round.pk}:{row.version}:{at.isoformat()}", "version": row.version}
    return enqueue(SOLVE, f"plan:{round.pk}", params=params, requested_by=f"user:{actor.pk}", at=at)


def compute_seats(round: Round, *, ask: str, version: int, asked_by: int | None, at: datetime, progress: Callable | None = None):
    """Solves the plan and writes its seats as proposed ones in place of the computed ones that were proposed before. What
    changed while the solver worked is seen under the lock, and solved again. Done once for each `ask`; returns its run."""
    progress = progress or (lambda done, total: None)
    for _ in range(ATTEMPTS):
        if done := AssignmentRun.objects.filter(ask=ask).first():
            return done
        progress(0, STEPS)
        plan, current = plan_of(round)
        refuse_stale(version, current)
        table = table_of(round, plan)
        progress(1, STEPS)
        answer, shortage = _solved(table)
        progress(2, STEPS)
        run = _settle(round, table, answer, shortage, ask=ask, version=version, asked_by=asked_by, at=at)
        if run is not None:
            progress(STEPS, STEPS)
            return run
    raise Refused(Reason("evaluations.assignment_moved"))


def _solved(table: Table) -> tuple[Assigned | None, list[Reason]]:
    if table.faults:
        return None, table.faults
    if not any(need.seats for need in table.problem.needs):
        return None, [Reason("evaluations.nothing_to_assign")]
    try:
        return (assign_in_groups(table.problem, table.groups) if table.groups else assign(table.problem)), []
    except Refused as refused:
        return None, list(refused.reasons)


@transaction.atomic
def _settle(round, table: Table, answer: Assigned | None, shortage, *, ask, version, asked_by, at) -> AssignmentRun | None:
    """None where the world is no longer the one that was solved."""
    round = _lock(round)
    lock_board(round)
    if round.state not in OPEN_ROUND:
        raise Refused(Reason("evaluations.round_not_open"))
    row = plan_row(round)
    refuse_stale(version, row.version if row else 0)
    now, digest = table_of(round, table.plan), input_digest(table.problem, table.groups)
    if digest != input_digest(now.problem, now.groups) or table.loose != now.loose:
        return None
    facts = {"plan_version": version, "plan_digest": row.digest, "plan": row.definition, "seed": row.definition["seed"]}
    run = AssignmentRun(round=round, ask=ask, solved=answer is not None, input_digest=digest, asked_by_id=asked_by, at=at, **facts)
    if answer is None:
        run.shortage = [reason.as_json() for reason in shortage]
    else:
        _replace(run, now, answer)
    run.save()
    if answer is not None:
        _write_seats(run, at=at)
    record(
        actor="system" if asked_by is None else f"user:{asked_by}",
        action="assignment.propose",
        subject=f"round:{round.pk}",
        scope=f"competition:{round.competition_id}",
        after={
            "solved": run.solved,
            "plan": {"version": version, "digest": run.plan_digest},
            "seed": run.seed,
            "input": digest,
            "total_fit": run.total_fit,
            "worst_fit": run.worst_fit,
            "kept": run.kept,
            "added": len(run.added),
            "removed": len(run.removed),
        },
        at=at,
    )
    return run


def _replace(run: AssignmentRun, table: Table, answer: Assigned) -> None:
    """What the answer changes, counted once more against the rows as they are under the lock."""
    if faults := check(with_anchors(table.problem), list(answer.pairs)):
        raise Refused(*faults)
    pairs = set(answer.pairs)
    run.total_fit = str(answer.total_fit)
    run.worst_fit = "" if answer.worst_fit is None else str(answer.worst_fit)
    sums = Counter(dict.fromkeys((entry for entry, _ in pairs), 0))
    row, column = ({str(one.pk): place for place, one in enumerate(rows)} for rows in (table.entries, table.evaluators))
    for entry, evaluator in pairs:
        sums[entry] += int(table.problem.fit[row[entry], column[evaluator]])
    run.worst_entry_id = int(min(sums, key=lambda entry: (sums[entry], int(entry)))) if sums else None
    run.loads = dict(sorted(Counter(evaluator for _, evaluator in pairs).items(), key=lambda item: int(item[0])))
    run.seats, run.kept = len(pairs), len(pairs & table.kept)
    run.added = _numbers(pairs - table.kept - table.loose)
    run.removed = _numbers(table.loose - pairs)


def _numbers(pairs) -> list[list[int]]:
    return sorted([int(entry), int(evaluator)] for entry, evaluator in pairs)


def _write_seats(run: AssignmentRun, *, at: datetime) -> None:
    actor = "system" if run.asked_by_id is None else f"user:{run.asked_by_id}"
    scope = f"competition:{run.round.competition_id}"
    loose = Assignment.objects.filter(entry__round=run.round, state="proposed", source="auto")
    removed = set(map(tuple, run.removed))
    old = [row for row in loose if (row.entry_id, row.evaluator_id) in removed]
    deeds = [
        Deed(
            actor=actor,
            action="assignment.remove",
            subject=f"assignment:{row.pk}",
            scope=scope,
            after={"entry": row.entry_id, "evaluator": row.evaluator_id},
        )
        for row in old
    ]
    for start in range(0, len(old), 500):
        Assignment.objects.filter(pk__in=[row.pk for row in old[start : start + 500]], state="proposed").delete()
    made = Assignment.objects.bulk_create(
        [Assignment(entry_id=entry, evaluator_id=evaluator, source="auto", created_at=at) for entry, evaluator in run.added], batch_size=500
    )
    deeds += [
        Deed(
            actor=actor,
            action="assignment.create",
            subject=f"assignment:{row.pk}",
            scope=scope,
            after={"entry": row.entry_id, "evaluator": row.evaluator_id, "source": "auto"},
        )
        for row in made
    ]
    if deeds:
        record_many(deeds, at=at)


@transaction.atomic
def export_seats(round: Round, *, actor, at: datetime) -> list:
    """Rows of `flat_rows`; that somebody took them out of the house is written down."""
    require(actor, "assignment.create", round)
    rows = flat_rows(round)
    record(
        actor=f"user:{actor.pk}",
        action="assignment.export",
        subject=f"round:{round.pk}",
        scope=f"competition:{round.competition_id}",
        after={"seats": len(rows)},
        at=at,
    )
    return rows
