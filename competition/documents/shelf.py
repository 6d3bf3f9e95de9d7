"""Issued documents as people find them: what a viewer may read, with its state; a constant number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.permissions import NotAllowed, roles
from competition.documents import kinds
from competition.models import Document
from competition.permissions.holding import STAFF
from jobs import selectors as jobs
from jobs.models import Job
from ledger.domain.reason import Reason


@dataclass(frozen=True)
class Item:
    """One line. `about` is empty and `reason` says why where the viewer may not read it; `job` draws it, None once drawn."""

    document: Document
    label: Any
    about: str
    job: Job | None
    reason: Reason | None


def issued(competition, *, kind: str = ""):
    """Every document of a competition, newest first, each with `superseded`; its contexts stay in the table."""
    found = _with_successors(Document.objects.filter(scope=f"competition:{competition.pk}")).order_by("-issued_at", "-pk")
    return found.filter(kind=kind) if kind else found


def _with_successors(documents):
    same = {name: OuterRef(name) for name in ("kind", "subject", "language")}
    later = Document.objects.filter(**same, edition__gt=OuterRef("edition"))
    return documents.defer("context").annotate(superseded=Exists(later))


def key_of(document) -> str:
    return document.subject.partition(":")[2]


def items(viewer, documents) -> list[Item]:
    """One query for each kind of subject and one for the jobs, whatever the number of documents."""
    documents = list(documents)
    keys: dict[str, set[str]] = {}
    for document in documents:
        keys.setdefault(document.kind, set()).add(key_of(document))
    known = kinds.kinds()
    rows = {(name, key): row for name, wanted in keys.items() if name in known for key, row in known[name].find(wanted).items()}
    work = _jobs(documents)
    found = []
    for document in documents:
        row = rows.get((document.kind, key_of(document)))
        if row is not None:
            found.append(_item(viewer, known[document.kind], document, row, work.get(document.pk)))
    return found


def item(viewer, document, row) -> Item:
    return _item(viewer, kinds.get(document.kind), document, row, _jobs([document]).get(document.pk))


def _item(viewer, kind, document, row, job) -> Item:
    reason = kind.may_read(viewer, row)
    return Item(document, kind.label, "" if reason else kind.about(row), job, reason)


def _jobs(documents) -> dict[int, Job]:
    """Document id → the newest job that draws it, for those not drawn yet."""
    waiting = {f"document:{document.pk}": document.pk for document in documents if not document.file}
    found: dict[int, Job] = {}
    for job in jobs.jobs(kind=kinds.JOB).filter(subject__in=list(waiting)) if waiting else ():
        found.setdefault(waiting[job.subject], job)
    return found


def latest(viewer, kind_name: str, key, language: str = "", *, subject=None) -> Item | None:
    """The newest edition of one document, for a viewer who may read it: what stands beside the button that asks for it."""
    kind = kinds.get(kind_name)
    found = Document.objects.filter(kind=kind_name, subject=f"{kind.subject_kind}:{key}")
    if kind.language or language:
        found = found.filter(language=kind.language or language)
    newest = _with_successors(found).order_by("-issued_at", "-pk")[:1]
    lines = items(viewer, newest) if subject is None else [item(viewer, document, subject) for document in newest]
    return lines[0] if lines and lines[0].reason is None else None


def editions(viewer, document, row) -> list[Document]:
    """All editions of the same document in the same language, newest first."""
    if kinds.get(document.kind).may_read(viewer, row):
        return []
    same = Document.objects.filter(kind=document.kind, subject=document.subject, language=document.language)
    return list(_with_successors(same).order_by("-edition"))


def asked(viewer, competition_id: int, kind_name: str, key: str) -> None:
    """What somebody asks a document of: staff without the right are told why by the service; to anybody else there is nothing."""
    kind = kinds.kinds().get(kind_name)
    row = kinds.subject_of(kind, key) if kind else None
    if row is None or kind.competition(row).pk != competition_id:
        raise Http404
    if kind.may_issue(viewer, row) and not roles(viewer, f"competition:{competition_id}") & STAFF:
        raise Http404


def against_asking(viewer, kind_name: str, key, *, subject=None) -> Reason | None:
    """Why the viewer cannot ask for a document now; what a button says that does not work."""
    kind = kinds.get(kind_name)
    row = subject or kinds.subject_of(kind, str(key))
    return Reason("competition.document_subject_unknown") if row is None else kind.may_issue(viewer, row)


def by_subject(viewer, kind_name: str, keys) -> dict[str, Item]:
    """Key → the newest edition that the viewer may read: a constant number of queries for a whole list."""
    subject_kind = kinds.get(kind_name).subject_kind
    found = Document.objects.filter(kind=kind_name, subject__in=[f"{subject_kind}:{key}" for key in keys])
    lines = items(viewer, _with_successors(found).filter(superseded=False).order_by("issued_at", "pk"))
    return {key_of(line.document): line for line in lines if line.reason is None}


def drawn(competition, kind_name: str) -> dict[str, int]:
    """How far the documents of one kind are: `total`, `done`, `failed` (wait for an operator), and whether any is `running`."""
    found = Document.objects.filter(scope=f"competition:{competition.pk}", kind=kind_name)
    total = found.count()
    waiting = list(found.filter(file="").defer("context"))
    failed = sum(job.state in ("failed", "cancelled") for job in _jobs(waiting).values())
    done = total - len(waiting)
    return {"total": total, "done": done, "failed": failed, "running": done + failed < total}


def one(viewer, competition_id: int, pk: int) -> tuple[Document, Any]:
    """A document and its subject. Staff without the right are told why; to anybody else it is not there."""
    document = _with_successors(Document.objects.filter(pk=pk, scope=f"competition:{competition_id}")).first()
    kind = kinds.kinds().get(document.kind) if document else None
    row = kinds.subject_of(kind, key_of(document)) if kind else None
    if row is None:
        raise Http404
    if reason := kind.may_read(viewer, row):
        if roles(viewer, f"competition:{competition_id}") & STAFF:
            raise NotAllowed(reason)
        raise Http404
    return document, row


def may_watch(viewer, key: str) -> bool:
    """Whoever may read a document may see how far it is."""
    lines = items(viewer, Document.objects.filter(pk=key).defer("context")) if key.isdecimal() else []
    return bool(lines) and lines[0].reason is None


def file_name(document) -> str:
    """In the reader's language; it tells the kind and the number, nothing of what stands inside."""
    words = {"kind": kinds.get(document.kind).label, "number": document.number, "edition": document.edition}
    return _("%(kind)s %(number)s edition %(edition)s") % words + ".pdf"
