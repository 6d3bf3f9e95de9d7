"""Applying and intake: the applicant's own pages, the organiser's, files."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from competition.models import Entry, Round, Substitution
from competition.services.applications import accept_application, withdraw_application
from tests.cast import ROLES
from tests.factories.accounts import give
from tests.factories.applying import make_applicant, make_call, make_draft, make_submitted
from tests.permissions.matrix import Row, expect

EVALUATORS = ("chair", "evaluator", "other_evaluator")
STAFF = ("organiser", "decider", "second_decider", "supervisor")


def build(world):
    """A call of its own, staffed by the cast: one application in each state that has a page."""
    world.applying = SimpleNamespace()
    call = make_call(joint_entries=True)
    now = timezone.now()
    Round.objects.filter(pk=call.round.pk).update(intake_opens=now - timedelta(days=1), intake_closes=now + timedelta(days=3))
    call.round.refresh_from_db()
    scope = f"competition:{call.competition.pk}"
    for name in (*EVALUATORS, *STAFF):
        person, role = getattr(world.cast, name), ROLES[name]
        if not person.memberships.filter(role=role, scope__in=("*", scope)).exists():
            give(person, role, scope)
    world.applying.call, applicant = call, world.cast.applicant
    world.applying.draft, _ = make_draft(call, applicant, at=now)
    make_applicant(world.cast.rival)
    make_applicant(applicant)
    world.applying.submitted, _, world.applying.revision = make_submitted(call, applicant, at=now)
    world.applying.withdrawn, _, _ = make_submitted(call, applicant, at=now)
    world.applying.withdrawn = withdraw_application(world.applying.withdrawn, actor=applicant, at=now)
    accepted, _, _ = make_submitted(call, applicant, at=now)
    world.applying.entry = accept_application(accepted, actor=call.organiser, at=now)
    freed = Entry.objects.create(round=call.round, application=world.applying.withdrawn, state="withdrawn", outcome="advance")
    world.applying.offer = Substitution.objects.create(freed=freed, reserve=world.applying.entry, offered_at=now)
    world.applying.file = world.applying.revision.attachments.get()


def own(status=200, **others):
    """Nobody else sees a draft."""
    return expect(404, anonymous=302, applicant=status) | others


def own_submitted(status=200):
    """Staff read what was submitted elsewhere, and are told that this page is the applicant's."""
    return own(status) | dict.fromkeys(STAFF, 403)


def inside(**people):
    """Of the competition: whoever takes part in it is told why not, the others that there is no such page."""
    return expect(404, anonymous=302, applicant=403) | dict.fromkeys((*EVALUATORS, *STAFF), 403) | people


READERS = own() | dict.fromkeys(STAFF, 200)


def one(name):
    def kwargs(world):
        application = getattr(world.applying, name)
        return {"pk": application.competition_id, "application_pk": application.pk}

    return kwargs


def revision(world):
    return one("submitted")(world) | {"number": 1}


def within(world):
    return {"pk": world.applying.call.competition.pk}


def entry(world):
    return within(world) | {"entry_pk": world.applying.entry.pk}


def figures(world):
    found = world.applying.entry
    return within(world) | {"application_pk": found.application_id, "round_pk": found.round_id}


ROWS = [
    Row("competition:application_list", expect(200, anonymous=302)),
    Row("competition:application_start", own(rival=200), within),
    Row("competition:application_detail", own(), one("draft"), owner="applicant", label="draft"),
    Row("competition:application_detail", own_submitted(), one("submitted"), owner="applicant"),
    Row("competition:application_edit", own(), one("draft"), owner="applicant"),
    Row("competition:application_edit", own_submitted(302), one("submitted"), owner="applicant", label="submitted"),
    Row("competition:application_parties", own(), one("draft"), owner="applicant"),
    Row("competition:application_parties", own(409), one("draft"), data={}, owner="applicant", label="without a version"),
    Row("competition:application_parties", own_submitted(302), one("submitted"), owner="applicant", label="submitted"),
    Row("competition:draft_save", own(422), one("draft"), data={}, owner="applicant"),
    Row("competition:attachment_add", own(409), lambda w: one("draft")(w) | {"slot": "licence"}, data={}, owner="applicant"),
    Row("competition:application_submit", own(), one("draft"), owner="applicant"),
    Row("competition:application_submit", own(409), one("draft"), data={"version": "0"}, owner="applicant", label="another version"),
    Row("competition:application_withdraw", own_submitted(), one("submitted"), owner="applicant"),
    Row("competition:application_withdraw", own_submitted(302), one("submitted"), data={}, owner="applicant"),
    Row("competition:application_resume", own_submitted(), one("withdrawn"), owner="applicant"),
    Row("competition:application_resume", own_submitted(302), one("withdrawn"), data={}, owner="applicant"),
    Row("competition:revision_detail", READERS, revision, owner="applicant"),
    Row("competition:revision_receipt", READERS, revision, owner="applicant"),
    Row(
        "competition:attachment_download",
        READERS,
        lambda w: within(w) | {"attachment_pk": w.applying.file.pk},
        owner="applicant",
        label="submitted",
    ),
    Row(
        "competition:attachment_download",
        own(),
        lambda w: within(w) | {"attachment_pk": w.applying.draft.attachments.get().pk},
        owner="applicant",
        label="of a draft",
    ),
    Row(
        "competition:offer_answer",
        own_submitted() | {"organiser": 200},
        lambda w: within(w) | {"offer_pk": w.applying.offer.pk},
        owner="applicant",
    ),
    Row(
        "competition:offer_answer",
        own_submitted(302) | {"organiser": 302},
        lambda w: within(w) | {"offer_pk": w.applying.offer.pk},
        data={"answer": "decline"},
        owner="applicant",
    ),
    Row("competition:intake_list", inside(**dict.fromkeys(STAFF, 200)), within),
    Row("competition:intake_detail", inside(**dict.fromkeys(STAFF, 200)), one("submitted")),
    Row("competition:intake_detail", inside(**dict.fromkeys(STAFF, 404)), one("draft"), label="draft"),
    *(
        Row(f"competition:application_{action}", inside(organiser=status), one("submitted"), data=data)
        for action, status, data in (
            ("accept", 200, None),
            ("accept", 302, {}),
            ("return", 200, None),
            ("return", 422, {"reason": "缺页"}),
            ("extend", 422, {"reason": "缺页", "due_at": "2199-01-01T00:00"}),
            ("refuse", 200, None),
            ("refuse", 302, {"reason": "不在范围"}),
        )
    ),
    Row("evaluations:own_figures", own_submitted(403), figures, owner="applicant", label="before the release"),
    Row("competition:entry_withdraw", own_submitted() | {"organiser": 200}, entry, owner="applicant"),
    Row("competition:entry_withdraw", own_submitted(302) | {"organiser": 302}, entry, data={"reason": "退出"}, owner="applicant"),
    Row("competition:entry_disqualify", own_submitted(403) | {"organiser": 200}, entry),
    Row("competition:entry_disqualify", own_submitted(403) | {"organiser": 302}, entry, data={"reason": "材料不实"}),
]
