from datetime import UTC, datetime, timedelta

import pytest

from ledger import actions
from ledger.models import Record
from ledger.selectors import life, newest_seal, read, seal_of, unsealed
from ledger.services import record, seal
from tests.ledger.things import DO

OTHER = actions.register("thing.drop", "Thing dropped")
AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def rows(db):
    def write(hours, **more):
        return record(
            **{"actor": "user:1", "action": DO, "subject": "thing:1", "scope": "competition:4", **more}, at=AT + timedelta(hours=hours)
        )

    return [
        write(0),
        write(1, actor="user:12"),
        write(2, subject="thing:11", private={"note": "n"}),
        write(3, scope="competition:41"),
        write(4, action=OTHER, subject="thing:2"),
        write(-1, private={"a": "1", "b": "2"}),
    ]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [5, 4, 3, 2, 1, 0]),
        ({"scope": "competition:4"}, [5, 4, 2, 1, 0]),
        ({"scope": {"competition:4", "competition:41"}, "actor": "user:1"}, [5, 4, 3, 2, 0]),
        ({"subject": "thing:1"}, [5, 3, 1, 0]),
        ({"subject": ["thing:11", "thing:2"]}, [4, 2]),
        ({"actor": "user:12"}, [1]),
        ({"action": OTHER}, [4]),
        ({"scope": []}, []),
        ({"since": AT + timedelta(hours=1), "until": AT + timedelta(hours=3)}, [2, 1]),
    ],
)
def test_reading_is_newest_first_and_filtered(rows, filters, found):
    assert list(read(**filters)) == [rows[place] for place in found]


def test_the_life_of_a_subject_is_in_order_with_its_texts(rows, django_assert_num_queries):
    with django_assert_num_queries(2):
        told = [(row.pk, row.texts()) for row in life("thing:1")]
    assert told == [(rows[5].pk, {"a": "1", "b": "2"}), (rows[0].pk, {}), (rows[1].pk, {}), (rows[3].pk, {})]


def test_seals(rows):
    assert (newest_seal(), seal_of(rows[0].pk)) == (None, None)
    assert unsealed().count() == 6
    made = seal()
    late = record(actor="system", action=DO, subject="thing:7")
    assert (newest_seal(), seal_of(rows[5].pk), seal_of(late.pk)) == (made, made, None)
    assert list(unsealed()) == [late]


def test_rows_say_what_they_are(rows):
    made = seal()
    assert str(Record.objects.get(pk=rows[0].pk)) == f"{rows[0].pk} thing.do thing:1"
    assert (str(made), str(made.entries.get(position=2))) == (f"1:{made.hash}", f"1/2 {rows[2].pk}")
    assert str(rows[2].private_values.get()) == f"{rows[2].pk} note"
