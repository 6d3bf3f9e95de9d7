"""What the content security policy and the look demand of every template and script."""

import re
from pathlib import Path

import pytest

from accounts.templatetags.saima import STYLESHEETS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.parent.name not in {"emails"} and "email" not in path.relative_to(ROOT / "templates").parts]
NAMES = [str(path.relative_to(ROOT / "templates")) for path in PAGES]


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_nothing_inline(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"\shx-on", text)
    assert not re.search(r"javascript:", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_icon_is_drawn(path):
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "icons.svg").read_text()))
    assert set(re.findall(r"{% icon [\"'](\w+)[\"']", path.read_text())) <= drawn


def test_every_sheet_is_linked_and_there():
    assert sorted(STYLESHEETS) == sorted(sheet.stem for sheet in (ROOT / "static" / "css").glob("*.css"))


def test_every_component_stands_in_the_page_about_the_look():
    page = (ROOT / "docs" / "look.md").read_text()
    parts = {"brand", "language", "person_menu", "public_nav", "side_nav", "strips", "toasts", "fault"}  # used by the base pages only
    for component in (ROOT / "templates" / "components").glob("*.html"):
        assert component.stem in parts or f"`{component.stem}`" in page, component.stem


def test_scripts_are_modules_without_evaluation():
    for script in (ROOT / "static" / "js").glob("*.js"):
        text = script.read_text()
        assert not re.search(r"\beval\(|new Function|innerHTML\s*=|document\.write", text), script.name
