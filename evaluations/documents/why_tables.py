"""The marks of one entry as small tables of plain texts: a line for each evaluator, a column for each criterion."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.figures import MINUS
from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, exact_text, fraction_text, plain_text
from evaluations.domain.explanation import ABSTAINED, HIGH, LOW, Rounded

MOST_COLUMNS = 17  # that stand side by side on a wide page
SHOWN = 6
ENDS = (HIGH, LOW)
BLANK = {"text": "", "sub": "", "dropped": False}


def tables(steps, scale: str) -> list[dict]:
    """[{heads: [{code, sub}], rows: [{label, cells: [{text, sub, dropped}]}]}]; the last column of the order `sheet` is
    the sheet's total, the last rows of the order `criterion` are the panel's value and its points. None where nobody marks."""
    columns = _by_sheet(steps, scale) if steps.order == "sheet" else _by_criterion(steps, scale)
    labels = columns.pop(0)
    if not labels:
        return []
    return [_table(labels, columns[start : start + MOST_COLUMNS]) for start in range(0, len(columns), MOST_COLUMNS)]


def _table(labels, columns) -> dict:
    rows = [{"label": label, "cells": [column[1][place] for column in columns]} for place, label in enumerate(labels)]
    return {"heads": [column[0] for column in columns], "rows": rows}


def _by_sheet(steps, scale) -> list:
    """[labels of the rows, (head, cells) of each column …]."""
    sheets = [sheet for sheet in steps.sheets if sheet.evaluator]
    fates = {seat.evaluator: seat.fate for seat in steps.panel.seats} if steps.panel else {}
    marked = [row for row in steps.criteria if row.panel]
    columns = [[sheet.evaluator for sheet in sheets]]
    for place, row in enumerate(marked):
        columns.append((_head(row.rule, scale), [_term(sheet.terms[place]) for sheet in sheets]))
    if any(sheet.computed for sheet in sheets):
        head = {"code": pgettext("a column", "computed"), "sub": ""}
        columns.append((head, [_cell(plain(sheet.computed_sum)) for sheet in sheets]))
    totals = [_total(sheet, fates.get(sheet.evaluator) in ENDS) for sheet in sheets]
    columns.append(({"code": _("Sheet"), "sub": ""}, totals))
    return columns


def _by_criterion(steps, scale) -> list:
    names = [sheet.evaluator for sheet in steps.sheets if sheet.evaluator]
    columns = [[*names, pgettext("a row", "value"), pgettext("a row", "points")] if names else []]
    place = 0
    for row in steps.criteria:
        cells = [BLANK] * len(names)
        if row.panel:
            fates = {seat.evaluator: seat.fate in ENDS for seat in row.panel.seats}
            found = ((sheet.terms[place], fates.get(sheet.evaluator, False)) for sheet in steps.sheets if sheet.evaluator)
            cells = [_term(term, dropped, points=False) for term, dropped in found]
            place += 1
        both = [_cell(stage(part) if part else "—") for part in (row.value, row.contribution)]
        columns.append((_head(row.rule, scale), [*cells, *both]))
    return columns


def _head(rule, scale) -> dict:
    weight = plain(Fraction(rule.weight, TEN_THOUSANDTH))
    return {"code": rule.code, "sub": f"× {weight}" + (f" / {plain(Fraction(rule.maximum, HUNDREDTH))}" if scale == "percent" else "")}


def _cell(text: str, sub: str = "", dropped: bool = False) -> dict:
    return {"text": text, "sub": sub, "dropped": dropped}


def _total(sheet, dropped: bool) -> dict:
    return _cell(after(sheet.total), f"× {plain(sheet.whole)} / {plain(sheet.weight)}" if sheet.stretched else "", dropped)


def _term(term, dropped: bool = False, *, points: bool = True) -> dict:
    if term.value is None:
        return _cell(_("Abstained") if term.fate == ABSTAINED else "—")
    return _cell(plain(term.value), plain(term.points) if points and term.points is not None else "", dropped)


def stage(rounded: Rounded) -> str:
    """Both sides of a rounding where it changed something."""
    if rounded.digits is None:
        return exact(rounded.exact)
    return after(rounded) if rounded.exact == rounded.value else f"{exact(rounded.exact)} → {after(rounded)}"


def after(rounded: Rounded) -> str:
    return exact(rounded.value) if rounded.digits is None else _minus(fraction_text(rounded.value, rounded.digits))


def exact(value) -> str:
    text = plain_text(value)
    return f"{_minus(exact_text(value))} ≈ {_minus(fraction_text(value, SHOWN))}" if "/" in text else _minus(text)


def plain(value) -> str:
    return _minus(plain_text(value))


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
