"""The permission rows of this app."""

from django.utils.translation import gettext_lazy as _

from accounts import job_watchers, scopes
from accounts.domain.roles import APPLICANT, EVERYWHERE, OPERATOR, ORGANISER
from accounts.permissions import everywhere, held, register, roles
from ledger.domain.reason import Reason


def may_give(user, scope):
    """In one competition its organisers; for regions and organisations every organiser, since several competitions share
    them; everywhere only an organiser of everywhere. An organisation's own people invite colleagues."""
    if everywhere(user, ORGANISER):
        return None
    if scope.startswith("organisation:") and APPLICANT in roles(user, scope) and ORGANISER not in roles(user):
        return scopes.against_members(scope)
    if scope == EVERYWHERE:
        return Reason("accounts.not_organiser_everywhere")
    mine = roles(user, scope) if scope.startswith("competition:") else roles(user)
    return None if ORGANISER in mine else Reason("accounts.not_organiser")


def given_by_me(user, rows):
    if everywhere(user, ORGANISER):
        return rows
    places = {scope for role, scope in held(user) if role == ORGANISER}
    if not places:
        own = {scope for role, scope in held(user) if role == APPLICANT and scope.startswith("organisation:")}
        return rows.filter(scope__in={scope for scope in own if scopes.against_members(scope) is None})
    return rows.filter(scope__in=places) | rows.exclude(scope__startswith="competition:").exclude(scope=EVERYWHERE)


def may_operate(user, _subject):
    return None if everywhere(user, OPERATOR) else Reason("accounts.not_operator")


register(
    "membership.give",
    may_give,
    queryset=given_by_me,
    label=_("Invite people, give and end roles"),
    who=_("Organisers of the place; members of an organisation for their own"),
)
register("operation.read", may_operate, label=_("See what the machine is doing: jobs, mail, storage"), who=_("Operators"))


def seen_by_operators(user, rows):
    return rows if everywhere(user, OPERATOR) else rows.none()


def may_watch(user, job):
    if job.requested_by == f"user:{user.pk}" or job_watchers.may_see(user, job.subject):
        return None
    return may_operate(user, job)


register("job.list", may_operate, queryset=seen_by_operators, label=_("See background jobs"), who=_("Operators"))
register("job.cancel", may_operate, queryset=seen_by_operators, label=_("Cancel background jobs"), who=_("Operators"))
register("job.retry", may_operate, queryset=seen_by_operators, label=_("Queue failed background jobs again"), who=_("Operators"))
register(
    "job.watch", may_watch, label=_("See the progress of a background job"), who=_("Who asked for it, who may see its subject, operators")
)
