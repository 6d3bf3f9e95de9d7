"""The analysis of a closed round: under the same secrecy as the standings it stands beside."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import roles_in
from competition.permissions.secrecy import against_bound, against_scores
from ledger.domain.reason import Reason


def _may_compute(user, round):
    if "organiser" not in roles_in(user, round):
        return Reason("competition.role_needed", {"roles": ["organiser"]})
    return against_scores(user, round)


register(
    "analysis.view", against_scores, label=_("Read the analysis of a round"), who=_("staff without a conflict after the round is closed")
)
register(
    "analysis.compute",
    _may_compute,
    label=_("Have the analysis computed"),
    who=_("organisers without a conflict after the round is closed"),
)


def _may_look(user, round):
    if "organiser" not in roles_in(user, round):
        return Reason("competition.role_needed", {"roles": ["organiser"]})
    return against_bound(user, round)


def _own_sheet(user, subject):
    sheet = subject if hasattr(subject, "assignment_id") else subject.sheet
    if sheet.assignment.evaluator.user_id != user.pk:
        return Reason("evaluations.seat_of_another")
    return (
        None if "evaluator" in roles_in(user, sheet.assignment.entry.round) else Reason("competition.role_needed", {"roles": ["evaluator"]})
    )


ITS_EVALUATOR = _("its evaluator")
register("flag.look", _may_look, label=_("Have outliers looked for"), who=_("organisers without a conflict"))
register("flag.confirm", _own_sheet, label=_("Confirm a total that was asked about"), who=ITS_EVALUATOR)
register("flag.correct", _own_sheet, label=_("Correct a total that was asked about"), who=ITS_EVALUATOR)
register("sheet.correct", _own_sheet, label=_("Open the own sheet for a correction that was asked about"), who=ITS_EVALUATOR)
