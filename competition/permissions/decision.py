"""Proposals, meetings, signatures. Nobody who judges, applies or is bound to a cluster of the round decides it."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import organisations, roles_in, staffed
from competition.permissions.secrecy import against_scores
from ledger.domain.reason import Reason


def _deciding(*wanted: str):
    need = frozenset(wanted)

    def check(user, subject):
        round = subject if hasattr(subject, "intake_opens") else subject.round
        held = roles_in(user, round)
        if not held & need:
            return Reason("competition.role_needed", {"roles": sorted(need)})
        if "evaluator" in held:
            return Reason("competition.evaluators_do_not_decide")
        if (mine := organisations(user)) and round.entries.filter(application__organisation__in=mine).exists():
            return Reason("competition.parties_do_not_decide")
        return against_scores(user, round)

    return check


def _listed(user, rows):
    return staffed(user, rows, "round__competition_id")


WHO_DECIDES = _("its organisers and deciders, none of them evaluator, party or conflicted")

register("proposal.create", _deciding("organiser"), label=_("Draw up a proposal"), who=_("its organisers without a conflict"))
register(
    "proposal.view",
    _deciding("organiser", "decider", "supervisor"),
    queryset=_listed,
    label=_("Read a proposal"),
    who=_("its staff without a conflict"),
)
register("proposal.table", _deciding("organiser", "decider"), label=_("Table a proposal"), who=WHO_DECIDES)
register("proposal.change", _deciding("decider"), label=_("Change one outcome with a reason"), who=_("its deciders without a conflict"))
register("proposal.record_meeting", _deciding("organiser", "decider"), label=_("Record the meeting"), who=WHO_DECIDES)
register("proposal.sign", _deciding("organiser", "decider"), label=_("Sign a release"), who=WHO_DECIDES)
register("proposal.release", _deciding("organiser", "decider"), label=_("Release a round"), who=_("the second of two people who sign"))
register("proposal.void", _deciding("organiser", "decider"), label=_("Withdraw a proposal"), who=WHO_DECIDES)
