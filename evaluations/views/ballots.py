"""What the pages of a ballot show beside those of a sheet: the question, the answer, what static/js/ballot.js says."""

import json

from django.utils.translation import gettext as _

from competition.labels import ANSWERS
from competition.rule_wording import vote_words
from competition.selectors.rules import vote_of
from evaluations.selectors.ballots import VOTE, answer_of


def ballot_context(sheet) -> dict:
    """`choices`: (answer, its words, chosen)."""
    answer = answer_of(sheet).get(VOTE, "")
    vote = vote_of(sheet.assignment.entry.round)
    return _chosen(answer) | {"vote_lines": list(vote_words(vote)) if vote else []}


def _chosen(answer: str) -> dict:
    return {
        "answer": answer,
        "answer_said": ANSWERS.get(answer, ""),
        "choices": [(code, words, code == answer) for code, words in ANSWERS.items()],
        "answer_refused": "",
        "answer_there": None,
    }


def typed_ballot(sheet, answer: str, refused: str, *, conflict: bool) -> dict:
    """After a refused save: what was chosen stays, beside what was saved elsewhere meanwhile."""
    there = answer_of(sheet).get(VOTE, "") if conflict else answer
    return _chosen(answer) | {"answer_refused": refused, "answer_there": None if there == answer else ANSWERS.get(there, "—")}


def answer_rows(versions) -> list[tuple[str, list]]:
    """The answer in each version handed in."""
    return [(_("Vote"), [ANSWERS.get(version.marks.get(VOTE), "—") for version in versions])] if versions else []


def ballot_words() -> str:
    """In the reader's language."""
    words = {
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "local": _("Not saved. Your input is on this device and will be sent when you are back online."),
        "failed": _("Not saved. Check the marked entries."),
        "signed_out": _("Not saved. Sign in again; your input is on this device."),
        "other": _("Not saved. Somebody else is signed in here, or the sheet is no longer yours."),
    }
    return json.dumps(words | {code: str(said) for code, said in ANSWERS.items()}, ensure_ascii=False)
