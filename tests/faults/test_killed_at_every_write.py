"""Each kind of job, its worker killed before each of its writes in turn: nothing is lost, nothing is done twice."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import Notification
from accounts.services import mail
from accounts.services.invitation import invite
from accounts.services.mail_code import send_code
from accounts.services.notifications import POST
from competition.models import Attachment, Delivery, Document
from competition.services import scans
from competition.services.awards import CERTIFICATES
from competition.services.documents import issue
from competition.services.rounds import close_round
from competition.services.telling import tell_anchors
from competition.services.webhooks import add_webhook, announce
from evaluations.models import Analysis, Assignment, AssignmentRun, Flag, OutlierSearch, Result, Scoreboard
from evaluations.services.flags import ask_outliers
from evaluations.services.plans import ask_seats
from evaluations.services.stored_trials import ask_trial
from jobs import registry
from jobs.models import Job
from jobs.services import enqueue, hint, run
from ledger.models import Record
from ledger.services import record, seal, verify
from tests.competition.services.test_webhooks import Receiver
from tests.evaluations.services.test_flags import TABLE as ODD
from tests.evaluations.services.test_plans import LATER, Scene
from tests.evaluations.services.test_trials import reweighted
from tests.factories.accounts import give, make_user
from tests.factories.applying import make_call, make_draft
from tests.factories.competition import make_competition, make_round
from tests.factories.documents import make_award
from tests.factories.judging import DEFINITION, Judged
from tests.factories.scanning import BAD, add, columns
from tests.faults.dying import killed_at_every_write

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


def actions(*names):
    return sorted(Record.objects.filter(action__in=names).values_list("action", flat=True))


def standings(folder):
    judged = Judged()

    def whole():
        assert list(Result.objects.order_by("entry_id").values_list("rank", "total")) == [(1, "82.30"), (2, "82.20"), (3, "79.30")]
        board = Scoreboard.objects.get(round=judged.round)
        assert board.results_version == board.scores_version == 12

    return Job.objects.get(kind="standings.refresh"), whole


def analysis(folder):
    judged = Judged()
    close_round(judged.round, actor=judged.organiser, at=timezone.now())

    def whole():
        assert sorted(Analysis.objects.values_list("kind", flat=True)) == sorted(Analysis.KINDS)
        assert actions("analysis.compute") == ["analysis.compute"] * 5

    return Job.objects.get(kind="analysis.compute"), whole


def outliers(folder):
    judged = Judged(ODD)
    ask_outliers(judged.round, due_at=timezone.now() + timedelta(days=9), actor=judged.organiser, at=timezone.now())

    def whole():
        assert Flag.objects.get().sheet.assignment.entry == judged.entries["V"]
        assert OutlierSearch.objects.count() == 1
        assert actions("flag.ask", "outliers.look") == ["flag.ask", "outliers.look"]

    return Job.objects.get(kind="outliers.look"), whole


def trial(folder):
    judged = Judged()
    closed = close_round(judged.round, actor=judged.organiser, at=timezone.now())
    facts = {"finished": closed, "definition": DEFINITION, "dimensions": reweighted(closed)}
    asked = ask_trial(make_round(make_competition(), state="planned"), actor=judged.organiser, at=timezone.now(), **facts)

    def whole():
        asked.refresh_from_db()
        assert asked.result["compared"] == 3
        assert actions("trial.compute") == ["trial.compute"]

    return Job.objects.get(kind="scheme.trial"), whole


def seats(folder):
    scene = Scene()
    scene.save(seats=1, most=3)

    def whole():
        assert AssignmentRun.objects.get().solved
        assert Assignment.objects.filter(entry__round=scene.round, state="proposed").count() == 5

    return ask_seats(scene.round, version=1, actor=scene.organiser, at=LATER), whole


def certificates(folder):
    first = make_award()
    make_award(competition=first.entry.round.competition)
    round = first.entry.round

    def whole():
        assert sorted(Document.objects.values_list("kind", "edition")) == [("certificate", 1)] * 2
        assert actions("document.issue") == ["document.issue"] * 2
        assert Job.objects.filter(kind="document.render", state="queued").count() == 2

    return enqueue(CERTIFICATES, f"round:{round.pk}"), whole


def document(folder):
    drawn = issue("certificate", str(make_award().pk), language="zh-hans", actor=None, at=timezone.now())

    def whole():
        drawn.refresh_from_db()
        with default_storage.open(drawn.file.name) as file:
            assert file.read(5) == b"%PDF-"
        assert drawn.pages == 1

    return Job.objects.get(kind="document.render"), whole


def letter(folder):
    """One without a row that says it has gone: an invitation."""
    invite("li.ming@example.org", role="supervisor", scope="*", actor=None, at=timezone.now())

    def whole():
        (file,) = [path for path in folder.iterdir() if path.stat().st_size]
        assert file.read_text().count("To: li.ming@example.org") == 1

    return Job.objects.get(kind="mail.send"), whole


def code(folder):
    """A code of the second factor, from the queue that is served first."""
    user = make_user()
    send_code(user, at=timezone.now())

    def whole():
        (file,) = [path for path in folder.iterdir() if path.stat().st_size]
        assert file.read_text().count(f"To: {user.email}") == 1

    return Job.objects.get(kind="mail.code"), whole


def scanned(folder):
    """Two files that came while the scanner was away, one of them with malware."""
    draft, person = make_draft(make_call())
    with override_settings(SCANNER=""):
        bad, good = add(draft, person, BAD), add(draft, person, name="说明.pdf")
    Attachment.objects.update(scan="waiting")
    assert scans.resume(at=timezone.now())

    def whole():
        assert (columns(bad)[0], columns(good)[0]) == ("found", "clean")
        assert actions("file.find") == ["file.find"]
        assert Notification.objects.filter(user=person, kind="file.find").count() == 1

    return Job.objects.get(kind=scans.JOB), whole


def told():
    """A supervisor has an anchor to be told of."""
    supervisor = make_user()
    give(supervisor, "supervisor", f"competition:{make_competition(state='published').pk}")
    with transaction.atomic():
        record(actor="system", action="job.retry", subject="job:1")
    seal()
    tell_anchors(at=timezone.now())
    return Notification.objects.get(user=supervisor)


def notified(folder):
    """The letter of a notification, which says on its own row that it has gone."""
    row = told()

    def whole():
        (file,) = [path for path in folder.iterdir() if path.stat().st_size]
        assert file.read_text().count(f"To: {row.user.email}") == 1
        assert Notification.objects.filter(mailed_at=None).count() == 0

    return mail.send("notification", row.pk), whole


def posting(folder):
    told()

    def whole():
        assert Job.objects.filter(kind="mail.send").count() == 1

    return Job.objects.get(kind=POST), whole


def told_elsewhere(folder):
    """Arrives at least once, always under the same id."""
    receiver, organiser = Receiver(), make_user()
    give(organiser, "organiser")
    competition = make_competition(state="published")
    add_webhook(competition, address=receiver.address, events=["award.issued"], actor=organiser, at=timezone.now())
    with transaction.atomic():
        announce("award.issued", competition, "round:7", {"awards": ["N-1"]}, at=timezone.now())
    delivery = Delivery.objects.get()

    def whole():
        receiver.server.shutdown()
        receiver.server.server_close()
        delivery.refresh_from_db()
        assert delivery.outcome == "delivered"
        assert {json.loads(body)["id"] for _path, _headers, body in receiver.got} == {str(delivery.key)}

    return Job.objects.get(kind="webhook.deliver"), whole


KINDS = {
    "standings.refresh": (standings, 4),
    "analysis.compute": (analysis, 8),
    "outliers.look": (outliers, 6),
    "scheme.trial": (trial, 4),
    "assignment.solve": (seats, 5),
    "certificates.issue": (certificates, 6),
    "document.render": (document, 3),
    "mail.send": (letter, 3),
    "mail.send of a notification": (notified, 4),
    "mail.code": (code, 3),
    scans.JOB: (scanned, 5),
    POST: (posting, 3),
    "webhook.deliver": (told_elsewhere, 3),
}


@pytest.fixture
def mailbox(settings, tmp_path, monkeypatch, scanner):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)
    settings.WEBHOOK_HOSTS = ["127.0.0.0/8"]
    monkeypatch.setattr(hint, "_silent_until", float("inf"))  # no broker: the rows are enough
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_killed_before_each_write(kind, mailbox):
    scene, least = KINDS[kind]
    job, whole = scene(mailbox)
    assert killed_at_every_write(job) >= least
    whole()
    assert run(job.pk) == ""  # over
    seal()
    assert verify().faults == ()


def test_no_kind_of_job_is_forgotten(db):
    known = {name for name in registry.kinds() if not name.startswith("test.")}
    assert known == {kind.partition(" of ")[0] for kind in KINDS}
