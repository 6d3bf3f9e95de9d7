"""SCORES.csv read without a scheme: any decimal counts, the criteria of a sheet are added, an incomplete sheet is a hole."""

from fractions import Fraction

from competition.domain.table_file import LONGEST_CODE, code_of, read_table, refuse_cell
from evaluations.domain.decimals import parse_decimal
from evaluations.domain.ratings import Ratings, ratings_of
from evaluations.domain.score_file import ABSTAIN


def read_ratings(source: bytes) -> Ratings:
    """Rows without an evaluator (figures, bonuses, vetoes) are passed over. Raises Refused with row and column."""
    first: dict[tuple[str, str, str], int] = {}
    sums: dict[tuple[str, str], Fraction] = {}
    given: dict[tuple[str, str], int] = {}
    criteria: set[str] = set()
    known: dict[str, Fraction] = {}
    for row, cells in read_table(source, ("entry", "evaluator", "criterion", "score"), ("track", "group")):
        entry, criterion = code_of(row, "entry", cells["entry"]), code_of(row, "criterion", cells["criterion"])
        evaluator, score = cells["evaluator"], cells["score"].strip()
        if not evaluator:
            continue
        cell = entry, code_of(row, "evaluator", evaluator), criterion
        if first.setdefault(cell, row) != row:
            refuse_cell(row, "criterion", "evaluations.file_mark_twice", first=first[cell])
        criteria.add(criterion)
        if not score or score == ABSTAIN:
            continue
        value = known.get(score)
        if value is None:
            value = parse_decimal(score)
            if value is None:
                refuse_cell(row, "score", "evaluations.file_not_a_decimal", value=score[:LONGEST_CODE])
            known[score] = value
        pair = entry, evaluator
        sums[pair] = sums[pair] + value if pair in sums else value
        given[pair] = given.get(pair, 0) + 1
    return ratings_of({pair: total for pair, total in sums.items() if given[pair] == len(criteria)})
