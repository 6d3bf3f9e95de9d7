"""A column that holds canonical JSON as text, so that both databases keep the same bytes."""

from django.db import models

from ledger.domain import canonical


class CanonicalField(models.TextField):
    """Any plain JSON value. Not a JSONField: PostgreSQL would store it in another spelling than it was digested in."""

    def from_db_value(self, value, expression, connection):
        return None if value is None else canonical.parse(value)

    def get_prep_value(self, value):
        return canonical.text(value)

    def to_python(self, value):
        return value

    def value_to_string(self, obj):
        return canonical.text(self.value_from_object(obj))

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs  # migrations import nothing of ours; the column is plain text
