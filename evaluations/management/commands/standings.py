"""Standings from files, without a database: the whole method can be checked from outside."""

import csv
import io
import json
import re
from typing import Any

from competition.domain.cells import harmless
from competition.management.files import FileCommand, json_text, read_file, read_json, worded
from evaluations.domain.scheme import Scheme
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.score_file import read_carry, read_scores
from evaluations.domain.standings import standing_rows
from ledger.reasons import say


class Command(FileCommand):
    help = "Compute standings from a file of scores and a scheme. Opens no database."

    def add_arguments(self, parser):
        parser.add_argument("scores", metavar="SCORES.csv", help="entry,evaluator,criterion,score[,track][,group]")
        parser.add_argument("--scheme", metavar="SCHEME.json", required=True)
        parser.add_argument("--carry", metavar="CARRY.csv", help="entry,round,total")
        parser.add_argument("--seed", metavar="TEXT", help="the round's seed, for a tie ladder that ends in a lot")
        parser.add_argument("--format", choices=("json", "csv"), default="json")
        super().add_arguments(parser)

    def answer(self, *, scores: str, scheme: str, carry: str | None, seed: str | None, format: str, **options) -> str:
        rules = read_json(scheme, parse_scheme)
        sheets = read_file(scores, lambda source: read_scores(rules, source))
        carried = read_file(carry, lambda source: read_carry(rules, source)) if carry else {}
        totals = worded(scores, lambda: sheets.totals(carried))
        rows = worded(scheme, lambda: standing_rows(rules, totals, tracks=sheets.tracks, groups=sheets.groups, seed=seed, say=say))
        return _csv_text(rules, rows) if format == "csv" else json_text({"standings": rows})


_NUMBER = re.compile(r"-?[0-9]+([./][0-9]+)?")


def _csv_text(scheme: Scheme, rows: list[dict[str, Any]]) -> str:
    """One line per entry; lists stand in their cell as JSON."""
    criteria, dimensions = [rule.code for rule in scheme.criteria], scheme.dimensions
    grouped = ("group", "group_rank") if any("group" in row for row in rows) else ()
    plain = ("entry", "total", "exact", "rank", "track", "track_rank", *grouped)
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
        cells = [json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell for cell in cells]
        writer.writerow([harmless(cell) if isinstance(cell, str) and not _NUMBER.fullmatch(cell) else cell for cell in cells])
    return target.getvalue()
