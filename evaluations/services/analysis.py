"""The analysis of a closed round: computed by a job, one kind at a time, each written once beside the snapshot it belongs to."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.models import Round, Standings
from competition.selectors.rules import advancement_of, vote_of
from competition.services.decisions import outcomes_by_rule
from evaluations.domain.analysis import agreement_of, robustness_of, severity_of, weights_of
from evaluations.domain.decimals import exact_text
from evaluations.models import Analysis, Scoreboard
from evaluations.selectors.analysis import COMPUTE
from evaluations.selectors.analysis_input import Source, balance, source_of
from evaluations.selectors.ballots import VOTE
from jobs.models import Job
from jobs.services import enqueue
from ledger.domain import canonical
from ledger.domain.reason import Reason, Refused
from ledger.services import record

CLOSED = ("closed", "released")
KINDS = Analysis.KINDS
# Grows whenever the same input would come to something else, so that nothing on file is taken for it.
VERSION = 1


@transaction.atomic
def ask_analysis(round: Round, *, actor, at: datetime) -> Job:
    """By a person: computed where something is missing, else computed again and compared with what is on file."""
    require(actor, "analysis.compute", round)
    if vote_of(round):
        raise Refused(Reason("evaluations.vote_not_analysed"))
    return enqueue(COMPUTE, f"round:{round.pk}", params={"again": True}, requested_by=f"user:{actor.pk}", at=at)


def queue_analysis(round: Round, *, actor, at: datetime) -> Job | None:
    """In the transaction that made a snapshot. There is nothing to analyse in a formal check."""
    if round.checks_only:
        return None
    return enqueue(COMPUTE, f"round:{round.pk}", requested_by="system" if actor is None else f"user:{actor.pk}", at=at)


def _nothing(done: int, of: int) -> None:
    """Where nobody watches."""


def compute_analyses(
    round: Round,
    *,
    at: datetime,
    again: bool = False,
    requested_by: str = "system",
    progress: Callable[[int, int], None] = _nothing,
) -> int:
    """How many were written for the newest snapshot. Those that are there stay as they are; with `again` they are computed once
    more and compared: `Refused` where one differs. Nothing is done while the round is open, or where the marks are no
    longer those of the snapshot (the next closing makes the next)."""
    standings = round.standings.order_by("-number").first()
    if round.state not in CLOSED or standings is None or VOTE in standings.method:
        return 0
    outcomes, rule = _outcomes(round, standings)
    source = source_of(round, standings, outcomes)
    # Asked after reading: every change of marks takes the next version along.
    if Scoreboard.objects.values_list("scores_version", flat=True).get(round=round) != standings.scores_version:
        return 0
    written, differing, repeated = 0, [], []
    for place, kind in enumerate(KINDS):
        progress(place, len(KINDS))
        seed = seed_of(standings, kind)
        parameters = {"version": VERSION, "rule": rule, "groups": _groups(source)} if kind != "agreement" else {"version": VERSION}
        digest = _digest({"snapshot": standings.input_digest, "kind": kind, "seed": seed, "parameters": parameters})
        there = Analysis.objects.filter(standings=standings, kind=kind, input_digest=digest).first()
        if there is not None and not again:
            continue
        result = _result(kind, round, source, outcomes, seed)
        if there is None:
            written += _write(standings, kind, seed, parameters, digest, result, requested_by=requested_by, at=at)
        else:
            repeated.append(kind)
            differing += [kind] if there.result_digest != result_digest(result) else []
    progress(len(KINDS), len(KINDS))
    if repeated:
        _record(standings, "analysis.repeat", {"kinds": repeated, "differing": differing}, requested_by=requested_by, at=at)
    if differing:
        raise Refused(Reason("evaluations.analysis_differs", {"kinds": differing}))
    return written


def _outcomes(round, standings) -> tuple[dict[int, str], str]:
    """What the published rule makes of the snapshot, and the rule's digest; nothing where there is none or it cannot be kept."""
    rule = advancement_of(round)
    entries = standings.rows.values_list("entry_id", flat=True)
    nothing = dict.fromkeys(entries, "undecided")
    if rule is None:
        return nothing, ""
    try:
        found = outcomes_by_rule(standings, rule)
    except Refused:
        return nothing, rule.digest
    return {int(one.entry): one.outcome for one in found}, rule.digest


def seed_of(standings: Standings, kind: str) -> int:
    """32 bits of a digest: nobody chooses it, and everybody can find it again."""
    return int(hashlib.sha256(f"{standings.input_digest}|{kind}".encode()).hexdigest()[:8], 16)


def _groups(source: Source) -> list:
    return [_group(group) for group in source.field.groups] if source.field else []


def _group(group) -> list:
    """Points stand in it only where the rule goes by them: what was computed under other rules stays what it is."""
    return [group.track, len(group.members), group.places, *([] if group.least is None else [exact_text(group.least)])]


def _digest(value) -> str:
    return hashlib.sha256(canonical.encode(value)).hexdigest()


def result_digest(result: dict) -> str:
    return hashlib.sha256(json.dumps(result, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _result(kind: str, round, source: Source, outcomes, seed: int) -> dict:
    if kind == "balance":
        return balance(round, outcomes)
    if kind == "agreement":
        return agreement_of(source.ratings)
    if kind == "severity":
        return severity_of(source.ratings)
    if source.field is None:
        return {"groups": [], "reason": Reason("evaluations.analysis_nothing_ranked").as_json()}
    return (robustness_of if kind == "robustness" else weights_of)(source.field, seed=seed)


@transaction.atomic
def _write(standings, kind, seed, parameters, digest, result, *, requested_by, at) -> int:
    """1, or 0 where another worker was first."""
    facts = {"seed": seed, "parameters": parameters, "result": result, "result_digest": result_digest(result), "computed_at": at}
    found, created = Analysis.objects.get_or_create(standings=standings, kind=kind, input_digest=digest, defaults=facts)
    if created:
        after = {"kind": kind, "seed": seed, "input_digest": digest, "result_digest": found.result_digest}
        _record(standings, "analysis.compute", after, requested_by=requested_by, at=at)
    return int(created)


def _record(standings, action: str, after: dict, *, requested_by: str, at: datetime) -> None:
    record(
        actor=requested_by,
        action=action,
        subject=f"round:{standings.round_id}",
        scope=f"competition:{standings.round.competition_id}",
        after={"number": standings.number, **after},
        at=at,
    )
