"""The certificate of an award: one sheet in both languages. It bears the award's own number and verification code."""

from django.utils.translation import gettext_lazy, ngettext, override, pgettext

from competition.documents.kinds import DocumentKind, register_kind
from competition.domain.calendar import beijing_date
from competition.models import Award
from competition.permissions.holding import STAFF, organisations, roles_in
from competition.selectors.grades import grade_of_entry
from competition.selectors.parties import submitted_partners
from ledger.domain.reason import Reason

MOST_NAMES = {"zh": 40, "en": 70}  # signs that the names of partners may take: one line
MOST_BESIDE_TERMS = {"zh": 22, "en": 40}  # likewise where a condition stands below
MOST_TERMS = {"zh": 60, "en": 110}  # signs of a condition that the sheet has room for
BOTH = {"zh": "zh-hans", "en": "en"}


def find(keys) -> dict[str, Award]:
    with_facts = ("entry__round__competition", "entry__application__cluster", "entry__application__organisation")
    rows = Award.objects.filter(pk__in=[key for key in keys if key.isdecimal()]).select_related(
        *with_facts, "entry__condition", "entry__revision"
    )
    return {str(row.pk): row for row in rows}


def context(award, language) -> dict:
    entry = award.entry
    competition, application = entry.round.competition, entry.application
    rounds = [round for round in competition.rounds.all() if round.order <= entry.round.order]
    band = grade_of_entry(entry)
    organisation = application.organisation if award.title != "organisation" else None
    return (
        {
            "number": award.number,
            "holder": {"zh": award.holder_zh, "en": award.holder_en},
            "title": {code: _title(award.title, application.cluster.words("name", words), words) for code, words in BOTH.items()},
            "competition": {code: competition.words("name", words) for code, words in BOTH.items()},
            "rounds": {code: _joined([round.words("name", words) for round in rounds], words) for code, words in BOTH.items()},
            "organisation": {code: organisation.words("name", words) if organisation else "" for code, words in BOTH.items()},
            "grade": band.name if band else {"zh": "", "en": ""},
            "issuer": {code: competition.words("organiser", words) for code, words in BOTH.items()},
            "date": beijing_date(award.given_at).isoformat(),
            "valid_from": award.valid_from.isoformat(),
            "valid_until": award.valid_until.isoformat() if award.valid_until else None,
        }
        | _condition(entry)
        | _partners(award)
    )


def _partners(award) -> dict:
    """Of a joint entry, in one line: their names, or where those are too long the first with how many others. Nothing where the
    organisation applied alone, so that such a certificate is what it always was."""
    entry = award.entry
    rows = submitted_partners(entry.revision, entry.round.competition) if award.title == "cluster" else []
    most = MOST_BESIDE_TERMS if _condition(entry) else MOST_NAMES
    return {"partners": {code: _in_one_line(rows, most[code], words) for code, words in BOTH.items()}} if rows else {}


def _in_one_line(rows, most: int, language: str) -> str:
    names = [row.words("name", language) for row in rows]
    joined = _joined(names, language)
    if len(joined) <= most:
        return joined
    with override(language):
        if len(names[0]) > most - 10 or len(names) == 1:
            return ngettext("%(count)d partner", "%(count)d partners", len(names)) % {"count": len(names)}
        words = ngettext("%(first)s and %(count)d other", "%(first)s and %(count)d others", len(names) - 1)
        return words % {"first": names[0], "count": len(names) - 1}


def _condition(entry) -> dict:
    """Only while it is open: a certificate without one is what it always was."""
    condition = getattr(entry, "condition", None)
    if condition is None or condition.state != "open":
        return {}
    texts = {code: condition.words("text", words) for code, words in BOTH.items()}
    if any(len(text) > MOST_TERMS[code] or "\n" in text for code, text in texts.items()):
        texts = dict.fromkeys(BOTH, "")  # the verification page has them
    return {"condition": texts | {"due": condition.due_on.isoformat()}}


def _title(title: str, cluster: str, language: str) -> str:
    with override(language):
        return {
            "cluster": lambda: pgettext("certificate", "an advanced manufacturing cluster"),
            "organisation": lambda: pgettext("certificate", "the promotion organisation of %(cluster)s") % {"cluster": cluster},
            "core_park": lambda: pgettext("certificate", "a core park of %(cluster)s") % {"cluster": cluster},
        }[title]()


def _joined(names: list[str], language: str) -> str:
    with override(language):
        if len(names) < 2:
            return "".join(names)
        words = {"first": pgettext("list", ", ").join(names[:-1]), "last": names[-1]}
        return pgettext("list", "%(first)s and %(last)s") % words


def may_read(user, award) -> Reason | None:
    application = award.entry.application
    if application.organisation_id in organisations(user) or roles_in(user, application) & STAFF:
        return None
    return Reason("competition.not_yours")


def may_issue(user, award) -> Reason | None:
    if "organiser" not in roles_in(user, award.entry.application):
        return Reason("competition.role_needed", {"roles": ["organiser"]})
    return Reason("competition.award_revoked") if award.state == "revoked" else None


register_kind(
    DocumentKind(
        name="certificate",
        subject_kind="award",
        prefix="CT",
        template="documents/certificate.html",
        label=gettext_lazy("Certificate"),
        find=find,
        competition=lambda award: award.entry.round.competition,
        about=lambda award: award.holder_zh,
        context=context,
        may_read=may_read,
        may_issue=may_issue,
        code=lambda award: (award.number, award.verify_code),
        language="zh-hans",
    )
)
