"""Marks: saved as they are typed, submitted once they are whole, returned with a reason; each version is kept."""

import hashlib
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import F, Max

from accounts.permissions import require
from competition.workflow import perform
from evaluations.domain.decimals import HUNDREDTH, parse_fixed, plain_text
from evaluations.models import Mark, Sheet, SheetVersion
from evaluations.selectors.ballots import answer_of
from evaluations.selectors.sheets import against_editing, criteria_of
from evaluations.services.ballots import write_answer
from evaluations.services.scoreboards import count_change, lock_board
from ledger.domain import canonical
from ledger.domain.reason import Reason, Refused
from ledger.services import record

ABSTAIN = "abstain"


def _locked(sheet) -> Sheet:
    return (
        Sheet.objects.select_for_update(of=("self",))
        .select_related("assignment__evaluator", "assignment__entry__round__competition", "rubric")
        .get(pk=sheet.pk)
    )


def read_mark(criterion, text: str) -> int | None:
    """Hundredths, or None for an abstention. Refused at the criterion's field."""
    text = text.strip()
    if text == ABSTAIN:
        return None
    hundredths = parse_fixed(text, 100)
    if hundredths is None:
        raise Refused(Reason("evaluations.sheet_mark_not_a_number", {"criterion": criterion.code}), field=criterion.code)
    if criterion.kind == "bonus" and not criterion.least <= hundredths <= criterion.maximum:
        bounds = {"least": _shown(criterion.least), "most": _shown(criterion.maximum)}
        raise Refused(Reason("evaluations.sheet_points_out_of_bounds", {"criterion": criterion.code, **bounds}), field=criterion.code)
    if criterion.kind != "bonus" and not 0 <= hundredths <= criterion.maximum:
        raise Refused(
            Reason("evaluations.sheet_mark_out_of_bounds", {"criterion": criterion.code, "most": _shown(criterion.maximum)}),
            field=criterion.code,
        )
    if hundredths % criterion.step:
        raise Refused(
            Reason("evaluations.sheet_mark_off_step", {"criterion": criterion.code, "step": _shown(criterion.step)}), field=criterion.code
        )
    return hundredths


def _shown(hundredths: int) -> str:
    return plain_text(Fraction(hundredths, HUNDREDTH))


@transaction.atomic
def save_sheet(
    sheet: Sheet, *, marks: dict[str, str], comment: str | None = None, version: int, actor, at: datetime, idempotency_key: str = ""
) -> int:
    """`marks`: criterion code → decimal text, "abstain", or "" (takes the mark back); those not named stay; of a ballot "vote" →
    its answer. Returns the new version; refused with `sheet_conflict` where it was saved elsewhere since `version`. The same key
    again (an answer was lost on the way) gives the same version and writes nothing. Writes no record."""
    sheet = _locked(sheet)
    require(actor, "sheet.edit", sheet)
    if idempotency_key and sheet.save_key == idempotency_key:
        return sheet.edit_version
    if reasons := against_editing(sheet, at):
        raise Refused(*reasons)
    _refuse_stale(sheet, version)
    if sheet.rubric_id is None:
        write_answer(sheet, marks)
    else:
        _write_marks(sheet, marks)
    changes = {"edit_version": F("edit_version") + 1, "saved_at": at, "save_key": idempotency_key}
    if comment is not None:
        changes["comment"] = comment
    Sheet.objects.filter(pk=sheet.pk).update(**changes)
    return version + 1


def _write_marks(sheet, marks: dict[str, str]) -> None:
    criteria = {criterion.code: criterion for criterion in criteria_of(sheet.rubric) if criterion.on_sheet}
    if unknown := sorted(set(marks) - set(criteria)):
        raise Refused(Reason("evaluations.criterion_unknown", {"codes": unknown}))
    kept, dropped, faults = [], [], []
    for code, text in marks.items():
        if text is None or not str(text).strip():
            dropped.append(criteria[code].pk)
            continue
        try:
            value = read_mark(criteria[code], str(text))
        except Refused as refused:
            faults.append(refused)
            continue
        kept.append(Mark(sheet=sheet, criterion=criteria[code], value=value, abstained=value is None))
    if faults:
        raise Refused(*(reason for refused in faults for reason in refused.reasons), field=faults[0].field)
    if kept:
        Mark.objects.bulk_create(kept, update_conflicts=True, unique_fields=["sheet", "criterion"], update_fields=["value", "abstained"])
    if dropped:
        Mark.objects.filter(sheet=sheet, criterion__in=dropped).delete()


