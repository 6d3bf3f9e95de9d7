"""One member's ballot on one entry, as handed in, to be signed by hand. It is as secret as the ballot itself."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from competition.documents.kinds import DocumentKind, register_kind
from competition.labels import ANSWERS
from competition.rule_wording import vote_words
from competition.selectors.rules import vote_of
from evaluations.documents.score_sheet import OF_A_SHEET, SUBMITTED, may_read
from evaluations.models import Undertaking
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.blindness import judged_name
from ledger.domain.reason import Reason


def context(sheet, language) -> dict:
    entry, evaluator = sheet.assignment.entry, sheet.assignment.evaluator
    round, version = entry.round, sheet.versions.order_by("-number").first()
    signed = Undertaking.objects.filter(round=round, evaluator=evaluator).exists()
    revision = {"number": sheet.revision.number, "receipt": sheet.revision.receipt_number}
    return {
        "competition": str(round.competition),
        "round": str(round),
        "cluster": judged_name(entry),
        "evaluator": evaluator.code,
        "track": str(entry.track) if entry.track else "—",
        "submitted_at": version.submitted_at.isoformat(timespec="seconds"),
        "revision": version.number,
        "recusal": _("no conflict declared, undertaking signed") if signed else _("no conflict declared"),
        "application": (_("revision %(number)s") if round.blind else _("revision %(number)s, %(receipt)s")) % revision,
        "answers": [{"words": str(words), "chosen": code == version.marks.get(VOTE)} for code, words in ANSWERS.items()],
        "ground": version.comment,
        "rule": list(vote_words(vote_of(round))),
        "digest": version.digest,
    }


def may_issue(user, sheet) -> Reason | None:
    if reason := may_read(user, sheet):
        return reason
    if sheet.rubric_id is not None:
        return Reason("evaluations.jury_without_vote")
    return None if sheet.state in SUBMITTED else Reason("evaluations.sheet_not_submitted")


register_kind(
    DocumentKind(
        name="ballot",
        prefix="BT",
        template="documents/ballot.html",
        label=pgettext_lazy("document", "Ballot"),
        context=context,
        may_issue=may_issue,
        **OF_A_SHEET,
    )
)
