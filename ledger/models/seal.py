from django.db import models
from django.db.models import Q

from ledger.domain.hashing import FIRST
from ledger.models.append_only import AppendOnlyModel
from ledger.models.record import Record


class Seal(AppendOnlyModel):
    """A batch of records closed under one Merkle root and linked to the seal before it."""

    number = models.PositiveBigIntegerField(primary_key=True)  # from 1, without gaps
    at = models.DateTimeField()
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=10, default=FIRST, db_default=FIRST)  # one of `ledger.domain.hashing`
    hash = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="ledger_seal_number_positive")]

    def __str__(self):
        return self.anchor

    @property
    def anchor(self) -> str:
        """What documents carry and ``ledger verify --anchor`` takes."""
        return f"{self.number}:{self.hash}"


class SealEntry(AppendOnlyModel):
    """Which record stands where in which seal. The digest stands here again, so that a rewritten record can be named."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, primary_key=True, related_name="entry")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="entries", db_index=False)
    position = models.PositiveIntegerField()  # from 0
    digest = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        verbose_name_plural = "seal entries"
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="ledger_seal_entry_position")]

    def __str__(self):
        return f"{self.seal_id}/{self.position} {self.record_id}"
