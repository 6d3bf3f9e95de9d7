"""What the pages of the standings show of a round that is decided by a vote: counts, and who voted what once it is closed."""

from django.shortcuts import render

from competition.documents import charts
from competition.domain.vote_ranking import verdict
from competition.domain.votes import ballots_in, read_vote
from competition.labels import ANSWERS, OUTCOME_PILLS
from competition.models import ProposalRow
from competition.rule_wording import vote_words
from evaluations.selectors.ballots import VOTE, panel_of
from ledger.domain.reason import Reason


def vote_table(page, known, line, words, snapshot) -> dict:
    """Rows of a page; `known`: {entry: its standing}, `words`: of the outcomes, `line`: where it is cut."""
    rows = [known[place.entry] for place in page.object_list]
    for row in rows:
        row.place = line.rank(row)
        row.counts = ballots_in(row.panel)
        row.bar = charts.ballots(row.counts) if row.counts else ""
        row.outcome = line.outcomes.get(row.entry_id) or ("ineligible" if "ineligible" in row.flags else "")
        row.word, row.pill = words.get(row.outcome, ""), OUTCOME_PILLS.get(row.outcome, "")
        row.why = Reason.from_json(row.reason) if row.reason else None
        row.equals = [str(known[pk].entry.application.cluster) for pk in row.tied_with if pk in known]
        row.is_out = row.outcome in ("eliminated", "ineligible")
    vote = read_vote(snapshot.method[VOTE], VOTE)
    return {"page": page, "rows": rows, "vote": vote, "vote_lines": list(vote_words(vote)), "legend": charts.ballots_legend()}


def vote_entry(request, context) -> object:
    """One entry: each member's answer and its ground, by codes until the results are released. `context`: of the page of a standing."""
    row, entry, snapshot = context["row"], context["entry"], context["snapshot"]
    counts = ballots_in(row.panel)
    panel = panel_of(entry)
    for seat in panel:
        seat.said = ANSWERS[seat.sheet.ballot.answer]
    vote = read_vote(snapshot.method[VOTE], VOTE)
    proposed = snapshot.proposals.exclude(state="void").order_by("-number").values_list("pk", flat=True)[:1]
    reason = ProposalRow.objects.filter(proposal__in=list(proposed), entry=entry).values_list("reason", flat=True).first() or row.reason
    context |= {
        # The rule's word where a proposal has asked it, else what the ballots alone say.
        "said": Reason.from_json(reason) if reason else verdict("advance_vote", vote, counts) if counts else None,
        "panel": panel,
        "counts": counts,
        "bar": charts.ballots(counts, width=260, height=18) if counts else "",
        "legend": charts.ballots_legend(),
        "vote_lines": list(vote_words(vote)),
        "needed": vote.needed(counts.members) if counts else None,
    }
    return render(request, "evaluations/running/vote_entry.html", context)
