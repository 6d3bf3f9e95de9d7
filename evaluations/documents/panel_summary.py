"""Evaluators × entries of a closed round, by the evaluators' codes, to be signed by the panel; behind them why each entry stands
where it stands."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competition.documents.kinds import DocumentKind, register_kind
from competition.models import Round
from competition.permissions.secrecy import against_scores
from evaluations.documents.vote_summary import vote_summary
from evaluations.documents.why_blocks import block
from evaluations.domain.decimals import fraction_text
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.blindness import judged_name
from evaluations.selectors.explaining import whys
from evaluations.selectors.rubrics import book_of, carried_rounds, dimensions_json
from evaluations.selectors.sheet_totals import sheet_totals
from evaluations.wording import bonus_words, scheme_words
from ledger.domain.reason import Reason
from ledger.reasons import say

MOST_COLUMNS = 12  # evaluators that fit side by side; beyond, each entry shows its own panel seat by seat
DIGITS = 2


def find(keys) -> dict[str, Round]:
    rows = Round.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related("competition")
    return {str(row.pk): row for row in rows}


def context(round, language) -> dict:
    standings = round.standings.order_by("-number").first()
    if VOTE in standings.method:
        return vote_summary(round, standings)
    book, sheets = book_of(round), sheet_totals(round)
    digits = DIGITS if book.scheme.rounding.sheet is None else book.scheme.rounding.sheet
    rows = list(standings.rows.select_related("entry__application__cluster").order_by("rank", "entry_id"))
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.entry_id))
    codes = sorted({code for marks in sheets.values() for code in marks})
    by_seat = len(codes) > MOST_COLUMNS
    seats = max((len(marks) for marks in sheets.values()), default=0)
    dimensions = dimensions_json(book.rubric)
    words = scheme_words(standings.method, dimensions, language, carried=carried_rounds(round, standings.method))
    why = whys(standings, [row.entry_id for row in rows], book=book)
    return {
        "competition": str(round.competition),
        "round": str(round),
        "panel": "",
        "scheme": words,
        "closed_at": standings.created_at.isoformat(timespec="seconds"),
        "evaluators": [_("Seat %(n)s") % {"n": seat + 1} for seat in range(seats)] if by_seat else codes,
        "rows": [
            _row(row, _name(round, row.entry), sheets.get(row.entry_id, {}), codes, seats if by_seat else None, digits)
            | block(why[row.entry_id], dimensions, book.scheme)
            for row in rows
        ],
        "order": book.scheme.order,
        "notes": [
            _("Snapshot %(number)s, input digest %(digest)s") % {"number": standings.number, "digest": standings.input_digest},
        ],
        "signatures": [_("Chair of the panel"), _("Recorder"), _("Discipline supervisor")],
    }


def _name(round, entry) -> str:
    """The panel signs it, so in a blind round by the code; the staff find the code on the entry's page."""
    entry.round = round
    return judged_name(entry)


def _row(standing, name, marks, codes, seats, digits) -> dict:
    dropped = standing.panel.get("dropped", [])
    whole = {code for code, criterion, _end in dropped if criterion is None}
    shown = [{"text": fraction_text(marks[code], digits), "dropped": code in whole, "code": code} for code in sorted(marks)]
    if seats is None:
        by_code = {mark["code"]: mark | {"code": ""} for mark in shown}
        shown = [by_code.get(code, {"text": "", "dropped": False, "code": ""}) for code in codes]
    else:
        shown += [{"text": "", "dropped": False, "code": ""}] * (seats - len(shown))
    note = []
    if standing.entry.group and standing.group_rank:
        place = {"number": standing.entry.group, "rank": standing.group_rank}
        note.append(_("rank %(rank)s in group %(number)s") % place)
    if single := len(dropped) - len(whole):
        note.append(ngettext("%(n)s single mark dropped", "%(n)s single marks dropped", single) % {"n": single})
    if points := bonus_words(standing.bonus):
        note.append(_("bonus and deduction %(points)s") % {"points": points})
    if standing.reason:
        note.append(say(Reason.from_json(standing.reason)))
    return {
        "rank": standing.rank,
        "tied": bool(standing.tied_with),
        "name": name,
        "note": _("; ").join(note),
        "marks": shown,
        "mean": fraction_text(sum(marks.values()) / len(marks), digits) if marks else None,
        "total": standing.total,
        "spread": fraction_text(max(marks.values()) - min(marks.values()), digits) if marks else None,
    }


def may_issue(user, round) -> Reason | None:
    if reason := against_scores(user, round):
        return reason
    return Reason("evaluations.round_checks_only") if round.checks_only else None


# What every paper of one closed round for its panel has in common.
OF_A_ROUND = {
    "subject_kind": "round",
    "find": find,
    "competition": lambda round: round.competition,
    "about": str,
    "may_read": against_scores,
    "recorded": lambda user, round: True,
}
register_kind(
    DocumentKind(
        name="panel_summary",
        prefix="PS",
        template="documents/panel_summary.html",
        label=gettext_lazy("Panel summary"),
        context=context,
        may_issue=may_issue,
        **OF_A_ROUND,
    )
)
