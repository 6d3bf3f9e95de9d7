"""Issuing fixes a document: number, moment, seal and context. Drawing it is a job, and drawing again changes nothing."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from competition.documents import kinds
from competition.models import Document
from competition.services.release import random_code
from jobs.services import enqueue
from ledger.domain import canonical
from ledger.selectors import newest_seal
from ledger.services import record

JOB = "document.render"


@transaction.atomic
def issue_document(
    kind: str, subject: str, *, scope: str, context: dict, language: str, draft: bool = False, actor, at: datetime
) -> Document:
    """`context` is plain JSON: all that the template is given besides the row itself. The same context again gives the
    document that is there; another one makes the next edition."""
    context = canonical.plain(context)
    digest = hashlib.sha256(canonical.encode(context)).hexdigest()
    earlier = Document.objects.filter(kind=kind, subject=subject, language=language)
    last = earlier.order_by("-edition").first()
    if last is not None and last.context_digest == digest and last.draft == draft:
        return last
    seal = newest_seal()
    document = Document.objects.create(
        kind=kind,
        subject=subject,
        scope=scope,
        edition=(earlier.aggregate(last=Max("edition"))["last"] or 0) + 1,
        language=language,
        number=f"{kinds.get(kind).prefix}-{at:%Y}-{random_code(8)}",
        verify_code=random_code(16),
        draft=draft,
        context=context,
        context_digest=digest,
        seal_number=seal.number if seal else None,
        seal_hash=seal.hash if seal else "",
        issued_at=at,
        issued_by="system" if actor is None else f"user:{actor.pk}",
    )
    record(
        actor=document.issued_by,
        action="document.issue",
        subject=f"document:{document.pk}",
        scope=scope,
        after={"kind": kind, "of": subject, "number": document.number, "edition": document.edition, "context": digest, "draft": draft},
        at=at,
    )
    enqueue(JOB, f"document:{document.pk}", requested_by=document.issued_by)
    return document


def draw(document: Document, *, at: datetime) -> Document:
    """Idempotent: a drawn document is left alone. The file is stored before the row names it."""
    from competition.documents.render import pdf

    if document.file:
        return document
    content, pages = pdf(document)
    name = default_storage.save(f"documents/{document.verify_code}.pdf", ContentFile(content))
    with transaction.atomic():
        written = Document.objects.filter(pk=document.pk, file="").update(
            file=name, sha256=hashlib.sha256(content).hexdigest(), pages=pages, rendered_at=at
        )
    if not written:
        default_storage.delete(name)
    document.refresh_from_db()
    return document
