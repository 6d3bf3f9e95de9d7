"""Objections, awards and what follows a release."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import needs, staffed

for action, label, roles, who in (
    ("notice.withdraw", _("Withdraw a publicity notice"), ("organiser",), _("its organisers")),
    ("objection.record", _("Record an objection"), ("organiser", "supervisor"), _("its organisers and supervisors")),
    ("objection.uphold", _("Uphold an objection"), ("decider", "organiser"), _("its organisers and deciders")),
    ("objection.reject", _("Reject an objection"), ("decider", "organiser"), _("its organisers and deciders")),
    ("objection.withdraw", _("Note that an objection was withdrawn"), ("organiser",), _("its organisers")),
    ("award.give", _("Give awards"), ("organiser",), _("its organisers")),
    ("award.revoke", _("Revoke an award"), ("organiser", "decider"), _("its organisers and deciders")),
):
    register(action, needs(*roles), label=label, who=who)
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
