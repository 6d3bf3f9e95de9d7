"""Acts of organisers, recommenders and deciders in the API, by session. Whoever may do one gets so far that the body is read (415: a form is
no JSON), where it has one."""

from evaluations.models import Finding
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


def quota(world):
    return {"quota_pk": world.recommending.quota.pk}


def said(name):
    row = {"waiting": lambda world: world.recommending.waiting, "elsewhere": lambda world: world.recommending.elsewhere}
    row["answered"] = lambda world: world.recommending.answered[0]
    return lambda world: {"recommendation_pk": row[name](world).pk}


def candidate(name):
    return lambda world: {"entry_pk": (world.levels.lost if name == "lost" else world.levels.chosen[0]).pk}


def things(**names):
    return lambda world: {argument: getattr(world, name).pk for argument, name in names.items()}


def inside(*people, status=415):
    """Of the competition in which the cast holds its roles: whoever takes part is told why not."""
    return act(*people, status=status, **dict.fromkeys(MEMBERS, 403))


def readers(*people):
    return inside(*people, status=200)


def in_round(name):
    return lambda world: {"round_pk": getattr(world, name).round.pk}


def seat(world):
    return {"seat_pk": world.free_seat.pk}


def found(world):
    return {"finding_pk": Finding.objects.get(entry=world.shut.entries["X"], criterion=world.shut.criteria["V1"]).pk}


MEMBERS = (*STAFF, *EVALUATORS)
BOTH = ("organiser", "decider", "second_decider")
WORD = expect(404, anonymous=401, recommender=415) | dict.fromkeys(STAFF, 403)
PROPOSAL = things(proposal_pk="tabled")
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
    Row("api_recommendation_deadline", run(415), lambda world: {"competition_pk": world.applying.call.competition.pk}, data={}),
    Row("api_reopenings", run(200) | dict.fromkeys(BOTH, 200), course),
    Row("api_reopenings", run(415), course, data={}),
    Row("api_reopening_refusal", run(409) | dict.fromkeys(BOTH, 409), course, data={}, label="not asked for"),
    Row("api_registrations", EVERYBODY),
    Row("api_registration", seen("organiser", "recommender", "rival"), registration("pending"), owner="rival"),
    Row("api_registration", seen("organiser"), registration("elsewhere"), owner="another person", label="of another region"),
    Row("api_confirmation", REVIEWED | {"organiser": 200, "recommender": 200}, registration("pending"), data={}, owner="rival"),
    Row("api_registration_refusal", REVIEWED, registration("pending"), data={}, owner="rival"),
    Row("api_quotas", EVERYBODY),
    Row("api_quota", seen("recommender", *STAFF), quota),
    Row("api_quota_order", seen("recommender", *STAFF), quota),
    Row("api_recommendations", EVERYBODY),
    Row("api_recommendation", seen("recommender", *STAFF), said("waiting")),
    Row("api_recommendation", seen(*STAFF), said("elsewhere"), label="of another region"),
    Row("api_approval", WORD, said("waiting"), data={}),
    Row("api_approval", WORD | {"recommender": 404}, said("elsewhere"), data={}, label="of another region"),
    Row("api_decline", WORD, said("waiting"), data={}),
    Row("api_word_withdrawal", WORD, said("answered"), data={}),
    Row("api_nominations", EVERYBODY),
    Row("api_nomination_make", act("recommender", "organiser"), candidate("chosen"), data={}),
    Row("api_nomination_make", act(), candidate("lost"), data={}, label="not chosen"),
    Row("api_proposals", EVERYBODY),
    Row("api_proposal", readers(*STAFF), PROPOSAL),
    Row("api_proposal_rows", readers(*STAFF), PROPOSAL),
    Row("api_proposal_make", inside("organiser", status=201), things(round_pk="closed"), data={}),
    Row("api_tabling", inside(*BOTH, status=200), things(proposal_pk="drawn_up"), data={}),
    Row("api_proposal_withdrawal", inside(*BOTH, status=200), PROPOSAL, data={}),
    Row("api_meeting", inside(*BOTH), PROPOSAL, data={}),
    Row("api_outcome", inside("decider", "second_decider"), things(proposal_pk="tabled", row_pk="tabled_row"), data={}),
    Row("api_notices", EVERYBODY),
    Row("api_notice", seen(*STAFF), things(notice_pk="notice")),
    Row("api_objection_make", inside("organiser", "supervisor"), things(notice_pk="notice"), data={}),
    Row("api_objections", EVERYBODY),
    Row("api_objection", readers(*STAFF), things(objection_pk="objection")),
    Row("api_objection_decision", inside(*BOTH), things(objection_pk="objection"), data={}),
    Row("api_objection_withdrawal", inside("organiser", status=200), things(objection_pk="objection"), data={}),
    Row("api_awards_give", inside("organiser"), things(round_pk="awarded"), data={}),
    Row("api_certificates", inside("organiser", status=202), things(round_pk="awarded"), data={}),
    Row("api_revocation", inside(*BOTH), things(award_pk="award"), data={}),
    Row("api_conditions", EVERYBODY),
    Row("api_condition", seen(*STAFF), things(condition_pk="condition")),
    Row("api_condition_met", inside(*BOTH), things(condition_pk="condition"), data={}),
    Row("api_condition_missed", inside(*BOTH), things(condition_pk="condition"), data={}),
    Row("api_condition_extension", inside(*BOTH), things(condition_pk="condition"), data={}),
    Row("api_evaluators", readers("organiser"), lambda world: {"competition_pk": world.judged.round.competition_id}),
    Row("api_groups", readers(*STAFF), in_round("judged")),
    Row("api_groups", inside("organiser"), in_round("judged"), data={}),
    Row("api_group_move", run(415), entry, data={}),
    Row("api_seats", readers(*STAFF), in_round("judged")),
    Row("api_seats", inside("organiser"), in_round("judged"), data={}),
    Row("api_seats_computation", inside("organiser", status=202), in_round("judged"), data={}),
    Row("api_seats_publication", inside("organiser", status=409), in_round("judged"), data={}, label="none proposed"),
    Row("api_seat", readers(*STAFF), seat),
    Row("api_replacement", inside("organiser"), seat, data={}),
    Row("api_waiver", inside("organiser"), seat, data={}),
    Row("api_seat_extension", inside("organiser"), seat, data={}),
    Row("api_sheet_return", inside("organiser"), seat, data={}),
    Row("api_findings", readers("organiser", "supervisor"), in_round("judged")),
    Row("api_findings", readers(*STAFF), in_round("shut"), label="closed"),
    Row("api_unchecked", readers("organiser", "supervisor"), in_round("judged")),
    Row("api_passing", inside("organiser"), in_round("judged"), data={}),
    Row("api_finding_record", inside("organiser"), lambda world: {"entry_pk": world.judged.entries["X"].pk}, data={}),
    Row("api_finding_withdrawal", inside("organiser"), found, data={}, label="closed"),
]
