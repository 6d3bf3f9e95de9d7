"""A proposal as its page shows it: lists with the lines in place, and what is missing before the release and who can do it."""

from collections import Counter
from decimal import Decimal

from accounts.models import Membership
from accounts.permissions import can
from competition import labels
from competition.domain.advancement import parse_rule
from competition.domain.states import GONE
from competition.domain.votes import ballots_in
from competition.labels import list_name
from competition.selectors.decisions import conditions_past, stale
from competition.selectors.grades import Grading
from competition.selectors.publicity import period_after
from ledger.domain.reason import Reason, Refused


def decision_board(competition) -> list[dict]:
    """Each round with its proposals (newest first) and its notice; the same number of queries whatever their number."""
    rounds = competition.rounds.prefetch_related("proposals__signatures", "proposals__created_by", "proposals__notice", "standings")
    found = []
    for round in rounds.order_by("order"):
        proposals = list(round.proposals.all())
        released = next((row for row in proposals if row.state == "released"), None)
        found.append(
            {
                "round": round,
                "state": labels.ROUND_STATES[round.state],
                "pill": labels.ROUND_PILLS[round.state],
                "snapshot": max((row.number for row in round.standings.all()), default=None),
                "proposals": [
                    {
                        "proposal": row,
                        "state": labels.PROPOSAL_STATES[row.state],
                        "pill": labels.PROPOSAL_PILLS[row.state],
                        "signatures": sum(1 for one in row.signatures.all() if one.voided_at is None and one.digest == row.digest),
                    }
                    for row in proposals
                ],
                "notice": getattr(released, "notice", None),
            }
        )
    return found


def proposal_lists(proposal, rows, words) -> list[dict]:
    """One list, or one per track or group where the rule takes by it: `name`, `rows` in rank order, `size` of the ranked, `cut` and
    `reserve` places, `line`: whether the rule draws one, `vote`: whether it goes by one. A row that a line follows carries the line in
    `lines`. `rows`: `proposal_rows`; `words`: of its outcomes."""
    standings = {row.entry_id: row for row in proposal.standings.rows.all()}
    rule = parse_rule(proposal.rule.rule)
    grading = Grading(proposal.rule.rule, proposal.standings.method)
    lists = [_list(own, standings, words, name=name, rule=rule) for name, own in races_of(rows, rule)]
    for item in (item for one in lists for item in one["rows"]):
        if proposal.round.checks_only:
            item |= {"rank": None, "tied": False, "total": None}
        item["grade"] = grading.word(standings.get(item["row"].entry_id))
    return lists


def races_of(rows, rule) -> list[tuple[str, list]]:
    """(name, rows) of those who race for the same places under the rule, in the order of tracks and groups; rows with their `entry`."""
    found: dict[tuple, list] = {}
    for row in rows:
        track, group = (row.entry.track if rule.inside else None), (row.entry.group if rule.by_group else None)
        place = (track is not None, track.order if track else 0, track.code if track else "", group or 0)
        found.setdefault(place, []).append(row)
    named = []
    for _place, own in sorted(found.items()):
        entry = own[0].entry
        named.append((list_name(entry.track if rule.inside else None, entry.group if rule.by_group else None), own))
    return named


def rank_under(rule, standing) -> int | None:
    """Among those who race for the same places."""
    return standing.group_rank if rule.by_group else standing.track_rank if rule.by_track else standing.rank


