"""What the scanner for malware has not seen yet, and where it found something."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from competition.domain.scans import FOUND, TOO_LARGE, WAITING
from competition.models import Attachment, Meeting


@dataclass(frozen=True)
class Standing:
    """Numbers of rows: `waiting` in all, of them `too_large` for the scanner and `undone` for another fault; `infected`."""

    waiting: int
    too_large: int
    undone: int
    infected: int


def standing() -> Standing:
    counts: Counter[tuple[str, str]] = Counter()
    for model in (Attachment, Meeting):
        rows = model.objects.filter(scan__in=(WAITING, FOUND)).order_by()
        counts.update({(scan, fault): n for scan, fault, n in rows.values_list("scan", "scan_fault").annotate(n=Count("pk"))})
    waiting = {fault: n for (scan, fault), n in counts.items() if scan == WAITING}
    too_large = waiting.get(TOO_LARGE, 0)
    infected = sum(n for (scan, _fault), n in counts.items() if scan == FOUND)
    return Standing(sum(waiting.values()), too_large, sum(waiting.values()) - too_large - waiting.get("", 0), infected)
