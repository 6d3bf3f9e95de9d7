"""The panel summary of a round that is decided by a vote: members × entries, who voted what, and how it was counted."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competition.domain.votes import ballots_in, read_vote
from competition.labels import ANSWERS
from competition.rule_wording import vote_words
from evaluations.models import Ballot
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.blindness import judged_name
from evaluations.selectors.scores import COUNTED
from ledger.domain.reason import Reason
from ledger.reasons import say

MOST_COLUMNS = 12  # members that fit side by side; beyond, each entry lists its own


def vote_summary(round, standings) -> dict:
    """The context of panel_summary.html, with `vote`."""
    rows = list(standings.rows.select_related("entry__application__cluster").order_by("rank", "entry_id"))
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.entry_id))
    answers = _answers(round)
    codes = sorted({code for own in answers.values() for code in own})
    by_seat = len(codes) > MOST_COLUMNS
    seats = max((len(own) for own in answers.values()), default=0)
    return {
        "vote": True,
        "competition": str(round.competition),
        "round": str(round),
        "panel": "",
        "scheme": list(vote_words(read_vote(standings.method[VOTE], VOTE))),
        "closed_at": standings.created_at.isoformat(timespec="seconds"),
        "evaluators": [_("Seat %(n)s") % {"n": seat + 1} for seat in range(seats)] if by_seat else codes,
        "rows": [_row(row, _name(round, row.entry), answers.get(row.entry_id, {}), codes, seats if by_seat else None) for row in rows],
        "order": "",
        "notes": [
            _("Snapshot %(number)s, input digest %(digest)s") % {"number": standings.number, "digest": standings.input_digest},
        ],
        "signatures": [_("Chair of the panel"), _("Recorder"), _("Discipline supervisor")],
    }


def _answers(round) -> dict[int, dict[str, str]]:
    """Entry → code of the member → answer in words. One query."""
    rows = Ballot.objects.filter(sheet__assignment__entry__round=round, sheet__assignment__state="confirmed", sheet__state__in=COUNTED)
    found: dict[int, dict[str, str]] = {}
    for entry, code, answer in rows.values_list("sheet__assignment__entry_id", "sheet__assignment__evaluator__code", "answer"):
        found.setdefault(entry, {})[code] = str(ANSWERS[answer])
    return found


def _name(round, entry) -> str:
    """As on the panel summary of a round with marks: in a blind round by the code."""
    entry.round = round
    return judged_name(entry)


def _row(standing, name, answers, codes, seats) -> dict:
    shown = [{"text": answers[code], "dropped": False, "code": code} for code in sorted(answers)]
    if seats is None:
        shown = [{"text": answers.get(code, ""), "dropped": False, "code": ""} for code in codes]
    else:
        shown += [{"text": "", "dropped": False, "code": ""}] * (seats - len(shown))
    counts = ballots_in(standing.panel)
    note = []
    if standing.reason:
        note.append(say(Reason.from_json(standing.reason)))
    elif counts and counts.excused:
        words = ngettext(
            "%(n)d member excused for a conflict of interest, not counted",
            "%(n)d members excused for a conflict of interest, not counted",
            counts.excused,
        )
        note.append(words % {"n": counts.excused})
    return {
        "rank": standing.rank,
        "tied": bool(standing.tied_with),
        "name": name,
        "note": _("; ").join(note),
        "marks": shown,
        "counts": [counts.yes, counts.no, counts.abstain] if counts else [],
        "voted": f"{counts.voted} / {counts.members}" if counts else "",
    }
