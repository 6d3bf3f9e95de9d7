"""Every named route of the resolver, asked for with arguments of the race; what came back, as one text."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product

from django.db import connection, transaction
from django.urls import URLPattern, get_resolver, reverse

from ledger.models import Record
from tests.cast import sign_in
from tests.secrecy.race import STAGES

READINGS = ("standings.read", "sheet.read", "document.read", "finding.read")
# Of a round's rules, which know nothing of its results: walked once.
_SETUP = re.compile(r"round_(edit|remove|move|windows|open)|form_|advancement_edit|rubric_edit|scheme_")
# A row behind `pk` where it is not the competition's.
OWN_PK = {
    "cluster_edit": "cluster",
    "organisation_edit": "organisation",
    "job_cancel": "job",
    "job_progress": "job",
    "job_retry": "job",
    "old_invitation_link": "invitation",
    "invitation_cancel": "invitation",
    "invitation_renew": "invitation",
    "membership_end": "membership",
    "old_sign_up_link": "sign_up",
}


def routes(patterns=None, namespace="") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every route."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", tuple(pattern.pattern.regex.groupindex)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            for name, arguments in routes(pattern.url_patterns, inner):
                yield name, (*pattern.pattern.regex.groupindex, *arguments)


def arguments(race, stage) -> Mapping[str, list]:
    """What each argument of a route may be in one round. A new argument is added here deliberately: an unknown one fails."""
    applicant, rival = stage.entries["applicant"], stage.entries["rival"]
    sheets = [stage.sheets["applicant", judge] for judge in ("evaluator", "chair")]

    def ids(*rows):
        return [row.pk for row in rows if row is not None]

    return {
        "pk": [race.competition.pk],
        "round_pk": [stage.round.pk],
        "application_pk": [applicant.application_id, rival.application_id],
        "entry_pk": ids(applicant, rival),
        "number": [1],
        "attachment_pk": [race.attachment.pk],
        "file_pk": [race.attachment.pk],
        "offer_pk": ids(race.offer),
        "proposal_pk": ids(stage.proposal),
        "row_pk": ids(stage.proposal and stage.proposal.rows.get(entry=applicant)),
        "notice_pk": ids(stage.notice),
        "objection_pk": ids(stage.objection),
        "award_pk": ids(stage.award),
        "condition_pk": ids(stage.condition),
        "document_pk": ids(*stage.documents),
        "sheet_pk": ids(*sheets),
        "seat_pk": [sheets[0].assignment_id],
        "criterion_pk": ids(stage.check),
        "finding_pk": ids(stage.check.findings.first()),
        "user_pk": ids(race.cast.evaluator),
        "conflict_pk": ids(race.conflict),
        "job_pk": race.others["job"],
        "trial_pk": ids(*race.trials),
        "token_pk": [1],
        "notification_pk": race.others["notification"],
        "session_pk": [1],
        "browser_pk": [1],
        "webhook_pk": [1],
        "rule_pk": [1],
        "delivery_pk": [1],
        "competition_pk": [race.competition.pk],
        "cluster_pk": race.others["cluster"],
        "registration_pk": [race.registration.pk],
        "recommendation_pk": ids(race.recommendation),
        "quota_pk": ids(race.recommendation.quota),
        "kind": ["award_report", "panel_summary"],
        "code": [race.competition.code],
        "round_code": [stage.round.code],
        "slot": ["licence"],
        "scope": [f"competition:{race.competition.pk}"],
        "token": ["wrong"],
    }


def addresses(race) -> dict[str, str]:
    """Address → its route: of every route, in every round."""
    found = {}
    for stage in (race.stages[name] for name in STAGES):
        values = arguments(race, stage)
        for route, names in routes():
            if _SETUP.search(route) and stage.name != "closed":
                continue
            own = {name: values[name] for name in names}
            short = route.rpartition(":")[2]
            if short in OWN_PK:
                own["pk"] = race.others[OWN_PK[short]]
            if short == "verify_code":
                own["code"] = [race.stages["released"].award.verify_code]
            if short == "form_field_edit":
                own["code"] = ["credit_code"]
            for chosen in product(*(own[name] for name in names)):
                found.setdefault(reverse(route, kwargs=dict(zip(names, chosen, strict=True))), route)
    return found


MOST_QUERIES = 15
# Pages of one thing, not lists: the most that each may ask, whatever stands in the competition.
OF_ONE_THING = {
    "public:rules": (60, "a call without an edition is put into words anew, round by round; of one that has an edition they are kept"),
    "competition:application_detail": (17, "one application through all rounds, with its outcome, awards, papers and nomination"),
    "evaluations:sheet_edit": (18, "one sheet beside its evidence: rubric, scheme, marks, versions, files, the sheets beside it"),
    "evaluations:standing_why": (16, "one total, drawn anew from every mark under it"),
}


class Asked(dict):
    """Address → the statements of a page that asks more than it may: session, person, memberships and the numbers in the menu
    included, what only opens and ends a transaction not."""

    def __init__(self, routes: Mapping[str, str], most: int = MOST_QUERIES):
        self.routes, self.most = routes, most

    def page(self, url: str, response, statements: list[str]) -> None:
        most, _why = OF_ONE_THING.get(self.routes[url], (self.most, ""))
        if response.headers.get("Content-Type", "").startswith("text/html") and len(statements) > most:
            self[url] = [f"{len(statements)} queries", *statements]


@contextmanager
def listened(statements: list[str]):
    def listen(execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield


INSERT = f'INSERT INTO "{Record._meta.db_table}"'


def visit(race, person: str, urls, readings: set | None = None, asked: Asked | None = None) -> dict[str, str]:
    """Address → status, headers and content; those that wrote a reading into the ledger go into `readings`, those that asked the
    database too much into `asked`. Nothing that a request writes stays."""
    client = sign_in(race.people.get(person), fresh=True)
    client.raise_request_exception = False
    last = Record.objects.order_by("pk").values_list("pk", flat=True).last()
    found = {}
    for url in urls:
        client.cookies.pop("messages", None)
        with transaction.atomic():
            statements: list[str] = []
            with listened(statements):
                response = client.get(url)
            if asked is not None:
                asked.page(url, response, statements)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            headers = "\n".join(f"{name}: {value}" for name, value in response.items())
            found[url] = f"{response.status_code}\n{headers}\n\n{content.decode(errors='replace')}"
            wrote = any(statement.startswith(INSERT) for statement in statements)
            if readings is not None and wrote and Record.objects.filter(pk__gt=last, action__in=READINGS).exists():
                readings.add(url)
            transaction.set_rollback(True)
    return found


# What is by chance, by the clock of the machine or by digest: a token (whole, before its beginning is taken for a digest), a seal, a key.
_BY_CHANCE = re.compile(
    r"Expires: [^\n]*|data:image/[^\"]*|\b[A-Za-z0-9]{64}\b|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{8,}|csrfmiddlewaretoken[^>]*>|Set-Cookie[^\n]*"
)


def settled(text: str) -> str:
    return _BY_CHANCE.sub("#", text)
