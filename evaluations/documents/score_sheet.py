"""One evaluator's sheet for one entry, as submitted, to be signed by hand."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.permissions import can
from competition.documents.kinds import DocumentKind, register_kind
from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, fraction_text, plain_text
from evaluations.models import Sheet, Undertaking
from evaluations.selectors.blindness import judged_name
from evaluations.selectors.rubrics import book_of
from evaluations.selectors.sheet_totals import contribution, metric_points, sheet_total
from evaluations.selectors.sheets import criteria_of
from evaluations.wording import mark_words
from ledger.domain.reason import Reason

DIGITS = 2  # of points on paper where the scheme does not round sheets
SUBMITTED = ("submitted", "locked")


def find(keys) -> dict[str, Sheet]:
    rows = Sheet.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related(
        "assignment__evaluator__user",
        "assignment__entry__round__competition",
        "assignment__entry__track",
        "assignment__entry__application__cluster",
        "revision",
        "rubric",
    )
    return {str(row.pk): row for row in rows}


def context(sheet, language) -> dict:
    entry, evaluator = sheet.assignment.entry, sheet.assignment.evaluator
    round, version = entry.round, sheet.versions.order_by("-number").first()
    book = book_of(round)
    metrics = metric_points(round, book, {entry.pk})
    digits = DIGITS if book.scheme.rounding.sheet is None else book.scheme.rounding.sheet
    total = sheet_total(book, version.marks, metrics, str(entry.pk))
    dimensions = _dimensions(sheet, book.scheme, version.marks, metrics, str(entry.pk), digits)
    undertaking = Undertaking.objects.filter(round=round, evaluator=evaluator).first()
    return {
        "competition": str(round.competition),
        "round": str(round),
        "cluster": judged_name(entry),
        "evaluator": evaluator.code,
        "track": str(entry.track) if entry.track else "—",
        "submitted_at": version.submitted_at.isoformat(timespec="seconds"),
        "revision": version.number,
        "rubric": _("version %(version)s, scheme %(digest)s…") % {"version": sheet.rubric.version, "digest": book.scheme.digest[:12]},
        "recusal": _("no conflict declared, undertaking signed") if undertaking else _("no conflict declared"),
        "application": _("revision %(number)s") % {"number": sheet.revision.number}
        if round.blind
        else _("revision %(number)s, %(receipt)s") % {"number": sheet.revision.number, "receipt": sheet.revision.receipt_number},
        "dimensions": dimensions,
        "weight": plain_text(sum((Fraction(rule.weight, TEN_THOUSANDTH) for rule in book.scheme.weighted), Fraction(0))),
        "total": None if total is None else fraction_text(total, digits),
        "comment": version.comment,
        "digest": version.digest,
    }


def _dimensions(sheet, scheme, marks, metrics, entry, digits) -> list[dict]:
    found: list[dict] = []
    points: dict[str, Fraction] = {}
    for criterion in criteria_of(sheet.rubric):
        if criterion.given_by == "organiser":
            continue
        dimension = criterion.dimension
        if not found or found[-1]["code"] != dimension.code:
            found.append({"code": dimension.code, "name": str(dimension), "weight": None, "subtotal": None, "criteria": []})
        given = metrics.get(criterion.code, {}).get(entry) if criterion.kind == "metric" else marks.get(criterion.code)
        weighted = criterion.kind in ("expert", "mixed", "metric")
        counted = contribution(scheme, criterion.code, given) if weighted and isinstance(given, int) else None
        if counted is not None:
            points[dimension.code] = points.get(dimension.code, Fraction(0)) + counted
        if weighted:
            found[-1]["weight"] = (found[-1]["weight"] or 0) + criterion.weight
        found[-1]["criteria"].append(
            {
                "code": criterion.code,
                "name": str(criterion),
                "weight": plain_text(Fraction(criterion.weight, TEN_THOUSANDTH)) if weighted else "",
                "kind": kind_words(criterion.kind),
                "mark": _mark(criterion.kind, given),
                "counted": None if counted is None else fraction_text(counted, digits),
            }
        )
    for dimension in found:
        dimension["weight"] = "" if dimension["weight"] is None else plain_text(Fraction(dimension["weight"], TEN_THOUSANDTH))
        if dimension["code"] in points:
            dimension["subtotal"] = fraction_text(points[dimension["code"]], digits)
    return found


def _mark(kind, given) -> str | None:
    if given is None:
        return None
    return _("abstained") if given == "abstain" else mark_words(kind, plain_text(Fraction(given, HUNDREDTH)))


def kind_words(kind: str) -> str:
    return {
        "expert": pgettext("kind of criterion", "Evaluator"),
        "mixed": pgettext("kind of criterion", "Figures and evaluator"),
        "metric": pgettext("kind of criterion", "Computed"),
        "bonus": pgettext("kind of criterion", "Bonus"),
        "veto": pgettext("kind of criterion", "Veto"),
    }[kind]


def may_read(user, sheet) -> Reason | None:
    return can(user, "sheet.view", sheet).reason


def may_issue(user, sheet) -> Reason | None:
    if reason := may_read(user, sheet):
        return reason
    if sheet.rubric_id is None:
        return Reason("evaluations.ballot_not_printed")
    return None if sheet.state in SUBMITTED else Reason("evaluations.sheet_not_submitted")


# What every paper of one sheet has in common, with marks or with a vote.
OF_A_SHEET = {
    "subject_kind": "sheet",
    "find": find,
    "competition": lambda sheet: sheet.assignment.entry.round.competition,
    "about": lambda sheet: f"{judged_name(sheet.assignment.entry)} · {sheet.assignment.evaluator.code}",
    "may_read": may_read,
    "recorded": lambda user, sheet: sheet.assignment.evaluator.user_id != user.pk,
}
register_kind(
    DocumentKind(
        name="score_sheet",
        prefix="SS",
        template="documents/score_sheet.html",
        label=gettext_lazy("Score sheet"),
        context=context,
        may_issue=may_issue,
        **OF_A_SHEET,
    )
)
