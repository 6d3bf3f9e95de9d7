"""Whose places an application takes, and when there is none left."""

from competition.domain.quotas import Account, charged_to, order_fault


def test_the_nearest_region_with_places_is_charged():
    assert charged_to(["330200", "330000"], {"330000", "330200"}) == "330200"
    assert charged_to(["330200", "330000"], {"330000", "320000"}) == "330000"
    assert charged_to(["330200", "330000"], {"320000"}) is None


def test_an_account():
    assert [Account(3, used).left for used in (0, 2, 3)] == [3, 1, 0]
    assert [Account(3, used).against_one_more() for used in (0, 2)] == [None, None]
    reason = Account(3, 3).against_one_more()
    assert (reason.code, dict(reason.params)) == ("competition.quota_used_up", {"places": 3, "used": 3})
    assert (Account(None, 70).left, Account(None, 70).against_one_more()) == (None, None)


def test_an_order_names_each_once():
    assert order_fault([7, 4, 9], [9, 7, 4]) is None
    assert {order_fault([7, 4, 9], wanted).code for wanted in ([7, 4], [7, 4, 4], [7, 4, 9, 2])} == {"competition.preference_changed"}
