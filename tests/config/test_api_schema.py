"""The API is asked what its own schema allows, and what it does not: no fault of ours, no answer that the schema does not promise."""

from collections import defaultdict
from itertools import product

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.services.tokens import make_token
from config.wsgi import application
from tests.permissions.world import make_world

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
OWNERS = {
    "applicant": ("read", "apply"),
    "evaluator": ("read", "judge"),
    "recommender": ("read", "recommend"),
    "organiser": ("read", "organise"),
    "decider": ("read", "decide"),
}
STRANGERS = ("unknown", "anonymous")
ASKING = (*OWNERS, "organiser") * 2 + STRANGERS
# Requests to one address with what its schema allows, and as many with what it does not; the acts share one way of being read.
EACH, OF_ACTS = 8, 4


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # as Django's own test client does: the world is one transaction
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        keys = {
            name: make_token(name="keys", scopes=scopes, days=9, actor=getattr(world.cast, name), at=timezone.now())[1]
            for name, scopes in OWNERS.items()
        }
        world.keys = keys | {"unknown": "saima_unknown", "anonymous": None}
        yield world
        transaction.set_rollback(True)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def rows(world) -> dict[str, list[int]]:
    """What each argument of an address may be: rows that are somebody's, and none."""
    applying, judging = world.applying, world.judging
    found = {
        "competition_pk": [applying.call.competition, judging.competition],
        "round_pk": [applying.call.round, judging.seat.entry.round, world.closed, world.closed, world.closed],
        "cluster_pk": [applying.submitted.cluster],
        "attachment_pk": [applying.file, applying.draft.attachments.get()],
        "application_pk": [applying.draft, applying.submitted],
        "entry_pk": [applying.entry, judging.seat.entry],
        "award_pk": [world.award],
        "sheet_pk": [judging.seat.sheet, judging.submitted.sheet],
        "registration_pk": [world.registering.pending, world.registering.elsewhere],
        "quota_pk": [world.recommending.quota],
        "recommendation_pk": [world.recommending.waiting, *world.recommending.answered],
        "proposal_pk": [world.tabled, world.drawn_up],
        "row_pk": [world.tabled_row],
        "condition_pk": [world.condition],
        "notice_pk": [world.notice],
        "objection_pk": [world.objection],
        "seat_pk": [judging.seat, judging.proposed, world.free_seat],
        "finding_pk": [world.shut.entries["X"].findings.get()],
        "job_pk": [world.asked_job, world.queued_job],
    }
    return {name: [row.pk for row in some] for name, some in found.items()}


def requests_to(operation, mode, known):
    """(case, whose key): rows in the address that are there in three of four, and one of the first versions."""
    numbers = st.fixed_dictionaries({name: st.sampled_from(pks * 3 + [987654321]) for name, pks in known.items()})
    tags = st.sampled_from([None, '"0"', '"1"', '"2"', "*"])
    return st.tuples(operation.as_strategy(generation_mode=mode), numbers, tags, st.sampled_from(ASKING))


def answered(case, numbers, tag, key):
    """The answer; nothing that it wrote stays."""
    case.path_parameters = {name: numbers[name] for name in case.path_parameters or {}}
    headers = {"If-Match": tag} if tag else {}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    with transaction.atomic():
        answer = case.call(headers=headers)
        transaction.set_rollback(True)
    cache.clear()  # a minute's limit is not what is asked for here
    return answer


def asking(operation, mode, world, seen):
    """A function that asks one address EACH times, and notes what it answered."""

    @settings(
        max_examples=EACH
        if operation.method != "post" or operation.path.startswith(("/api/v1/applications", "/api/v1/sheets"))
        else OF_ACTS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests_to(operation, mode, rows(world)))
    def ask(drawn):
        case, numbers, tag, name = drawn
        answer = answered(case, numbers, tag, world.keys[name])
        case.validate_response(answer, checks=CHECKS)
        if name in STRANGERS:
            assert answer.status_code in (400, 401), answer.content
        seen[operation.label].add(answer.status_code)

    return ask


def answers_somebody(operation, world) -> bool:
    """Is there a row that one of them may read? What they get is what the schema says."""
    for name, (argument, pks) in product(OWNERS, [row for row in rows(world).items() if f"{{{row[0]}}}" in operation.path] or [("", [0])]):
        for pk in pks:
            case = operation.Case(path_parameters={argument: pk} if argument else {})
            answer = answered(case, {argument: pk}, None, world.keys[name])
            case.validate_response(answer, checks=CHECKS)
            if answer.status_code == 200:
                return True
    return False


@pytest.mark.once  # on PostgreSQL, which refuses more
@pytest.mark.django_db
def test_it_answers_what_its_schema_promises(world):
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
    seen = defaultdict(set)
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            asking(operation, mode, world, seen)()
    assert len(seen) > 80
    assert set().union(*seen.values()) >= {200, 400, 401, 403, 404, 409}
    assert [row.label for row in operations if row.method == "get" and not answers_somebody(row, world)] == []
