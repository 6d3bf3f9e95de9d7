"""The demo race: whole, each step one act before its next, built once."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save
from django.urls import reverse

from accounts.models import User
from competition.domain.calendar import BEIJING
from competition.domain.windows import FIELDS
from competition.models import (
    Application,
    Attachment,
    Award,
    Competition,
    Entry,
    Proposal,
    Registration,
    RevisionParty,
    Round,
    Signature,
    Standings,
)
from competition.selectors.applications import open_calls
from competition.selectors.nominations import candidates, targets
from competition.selectors.watching import watched
from config.rehearsal.demo import moments
from config.rehearsal.demo.leftovers import no_file_left_behind
from config.rehearsal.demo.renew import renew
from evaluations.models import Ballot, Scoreboard, Sheet
from evaluations.selectors.assignments import open_seats
from jobs.models import Job
from ledger.models import Record
from ledger.services import verify
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import make_application, make_competition, make_organisation, make_round

pytestmark = pytest.mark.django_db
SOME_DAY = datetime(2026, 5, 4, 10, tzinfo=BEIJING)


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    output = StringIO()
    call_command("demo", stdout=output)
    return output.getvalue()


def test_each_step_is_one_act_before_its_next_and_is_built_once(demo):
    assert "organiser@demo.example" in demo
    assert list(Competition.objects.order_by("pk").values_list("level", "state", "demo")) == [
        ("nation", "decided", True),
        ("province", "published", True),
        ("province", "published", True),
        ("province", "published", True),
        ("province", "published", True),
        ("nation", "published", True),
    ]
    earlier, zhejiang, signed, judged, call, nation = Competition.objects.order_by("pk")

    assert Award.objects.filter(entry__round__competition=earlier, state="valid").count() == 6  # 3 chosen, two titles each

    check, desk, council = zhejiang.rounds.all()
    assert (check.kind, desk.blind, check.state, desk.state, council.state) == ("formal_check", True, "released", "released", "released")
    left = [tuple(round.entries.order_by("outcome").values_list("outcome", flat=True)) for round in (check, desk, council)]
    assert left == [("advance",) * 5 + ("ineligible",), ("advance",) * 5, ("advance",) * 4 + ("eliminated",)]
    assert (
        Ballot.objects.filter(sheet__assignment__entry__round=council, sheet__state="locked").count() == 35
    )  # seven members, five entries
    assert list(RevisionParty.objects.values_list("revision__application__competition", "region").distinct()) == [(earlier.pk, "500000")]
    chosen = Entry.objects.filter(round=council, outcome="advance")
    nominated = Application.objects.filter(competition=nation).order_by("pk")
    entries = list(chosen.order_by("pk").values_list("pk", flat=True))
    told = list(nominated.values_list("state", "nomination__entry"))
    assert told == list(zip(("accepted", "submitted", "draft"), entries[:3], strict=True))
    left = candidates(nation.quotas.get(region="330000"))
    assert [row.pk for row in left] == entries[3:]
    assert targets(User.objects.get(email="recommender2@demo.example"), left[0]) != []

    again = User.objects.get(email="nano@demo.example")  # not chosen last year
    (way,) = [row for row in open_calls(again, at=datetime.now(BEIJING)) if row.pk == nation.pk]
    assert way.back == way.choices != []

    waiting = Proposal.objects.get(round__competition=signed)
    assert (waiting.state, Signature.objects.filter(proposal=waiting, voided_at=None).count()) == ("tabled", 1)

    supervisor = User.objects.get(email="supervisor@demo.example")
    seen = [(row.kind, row.round.competition_id, row.number) for row in watched(supervisor, at=datetime.now(BEIJING))]
    assert seen == [("signing", signed.pk, 1), ("judging", judged.pk, 0)]

    final = judged.rounds.get(order=2)
    seat = open_seats(final).get()
    assert (final.state, seat.state, seat.sheet.state, seat.evaluator.user.email) == ("judging", "confirmed", "draft", "e07@demo.example")
    submitted = Sheet.objects.filter(assignment__entry__round=final, state="submitted").count()
    board = Scoreboard.objects.get(round=final)
    assert (submitted, board.computed_sheets) == (29, 29)
    assert board.scores_version == board.results_version
    assert final.judging_closes > datetime.now(BEIJING)
    assert not Standings.objects.filter(round=final).exists()

    states = Application.objects.filter(competition=call).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["accepted", "submitted", "returned", "draft"]

    newcomer = Registration.objects.get()
    assert (newcomer.state, newcomer.user.email) == ("pending", "newcomer@demo.example")
    queue = sign_in(User.objects.get(email="recommender@demo.example")).get(reverse("competition:registration_queue"))
    assert reverse("competition:registration_detail", args=[newcomer.pk]) in queue.content.decode()

    verdict = verify()
    assert (verdict.faults, verdict.unsealed) == ((), 0)
    assert not Job.objects.filter(state__in=("queued", "running", "failed")).exists()

    # A second time changes nothing.
    before = Record.objects.count()
    call_command("demo", stdout=StringIO())
    assert Record.objects.count() == before
    assert Competition.objects.count() == 6

    renewed(call, nation, final)


def renewed(call, nation, final):
    """Seven weeks later every open deadline is as far off as it was, and nothing else is another."""
    before = {row.pk: (row.judging_closes, row.state) for row in Round.objects.exclude(competition__in=(call, nation)).exclude(pk=final.pk)}
    days = timedelta(days=49)
    deadlines = [(round, name, getattr(round, name)) for edition in (call, nation) for round in edition.rounds.all() for name in FIELDS[1:]]
    deadlines += [(final, "judging_closes", final.judging_closes), (nation, "recommendation_closes", nation.recommendation_closes)]
    returned = Application.objects.get(competition=call, state="returned")
    deadlines.append((returned, "correction_due", returned.correction_due))
    output = StringIO()
    call_command("demo", "--renew", stdout=output)
    assert output.getvalue().startswith("Moved on: 0.")
    later = final.judging_closes - moments.guangdong(SOME_DAY).windows[2]["judging_closes"] + SOME_DAY + days
    assert renew(at=later, say=output.write) == 8
    for row, name, old in deadlines:
        row.refresh_from_db()
        assert getattr(row, name) == old + days, (row, name)
    records = Record.objects.count()
    assert (renew(at=later, say=output.write), Record.objects.count()) == (0, records)
    assert {row.pk: (row.judging_closes, row.state) for row in Round.objects.filter(pk__in=before)} == before
    assert verify().faults == ()


def stored(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def files(settings, tmp_path):
    """A storage of this test's own, with a file that somebody else put there."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
    }
    (tmp_path / "files" / "attachments" / "aa").mkdir(parents=True)
    (tmp_path / "files" / "attachments" / "aa" / "older").write_bytes(b"%PDF-1.7")
    return tmp_path / "files"


