"""Parts of queries that spare further queries."""

from django.db.models import Func, IntegerField, JSONField, QuerySet, Subquery, Value
from django.db.models.functions import JSONArray


class CountOf(Subquery):
    """How many rows a queryset has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class _Grouped(Func):
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def rows_of(rows: QuerySet, *columns) -> Subquery:
    """The columns of a queryset's rows as one JSON list of lists, in no order; None where it has no rows (SQLite: an empty list)."""
    every = rows.order_by().annotate(_every=Value(1)).values("_every").annotate(_rows=_Grouped(JSONArray(*columns)))
    return Subquery(every.values("_rows"), output_field=JSONField())
