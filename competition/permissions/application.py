"""Applications, their attachments and the entries that come of them."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import register, roles, visible
from competition.models import Quota, Recommendation
from competition.permissions.holding import STAFF, organisations, roles_in, staffed
from competition.permissions.recommendation import of_region
from ledger.domain.reason import Reason


def _application(subject):
    return getattr(subject, "application", subject)


def _mine(user, subject):
    if _application(subject).organisation_id in organisations(user):
        return None
    return Reason("competition.not_yours")


def _organiser(user, subject):
    if "organiser" in roles_in(user, _application(subject)):
        return None
    return Reason("competition.role_needed", {"roles": ["organiser"]})


def _mine_or_organiser(user, subject):
    return None if _mine(user, subject) is None else _organiser(user, subject)


def _may_view(user, subject):
    application = _application(subject)
    if _mine(user, application) is None:
        return None
    if (roles_in(user, application) & STAFF or _recommends(user, application)) and application.revisions.exists():
        return None
    return Reason("competition.not_yours")


def _recommends(user, application) -> bool:
    if "recommender" not in roles(user):
        return False
    asked = Recommendation.objects.filter(application=application).values_list("quota__region_id", flat=True).first()
    return asked is not None and of_region(user, asked)


def _viewable(user, rows):
    """Own ones in any state; staff, and recommenders those of their regions, see those that were ever submitted, never a draft's
    content."""
    submitted = rows.filter(revisions__isnull=False)
    seen = Q(pk__in=staffed(user, submitted, "competition_id").values("pk"))
    if "recommender" in roles(user):
        mine = Recommendation.objects.filter(quota__in=visible(user, "quota.list", Quota))
        seen |= Q(pk__in=submitted.filter(pk__in=mine.values("application")).values("pk"))
    return rows.filter(Q(organisation__in=organisations(user)) | seen)


APPLICANT, ORGANISER = _("its applicant"), _("its organisers")
register(
    "application.view",
    _may_view,
    queryset=_viewable,
    label=_("Read an application"),
    who=_("its applicant; staff and recommenders of its region once submitted"),
)
for action, label in (
    ("edit", _("Fill in an application")),
    ("submit", _("Submit an application")),
    ("resubmit", _("Submit a correction")),
    ("withdraw", _("Withdraw an application")),
    ("resume", _("Take a withdrawn application up again")),
):
    register(
        f"application.{action}",
        _mine,
        queryset=lambda user, rows: rows.filter(organisation__in=organisations(user)),
        label=label,
        who=APPLICANT,
    )
for action, label in (
    ("accept", _("Accept an application")),
    ("return", _("Return an application for correction")),
    ("extend", _("Extend the time of a correction")),
    ("refuse", _("Refuse an application")),
):
    register(f"application.{action}", _organiser, label=label, who=ORGANISER)
register("entry.withdraw", _mine_or_organiser, label=_("Withdraw an entry"), who=_("its applicant or organisers"))
register("entry.disqualify", _organiser, label=_("Disqualify an entry"), who=ORGANISER)
register("entry.suspend", _organiser, label=_("Suspend an entry"), who=ORGANISER)
register("entry.resume", _organiser, label=_("Let a suspended entry run again"), who=ORGANISER)
register("entry.answer_offer", _mine_or_organiser, label=_("Answer the offer of a freed place"), who=_("its applicant or organisers"))
