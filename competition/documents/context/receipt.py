"""The receipt of an application: what was handed in, when by the server's clock, with the digest of every file."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competition.documents.kinds import DocumentKind, register_kind
from competition.domain.forms import slots
from competition.models import Revision
from competition.permissions.holding import STAFF, organisations, roles_in
from competition.selectors.parties import submitted_partners
from ledger.domain.reason import Reason

MEGABYTE = 1_000_000


def find(keys) -> dict[str, Revision]:
    rows = Revision.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related(
        "application__competition", "application__cluster", "application__organisation", "round", "form"
    )
    return {str(row.pk): row for row in rows}


def context(revision, language) -> dict:
    application = revision.application
    partners = submitted_partners(revision, application.competition)
    labels = slots(revision.form.definition)
    return {
        "receipt": revision.receipt_number,
        "competition": str(application.competition),
        "round": str(revision.round),
        "cluster": str(application.cluster),
        "organisation": str(application.organisation),
        "application": f"{application.competition.code} / {application.pk}",
        "revision": revision.number,
        "received_at": revision.submitted_at.isoformat(timespec="seconds"),
        "deadline": revision.round.intake_closes.isoformat(timespec="seconds") if revision.round.intake_closes else None,
        "form_digest": revision.digest,
        "files": [
            {"name": row.name, "kind": _slot(labels.get(row.slot), language), "size": size(row.size), "sha256": row.sha256}
            for row in revision.attachments.order_by("slot", "pk")
        ],
        **(
            {"partners": [{"name": str(row), "credit_code": row.credit_code, "region": str(row.region)} for row in partners]}
            if partners
            else {}
        ),
        "next": [
            _("The organiser checks the application and accepts it, returns it for correction with a reason and a date, or refuses it."),
            _("You find its state on its page at any time. A correction gets a receipt of its own; this one stays valid for its revision."),
        ],
    }


def _slot(field, language) -> str:
    return field["label"]["en" if language.startswith("en") else "zh"] if field else "—"


def size(count: int) -> str:
    """Of a file, in decimal units: 1.8 MB, 34 kB."""
    if count >= MEGABYTE:
        return f"{number_format(round(count / MEGABYTE, 1), 1)} MB"
    return f"{max(1, round(count / 1000))} kB"


def may_read(user, revision) -> Reason | None:
    if revision.application.organisation_id in organisations(user) or roles_in(user, revision.application) & STAFF:
        return None
    return Reason("competition.not_yours")


register_kind(
    DocumentKind(
        name="receipt",
        subject_kind="revision",
        prefix="RC",
        template="documents/receipt.html",
        label=gettext_lazy("Receipt of application"),
        find=find,
        competition=lambda revision: revision.application.competition,
        about=lambda revision: f"{revision.application.cluster} · {revision.receipt_number}",
        context=context,
        may_read=may_read,
        may_issue=may_read,
    )
)
