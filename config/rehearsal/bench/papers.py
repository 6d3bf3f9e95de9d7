"""Documents, as their jobs draw them: certificates, and the award report of a round."""

import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from datetime import date

from django.core.files.storage import default_storage
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from competition.models import Award, Document, Entry, Round
from competition.services.decisions import propose
from competition.services.documents import draw, issue, verify_code
from config.rehearsal.bench.field import Field, colleague, judged_field
from config.rehearsal.bench.measure import median
from evaluations.services.standings import record_standings


@contextlib.contextmanager
def own_files() -> Iterator[None]:
    """Drawn files lie in a folder that goes with the measurement."""
    with tempfile.TemporaryDirectory(prefix="saima-bench-") as folder:
        kept = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}}
        with override_settings(STORAGES=kept | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):
            yield


def closed_field(entries: int, evaluators: int, criteria: int, *, code: str = "bench") -> Field:
    field = judged_field(entries, evaluators, criteria, code=code)
    with transaction.atomic():
        record_standings(field.round, actor=None, at=timezone.now())
    Round.objects.filter(pk=field.round.pk).update(state="closed")
    field.round.refresh_from_db()
    return field


def awarded(field: Field) -> list[Award]:
    """A title for every entry."""
    now = timezone.now()
    rows = Entry.objects.filter(round=field.round).select_related("application__cluster").order_by("pk")
    return Award.objects.bulk_create(
        Award(
            entry=entry,
            title="cluster",
            holder_zh=str(entry.application.cluster.name_zh),
            number=f"B-{secrets.token_hex(8)}",
            verify_code=verify_code(),
            valid_from=date(now.year, 1, 1),
            given_at=now,
        )
        for entry in rows
    )


def certificates(entries: int, evaluators: int, criteria: int) -> dict:
    """Each drawn and stored, one after the other, by one process; `issue_s`: their contexts, numbers, codes and records."""
    awards = awarded(closed_field(entries, evaluators, criteria))

    def issued() -> list[Document]:
        Document.objects.all().delete()
        return [issue("certificate", str(award.pk), language="", actor=None, at=timezone.now()) for award in awards]

    with own_files():
        issue_s = median(issued)["median_s"]
        return drawn(list(Document.objects.order_by("pk"))) | {"issue_s": issue_s}


def report(entries: int, evaluators: int, criteria: int) -> dict:
    """The award report of a round, in Chinese: one document."""
    field = closed_field(entries, evaluators, criteria)
    proposal = propose(field.round, actor=colleague(field.round), at=timezone.now())
    with own_files():
        return drawn([issue("award_report", str(proposal.pk), language="zh-hans", actor=None, at=timezone.now())])


def drawn(documents: list[Document]) -> dict:
    """`cpu_ms_each`, `kb_each`, `pages_each` of a document."""

    def forget():
        for document in documents:
            if document.file:
                default_storage.delete(document.file.name)
            document.file = ""
        Document.objects.filter(pk__in=[document.pk for document in documents]).update(file="")

    def work():
        for document in documents:
            draw(document, at=timezone.now())

    found = median(work, before=forget)
    number = len(documents)
    return found | {
        "documents": number,
        "cpu_ms_each": round(found["cpu_s"] * 1000 / number, 1),
        "kb_each": round(sum(document.file.size for document in documents) / 1024 / number, 1),
        "pages_each": round(sum(document.pages for document in documents) / number, 1),
    }


BENCHES = {"certificates": certificates, "report": report}
