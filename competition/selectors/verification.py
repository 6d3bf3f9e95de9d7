"""What a verification code says of an award or a document, to everybody who holds the paper."""

from competition import labels
from competition.domain.calendar import beijing_date
from competition.domain.verification import fits, grouped, spelt
from competition.models import Award, Competition, Document
from competition.selectors.parties import submitted_partners
from ledger.selectors import read, seal_of

FACTS = ("entry__round__competition", "entry__application__organisation", "entry__condition", "entry__revision")


def answer(text: str, *, at) -> dict:
    """`verdict`: valid, conditional, revoked, expired, draft, superseded or unknown; and the facts that stand on the paper."""
    code = spelt(text)
    if not fits(code):
        return {"verdict": "unknown", "code": text[:80]}
    award = Award.objects.filter(verify_code=code).select_related(*FACTS).first()
    if award is not None:
        return _award(award, at=at) | {"code": grouped(code)}
    document = Document.objects.filter(verify_code=code).first()
    if document is None:
        return {"verdict": "unknown", "code": grouped(code)}
    return _document(document, at=at) | {"code": grouped(code)}


def _award(award, *, at, document=None) -> dict:
    competition = award.entry.round.competition
    verdict = "valid"
    revoked_at, condition = None, getattr(award.entry, "condition", None)
    if award.state == "revoked":
        verdict = "revoked"
        record = read(subject=f"award:{award.pk}", action="award.revoke").first()
        revoked_at = record.at if record else None
    elif award.valid_until and award.valid_until < beijing_date(at):
        verdict = "expired"
    elif condition is not None and condition.state == "open":
        verdict = "conditional"
    if document is None:
        document = Document.objects.filter(subject=f"award:{award.pk}", draft=False).exclude(file="").order_by("-edition", "-pk").first()
    given = read(subject=f"award:{award.pk}", action="award.give").first()
    return {
        "verdict": verdict,
        "award": award,
        "title": labels.TITLES[award.title],
        "competition": competition,
        "partners": submitted_partners(award.entry.revision, competition) if award.title == "cluster" else [],
        "revoked_at": revoked_at,
        "condition": condition if verdict == "conditional" else None,
        "document": document,
        "record": given,
        "seal": seal_of(given.pk) if given else None,
        "left": (award.valid_until - beijing_date(at)).days if verdict in ("valid", "conditional") and award.valid_until else None,
    }


def _document(document, *, at) -> dict:
    kind, _colon, key = document.subject.partition(":")
    if kind == "award" and key.isdecimal() and not document.draft:
        award = Award.objects.filter(pk=key).select_related(*FACTS).first()
        if award is not None:
            return _award(award, at=at, document=document)
    newer = Document.objects.filter(
        kind=document.kind, subject=document.subject, language=document.language, edition__gt=document.edition
    ).exists()
    competition_id = document.scope.partition(":")[2]
    return {
        "verdict": "draft" if document.draft else "superseded" if newer else "valid",
        "document": document,
        "competition": Competition.objects.filter(pk=competition_id).first() if competition_id.isdecimal() else None,
    }
