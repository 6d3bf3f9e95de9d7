"""Reading SCORES.csv and CARRY.csv (docs/scoring.md, "The command line"). The first fault ends it, with its row and column."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from competition.domain.table_file import LONGEST_CODE, code_of, read_table
from evaluations.domain.aggregate import collapse, take_figures
from evaluations.domain.cube import Cube, build_cube
from evaluations.domain.decimals import HUNDREDTH, parse_decimal, parse_fixed, plain_text
from evaluations.domain.scheme import Criterion, Scheme
from evaluations.domain.scheme_reader import LARGEST
from evaluations.domain.totals import EntryTotal, Given
from ledger.domain.reason import Reason, Refused

ABSTAIN = "abstain"


def _refuse(row: int, column: str, code: str, **params: Any) -> NoReturn:
    raise Refused(Reason(f"evaluations.file_{code}", {"row": row, "column": column, **params}))


@dataclass
class ScoreFile:
    """What a score file says. `marks` holds (entry, evaluator, criterion, hundredths or None for an abstention) as places
    in `entries`, `evaluators` and the scheme's criteria; `figures`, `bonuses` and `vetoes` are {criterion: {entry: …}}."""

    scheme: Scheme
    entries: dict[str, int] = field(default_factory=dict)
    evaluators: dict[str, int] = field(default_factory=dict)
    tracks: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    marks: list[tuple[int, int, int, int | None]] = field(default_factory=list)
    figures: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    bonuses: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    vetoes: dict[str, dict[str, int]] = field(default_factory=dict)
    _cells: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _sheets: dict[tuple[str, str], int] = field(default_factory=dict)
    _bonus_marks: dict[tuple[str, str], int] = field(default_factory=dict)
    _read: dict[tuple[str, str], int] = field(default_factory=dict)  # hundredths of (criterion, text): few texts, many rows

    def cube(self) -> Cube:
        table = np.array([(*mark[:3], mark[3] or 0, mark[3] is None) for mark in self.marks], np.int64).reshape(-1, 5).T
        return build_cube(
            self.scheme,
            tuple(self.entries),
            tuple(self.evaluators),
            entry=table[0],
            evaluator=table[1],
            criterion=table[2],
            value=table[3],
            abstained=table[4].astype(bool),
        )

    def totals(self, carried: dict[str, dict[str, Fraction]]) -> list[EntryTotal]:
        """Raises Refused, with row and column, for a hole where the scheme requires a mark."""
        tracks = {entry: self.tracks.get(entry, "") for entry in self.entries}
        given = Given(take_figures(self.scheme, self.figures, tracks), self.bonuses, self.vetoes)
        try:
            return collapse(self.scheme, self.cube(), given=given, carried=carried)
        except Refused as refusal:
            params = refusal.reason.params
            if refusal.reason.code != "evaluations.mark_required":
                raise
            entry, evaluator, criterion = params["entry"], params["evaluator"], params["criterion"]
            row = self._cells.get((entry, evaluator, criterion), self._sheets[entry, evaluator])
            _refuse(row, "score", "mark_required", entry=entry, evaluator=evaluator, criterion=criterion)

    def add(self, row: int, cells: dict[str, str]) -> None:
        # What was seen before was looked at then: files have many rows of few codes.
        entry, track, code = cells["entry"], cells.get("track", ""), cells["criterion"]
        if entry not in self.entries:
            self.entries[code_of(row, "entry", entry)] = len(self.entries)
        if track and self.tracks.get(entry) != track:
            self._take_track(row, entry, track)
        if (group := cells.get("group", "")) and self.groups.get(entry) != group:
            self._take_group(row, entry, group)
        if code not in self.scheme.position:
            _refuse(row, "criterion", "criterion_unknown", value=code_of(row, "criterion", code))
        rule, evaluator, score = self.scheme.criteria[self.scheme.position[code]], cells["evaluator"], cells["score"].strip()
        if evaluator and evaluator not in self.evaluators:
            code_of(row, "evaluator", evaluator)
        first = self._cells.setdefault((entry, evaluator, code), row)
        if first != row:
            _refuse(row, "criterion", "mark_twice", first=first)
        if evaluator:
            self._take_mark(row, entry, evaluator, rule, score)
        else:
            self._take_report(row, entry, rule, score)

    def _take_track(self, row: int, entry: str, track: str) -> None:
        if self.tracks.setdefault(entry, code_of(row, "track", track)) != track:
            _refuse(row, "track", "track_differs", value=track, earlier=self.tracks[entry])

    def _take_group(self, row: int, entry: str, group: str) -> None:
        if self.groups.setdefault(entry, code_of(row, "group", group)) != group:
            _refuse(row, "group", "group_differs", value=group, earlier=self.groups[entry])

    def _take_mark(self, row: int, entry: str, evaluator: str, rule: Criterion, score: str) -> None:
        self._sheets.setdefault((entry, evaluator), row)
        if rule.kind == "metric":
            _refuse(row, "evaluator", "metric_marked", criterion=rule.code)
        place = self.evaluators.setdefault(evaluator, len(self.evaluators))
        if score:
            mark = None if score == ABSTAIN else self._mark(row, rule, score)
            if mark is not None and rule.kind == "bonus":
                self._bonus_marks.setdefault((entry, rule.code), row)
                if entry in self.bonuses.get(rule.code, {}):
                    _refuse(row, "score", "bonus_twice", first=self._cells[entry, "", rule.code])
            self.marks.append((self.entries[entry], place, self.scheme.position[rule.code], mark))

    def _mark(self, row: int, rule: Criterion, score: str) -> int:
        mark = self._read.get((rule.code, score))
        if mark is None:
            mark = self._read[rule.code, score] = self._read_mark(row, rule, score)
        return mark

    def _read_mark(self, row: int, rule: Criterion, score: str) -> int:
        if parse_decimal(score) is None:
            _refuse(row, "score", "not_a_decimal", value=score[:LONGEST_CODE])
        mark = parse_fixed(score, HUNDREDTH)
        if mark is None:
            _refuse(row, "score", "too_fine", value=score)
        if rule.kind == "veto" and mark not in (0, HUNDREDTH):
            _refuse(row, "score", "veto_unknown", value=score)
        least, most, step = _limits(rule)
        if not least <= mark <= most:
            _refuse(row, "score", "mark_out_of_bounds", value=score, least=_text(least), most=_text(most))
        if mark % step:
            _refuse(row, "score", "mark_off_step", value=score, step=_text(step))
        return mark

    def _take_report(self, row: int, entry: str, rule: Criterion, score: str) -> None:
        if rule.marked:
            _refuse(row, "evaluator", "evaluator_absent", criterion=rule.code)
        if not score:
            return
        value = parse_decimal(score)
        if value is None:
            _refuse(row, "score", "not_a_decimal", value=score[:LONGEST_CODE])
        if rule.kind == "veto":
            if value not in (0, 1):
                _refuse(row, "score", "veto_unknown", value=score)
            self.vetoes.setdefault(rule.code, {})[entry] = int(value)
        elif rule.kind == "bonus":
            if first := self._bonus_marks.get((entry, rule.code)):
                _refuse(row, "evaluator", "bonus_twice", first=first)
            self.bonuses.setdefault(rule.code, {})[entry] = value
        else:
            self.figures.setdefault(rule.code, {})[entry] = value


