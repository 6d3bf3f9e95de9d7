from django.db import models
from django.db.models import Q

from ledger.domain.hashing import FIRST
from ledger.models.append_only import AppendOnlyModel, AppendOnlyQuerySet, _refuse
from ledger.models.fields import CanonicalField


class Record(AppendOnlyModel):
    """One thing that was done. References are ``kind:key`` text, since actors and subjects live in apps above."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=121)
    action = models.CharField(max_length=100)
    subject = models.CharField(max_length=121)
    scope = models.CharField(max_length=121, blank=True, default="")
    request = models.CharField(max_length=64, blank=True, default="")
    before = CanonicalField()
    after = CanonicalField()
    private = CanonicalField()  # key → salted digest of the text beside
    algorithm = models.CharField(max_length=10, default=FIRST, db_default=FIRST)  # one of `ledger.domain.hashing`
    digest = models.CharField(max_length=64)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["scope", "id"], name="ledger_record_scope"),
            models.Index(fields=["subject", "id"], name="ledger_record_subject"),
            models.Index(fields=["actor", "id"], name="ledger_record_actor"),
            models.Index(fields=["at"], name="ledger_record_at"),
        ]
        # SQLite's BEFORE INSERT trigger sees -1 where no id is given: such a row would stop the ledger.
        constraints = [models.CheckConstraint(condition=Q(id__gt=0), name="ledger_record_id_positive")]

    def __str__(self):
        return f"{self.pk} {self.action} {self.subject}"

    def texts(self) -> dict[str, str]:
        """The private texts that are still there; one query unless prefetched as ``private_values``."""
        return {private.key: private.value for private in self.private_values.all()}


class PrivateValueQuerySet(AppendOnlyQuerySet):
    """May be erased, never changed. Only `services.erase` calls `erase`, since it writes the record of it."""

    def erase(self) -> int:
        return models.QuerySet._raw_delete(self, self.db)


class PrivateValue(models.Model):
    """Personal or free text of a record, with the salt of its digest."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="private_values")
    key = models.CharField(max_length=80)
    salt = models.CharField(max_length=64)
    value = models.TextField()

    objects = PrivateValueQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["record", "key"], name="ledger_private_value_once"),
            models.CheckConstraint(condition=Q(id__gt=0), name="ledger_private_value_id_positive"),
        ]

    def __str__(self):
        return f"{self.record_id} {self.key}"

    def save(self, **kwargs):
        if not self._state.adding:
            _refuse(self._meta.verbose_name_plural)
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, **kwargs):
        _refuse(self._meta.verbose_name_plural)
