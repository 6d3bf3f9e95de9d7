"""Every text in both languages: the catalogue holds each text of the source, translated, and nothing doubtful."""

import contextlib
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> polib.POFile:
    """What makemessages finds in the source as it stands, extracted from a copy."""
    copy = tmp_path_factory.mktemp("source") / "house"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", "var", ".git", "tests", "locale", "__pycache__", "node_modules"))
    (copy / "locale" / "zh_Hans").mkdir(parents=True)
    with contextlib.chdir(copy), override_settings(LOCALE_PATHS=[copy / "locale"]):
        call_command("makemessages", locale=["zh_Hans"], verbosity=0, no_location=True)
    return polib.pofile(str(copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def test_each_text_of_the_source_is_in_the_catalogue(source, catalogue):
    assert len(source) > 0
    known = {key(entry) for entry in catalogue}
    assert "\n".join(entry.msgid for entry in source if key(entry) not in known) == ""


def test_each_text_is_translated(catalogue):
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue if entry.msgid_plural and set(entry.msgstr_plural) != {0}] == []


def test_nothing_is_fuzzy(catalogue):
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_translations_keep_their_placeholders(catalogue):
    """A text with a plural may leave its number out; any other holds exactly what the source holds."""
    changed = []
    for entry in catalogue:
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        given = sorted(PLACEHOLDER.findall(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr))
        if wanted != given:
            changed.append(entry.msgid)
    assert changed == []


def test_the_reader_is_addressed_politely(catalogue):
    assert [entry.msgid for entry in catalogue if "你" in entry.msgstr + "".join(entry.msgstr_plural.values())] == []
