"""What README.md and docs/ lead to is there, and no picture is left over."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)")


def targets(page: Path) -> list[Path]:
    return [(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_linked_is_there(page):
    assert [str(target) for target in targets(page) if not target.exists()] == []


def test_every_picture_is_shown_in_both_languages():
    pictures = sorted((ROOT / "docs" / "pictures").rglob("*.png"))
    shown = {target for page in PAGES for target in targets(page)}
    assert pictures and [str(picture) for picture in pictures if picture not in shown] == []
    assert {path.name for path in pictures if path.parent.name == "zh"} == {path.name for path in pictures if path.parent.name == "en"}


def test_every_page_is_reached_from_the_first():
    assert [page.name for page in PAGES[1:] if page not in targets(PAGES[0])] == []
