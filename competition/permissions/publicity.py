"""Objections, awards and what follows a release."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.conflicts import conflicts_of
from competition.permissions.holding import needs, staffed
from ledger.domain.reason import Reason

for action, label, roles, who in (
    ("notice.withdraw", _("Withdraw a publicity notice"), ("organiser",), _("its organisers")),
    ("objection.record", _("Record an objection"), ("organiser", "supervisor"), _("its organisers and supervisors")),
    ("objection.withdraw", _("Note that an objection was withdrawn"), ("organiser",), _("its organisers")),
    ("award.give", _("Give awards"), ("organiser",), _("its organisers")),
    ("award.revoke", _("Revoke an award"), ("organiser", "decider"), _("its organisers and deciders")),
):
    register(action, needs(*roles), label=label, who=who)


def _impartial(user, objection):
    """Deciding is for organisers and deciders who are not bound to the cluster it is about."""
    if reason := needs("decider", "organiser")(user, objection):
        return reason
    if conflicts_of(user, [objection.entry.application.cluster_id]):
        return Reason("competition.objection_conflict")
    return None


for action, label in (("objection.uphold", _("Uphold an objection")), ("objection.reject", _("Reject an objection"))):
    register(action, _impartial, label=label, who=_("its organisers and deciders without a conflict"))
register(
    "objection.view",
    needs("organiser", "decider", "supervisor"),
    queryset=lambda user, rows: staffed(user, rows, "entry__round__competition_id"),
    label=_("Read objections"),
    who=_("its staff"),
)
register(
    "award.view",
    needs("organiser", "decider", "supervisor"),
    queryset=lambda user, rows: staffed(user, rows, "entry__round__competition_id"),
    label=_("See awards"),
    who=_("its staff"),
)
