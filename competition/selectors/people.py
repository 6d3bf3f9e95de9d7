"""Who takes part in a competition, by role."""

from accounts.labels import ROLE_LABELS
from accounts.models import Invitation, Membership
from competition.models import Organisation

STAFF_ROLES = ("organiser", "decider", "supervisor", "evaluator", "recommender", "applicant")


def people_of(competition, *, at) -> dict:
    """`roles`: a line per role with its members and open invitations; `organisations`: those that apply here, with theirs.
    Constant in queries."""
    scope = f"competition:{competition.pk}"
    members = list(Membership.objects.live().filter(scope=scope).select_related("user").order_by("user__name_zh", "user__email", "pk"))
    invited = list(_open(scope=scope))
    roles = [
        {
            "role": role,
            "label": ROLE_LABELS[role],
            "members": [row for row in members if row.role == role],
            "invitations": [(row, row.state(at)) for row in invited if row.role == role],
        }
        for role in STAFF_ROLES
    ]
    organisations = list(Organisation.objects.filter(applications__competition=competition).distinct().order_by("name_zh", "pk"))
    scopes = [f"organisation:{row.pk}" for row in organisations]
    applicants = list(Membership.objects.live().filter(role="applicant", scope__in=scopes).select_related("user").order_by("pk"))
    return {
        "roles": [row for row in roles if row["members"] or row["invitations"] or row["role"] not in ("applicant", "recommender")],
        "organisations": [
            {
                "organisation": row,
                "scope": f"organisation:{row.pk}",
                "members": [held for held in applicants if held.scope == f"organisation:{row.pk}"],
            }
            for row in organisations
        ],
    }


def applicants_of(organisations, *, at) -> dict[int, dict]:
    """Organisation id → its live applicants and open invitations, in two queries."""
    ids = {f"organisation:{row.pk}": row.pk for row in organisations}
    found = {pk: {"scope": scope, "members": [], "invitations": []} for scope, pk in ids.items()}
    for held in Membership.objects.live().filter(role="applicant", scope__in=ids).select_related("user").order_by("pk"):
        found[ids[held.scope]]["members"].append(held)
    for row in _open(scope__in=ids):
        found[ids[row.scope]]["invitations"].append((row, row.state(at)))
    return found


def _open(**where):
    return Invitation.objects.filter(**where, used_at=None, cancelled_at=None).order_by("-invited_at", "-pk")
