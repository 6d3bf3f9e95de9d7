"""Who judges what, from a file; exit status 3 and the shortage in words where there is no assignment."""

from fractions import Fraction

from competition.management.files import FileCommand, NoAnswer, json_text, read_json
from evaluations.domain.assignment import assign
from evaluations.domain.instance_file import parse_instance
from ledger.domain.reason import Refused
from ledger.reasons import say

NO_ASSIGNMENT = 3


class Command(FileCommand):
    help = "Assign evaluators to entries. Opens no database."

    def add_arguments(self, parser):
        parser.add_argument("instance", metavar="INSTANCE.json", help="entries, evaluators, fit and the rules between them")
        super().add_arguments(parser)

    def answer(self, *, instance: str, **options) -> str:
        problem = read_json(instance, parse_instance)
        try:
            found = assign(problem)
        except Refused as refusal:
            shortage = [say(reason) for reason in refusal.reasons]
            text = json_text({"solved": False, "shortage": shortage})
            raise NoAnswer(f"{instance}: {shortage[0]}", text=text, returncode=NO_ASSIGNMENT) from refusal
        return json_text(
            {
                "solved": True,
                "total_fit": _number(found.total_fit),
                "worst_entry": None if found.worst_fit is None else _number(found.worst_fit),
                "assignment": [list(pair) for pair in found.pairs],
            }
        )


def _number(value: Fraction) -> int | float:
    try:
        return value.numerator if value.denominator == 1 else float(value)
    except OverflowError:  # beyond every float its fraction is nothing
        return round(value)
