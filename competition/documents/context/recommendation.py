"""The letter of recommendation of one region with its summary table, as PDF; the same table for a spreadsheet."""

import io

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.permissions import can
from competition.documents.kinds import DocumentKind, register_kind
from competition.domain.calendar import beijing_date
from competition.models import Quota
from competition.selectors.recommendations import recommendations
from ledger.domain.reason import Reason


def find(keys) -> dict[str, Quota]:
    rows = Quota.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related("competition", "region")
    return {str(row.pk): row for row in rows}


def table_rows(quota) -> list[dict]:
    """What the region recommends, in its order of preference; names in the language under way."""
    found = []
    for row in recommendations(quota).filter(state="recommended"):
        application = row.application
        cluster = application.cluster
        others = [str(region) for region in cluster.regions.all() if region.pk != cluster.lead_region_id]
        found.append(
            {
                "preference": row.preference,
                "cluster": str(cluster),
                "lead": str(cluster.lead_region),
                "others": _(", ").join(others),
                "organisation": str(application.organisation),
                "credit_code": application.organisation.credit_code or "",
                "track": str(application.track) if application.track else "",
                "receipt": row.revision.receipt_number if row.revision else "",
                "revision": row.revision.number if row.revision else None,
                "opinion": row.opinion,
                "decided": beijing_date(row.decided_at).isoformat() if row.decided_at else None,
            }
        )
    return found


def context(quota, language) -> dict:
    rows = table_rows(quota)
    days = [row["decided"] for row in rows if row["decided"]]
    return {
        "competition": str(quota.competition),
        "addressee": quota.competition.words("organiser"),
        "region": str(quota.region),
        "places": quota.places,
        "used": len(rows),
        "date": max(days) if days else None,
        "rows": rows,
    }


def may_read(user, quota) -> Reason | None:
    return can(user, "quota.view", quota).reason


def may_issue(user, quota) -> Reason | None:
    if reason := can(user, "quota.order", quota).reason:
        return reason
    return None if quota.recommendations.filter(state="recommended").exists() else Reason("competition.nothing_recommended")


def workbook(quota, rows: list[dict]) -> bytes:
    """An Excel file in which every text is a text: nothing in it is computed."""
    import xlsxwriter

    heads = (
        (pgettext("document", "Preference"), "preference", 8),
        (pgettext("document", "Cluster"), "cluster", 36),
        (_("Lead region"), "lead", 14),
        (_("Other regions"), "others", 20),
        (_("Promotion organisation"), "organisation", 36),
        (_("Unified social credit code"), "credit_code", 22),
        (_("Track"), "track", 18),
        (_("Receipt"), "receipt", 22),
        (_("Opinion"), "opinion", 60),
    )
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_("Summary table"))
        sheet.write_string(0, 0, f"{quota.competition}　{quota.region}", book.add_format({"bold": True, "font_size": 14}))
        for column, (head, name, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, head, bold)
            for line, row in enumerate(rows, start=3):
                if name == "preference":
                    sheet.write_number(line, column, row[name], wrap)
                else:
                    sheet.write_string(line, column, row[name], wrap)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return file.getvalue()


register_kind(
    DocumentKind(
        name="recommendation_letter",
        subject_kind="quota",
        prefix="TJ",
        template="documents/recommendation_letter.html",
        label=gettext_lazy("Letter of recommendation with summary table"),
        find=find,
        competition=lambda quota: quota.competition,
        about=lambda quota: str(quota.region),
        context=context,
        may_read=may_read,
        may_issue=may_issue,
    )
)
