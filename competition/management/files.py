"""Commands that work from files to a file, without a database: one line and exit status 2 for a file that is at fault."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from ledger.domain.reason import Refused
from ledger.reasons import say

FAULT = 2


class NoAnswer(CommandError):
    """The file is in order, and what is asked for cannot be had: `text` says so where the answer would stand."""

    def __init__(self, line: str, *, text: str, returncode: int):
        super().__init__(line, returncode=returncode)
        self.text = text


class FileCommand(BaseCommand):
    """`answer(**options)` gives the text that is printed, or written to --out."""

    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--out", metavar="FILE", help="instead of standard output")
        parser.add_argument("--lang", choices=("en", "zh-hans"), default="en", help="language of reasons and errors")

    def answer(self, **options) -> str:
        raise NotImplementedError

    def handle(self, *, out: str | None, lang: str, **options):
        with translation.override(lang):
            try:
                text = self.answer(**options)
            except NoAnswer as refusal:
                self.write(refusal.text, out)
                raise
            self.write(text, out)

    def write(self, text: str, out: str | None) -> None:
        if out is None:
            self.stdout.write(text, ending="")
            return
        try:
            Path(out).write_text(text, encoding="utf-8", newline="")
        except OSError as fault:
            raise _fault(out, fault.strerror) from fault


def read_file(file: str, parse: Callable[[bytes], Any]) -> Any:
    try:
        source = Path(file).read_bytes()
    except (OSError, ValueError) as fault:
        raise _fault(file, getattr(fault, "strerror", None) or fault) from fault
    return worded(file, lambda: parse(source))


def worded(file: str, act: Callable[[], Any]) -> Any:
    """A refusal becomes one line: the first reason is enough to begin with."""
    try:
        return act()
    except Refused as refusal:
        raise _fault(file, say(refusal.reason)) from refusal


def read_json(file: str, parse: Callable[[Any], Any]) -> Any:
    return read_file(file, lambda source: parse(_json(file, source)))


def json_text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _fault(file: str, words: Any) -> CommandError:
    return CommandError(" ".join(f"{file}: {words}".split()), returncode=FAULT)


def _json(file: str, source: bytes) -> Any:
    try:
        return json.loads(source.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as fault:
        where = {"row": fault.lineno, "column": fault.colno, "fault": fault.msg}
        raise _fault(file, _("row %(row)s, column %(column)s: %(fault)s") % where) from fault
    except (ValueError, RecursionError) as fault:
        raise _fault(file, _("This is no JSON: %(fault)s") % {"fault": fault}) from fault


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, value in pairs]
        raise ValueError(_("the key “%(key)s” stands twice") % {"key": next(key for key in keys if keys.count(key) > 1)})
    return found
