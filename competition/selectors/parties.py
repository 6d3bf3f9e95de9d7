"""The partners of a joint entry, as a draft or a revision names them."""

from competition.domain import parties
from competition.domain.parties import FIELDS
from competition.models import Region, RevisionParty
from ledger.domain.reason import Reason


def partners(application) -> list:
    """Of the draft, in its order. Asks nothing where the competition takes no joint entries."""
    return list(application.parties.select_related("region")) if application.competition.joint_entries else []


def submitted_partners(revision, competition) -> list:
    """As they were submitted, in their order; likewise."""
    return list(revision.parties.select_related("region")) if competition.joint_entries and revision else []


def partners_by_revision(revision_ids, competition) -> dict[int, list]:
    """Revision → its partners, in one query for all; likewise."""
    found: dict[int, list] = {}
    if competition.joint_entries:
        for row in RevisionParty.objects.filter(revision__in=revision_ids).order_by("revision", "order"):
            found.setdefault(row.revision_id, []).append(row)
    return found


def typed(row) -> dict[str, str]:
    """A row as the page's fields and a revision's digest have it."""
    return {name: row.region_id if name == "region" else getattr(row, name) for name in FIELDS}


def party_faults(application, rows=None) -> list[tuple[str, Reason]]:
    """What is wrong with these partners (the draft's where not given), by path."""
    if not application.competition.joint_entries:
        return [("parties", Reason("competition.joint_not_allowed"))] if rows else []
    if rows is None:
        rows = [typed(row) for row in application.parties.all()]
    if not rows:
        return []
    regions = set(Region.objects.filter(code__in={row["region"] for row in rows}).values_list("code", flat=True))
    return parties.faults(rows, lead=application.organisation.credit_code, regions=regions)


def party_changes(before, after) -> list[dict]:
    """What differs between the partners of two revisions, by code: `name` and the words `before` and `after`."""
    old, new = ({row.credit_code: row for row in rows} for rows in (before, after))
    rows = []
    for code in [*old, *(code for code in new if code not in old)]:
        words = [described(side[code]) if code in side else "" for side in (old, new)]
        if words[0] != words[1]:
            rows.append({"name": str(new.get(code) or old[code]), "before": words[0], "after": words[1]})
    return rows


def described(row) -> str:
    """All that is said of one, in one line of words."""
    return " · ".join(str(part) for part in (row.name_zh, row.name_en, row.credit_code, row.region, row.role) if part)
