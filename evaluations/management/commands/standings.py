"""Standings from files, without a database: the whole method can be checked from outside."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from evaluations.domain.scheme import Scheme
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.score_file import read_carry, read_scores
from evaluations.domain.standings import standing_rows
from ledger.domain.reason import Refused
from ledger.reasons import say

FAULT = 2


class Command(BaseCommand):
    help = "Compute standings from a file of scores and a scheme. Opens no database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("scores", metavar="SCORES.csv", help="entry,evaluator,criterion,score[,track]")
        parser.add_argument("--scheme", metavar="SCHEME.json", required=True)
        parser.add_argument("--carry", metavar="CARRY.csv", help="entry,round,total")
        parser.add_argument("--seed", metavar="TEXT", help="the round's seed, for a tie ladder that ends in a lot")
        parser.add_argument("--format", choices=("json", "csv"), default="json")
        parser.add_argument("--out", metavar="FILE", help="instead of standard output")
        parser.add_argument("--lang", choices=("en", "zh-hans"), default="en", help="language of reasons and errors")

    def handle(self, *, scores: str, scheme: str, carry: str | None, seed: str | None, format: str, out: str | None, lang: str, **options):
        with translation.override(lang):
            rules = _read(scheme, lambda source: parse_scheme(_json(source)))
            sheets = _read(scores, lambda source: read_scores(rules, source))
            carried = _read(carry, lambda source: read_carry(rules, source)) if carry else {}
            totals = _worded(scores, lambda: sheets.totals(carried))
            rows = _worded(scheme, lambda: standing_rows(rules, totals, tracks=sheets.tracks, seed=seed, say=say))
            text = _csv_text(rules, rows) if format == "csv" else json.dumps({"standings": rows}, ensure_ascii=False, indent=1) + "\n"
            self._write(text, out)

    def _write(self, text: str, out: str | None) -> None:
        if out is None:
            self.stdout.write(text, ending="")
            return
        try:
            Path(out).write_text(text, encoding="utf-8", newline="")
        except OSError as fault:
            raise _fault(out, fault.strerror) from fault


def _fault(file: str, words: Any) -> CommandError:
    return CommandError(" ".join(f"{file}: {words}".split()), returncode=FAULT)


def _read(file: str, parse):
    try:
        source = Path(file).read_bytes()
    except (OSError, ValueError) as fault:
        raise _fault(file, getattr(fault, "strerror", None) or fault) from fault
    return _worded(file, lambda: parse(source))


def _worded(file: str, act):
    """A refusal becomes one line: the first reason is enough to begin with."""
    try:
        return act()
    except Refused as refusal:
        raise _fault(file, say(refusal.reason)) from refusal


def _json(source: bytes) -> Any:
    try:
        return json.loads(source.decode("utf-8-sig"), object_pairs_hook=_once)
    except json.JSONDecodeError as fault:
        where = {"row": fault.lineno, "column": fault.colno, "fault": fault.msg}
        raise CommandError(_("row %(row)s, column %(column)s: %(fault)s") % where, returncode=FAULT) from fault
    except (ValueError, RecursionError) as fault:
        raise CommandError(_("This is no JSON: %(fault)s") % {"fault": " ".join(str(fault).split())}, returncode=FAULT) from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, value in pairs]
        raise ValueError(_("the key “%(key)s” stands twice") % {"key": next(key for key in keys if keys.count(key) > 1)})
    return found


def _csv_text(scheme: Scheme, rows: list[dict[str, Any]]) -> str:
    """One line per entry; lists stand in their cell as JSON."""
    criteria, dimensions = [rule.code for rule in scheme.criteria], scheme.dimensions
    plain = ("entry", "total", "exact", "rank", "track", "track_rank")
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    header = [*plain, "tied_with", "tie_broken_by", "panel_size", "panel_abstained", "panel_dropped"]
    writer.writerow(
        [*header, *(f"criterion:{code}" for code in criteria), *(f"dimension:{code}" for code in dimensions), "flags", "reason"]
    )
    for row in rows:
        panel = row["panel"]
        cells = [*(row[key] for key in plain), row["tied_with"], row["tie_broken_by"], panel["size"], panel["abstained"], panel["dropped"]]
        cells += [*(row["criteria"][code] for code in criteria), *(row["dimensions"][code] for code in dimensions)]
        cells += [row["flags"], row["reason"]]
        writer.writerow([json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell for cell in cells])
    return target.getvalue()