def _refuse_stale(sheet, version: int) -> None:
    if sheet.edit_version != version:
        raise Refused(Reason("evaluations.sheet_conflict", {"version": sheet.edit_version}))


@transaction.atomic
def submit_sheet(sheet: Sheet, *, actor, at: datetime, version: int | None = None, idempotency_key: str = "") -> SheetVersion:
    """An immutable version of the marks; the round's standings are computed anew. The same key again gives the same.
    `version` is the one whose marks the evaluator has confirmed: another one is refused."""
    lock_board(sheet.assignment.entry.round)
    sheet = _locked(sheet)
    require(actor, "sheet.submit", sheet)
    if idempotency_key and (earlier := sheet.versions.filter(idempotency_key=idempotency_key).first()):
        return earlier
    if version is not None:
        _refuse_stale(sheet, version)
    if sheet.assignment.state != "confirmed":
        raise Refused(Reason("evaluations.sheet_not_editable", {"state": sheet.state}))
    sheet = perform(sheet, "submit", actor=actor, at=at, changes={"submitted_at": at, "return_reason": ""})
    marks = _fixed(sheet)
    number = (sheet.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    digest = hashlib.sha256(
        canonical.encode({"sheet": sheet.pk, "number": number, "revision": sheet.revision_id, "marks": marks})
    ).hexdigest()
    version = SheetVersion.objects.create(
        sheet=sheet, number=number, marks=marks, comment=sheet.comment, digest=digest, submitted_at=at, idempotency_key=idempotency_key
    )
    round = sheet.assignment.entry.round
    scores_version = count_change(round, sheet, requested_by=f"user:{actor.pk}")
    record(
        actor=f"user:{actor.pk}",
        action="sheet.fix",
        subject=f"sheet:{sheet.pk}",
        scope=f"competition:{round.competition_id}",
        after={"number": number, "digest": digest, "scores_version": scores_version},
        at=at,
    )
    return version


def _fixed(sheet) -> dict:
    """What a version keeps: hundredths or "abstain" by criterion, or the answer of a ballot."""
    if sheet.rubric_id is None:
        return answer_of(sheet)
    rows = sheet.marks.order_by("criterion__code").values_list("criterion__code", "value", "abstained")
    return {code: ABSTAIN if abstained else value for code, value, abstained in rows}


@transaction.atomic
def return_sheet(sheet: Sheet, *, reason: str, actor, at: datetime) -> Sheet:
    """To its evaluator, who may change and submit it again; the submitted version is kept with the reason."""
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    lock_board(sheet.assignment.entry.round)
    sheet = _locked(sheet)
    round = sheet.assignment.entry.round
    if round.state != "judging":
        raise Refused(Reason("evaluations.judging_not_open"))
    sheet = perform(sheet, "return", actor=actor, at=at, changes={"return_reason": reason.strip()})
    newest = sheet.versions.order_by("-number").first()
    SheetVersion.objects.filter(pk=newest.pk).update(return_reason=reason.strip())
    count_change(round, sheet, requested_by=f"user:{actor.pk}")
    return sheet


@transaction.atomic
def read_sheet(sheet: Sheet, *, actor, at: datetime) -> Sheet:
    """Somebody else's marks, after the round is closed: each reading is written down."""
    require(actor, "sheet.view", sheet)
    if sheet.assignment.evaluator.user_id != actor.pk:
        record(
            actor=f"user:{actor.pk}",
            action="sheet.read",
            subject=f"sheet:{sheet.pk}",
            scope=f"competition:{sheet.assignment.entry.round.competition_id}",
            after={"version": sheet.edit_version},
            at=at,
        )
    return sheet
