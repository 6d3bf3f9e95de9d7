"""What roles are called. Logic never asks for a label."""

from django.utils.translation import gettext_lazy as _

ROLE_LABELS = {
    "organiser": _("Organiser"),
    "decider": _("Decider"),
    "supervisor": _("Supervisor"),
    "evaluator": _("Evaluator"),
    "recommender": _("Recommender"),
    "applicant": _("Applicant"),
    "operator": _("Operator"),
}