def _limits(rule: Criterion) -> tuple[int, int, int]:
    """Least, most and step of one mark, in hundredths. A bonus is clipped after its collapse, not before."""
    if rule.kind == "veto":
        return 0, HUNDREDTH, HUNDREDTH
    if rule.kind == "bonus":
        return -LARGEST, LARGEST, 1
    return 0, rule.maximum, rule.step


def _text(hundredths: int) -> str:
    return plain_text(Fraction(hundredths, HUNDREDTH))


def read_scores(scheme: Scheme, source: bytes) -> ScoreFile:
    scores = ScoreFile(scheme)
    for row, cells in read_table(source, ("entry", "evaluator", "criterion", "score"), ("track", "group")):
        scores.add(row, cells)
    return scores


def read_carry(scheme: Scheme, source: bytes) -> dict[str, dict[str, Fraction]]:
    """{entry: {round: earlier official total}}; an empty total is none. Entries that are not in this round may stand in it."""
    rounds = {row.round for row in scheme.carry}
    carried: dict[str, dict[str, Fraction]] = {}
    seen: dict[tuple[str, str], int] = {}
    for row, cells in read_table(source, ("entry", "round", "total")):
        entry, round_ = code_of(row, "entry", cells["entry"]), code_of(row, "round", cells["round"])
        if round_ not in rounds:
            _refuse(row, "round", "round_unknown", value=round_)
        first = seen.setdefault((entry, round_), row)
        if first != row:
            _refuse(row, "round", "mark_twice", first=first)
        total = cells["total"].strip()
        if total:
            value = parse_decimal(total)
            if value is None:
                _refuse(row, "total", "not_a_decimal", value=total[:LONGEST_CODE])
            carried.setdefault(entry, {})[round_] = value
    return carried
