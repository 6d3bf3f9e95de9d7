"""Many whole numbers at once out of the database, without a Python object for each."""

from itertools import chain

import numpy as np
from django.db import connection


def integers(rows, width: int) -> np.ndarray:
    """The rows of a `values_list` of `width` columns, all big integers and none null, as rows × columns of int64. One query."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _packed(cursor, sql, params, width)
        cursor.execute(sql, params)
        return np.fromiter(chain.from_iterable(cursor.fetchall()), dtype=np.int64).reshape(-1, width)


def _packed(cursor, sql, params, width: int) -> np.ndarray:
    """The server packs all rows into one value, eight bytes a number: a fifth of the time of fetching or of COPY."""
    names = [f"c{column}" for column in range(width)]
    sent = " || ".join(f"int8send({name})" for name in names)
    cursor.execute(f"SELECT string_agg({sent}, ''::bytea) FROM ({sql}) AS packed ({', '.join(names)})", params)  # noqa: S608
    content = cursor.fetchone()[0] or b""
    return np.frombuffer(content, dtype=">i8").astype(np.int64).reshape(-1, width)