def _list(rows, standings, words, *, name, rule) -> dict:
    def place(row):
        standing = standings.get(row.entry_id)
        return rank_under(rule, standing) if standing else None

    rows = sorted(rows, key=lambda row: (place(row) is None, place(row) or 0, row.entry_id))
    ranks = Counter(place(row) for row in rows if place(row) is not None)
    cut = sum(1 for row in rows if row.outcome == "advance")
    reserve = sum(1 for row in rows if row.outcome == "reserve")
    shown = []
    for row in rows:
        standing, rank = standings.get(row.entry_id), place(row)
        cluster = row.entry.application.cluster
        shown.append(
            {
                "row": row,
                "rank": rank,
                "tied": rank is not None and ranks[rank] > 1,
                "tie": standing.tie_broken_by if standing else "",
                "cluster": cluster,
                "region": cluster.lead_region,
                "track": row.entry.track,
                "group": row.entry.group,
                "total": standing.total if standing else None,
                "ballots": ballots_in(standing.panel) if standing else None,
                "outcome": words[row.outcome],
                "pill": labels.OUTCOME_PILLS[row.outcome],
                "computed": words[row.computed] if row.computed != row.outcome else "",
                "reason": Reason.from_json(row.reason),
                "condition": row.condition,
                "left": labels.ENTRY_STATES[row.entry.state] if row.entry.state in GONE else "",
                "lane": {"label": str(cluster), "rank": rank, "outcome": labels.OUTCOME_MARKS.get(row.outcome, "out"), "tied": False},
                "lines": [],
            }
        )
    for kind, count in (("advance", cut), ("reserve", reserve)):
        last = max((place for place, row in enumerate(shown) if row["row"].outcome == kind), default=None)
        if last is not None and rule.draws_line:
            shown[last]["lines"].append(_line(shown, last, kind, count))
    return {
        "name": name,
        "rows": shown,
        "size": ranks.total(),
        "cut": cut,
        "reserve": reserve,
        "line": rule.draws_line,
        "vote": rule.vote is not None,
    }


def _line(shown, last, kind, count) -> dict:
    inside, outside = shown[last]["total"], next((row["total"] for row in shown[last + 1 :] if row["total"]), None)
    gap = Decimal(inside) - Decimal(outside) if inside and outside else None
    return {"kind": "cut" if kind == "advance" else "reserve", "count": count, "inside": inside, "outside": outside, "gap": gap}


def people_who(competition_id: int) -> dict[str, list[str]]:
    """Names by role of those who organise and decide here: one query."""
    found: dict[str, list[str]] = {}
    held = Membership.objects.live().filter(scope__in=(f"competition:{competition_id}", "*"), role__in=("organiser", "decider"))
    for row in held.select_related("user").order_by("user__email"):
        found.setdefault(row.role, [])
        if str(row.user) not in found[row.role]:
            found[row.role].append(str(row.user))
    return found


def release_state(proposal, viewer, rows, given, *, at) -> dict:
    """What the rail says: facts, and `against`: why this viewer cannot sign now. `rows`: `proposal_rows`; `given`: `signatures`."""
    outcomes = [row.outcome for row in rows]
    signed = [one["signature"] for one in given if one["signature"].voided_at is None and one["signature"].digest == proposal.digest]
    meeting = getattr(proposal, "meeting", None)
    reasons = stale(proposal, rows)
    undecided = outcomes.count("undecided")
    period, period_reason = None, None
    try:
        period = period_after(proposal.round.competition, at)
    except Refused as refused:
        period_reason = refused.reasons[0]
    against = list(reasons)
    if proposal.state != "tabled":
        against.append(Reason("competition.proposal_not_tabled"))
    if undecided:
        against.append(Reason("competition.outcomes_undecided", {"count": undecided}))
    if past := conditions_past(rows, at=at):
        against.append(Reason("competition.conditions_past", {"count": past}))
    if meeting is None:
        against.append(Reason("competition.meeting_missing"))
    if period_reason:
        against.append(period_reason)
    if any(one.user_id == viewer.pk for one in signed):
        against.append(Reason("competition.signed_already"))
    answer = can(viewer, "proposal.sign", proposal)
    if not answer.allowed:
        against.insert(0, answer.reason)
    return {
        "stale": reasons,
        "undecided": undecided,
        "chosen": outcomes.count("advance"),
        "reserve": outcomes.count("reserve"),
        "meeting": meeting,
        "signed": signed,
        "period": period,
        "period_reason": period_reason,
        "against": against,
    }


def signatures(proposal) -> list[dict]:
    """Every signature ever given, newest last, with why it no longer holds."""
    return [
        {"signature": row, "reason": Reason.from_json(row.void_reason) if row.void_reason else None}
        for row in proposal.signatures.select_related("user").order_by("signed_at", "pk")
    ]


def chosen_names(rows) -> list[str]:
    return [str(row.entry.application.cluster) for row in rows if row.outcome == "advance"]
