"""Standings of a closed round for its staff. Every reading is recorded."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.permissions import can
from competition import workflow
from competition.documents import charts
from competition.documents.course import course_of
from competition.labels import OUTCOME_MARKS, OUTCOME_PILLS, list_name
from competition.permissions.secrecy import against_scores
from competition.selectors.grades import Grading
from competition.services.standings import read_standings
from evaluations.selectors import ranking
from evaluations.selectors.analysis import analyses_of
from evaluations.selectors.analysis_shown import margin
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.course import round_in_course
from evaluations.selectors.line import line_of
from evaluations.views.beside import Drawn, beside
from evaluations.views.running import PAGE, frame, withheld
from evaluations.views.votes import vote_table
from evaluations.wording import bonus_words, rung_words_here
from ledger.domain.reason import Reason

OUTCOME_WORDS = {
    "advance": pgettext_lazy("proposed outcome", "inside the line"),
    "reserve": pgettext_lazy("proposed outcome", "reserve"),
    "eliminated": pgettext_lazy("proposed outcome", "does not advance"),
    "ineligible": pgettext_lazy("proposed outcome", "not eligible"),
    "undecided": pgettext_lazy("proposed outcome", "undecided"),
}
# In the last round nobody goes on.
LAST_OUTCOME_WORDS = OUTCOME_WORDS | {
    "advance": pgettext_lazy("proposed outcome", "to be recognised"),
    "eliminated": pgettext_lazy("proposed outcome", "not chosen"),
}
CHECK_WORDS = OUTCOME_WORDS | {
    "advance": pgettext_lazy("proposed outcome", "passed"),
    "ineligible": pgettext_lazy("proposed outcome", "not passed"),
}
LANES_AT_MOST = 30


@require_GET
def standings(request, pk, round_pk):
    round, rounds = round_in_course(request.user, round_pk)
    if round.competition_id != pk:
        raise Http404
    if reason := against_scores(request.user, round):
        return withheld(request, round, reason)
    now = timezone.now()
    snapshot = read_standings(round, viewer=request.user, at=now)
    if snapshot is None:
        raise Http404
    by = request.GET.get("by", "")
    line = line_of(round, snapshot, by, _number(request.GET.get("group", "")))
    context = frame(round) | {
        "snapshot": snapshot,
        "track": line.track,
        "line": line,
        "views": _views(round, line.tracks, by),
        "group_views": _group_views(round, line, by) if round.groups and by != "rounds" else [],
        "stages": course_of(round.competition, at=now, here=round, rounds=rounds),
        "may_propose": line.proposal is None and round.state == "closed" and can(request.user, "proposal.create", round).allowed,
        "checks": _checks(round, line),
        "blocked": _blocked(request, line, now),
        "reopening": round.state == "closed" and can(request.user, "round.request_reopening", round).allowed,
        "by": by,
        "by_vote": VOTE in snapshot.method,
    }
    if by != "rounds" and VOTE in snapshot.method:
        page = Paginator(line.places, PAGE).get_page(request.GET.get("page"))
        context |= vote_table(page, _known(snapshot, line, page.object_list, ()), line, words_of(round, rounds), snapshot)
    elif by == "rounds":
        context |= _history(round, rounds, snapshot, line)
    else:
        found = analyses_of(snapshot, asked=False)
        page = Paginator(line.places, PAGE).get_page(request.GET.get("page"))
        known = _known(snapshot, line, page.object_list, margin(found))
        context |= _table(round, rounds, line, page, known, found, snapshot)
        context |= beside(request, round, line, found, known)
    return render(request, "evaluations/running/standings.html", context)


def _views(round, tracks, by) -> list[dict]:
    address = reverse("evaluations:standings", args=[round.competition_id, round.pk])
    items = [("", _("All") if round.checks_only else _("Overall"))]
    if len(tracks) > 1:
        items += [(track.code, str(track)) for track in tracks]
    if round.order > 1:
        items.append(("rounds", _("Over the rounds")))
    return [{"label": label, "url": f"{address}?by={key}" if key else address, "current": key == by} for key, label in items]


def _group_views(round, line, by) -> list[dict]:
    """The groups of the track that is shown."""
    address = reverse("evaluations:standings", args=[round.competition_id, round.pk])
    items = [(None, _("All groups")), *((number, list_name(None, number)) for number in line.groups)]
    return [
        {
            "label": label,
            "url": f"{address}?{urlencode({'by': by, 'group': number or ''})}",
            "current": number == line.group,
        }
        for number, label in items
        if line.groups
    ]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 5 else None


def _known(snapshot, line, places, also) -> dict:
    """{entry: its standing} of what the page names: its own lines, who shares a rank with them, the ends of the line, `also`. One query."""
    ranks = {place.rank for place in places if place.rank is not None}
    named = {place.row for place in (*places, *line.ends)}
    named |= {place.row for place in line.everywhere if place.rank in ranks or place.entry in also}
    return {row.entry_id: row for row in ranking.rows_of(snapshot).filter(pk__in=named)}


def _table(round, rounds, line, page, known, found, snapshot) -> dict:
    rows = [known[place.entry] for place in page.object_list]
    size = len(line.ranked)
    last, first, *_rest = [known[place.entry] for place in line.ends] + [None, None]
    for row in (last, first):
        if row is not None:
            row.place = line.rank(row)
    rungs = rungs_of(rows, round.named)
    drawn = Drawn(found, line.key)
    words = words_of(round, rounds)
    grading = Grading(line.rule, snapshot.method)
    for place, row in enumerate(rows, start=page.start_index()):
        row.place = line.rank(row)
        # Before a proposal the rule of a check, which takes all, says it of each by itself.
        row.outcome = outcome_of(line, row) or ("advance" if round.checks_only and row.place else "")
        row.word, row.pill = words.get(row.outcome, ""), OUTCOME_PILLS.get(row.outcome, "")
        mark = OUTCOME_MARKS.get(row.outcome, "out" if line.outcomes else "in")
        low, high = drawn.interval(row)
        lane = charts.Row(label="", rank=row.place, outcome=mark, tied=bool(row.tied_with), low=low, high=high)
        row.lane = charts.lane_cell(lane, max(size, 1), cut=line.cut, reserve=line.reserve)
        row.distance = ranking.distance(row, last) if row.place is not None else None
        row.at_line = row.distance == 0
        row.grade = grading.word(row)
        row.why = Reason.from_json(row.reason) if row.reason else None
        row.points = bonus_words(row.bonus)
        row.equals = [str(known[pk].entry.application.cluster) for pk in row.tied_with if pk in known]
        row.rung = rungs.get(row.tie_broken_by, "")
        row.p, row.removals, row.margin_case = drawn.chance(row)
        row.is_out = bool(line.outcomes) and mark == "out"
        row.cut_below = line.cut is not None and place == line.cut
        row.reserve_below = line.cut is not None and line.reserve and place == line.cut + line.reserve
    return {
        "page": page,
        "rows": rows,
        "lane_head": charts.lane_head(max(size, 1), line.cut),
        "legend": charts.lane_legend(interval=drawn.intervals, line=not line.lineless),
        "analysis": found,
        "drawn": drawn,
        "gap_error": drawn.error(last),
        "last": last,
        "first": first,
        "gap": ranking.distance(last, first) if last and first else None,
    }


def outcome_of(line, row) -> str:
    """Whoever fails a veto is not eligible, whatever a proposal will say of the others."""
    return line.outcomes.get(row.entry_id) or ("ineligible" if "ineligible" in row.flags else "")


def words_of(round, rounds) -> dict:
    if round.checks_only:
        return CHECK_WORDS
    return OUTCOME_WORDS if any(other.order > round.order for other in rounds) else LAST_OUTCOME_WORDS


def rungs_of(rows, named) -> dict[str, str]:
    """`named`: {code: part of the rubric}."""
    used = {row.tie_broken_by for row in rows if row.tie_broken_by}
    return {rung: rung_words_here(rung, [part | {"criteria": []} for part in named.values()]) for rung in used}


def _history(round, course, snapshot, line) -> dict:
    """One lane per cluster over the rounds, the best thirty of the list."""
    rows = list(ranking.rows_of(snapshot).exclude(rank=None)[:LANES_AT_MOST])
    earlier = ranking.earlier_ranks(round, [row.entry.application_id for row in rows])
    orders = sorted({order for ranks in earlier.values() for order in ranks})
    rounds = {row.order: row for row in course}
    lanes = []
    for row in rows:
        ranks = earlier.get(row.entry.application_id, {})
        if all(ranks.get(order) for order in orders):
            cluster = row.entry.application.cluster
            lanes.append(
                charts.Lane(
                    key=str(row.entry_id),
                    label=cluster.short_zh or str(cluster),
                    name=str(cluster),
                    ranks=(*(ranks[order] for order in orders), row.rank),
                    outcome=OUTCOME_MARKS.get(line.outcomes.get(row.entry_id, ""), "out" if line.outcomes else "in"),
                    tied=bool(row.tied_with),
                )
            )
    stages = [charts.Stage(str(rounds[order])) for order in orders] + [charts.Stage(str(round), cut=line.cut)]
    return {
        "race": charts.race(lanes, stages) if lanes else "",
        "race_table": charts.race_table(lanes, stages) if lanes else "",
        "at_most": LANES_AT_MOST if len(rows) == LANES_AT_MOST else 0,
    }


def _checks(round, line) -> list[dict]:
    counted = round.locked + round.submitted
    proposal = line.proposal
    items = [
        _check(round.locked == counted, _("Sheets locked"), f"{round.locked} / {counted}"),
        _check(round.signed == round.judges, _("Undertakings signed"), f"{round.signed} / {round.judges}"),
    ]
    if round.checks_only:
        items = [_check(True, _("Every item looked at"), "")]
    if proposal is None:
        return [*items, _check(False, _("Proposal"), _("not drawn up"))]
    undecided = sum(1 for outcome in line.outcomes.values() if outcome == "undecided")
    done = proposal.state == "released"
    meeting = getattr(proposal, "meeting", None)
    return [
        *items,
        _check(proposal.state in ("tabled", "released"), _("Proposal tabled"), _("no. %(number)s") % {"number": proposal.number}),
        _check(not undecided, _("Outcomes decided"), f"{len(line.outcomes) - undecided} / {len(line.outcomes)}"),
        _check(done or meeting is not None, _("Meeting recorded"), meeting.number if meeting else ""),
        _check(done or line.signers >= 2, _("Release signed by two"), f"{min(line.signers, 2)} / 2"),
    ]


def _check(done: bool, label: str, value: str) -> dict:
    return {"state": "done" if done else "todo", "label": label, "value": value}


def _blocked(request, line, now):
    """Why the release does not go yet; None where nothing is in its way or there is nothing to release."""
    if line.proposal is None or line.proposal.state == "released":
        return None
    if line.proposal.state == "draft":
        return workflow.refusals(line.proposal, "table", actor=request.user, at=now) or [Reason("competition.proposal_not_tabled")]
    return workflow.refusals(line.proposal, "release", actor=request.user, at=now)
