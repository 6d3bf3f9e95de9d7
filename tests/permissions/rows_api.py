"""The API, by session: the same rights as in the pages. Keys and their scopes: tests/accounts/test_tokens.py."""

from tests.permissions.matrix import Row, expect
from tests.permissions.rows_applying import EVALUATORS, STAFF

PUBLIC = {"api_schema", "api_docs"}
INSIDE = (*EVALUATORS, *STAFF)
LISTS = ("competitions", "rounds", "clusters", "applications", "entries", "awards", "assignments", "sheets")
EVERYBODY = expect(200, anonymous=401)  # a list holds what one may see, which may be nothing


def build(world):
    """Everything stands already."""


def seen(*people, status=200):
    """One row: whoever may not see it learns nothing of it."""
    return expect(404, anonymous=401) | dict.fromkeys(people, status)


def own(status=200, staff=404):
    return expect(404, anonymous=401, applicant=status) | dict.fromkeys(STAFF, staff)


def application(name):
    return lambda world: {"application_pk": getattr(world.applying, name).pk}


def file(name):
    of = {"draft": lambda world: world.applying.draft.attachments.get(), "submitted": lambda world: world.applying.file}
    return lambda world: {"attachment_pk": of[name](world).pk}


def judged(world):
    return {"sheet_pk": world.judging.seat.sheet.pk}


def its_seat(world):
    return {"seat_pk": world.judging.seat.pk}


def in_its_round(world):
    return {"round_pk": world.judging.seat.entry.round_id}


def mine(status=200):
    return expect(404, anonymous=401, evaluator=status) | dict.fromkeys(STAFF, 403)


ROWS = [
    Row("api_schema", expect(200)),
    Row("api_docs", expect(200)),
    Row("api_me", EVERYBODY),
    Row("api_jobs", EVERYBODY),
    Row("api_job", seen("operator"), lambda world: {"job_pk": world.queued_job.pk}, owner="the system"),
    Row("api_job", seen("operator", "applicant"), lambda world: {"job_pk": world.asked_job.pk}, owner="applicant"),
    *(Row(f"api_{name}", EVERYBODY) for name in LISTS),
    Row("api_competition", seen("applicant", *INSIDE), lambda world: {"competition_pk": world.applying.call.competition.pk}),
    Row("api_feeders", seen("applicant", *INSIDE), lambda world: {"competition_pk": world.applying.call.competition.pk}),
    Row("api_round", seen("applicant", *INSIDE), lambda world: {"round_pk": world.applying.call.round.pk}),
    Row(
        "api_standings",
        seen("applicant", *EVALUATORS, status=403) | dict.fromkeys(STAFF, 403),
        lambda world: {"round_pk": world.applying.call.round.pk},
        label="before the round is closed",
    ),
    Row(
        "api_cluster", seen("organiser", "applicant"), lambda world: {"cluster_pk": world.applying.submitted.cluster_id}, owner="applicant"
    ),
    Row("api_application", own(), application("draft"), owner="applicant"),
    Row("api_application", own(staff=200), application("submitted"), owner="applicant", label="submitted"),
    Row("api_draft", own(), application("draft"), owner="applicant"),
    Row("api_draft", own(staff=403), application("submitted"), owner="applicant", label="submitted"),
    Row("api_submission", own(400), application("draft"), data={}, owner="applicant", label="without If-Match"),
    Row("api_submission", own(400, staff=403), application("submitted"), data={}, owner="applicant", label="submitted"),
    Row("api_receipt", own(404), application("draft"), owner="applicant", label="none yet"),
    Row("api_receipt", own(staff=200), application("submitted"), owner="applicant"),
    Row("api_files", own(), application("draft"), owner="applicant"),
    Row("api_files", own(400), application("draft"), data={}, owner="applicant", label="nothing sent"),
    Row("api_files", own(staff=200), application("submitted"), owner="applicant", label="submitted"),
    Row("api_files", own(400, staff=403), application("submitted"), data={}, owner="applicant", label="submitted, nothing sent"),
    *(Row(name, own(), file("draft"), owner="applicant", label="of a draft") for name in ("api_file", "api_file_content")),
    *(Row(name, own(staff=200), file("submitted"), owner="applicant") for name in ("api_file", "api_file_content")),
    Row("api_entry", own(staff=200), lambda world: {"entry_pk": world.applying.entry.pk}, owner="applicant"),
    Row("api_withdrawal", own(415), application("draft"), data={}, owner="applicant", label="not as JSON"),
    Row("api_withdrawal", own(415, staff=403), application("submitted"), data={}, owner="applicant", label="submitted"),
    Row("api_award", seen(*STAFF), lambda world: {"award_pk": world.award.pk}, owner="another organisation"),
    Row("api_assignment", seen("evaluator"), lambda world: {"seat_pk": world.judging.seat.pk}, owner="evaluator"),
    Row("api_undertaking", seen("evaluator"), in_its_round, owner="evaluator"),
    Row("api_undertaking", seen("evaluator", status=415), in_its_round, data={}, owner="evaluator", label="not as JSON"),
    Row("api_seat_confirmation", seen("evaluator", status=409), its_seat, data={}, owner="evaluator", label="answered already"),
    Row("api_recusal", seen("evaluator", status=415), its_seat, data={}, owner="evaluator", label="not as JSON"),
    Row("api_sheet", mine(), judged, owner="evaluator"),
    Row("api_sheet_submission", mine(400), judged, data={}, owner="evaluator", label="without If-Match"),
]
