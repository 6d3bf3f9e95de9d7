"""Codes of places inside a reason are said by name, in the reader's language, without a database."""

import pytest
from django.utils import translation

from ledger.domain.reason import Reason
from ledger.reasons import say


@pytest.mark.parametrize(
    ("by", "value", "zh", "en"),
    [
        ("region", "320000", "江苏省", "Jiangsu"),
        ("recommender", "440000", "广东省", "Guangdong"),
        ("sector", "equipment", "高端装备", "High-end equipment"),
        ("macro_region", "west", "西部", "West"),
        ("track", "equipment", "equipment", "equipment"),
        ("region", "nowhere", "nowhere", "nowhere"),
    ],
)
def test_a_cap_names_what_it_counts(by, value, zh, en):
    reason = Reason("competition.cap_reached", {"rank": 6, "of": 12, "max": 3, "by": by, "value": value, "ranks": [2, 4, 5]})
    for language, name in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            said = say(reason)
        assert f" {name} " in said if language == "en" else name in said
