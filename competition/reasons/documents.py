"""Why a document is not issued or not handed over."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "competition.document_subject_unknown": _("There is nothing to issue this document of."),
        "competition.document_not_drawn": _("The document is still being drawn. It takes a few seconds; ask again then."),
        "competition.award_revoked": _("The award was revoked; no certificate is issued for it."),
        "competition.report_void": _("The proposal is void. Print the report of the one that took its place."),
    }
)
