"""Competitions, their tracks, rounds and rules."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import everywhere, register, roles, scopes
from competition.permissions.holding import STAFF, needs, organisations, roles_in, staffed
from ledger.domain.reason import Reason

MEMBERS = STAFF | {"evaluator"}


def _may_view(user, competition):
    if competition.state != "draft" and competition.state is not None:
        applies = organisations(user) and competition.applications.filter(organisation__in=organisations(user)).exists()
    else:
        applies = False
    if roles_in(user, competition) & MEMBERS or applies:
        return None
    return Reason("competition.role_needed", {"roles": sorted(MEMBERS)})


def _viewable(user, rows):
    if any(everywhere(user, role) for role in MEMBERS):
        return rows
    ids = {int(key) for role in MEMBERS for key in scopes(user, role, "competition")}
    return rows.filter(Q(pk__in=ids) | (~Q(state="draft") & Q(applications__organisation__in=organisations(user)))).distinct()


def _may_create(user, subject):
    return None if "organiser" in roles(user) else Reason("competition.role_needed", {"roles": ["organiser"]})


register("competition.view", _may_view, queryset=_viewable, label=_("Open a competition"), who=_("its staff, evaluators and applicants"))
register("competition.create", _may_create, label=_("Create a competition"), who=_("organisers"))
for action, label in (
    ("edit", _("Change a competition's set-up")),
    ("publish", _("Publish the call")),
    ("decide", _("Declare a competition decided")),
    ("archive", _("Archive a competition")),
):
    register(
        f"competition.{action}",
        needs("organiser"),
        queryset=lambda user, rows: staffed(user, rows, wanted={"organiser"}),
        label=label,
        who=_("its organisers"),
    )
register(
    "competition.staff",
    needs(*STAFF),
    queryset=lambda user, rows: staffed(user, rows),
    label=_("See a competition's inner pages"),
    who=_("its organisers, deciders and supervisors"),
)
for action, label in (
    ("open", _("Open a round's intake")),
    ("start_judging", _("Start judging")),
    ("close", _("Close a round")),
    ("request_reopening", _("Ask for a closed round to be re-opened")),
    ("release", _("Mark a round released")),
):
    register(f"round.{action}", needs("organiser"), label=label, who=_("its organisers"))
for action, label in (
    ("reopen", _("Re-open a closed round")),
    ("decline_reopening", _("Decline to re-open a round")),
):
    register(f"round.{action}", needs("organiser", "decider"), label=label, who=_("a second person among its organisers and deciders"))
register("round.group", needs("organiser"), label=_("Draw and change the groups of a round"), who=_("its organisers"))
register(
    "round.view",
    needs(*STAFF),
    queryset=lambda user, rows: staffed(user, rows, "competition_id"),
    label=_("See a round's inner pages"),
    who=_("its organisers, deciders and supervisors"),
)
