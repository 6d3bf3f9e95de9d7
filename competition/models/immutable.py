"""Rows that are written once: what was submitted stays as it was."""

from django.db import models


class WrittenOnceQuerySet(models.QuerySet):
    def update(self, **changes):
        raise TypeError(f"{self.model.__name__} rows are written once")

    update.alters_data = True


class WrittenOnce(models.Model):
    objects = WrittenOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **kwargs):
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are written once")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise TypeError(f"{type(self).__name__} rows are written once")
