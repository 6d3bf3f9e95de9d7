"""Rows that are written once. The database refuses the same by triggers; here the fault shows with its line."""

from django.db import models


class AppendOnly(Exception):
    """Something tried to change or delete a row that is written once."""


def _refuse(what: str):
    raise AppendOnly(f"{what} are only ever added")


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **changes):
        _refuse(self.model._meta.verbose_name_plural)

    def delete(self):
        _refuse(self.model._meta.verbose_name_plural)

    def _raw_delete(self, using):
        _refuse(self.model._meta.verbose_name_plural)

    def _update(self, values):
        _refuse(self.model._meta.verbose_name_plural)

    def bulk_update(self, objs, fields, batch_size=None):
        _refuse(self.model._meta.verbose_name_plural)

    def update_or_create(self, defaults=None, create_defaults=None, **lookups):
        _refuse(self.model._meta.verbose_name_plural)

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, update_conflicts=False, update_fields=None, unique_fields=None):
        if ignore_conflicts or update_conflicts:
            _refuse(self.model._meta.verbose_name_plural)
        return super().bulk_create(objs, batch_size=batch_size)

    for _name in ("update", "delete", "_raw_delete", "update_or_create"):
        locals()[_name].alters_data = True
    del _name


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, **kwargs):
        if not self._state.adding or kwargs.get("force_update") or kwargs.get("update_fields"):
            _refuse(self._meta.verbose_name_plural)
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, **kwargs):
        _refuse(self._meta.verbose_name_plural)
