"""Evaluators, seats and sheets. A sheet is its evaluator's alone until the round is closed."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import needs, roles_in, staffed
from competition.permissions.secrecy import against_scores
from ledger.domain.reason import Reason


def _round(subject):
    if hasattr(subject, "assignment_id"):
        return subject.assignment.entry.round
    return subject.entry.round if hasattr(subject, "entry_id") else subject  # a round, or the competition itself


def _organiser(user, subject):
    if "organiser" in roles_in(user, _round(subject)):
        return None
    return Reason("competition.role_needed", {"roles": ["organiser"]})


def _own(user, subject):
    assignment = subject.assignment if hasattr(subject, "assignment_id") else subject
    if assignment.evaluator.user_id != user.pk:
        return Reason("evaluations.seat_of_another")
    if "evaluator" not in roles_in(user, _round(subject)):
        return Reason("competition.role_needed", {"roles": ["evaluator"]})
    return None


def _may_read(user, sheet):
    """Its evaluator always; staff without a conflict once the round is closed."""
    return None if _own(user, sheet) is None else against_scores(user, _round(sheet))


def _own_rows(user, rows):
    return rows.filter(evaluator__user=user)


EVALUATOR, ORGANISER = _("its evaluator"), _("its organisers")
for action, label in (
    ("assignment.publish", _("Publish assignments")),
    ("assignment.create", _("Assign an evaluator")),
    ("assignment.plan", _("Plan and compute the assignment")),
    ("assignment.replace", _("Replace an evaluator")),
    ("assignment.waive", _("Waive a seat")),
    ("assignment.extend", _("Extend a seat's deadline")),
    ("sheet.return", _("Return a score sheet")),
    ("conflict.declare", _("Declare a conflict of somebody")),
):
    register(action, _organiser, label=label, who=ORGANISER)
register("assignment.confirm", _own, label=_("Declare that there is no conflict"), who=EVALUATOR)
register("assignment.recuse", _own, label=_("Recuse oneself"), who=EVALUATOR)
register("assignment.view", _own, queryset=_own_rows, label=_("See one's own seats"), who=EVALUATOR)
register("undertaking.sign", needs("evaluator"), label=_("Sign the undertaking"), who=_("evaluators of the competition"))
register("sheet.edit", _own, label=_("Fill in a score sheet"), who=EVALUATOR)
register("sheet.submit", _own, label=_("Submit a score sheet"), who=EVALUATOR)
register("sheet.view", _may_read, label=_("Read a score sheet"), who=_("its evaluator; staff without a conflict after the round is closed"))
register(
    "evaluator.manage",
    needs("organiser"),
    queryset=lambda user, rows: staffed(user, rows, wanted={"organiser"}),
    label=_("Keep the pool of evaluators"),
    who=_("organisers"),
)
