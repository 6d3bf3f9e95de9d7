"""The matrix of documents: `world.receipt` belongs to the applicant of the running competition, `world.certificate` to its last round's."""

from competition.services.documents import draw, issue
from tests.factories.accounts import give
from tests.factories.competition import NOW
from tests.factories.documents import make_award, make_submitted
from tests.permissions.matrix import Row, only

STAFF = ("organiser", "decider", "second_decider", "supervisor")


def build(world):
    world.receipt_revision, _applicant = make_submitted(world.running)
    give(world.cast.applicant, "applicant", f"organisation:{world.receipt_revision.application.organisation_id}")
    world.certificate_award = make_award(competition=world.running)
    world.receipt = draw(issue("receipt", str(world.receipt_revision.pk), language="en", actor=None, at=NOW), at=NOW)
    world.certificate = draw(issue("certificate", str(world.certificate_award.pk), language="en", actor=None, at=NOW), at=NOW)


def running(world):
    return {"pk": world.running.pk}


def one(name):
    return lambda world: {"pk": world.running.pk, "document_pk": getattr(world, name).pk}


def ask(kind, name):
    return lambda world: {"kind": kind, "key": getattr(world, name).pk}


LISTED = only(*STAFF) | dict.fromkeys(("rival", "recommender"), 404)
OWN = only(*STAFF, "applicant", colleagues=404)
STAFF_ONLY = only(*STAFF, colleagues=404)
ROWS = [
    Row("competition:document_list", LISTED, running),
    Row("competition:document_progress", LISTED, lambda world: running(world) | {"kind": "certificate"}),
    Row("competition:document_detail", OWN, one("receipt"), owner="applicant"),
    Row("competition:document_file", OWN, one("receipt"), owner="applicant"),
    Row("competition:document_file", STAFF_ONLY, one("certificate"), owner="another applicant", label="certificate"),
    Row(
        "competition:document_issue",
        only(*STAFF, "applicant", status=302, colleagues=404),
        running,
        data=ask("receipt", "receipt_revision"),
        owner="applicant",
    ),
    Row(
        "competition:document_issue",
        only("organiser", status=302, colleagues=404) | dict.fromkeys(STAFF[1:], 403),
        running,
        data=ask("certificate", "certificate_award"),
        label="certificate",
    ),
]
