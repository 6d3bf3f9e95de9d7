"""Who advances, from files: standings and a rule give every entry one outcome and one reason."""

from competition.domain.advancement import advance, parse_rule
from competition.domain.standing_file import read_attributes, read_standings, with_attributes
from competition.management.files import FileCommand, json_text, read_file, read_json, worded
from ledger.reasons import say


class Command(FileCommand):
    help = "Apply a rule of advancement to standings. Opens no database."

    def add_arguments(self, parser):
        parser.add_argument("standings", metavar="STANDINGS.json", help="as printed by the command standings")
        parser.add_argument("--rule", metavar="RULE.json", required=True)
        parser.add_argument("--entries", metavar="ENTRIES.csv", help="entry,track,region,macro_region,recommender,sector,group")
        super().add_arguments(parser)

    def answer(self, *, standings: str, rule: str, entries: str | None, **options) -> str:
        parsed = read_json(rule, parse_rule)
        rows = read_json(standings, read_standings)
        if entries is not None:
            attributes = read_file(entries, read_attributes)
            rows = worded(entries, lambda: with_attributes(rows, attributes))
        outcomes = worded(rule, lambda: advance(rows, parsed))
        return json_text({"outcomes": [_line(row, outcomes[row.entry], parsed) for row in rows]})


def _line(row, found, rule) -> dict:
    """With its grade where the rule has grades, null where it has earned none; under a vote with the rank that the ballots give."""
    line = {"entry": row.entry, "outcome": found.outcome, "rank": found.rank if rule.vote else row.rank, "reason": say(found.reason)}
    return line | {"grade": found.grade or None} if rule.bands else line