def test_an_interrupted_build_leaves_nothing(db, files, tmp_path, settings):
    before = stored(files)

    def at_the_third(**kwargs):
        if Attachment.objects.count() == 3:
            assert len(stored(files)) >= len(before) + 3
            raise KeyboardInterrupt  # Ctrl-C

    post_save.connect(at_the_third, sender=Attachment)
    try:
        with pytest.raises(KeyboardInterrupt):
            call_command("demo", stdout=StringIO())
    finally:
        post_save.disconnect(at_the_third, sender=Attachment)
    assert stored(files) == before
    assert not User.objects.exists() and not Record.objects.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files"]


def test_what_a_killed_build_left_goes_with_the_next(files, tmp_path):
    note = tmp_path / "demo-building.json"
    before = stored(files)
    with pytest.raises(SystemExit), no_file_left_behind(note):
        assert json.loads(note.read_text()) == ["attachments/aa/older"]
        (files / "attachments" / "bb").mkdir()
        (files / "attachments" / "bb" / "half").write_bytes(b"%PDF")
        raise SystemExit
    assert (stored(files), note.exists()) == (before, False)

    note.write_text('["attachments/aa/older"]')  # killed outright: neither rolled back nor forgotten
    (files / "documents").mkdir()
    (files / "documents" / "half.pdf").write_bytes(b"%PDF")
    with no_file_left_behind(note):
        assert stored(files) == before
        (files / "documents").mkdir()
        (files / "documents" / "whole.pdf").write_bytes(b"%PDF")
    assert (stored(files), note.exists()) == (sorted([*before, "documents", "documents/whole.pdf"]), False)


def test_pages_of_no_competition_are_marked_where_there_is_only_the_demo(client, db, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    make_competition(demo=True)
    assert "DEMO DATA" in client.get("/account/login/").content.decode()
    make_competition()
    assert "DEMO DATA" not in client.get("/account/login/").content.decode()


def test_an_applicants_own_list_is_marked(db):
    applicant = make_user()
    organisation = make_organisation()
    give(applicant, "applicant", f"organisation:{organisation.pk}")
    make_application(make_round(make_competition(demo=True)), applicant, organisation=organisation)
    assert "DEMO DATA" in sign_in(applicant).get("/applications/").content.decode()


def test_what_is_no_demo_is_not_renewed(db):
    make_competition()
    with pytest.raises(CommandError, match="no demo"):
        call_command("demo", "--renew", stdout=StringIO())


def test_a_database_in_use_is_left_alone(db):
    make_user()
    with pytest.raises(CommandError, match="in use"):
        call_command("demo", stdout=StringIO())
    assert not Competition.objects.exists()


def test_a_password_that_the_pages_would_refuse_is_refused_before_anything_is_built(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "short")
    with pytest.raises(CommandError, match=r"^DEMO_PASSWORD cannot be used: Too short: use at least 12 characters\.$"):
        call_command("demo", stdout=StringIO())
    assert not User.objects.exists()


def test_one_hash_serves_all_logins_and_no_other_password():
    from django.contrib.auth.hashers import check_password, get_hasher, make_password

    from config.rehearsal.demo import people

    with people.hashed_once():
        first, second, other = make_password(people.password()), make_password(people.password()), make_password("Ein-anderes-7")
    assert first == second
    assert (check_password(people.password(), first), check_password(people.password(), other)) == (True, False)
    assert check_password("Ein-anderes-7", other)
    assert make_password(people.password()) != first
    assert "encode" not in vars(get_hasher())
