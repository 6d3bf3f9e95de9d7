"""What the pages of one application are made of."""

from datetime import timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from competition.domain.forms import keep
from competition.forms.answers import values_of
from competition.labels import RECOMMENDATION_PILLS, RECOMMENDATION_STATES
from competition.selectors.answers import sections
from competition.selectors.applications import correction_late, files_by_slot, infected_faults, late, live_attachments, years_of
from competition.selectors.parties import partners, party_faults, typed
from competition.selectors.registrations import unconfirmed
from competition.selectors.rules import form_of, judged_blind
from competition.services.applications import EDITABLE
from ledger.reasons import say

PILLS = {
    "draft": ("", gettext_lazy("Draft")),
    "submitted": ("in", gettext_lazy("Submitted")),
    "returned": ("warn", gettext_lazy("Returned for correction")),
    "accepted": ("ok", gettext_lazy("Accepted")),
    "refused": ("out", gettext_lazy("Refused")),
    "withdrawn": ("out", gettext_lazy("Withdrawn")),
}


def pill_of(application) -> tuple[str, str]:
    return PILLS[application.state]


def said(recommendation):
    """What the region says, with `pill`, and `stale` where the application was corrected since; None stays None."""
    if recommendation is not None:
        row = recommendation
        row.pill = (RECOMMENDATION_PILLS[row.state], RECOMMENDATION_STATES[row.state])
        row.stale = row.revision is not None and row.application.state != "withdrawn" and row.revision.number < row.newest
    return recommendation


def due_of(application):
    """Until when the applicant has something to hand in; None where nothing waits for them."""
    if application.state == "returned":
        return application.correction_due
    return application.round.intake_closes if application.state == "draft" else None


def address(name: str, application, *more) -> str:
    return reverse(f"competition:{name}", args=[application.competition_id, application.pk, *more])


def frame(application, *, at) -> dict:
    """Context of every page of an application."""
    due = due_of(application)
    return {
        "competition": application.competition,
        "demo": application.competition.demo,
        "application": application,
        "pill": pill_of(application),
        "due": due,
        "left": max(due - at, timedelta(0)) if due else None,
    }


def closed_reasons(application, *, at):
    """Why it cannot be handed in at this moment, whatever it says."""
    return (*late(application, at), *unconfirmed(application)) if application.state == "draft" else correction_late(application, at)


def form_page(application, *, at, strict=False, data=None) -> dict:
    """The form with the draft's answers (or `data`, as just typed), its checklist and what keeps it from being submitted."""
    definition, years = form_of(application.round).definition, years_of(application)
    answers = keep(definition, application.draft if data is None else data, years)
    files = list(live_attachments(application))
    built = sections(definition, answers, years, files=files_by_slot(files), strict=strict, more=infected_faults(files))
    parties = partners(application)
    refused = [reason for _path, reason in party_faults(application, [typed(row) for row in parties])]
    wrong, missing = sum(row.wrong + row.doubtful for row in built) + len(refused), sum(row.missing for row in built)
    closed = closed_reasons(application, at=at)
    return frame(application, at=at) | {
        "sections": built,
        "years": years,
        "partners": parties,
        "party_faults": refused,
        "values": values_of(definition, answers, years),
        "checks": [check(row) for row in built],
        "finished": sum(row.state == "done" for row in built),
        "wrong": wrong,
        "missing": missing,
        "closed": closed,
        "ready": not wrong and not missing and not closed and application.state in EDITABLE,
        "why": why(wrong, missing, closed),
        "file_count": len(files),
        "file_bytes": sum(file.size for file in files),
        "strict": strict,
        "own": True,
        "blind": SimpleLazyObject(lambda: judged_blind(application.round)),  # asked by the whole page, not by an autosave
        "submit_url": address("application_submit", application),
    }


def why(wrong, missing, closed) -> str:
    """What stands against submitting, in one line; empty where nothing does."""
    if closed:
        return " ".join(str(say(reason)) for reason in closed)
    parts = []
    if wrong:
        parts.append(ngettext("%(count)d entry to correct or explain", "%(count)d entries to correct or explain", wrong) % {"count": wrong})
    if missing:
        parts.append(ngettext("%(count)d entry missing", "%(count)d entries missing", missing) % {"count": missing})
    return _(", ").join(parts)


def check(section) -> dict:
    """A line of the checklist."""
    value = ""
    if section.wrong or section.doubtful:
        value = ngettext("%(count)d to correct", "%(count)d to correct", section.wrong + section.doubtful) % {
            "count": section.wrong + section.doubtful
        }
    elif section.missing and section.state == "todo":
        value = ngettext("%(count)d missing", "%(count)d missing", section.missing) % {"count": section.missing}
    elif section.missing:
        value = _("not begun")
    return {"state": section.state, "label": section.label, "url": f"#s-{section.code}", "value": value}


def live_state(request, page: dict) -> dict:
    """What a script needs after a save to bring the page up to date without loading it again."""
    fields, cells, rows = {}, {}, {}
    for section in page["sections"]:
        for answer in section.fields:
            if answer.type != "table":
                fields[answer.id] = [str(say(reason)) for reason in answer.faults]
                continue
            for row in answer.rows:
                rows[row.id] = {
                    "faults": [str(say(reason)) for reason in row.faults],
                    "jumps": [jump_words(cell) for cell in row.cells if cell.jump],
                    "source": bool(row.source_faults),
                }
                for cell in row.cells:
                    state = "wrong" if cell.faults else "warned" if cell.jump and not row.explanation else ""
                    cells[cell.id] = {"change": cell.change, "state": state, "jump": bool(cell.jump)}
                    if row.computed:
                        cells[cell.id]["value"] = cell.value
    return {
        "fields": fields,
        "cells": cells,
        "rows": rows,
        "progress": render_to_string("competition/application/progress.html", page, request=request),
        "actions": render_to_string("competition/application/actions.html", page, request=request),
    }


def jump_words(cell) -> str:
    return _("%(year)d: %(words)s") % {"year": cell.year, "words": say(cell.jump)}
