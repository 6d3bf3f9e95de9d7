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


def _impartial(conflict: str):
    """Deciding is for organisers and deciders who are not bound to the cluster it is about; `conflict`: what the others are told."""

    def check(user, subject):
        if reason := needs("decider", "organiser")(user, subject):
            return reason
        if conflicts_of(user, [subject.entry.application.cluster_id]):
            return Reason(conflict)
        return None

    return check


def free_to_rule(user, round, clusters) -> set[int]:
    """Of these clusters those whose conditions the user may rule on; one query at most, whatever their number."""
    if needs("decider", "organiser")(user, round):
        return set()
    return set(clusters) - set(conflicts_of(user, list(clusters)))


IMPARTIAL = _("its organisers and deciders without a conflict")
for action, label in (("objection.uphold", _("Uphold an objection")), ("objection.reject", _("Reject an objection"))):
    register(action, _impartial("competition.objection_conflict"), label=label, who=IMPARTIAL)
for action, label in (
    ("condition.meet", _("Rule that the condition of a title is met")),
    ("condition.miss", _("Rule that the condition of a title is not met")),
    ("condition.extend", _("Give more time for the condition of a title")),
):
    register(action, _impartial("competition.condition_conflict"), label=label, who=IMPARTIAL)
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
