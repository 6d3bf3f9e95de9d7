"""Programs read the groups of a round, draw them and place an entry."""

import pytest

from tests.factories.grouped import Grouped

pytestmark = pytest.mark.django_db


def post(client, address, **body):
    return client.post(f"/api/v1/{address}", body, content_type="application/json")


def test_a_program_draws_what_it_was_shown_and_moves_an_entry_with_a_reason(client):
    scene = Grouped()
    client.force_login(scene.organiser)
    address = f"rounds/{scene.round.pk}/groups/"
    told = client.get(f"/api/v1/{address}").json()
    assert [told[name] for name in ("most", "how", "entries", "outside", "draws", "digest")] == [4, "dealt", 11, 11, 0, None]
    drawn = post(client, address, shown=told["shown"])
    assert (drawn.status_code, drawn.json()["outside"], drawn.json()["draws"]) == (201, 0, 1)
    again = post(client, address, shown=told["shown"])
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (409, "evaluations.groups_drawn_meanwhile")
    groups = scene.groups()
    one, other = (next(place for place in range(7) if groups[place] == group) for group in (1, 2))
    move = f"entries/{scene.entries[one].pk}/group/"
    assert post(client, move, reason="回避").status_code == 400
    assert post(client, move, group=2, exchange=scene.entries[other].pk, reason="回避").status_code == 400
    found = post(client, move, exchange=scene.entries[other].pk, reason="回避")
    assert (found.status_code, found.json()["group"]) == (200, 2) and scene.groups()[other] == 1
    assert post(client, move, group=9, reason="回避").json()["reasons"][0]["code"] == "evaluations.group_unknown"
