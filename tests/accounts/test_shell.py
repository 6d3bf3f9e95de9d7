"""The page shell: navigation by role, forms with their errors, faults in both languages."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from accounts import menu
from accounts.models import User
from accounts.templatetags import saima


class Sample(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="as invited")
    staff = forms.IntegerField(label="Staff", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    truth = forms.BooleanField(label="All true")

    def clean(self):
        self.add_error(None, "together <b>wrong</b>")


def request(user=None, path="/m2/list/"):
    made = RequestFactory().get(path)
    made.user = user or AnonymousUser()
    return made


def organiser():
    user = User(email="a@example.cn", name_zh="张敏", name_en="Zhang Min", pk=1)
    user._held = frozenset({("organiser", "competition:3")})
    return user


@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(menu, "_entries", {})
    monkeypatch.setattr(saima, "reverse", lambda name, kwargs=None: f"/{name}/")
    asked = []
    for n, (group, roles, inside) in enumerate(
        [
            ("", {"organiser"}, False),
            ("competition", {"organiser"}, True),
            ("results", {"organiser"}, True),
            ("results", {"evaluator"}, True),
            ("account", set(), False),
        ]
    ):
        count = (lambda user, competition: asked.append(competition) or 7) if n == 1 else None
        menu.register(menu.MenuEntry(f"k{n}", f"Entry {n}", f"m{n}", "home", frozenset(roles), group, n, inside, count))
    return asked


def test_the_navigation_shows_what_the_roles_open_and_where_we_are(entries):
    nav = saima.build_nav(organiser(), SimpleNamespace(pk=3), "/m2/list/")
    assert [(item["label"], item["current"], item["count"]) for item in nav["items"]] == [
        ("Entry 0", False, None),
        ("Entry 1", False, 7),
        ("Entry 2", True, None),
    ]
    assert [item["label"] for item in nav["account"]] == ["Entry 4"]


def test_entries_of_a_competition_need_it_and_a_role_in_it(entries):
    assert [item["label"] for item in saima.build_nav(organiser(), None, "/")["items"]] == ["Entry 0"]
    assert [item["label"] for item in saima.build_nav(organiser(), SimpleNamespace(pk=4), "/")["items"]] == ["Entry 0"]


def test_counts_are_asked_once_per_page(entries):
    page = engines["django"].from_string('{% extends "base.html" %}{% block heading %}Here{% endblock %}')
    html = page.render({"competition": SimpleNamespace(pk=3), "demo": True}, request(organiser()))
    assert entries == [3]
    assert html.count('aria-current="page"') == 1
    assert "DEMO DATA" in html and "<h1>Here</h1>" in html


def test_a_form_with_errors_links_its_summary_to_its_fields():
    with translation.override("en"):
        html = Sample({"email": "x", "staff": "many"}).as_div()
    for anchor in ("id_email", "id_staff", "id_kind_group", "id_truth"):
        assert f'href="#{anchor}"' in html and f'id="{anchor}"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_helptext"' in html and 'id="id_email_error"' in html
    assert "together &lt;b&gt;wrong&lt;/b&gt;" in html
    assert "(optional)" in html and html.count("(optional)") == 1


def test_inputs_carry_the_classes_of_the_look_once():
    class Dressed(forms.Form):
        name = forms.CharField(widget=forms.TextInput(attrs={"class": "code"}))

    tag = re.search("<input[^>]*>", Dressed().as_div()).group()
    assert re.findall('class="([^"]*)"', tag) == ["input code"]


@pytest.mark.parametrize("code", ["400", "403", "404", "409", "429", "500"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_fault_says_what_to_do_next(code, language):
    with translation.override(language):
        html = get_template(f"{code}.html").render({}, None if code in {"400", "500"} else request())
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in html
    assert 'class="next-steps"' in html and f">{code}<" in html
    assert ("Skip to the content" in html) == (language == "en")


def test_the_language_can_be_switched_without_a_script():
    with translation.override("zh-hans"):
        html = get_template("404.html").render({"languages": (("zh-hans", "中文"), ("en", "English"))}, request(path="/a?b=1&c=2"))
    assert 'name="language" value="en"' in html and 'value="/a?b=1&amp;c=2"' in html and "csrfmiddlewaretoken" in html


def test_countdown_counts_whole_minutes():
    from datetime import timedelta

    with translation.override("en"):
        assert saima.countdown(timedelta(days=6, hours=8, minutes=31, seconds=59)) == [("6", "d"), ("08", "h"), ("31", "min")]
        assert saima.countdown(timedelta(seconds=-5)) == [("0", "d"), ("00", "h"), ("00", "min")]


@pytest.mark.parametrize(("count", "more"), [(4, False), (5, True)])
def test_what_the_bottom_bar_of_a_phone_cannot_hold_stands_under_more(monkeypatch, count, more):
    monkeypatch.setattr(menu, "_entries", {})
    monkeypatch.setattr(saima, "reverse", lambda name, kwargs=None: f"/{name}/")
    for n in range(count):
        menu.register(menu.MenuEntry(f"k{n}", f"Entry {n}", f"m{n}", "home", frozenset(), "", n, False))
    html = get_template("base.html").render({}, request(organiser()))
    assert ("more-list" in html) == more
    assert html.count(f"Entry {count - 1}<") == (2 if more else 1)


def test_an_entry_covers_pages_by_name_before_the_longest_address():
    found = [
        {"entry": menu.MenuEntry("a", "A", "a", "home", frozenset(), "", 1), "url": "/c/1/", "current": False},
        {"entry": menu.MenuEntry("b", "B", "b", "home", frozenset(), "", 2, covers=("app:seat_",)), "url": "/c/1/b/", "current": False},
    ]
    saima.mark_current(found, "/c/1/rounds/2/", "app:seat_extend")
    assert [item["current"] for item in found] == [False, True]


def test_a_hint_is_text():
    class Told(forms.Form):
        name = forms.CharField(help_text="<b>words</b>")

    assert "&lt;b&gt;words" in get_template("components/field.html").render({"field": Told()["name"]})
