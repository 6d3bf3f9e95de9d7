from django.db import models

from competition.domain.parties import TEXTS
from competition.models.names import Named
from ledger.models.append_only import AppendOnlyModel


class PartnerFields(Named, models.Model):
    """A partner of a joint entry as its applicant names it. The lead party is the application's organisation and has no row."""

    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=TEXTS["name_zh"])
    name_en = models.CharField(max_length=TEXTS["name_en"], blank=True)
    credit_code = models.CharField(max_length=18, db_index=True)
    region = models.ForeignKey("competition.Region", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=TEXTS["role"], blank=True)

    class Meta:
        abstract = True


class Party(PartnerFields):
    """Of the draft: replaced whole by every save."""

    application = models.ForeignKey("competition.Application", on_delete=models.CASCADE, related_name="parties")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["application", "order"], name="party_order_once"),
            models.UniqueConstraint(fields=["application", "credit_code"], name="party_code_once"),
        ]


class RevisionParty(PartnerFields, AppendOnlyModel):
    """As it was submitted. Which registered organisation it is, is asked by its code whenever it matters: it may register later."""

    revision = models.ForeignKey("competition.Revision", on_delete=models.PROTECT, related_name="parties")

    class Meta(AppendOnlyModel.Meta):
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "order"], name="revision_party_order_once"),
            models.UniqueConstraint(fields=["revision", "credit_code"], name="revision_party_code_once"),
        ]
