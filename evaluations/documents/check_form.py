"""A formal check on paper: the form of one entry, item by item, and the summary of its round; both to be signed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.permissions import can
from competition.documents.kinds import DocumentKind, register_kind
from competition.models import Entry
from competition.permissions.secrecy import against_scores
from evaluations.documents.panel_summary import OF_A_ROUND
from evaluations.models import Finding
from evaluations.selectors.findings import OPEN, given_once
from ledger.domain.reason import Reason
from ledger.reasons import say


def find_entries(keys) -> dict[str, Entry]:
    rows = Entry.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related(
        "round__competition", "track", "application__cluster__lead_region", "application__organisation", "revision"
    )
    return {str(row.pk): row for row in rows}


def _checks(round, entries) -> dict[int, dict[int, Finding]]:
    """Entry → criterion → what was found. One query."""
    found: dict[int, dict[int, Finding]] = {}
    rows = Finding.objects.filter(ended_at=None, entry__in=entries, criterion__given_by="organiser").select_related("found_by")
    for row in rows:
        found.setdefault(row.entry_id, {})[row.criterion_id] = row
    return found


def _word(finding) -> str:
    if finding is None:
        return "—"
    return pgettext("formal check", "Passed") if finding.value else pgettext("formal check", "Not passed")


def _outcome(items) -> str:
    return pgettext("formal check", "Not passed") if any(item["failed"] for item in items) else pgettext("formal check", "Passed")


def _item(criterion, finding) -> dict:
    return {
        "code": criterion.code,
        "name": str(criterion),
        "found": _word(finding),
        "failed": finding is not None and not finding.value,
        "reason": finding.reason if finding else "",
        "evidence": finding.evidence if finding else "",
        "by": finding.found_by.display_name() if finding else "",
        "at": finding.found_at.isoformat(timespec="seconds") if finding else None,
    }


def form_context(entry, language) -> dict:
    round, application = entry.round, entry.application
    found = _checks(round, [entry.pk]).get(entry.pk, {})
    items = [_item(criterion, found.get(criterion.pk)) for criterion in given_once(round)]
    return {
        "competition": str(round.competition),
        "round": str(round),
        "cluster": str(application.cluster),
        "organisation": str(application.organisation),
        "region": str(application.cluster.lead_region),
        "track": str(entry.track) if entry.track else "",
        "receipt": entry.revision.receipt_number if entry.revision else "",
        "revision": entry.revision.number if entry.revision else None,
        "items": items,
        "outcome": _outcome(items),
        "signatures": [_("Checked by"), _("Confirmed by")],
    }


def summary_context(round, language) -> dict:
    standings = round.standings.order_by("-number").first()
    rows = list(standings.rows.select_related("entry__application__cluster__lead_region", "entry__track"))
    rows.sort(key=lambda row: (row.entry.application.cluster.lead_region_id, row.entry_id))
    criteria, found = given_once(round), _checks(round, [row.entry_id for row in rows])
    lines = []
    for row in rows:
        items = [_item(criterion, found.get(row.entry_id, {}).get(criterion.pk)) for criterion in criteria]
        reasons = [f"{item['code']} {item['reason']}" for item in items if item["failed"] and item["reason"]]
        lines.append(
            {
                "name": str(row.entry.application.cluster),
                "region": str(row.entry.application.cluster.lead_region),
                "items": [{"found": item["found"], "failed": item["failed"]} for item in items],
                "reason": _("; ").join(reasons) or (say(Reason.from_json(row.reason)) if row.reason else ""),
                "outcome": _outcome(items),
                "passed": not any(item["failed"] for item in items),
            }
        )
    return {
        "competition": str(round.competition),
        "round": str(round),
        "closed_at": standings.created_at.isoformat(timespec="seconds"),
        "items": [{"code": criterion.code, "name": str(criterion)} for criterion in criteria],
        "rows": lines,
        "passed": sum(line["passed"] for line in lines),
        "notes": [_("Snapshot %(number)s, input digest %(digest)s") % {"number": standings.number, "digest": standings.input_digest}],
        "signatures": [_("Checked by"), _("Confirmed by"), _("Discipline supervisor")],
    }


def may_read_form(user, entry) -> Reason | None:
    return can(user, "finding.view", entry).reason


def may_issue_form(user, entry) -> Reason | None:
    if reason := may_read_form(user, entry):
        return reason
    if not entry.round.checks_only:
        return Reason("evaluations.no_formal_check")
    return Reason("evaluations.check_not_closed") if entry.round.state in OPEN else None


def may_issue_summary(user, round) -> Reason | None:
    if reason := against_scores(user, round):
        return reason
    return None if round.checks_only else Reason("evaluations.no_formal_check")


register_kind(
    DocumentKind(
        name="check_form",
        subject_kind="entry",
        prefix="FC",
        template="documents/check_form.html",
        label=gettext_lazy("Formal-check form"),
        find=find_entries,
        competition=lambda entry: entry.round.competition,
        about=lambda entry: str(entry.application.cluster),
        context=form_context,
        may_read=may_read_form,
        may_issue=may_issue_form,
        recorded=lambda user, entry: True,
    )
)
register_kind(
    DocumentKind(
        name="check_summary",
        prefix="FS",
        template="documents/check_summary.html",
        label=gettext_lazy("Formal-check summary"),
        context=summary_context,
        may_issue=may_issue_summary,
        **OF_A_ROUND,
    )
)
