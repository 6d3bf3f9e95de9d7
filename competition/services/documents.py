"""Issuing fixes a document: number, moment, seal and context. Drawing it is a job, and drawing again changes nothing."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from accounts.permissions import NotAllowed
from competition.documents import kinds
from competition.documents.kinds import JOB, DocumentKind
from competition.domain import verification
from competition.models import Award, Document
from competition.services.release import random_code
from competition.services.storing import save_whole
from jobs.services import enqueue
from ledger.domain import canonical
from ledger.domain.reason import Reason, Refused
from ledger.selectors import newest_seal
from ledger.services import record

LANGUAGES = ("zh-hans", "en")


def verify_code() -> str:
    return random_code(verification.LENGTH)


def verify_url(code: str) -> str:
    try:
        path = reverse("public:verify_code", kwargs={"code": code})
    except NoReverseMatch:
        path = f"/public/verify/{code}/"
    return settings.SITE_ADDRESS + path


@transaction.atomic
def issue(kind_name: str, key: str, *, language: str, actor, at: datetime) -> Document:
    """The document of this kind for one subject, as its facts stand now. Where nothing changed since the last edition, that
    one; else the next. A person needs the right to issue it, the system (None) does not."""
    kind = kinds.kinds().get(kind_name)
    row = kinds.subject_of(kind, key) if kind else None
    if row is None:
        raise Refused(Reason("competition.document_subject_unknown"))
    if actor is not None and (reason := kind.may_issue(actor, row)):
        raise NotAllowed(reason)
    language = kind.language or (language if language in LANGUAGES else LANGUAGES[0])
    with translation.override(language):
        context = kind.context(row, language)
    return issue_document(kind, key, row, context=context, language=language, actor=actor, at=at)


@transaction.atomic
def issue_document(kind: DocumentKind, key: str, row, *, context: dict, language: str, actor, at: datetime) -> Document:
    """`context` is plain JSON: all that the template is given besides the row itself."""
    context = canonical.plain(context)
    digest = hashlib.sha256(canonical.encode(context)).hexdigest()
    subject, draft = f"{kind.subject_kind}:{key}", kind.draft(row)
    issued_by = "system" if actor is None else f"user:{actor.pk}"
    document = None
    while document is None:
        last = Document.objects.filter(kind=kind.name, subject=subject, language=language).order_by("-edition").first()
        if last is not None and last.context_digest == digest and last.draft == draft:
            if not last.file:
                enqueue(JOB, f"document:{last.pk}", requested_by=issued_by)
            return last
        try:
            with transaction.atomic():
                document = _write(kind, subject, row, context, digest, draft, language, last, issued_by, at)
        except IntegrityError:  # somebody else issued the same edition just now
            if Document.objects.filter(kind=kind.name, subject=subject, language=language).count() == (last.edition if last else 0):
                raise
    record(
        actor=issued_by,
        action="document.issue",
        subject=f"document:{document.pk}",
        scope=document.scope,
        after={
            "kind": kind.name,
            "of": subject,
            "number": document.number,
            "edition": document.edition,
            "context": digest,
            "draft": draft,
        },
        at=at,
    )
    enqueue(JOB, f"document:{document.pk}", requested_by=issued_by)
    return document


def _write(kind, subject, row, context, digest, draft, language, last, issued_by, at) -> Document:
    competition, seal = kind.competition(row), newest_seal()
    if kind.code is not None and last is None:
        number, code = kind.code(row)
    else:
        number, code = f"{kind.prefix}-{at:%Y}-{random_code(8)}", verify_code()
    with translation.override(language):
        title = f"{competition}　{kind.label}"
    return Document.objects.create(
        kind=kind.name,
        subject=subject,
        scope=f"competition:{competition.pk}",
        edition=last.edition + 1 if last else 1,
        language=language,
        number=number,
        verify_code=code,
        draft=draft,
        context={**context, "doc": {"title": title, "verify_url": verify_url(code), "demo": competition.demo}},
        context_digest=digest,
        seal_number=seal.number if seal else None,
        seal_hash=seal.hash if seal else "",
        issued_at=at,
        issued_by=issued_by,
    )


def without_certificate(round_id: int) -> list[str]:
    """Keys of the round's valid awards that have none yet."""
    awards = Award.objects.filter(entry__round=round_id, state="valid").order_by("pk").values_list("pk", flat=True)
    there = set(Document.objects.filter(kind="certificate", subject__in=[f"award:{pk}" for pk in awards]).values_list("subject", flat=True))
    return [str(pk) for pk in awards if f"award:{pk}" not in there]


def issue_missing_certificates(round_id: int, *, at: datetime, progress=lambda done, total: None) -> int:
    """Each is drawn by a job of its own. Returns how many were issued."""
    keys = without_certificate(round_id)
    for done, key in enumerate(keys, 1):
        issue("certificate", key, language="", actor=None, at=at)
        progress(done, len(keys))
    return len(keys)


def draw(document: Document, *, at: datetime) -> Document:
    """Idempotent: a drawn document is left alone. The file is stored before the row names it, so whoever dies between the
    two leaves a file that nothing names, never a name without a file."""
    from competition.documents.render import pdf

    if document.file:
        return document
    content, pages = pdf(document)
    name = save_whole(f"documents/{document.verify_code}-{secrets.token_hex(8)}.pdf", ContentFile(content))
    with transaction.atomic():
        written = Document.objects.filter(pk=document.pk, file="").update(
            file=name, sha256=hashlib.sha256(content).hexdigest(), pages=pages, rendered_at=at
        )
    if not written:
        default_storage.delete(name)
    document.refresh_from_db()
    return document


@transaction.atomic
def read_document(document: Document, *, viewer, row, at: datetime) -> Document:
    """A viewer who may read it takes the file; a reading of others' scores is recorded."""
    kind = kinds.get(document.kind)
    if reason := kind.may_read(viewer, row):
        raise NotAllowed(reason)
    if not document.file:
        raise Refused(Reason("competition.document_not_drawn"))
    if kind.recorded(viewer, row):
        record(
            actor=f"user:{viewer.pk}",
            action="document.read",
            subject=f"document:{document.pk}",
            scope=document.scope,
            after={"kind": document.kind, "of": document.subject, "edition": document.edition},
            at=at,
        )
    return document
