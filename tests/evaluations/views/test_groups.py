"""The page of a round's groups: before the draw, the draw, the change by hand, what the public reads of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.selectors import groups as selectors
from evaluations.services.groups import draw_groups
from tests.factories.evaluations import make_assignment
from tests.factories.grouped import LATER, Grouped

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    found = Grouped()
    client.force_login(found.organiser)
    return found


def at(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def page_of(scene):
    return at("group_list", scene.round.competition_id, scene.round.pk)


def shown(html):
    return re.search(r'name="shown" value="([^"]+)"', html)[1]


def test_the_organiser_draws_from_the_page_and_sees_every_group(client, scene):
    html = client.get(page_of(scene)).text
    assert "7个，分2组" in html and "4个，分1组" in html and "尚未分组" in html
    answer = client.post(at("group_draw", scene.round.competition_id, scene.round.pk), {"shown": shown(html)}, follow=True)
    html = answer.text
    assert "分组已抽签确定" in html and "4 + 3" in html and "尚未分组" not in html
    assert html.count("<b>第2组</b>") == 3
    only = client.get(page_of(scene), {"track": "first", "group": "2"}).text
    assert only.count("<b>第2组</b>") == 3 and "<b>第1组</b>" not in only
    again = client.post(at("group_draw", scene.round.competition_id, scene.round.pk), {"shown": "0.11.x"}, follow=True).text
    assert "已有人完成抽签" in again and scene.round.group_draws.count() == 1


def test_a_move_shows_its_faults_at_their_fields_and_loses_nothing(client, scene):
    content = selectors.content_of(scene.round)
    draw_groups(scene.round, shown=selectors.token_of(content, 0), actor=scene.organiser, at=LATER)
    groups = scene.groups()
    place = next(place for place in range(7) if groups[place] == 2)
    other = next(place for place in range(7) if groups[place] == 1)
    address = at("group_move", scene.round.competition_id, scene.entries[place].pk)
    form = client.get(address).context["form"]
    assert [label for label, _options in form.fields["to"].choices[1:]] == ["交换对象"]  # the other group is full
    answer = client.post(address, {"to": "group:1", "reason": "回避同一实验室"})
    assert answer.status_code == 422 and "to" in answer.context["form"].errors and "回避同一实验室" in answer.text
    assert client.post(address, {"to": f"entry:{scene.entries[other].pk}", "reason": "回避"}).status_code == 302
    assert (scene.groups()[place], scene.groups()[other]) == (1, 2)
    make_assignment(scene.entries[0], scene.judge(), state="proposed")
    html = client.get(address).text
    assert "已有评审席位（1个），分组已固定" in html and "<textarea" not in html
    assert client.post(address, {"to": "group:1", "reason": "x"}).status_code == 409


def test_an_evaluator_reads_the_group_of_each_own_entry(client, scene):
    draw_groups(scene.round, shown=selectors.token_of(selectors.content_of(scene.round), 0), actor=scene.organiser, at=LATER)
    place = scene.groups().index(2)
    judge = scene.judge()
    make_assignment(scene.entries[place], judge, state="published")
    client.force_login(judge.user)
    html = client.get(at("my_round", scene.round.competition_id, scene.round.pk)).text
    assert html.count("第2组") == 1 and "第1组" not in html
    assert client.get(page_of(scene)).status_code == 403


def test_what_waits_is_said_until_every_entry_is_in_a_group(client, scene):
    home = reverse("competition:organiser_home")
    assert "分组" in client.get(home).text and page_of(scene) in client.get(home).text
    draw_groups(scene.round, shown=selectors.token_of(selectors.content_of(scene.round), 0), actor=scene.organiser, at=LATER)
    assert page_of(scene) not in client.get(home).text


def test_after_the_release_the_page_counts_the_draw_again(client, scene):
    made = draw_groups(scene.round, shown=selectors.token_of(selectors.content_of(scene.round), 0), actor=scene.organiser, at=LATER)
    assert scene.round.seed not in client.get(page_of(scene)).text
    type(scene.round).objects.filter(pk=scene.round.pk).update(state="released")
    html = client.get(page_of(scene)).text
    assert scene.round.seed in html and "结果一致" in html
    made.content[0][3] = 3 - made.content[0][3]
    made.save()
    assert "结果不一致" in client.get(page_of(scene)).text


def test_the_list_asks_as_often_for_many_as_for_few(client, scene):
    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(page_of(scene))
        return len(found)

    scene.round.entries.exclude(pk__in=[scene.entries[0].pk]).update(state="withdrawn")
    asked()
    few = asked()
    scene.round.entries.update(state="running")
    assert asked() == few <= 15
