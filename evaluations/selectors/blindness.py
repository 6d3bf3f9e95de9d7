"""What an entry is called to those who judge it: its cluster, or in a blind round a code."""

from competition.domain import blindness


def code_of(entry) -> str:
    return blindness.code_of(entry.round.seed, entry.pk)


def judged_name(entry) -> str:
    """As the entry's evaluators read it, on pages, in messages and on papers that they sign."""
    return code_of(entry) if entry.round.blind else str(entry.application.cluster)


def hidden_from(viewer, sheet) -> bool:
    """Whether this reader of a sheet may not know whose application lies beside it: its evaluator in a blind round, not the staff."""
    return sheet.assignment.entry.round.blind and sheet.assignment.evaluator.user_id == viewer.pk
