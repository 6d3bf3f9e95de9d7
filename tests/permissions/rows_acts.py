"""Acts of organisers, recommenders and deciders in the API, by session. Whoever may do one gets so far that the body is read (415: a form is
no JSON), where it has one."""

from tests.permissions.matrix import Row, expect
from tests.permissions.rows_api import EVERYBODY, application, seen
from tests.permissions.rows_applying import EVALUATORS, STAFF
from tests.permissions.rows_registering import one as registration

COLLEAGUES = STAFF[1:]


def build(world):
    """Everything stands already."""


def act(*people, status=415, **others):
    """By these; who may read it but not do it is told so."""
    return expect(404, anonymous=401) | others | dict.fromkeys(people, status)


def answer(status=415):
    return act("organiser", status=status, applicant=403, **dict.fromkeys(COLLEAGUES, 403))


def course(world):
    return {"round_pk": world.applying.call.round.pk}


def entry(world):
    return {"entry_pk": world.applying.entry.pk}


def run(status):
    """Applicants and evaluators know of the round, too."""
    return act("organiser", status=status, applicant=403, **dict.fromkeys((*COLLEAGUES, *EVALUATORS), 403))


REVIEWED = act("organiser", "recommender", status=415, rival=403)

ROWS = [
    Row("api_acceptance", answer(200), application("submitted"), data={}, owner="applicant"),
    Row("api_return", answer(), application("submitted"), data={}, owner="applicant"),
    Row("api_extension", answer(), application("submitted"), data={}, owner="applicant"),
    Row("api_refusal", answer(), application("submitted"), data={}, owner="applicant"),
    Row("api_refusal", act(applicant=403), application("draft"), data={}, owner="applicant", label="a draft"),
    Row("api_disqualification", answer(), entry, data={}, owner="applicant"),
    Row("api_entry_withdrawal", answer(), entry, data={}, owner="applicant"),
    Row("api_round_opening", run(409), course, data={}, label="open already"),
    Row("api_round_judging", run(409), course, data={}, label="applications unanswered"),
    Row("api_round_closing", run(409), course, data={}, label="not judged"),
    Row("api_round_windows", run(415), course, data={}),
    Row("api_registrations", EVERYBODY),
    Row("api_registration", seen("organiser", "recommender", "rival"), registration("pending"), owner="rival"),
    Row("api_registration", seen("organiser"), registration("elsewhere"), owner="another person", label="of another region"),
    Row("api_confirmation", REVIEWED | {"organiser": 200, "recommender": 200}, registration("pending"), data={}, owner="rival"),
    Row("api_registration_refusal", REVIEWED, registration("pending"), data={}, owner="rival"),
]
