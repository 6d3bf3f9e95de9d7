"""A supervisor reads the ledger in words: finds, follows one thing through its life, takes a table away."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competition.services.publicity import record_objection
from competition.services.release import sign_release
from ledger.models import Record
from ledger.services import record, seal
from tests.cast import sign_in
from tests.factories.accounts import give
from tests.factories.competition import make_competition
from tests.factories.decisions import make_staff, release, to_meeting
from tests.factories.judging import Judged
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db


def write(round, actor, action="application.submit", subject="application:999", at=None):
    with transaction.atomic():
        return record(actor=f"user:{actor.pk}", action=action, subject=subject, scope=f"competition:{round.competition_id}", at=at)


@pytest.fixture
def watched(db):
    """A released round with three entries, and its staff."""
    round, entries = make_closed_round(("91.20", "88.45", "80.10"))
    people = make_staff(round)
    notice = release(round, people, at=timezone.now() - timedelta(days=40)).notice
    return round, entries, people, notice


def records(page):
    return [item["record"].action for item in page.context["rows"]]


def test_days_are_of_beijing_and_both_included(watched):
    round, _entries, people, _notice = watched
    for hour, day in ((15, 3), (16, 3), (15, 5), (16, 5)):  # 16:00 UTC is midnight in Beijing
        write(round, people["organiser"], at=datetime.fromisoformat(f"2026-03-0{day}T{hour}:30:00+00:00"))
    address = reverse("competition:ledger_list", args=[round.competition_id])
    page = sign_in(people["supervisor"]).get(address, {"since": "2026-03-04", "until": "2026-03-05", "action": "application.submit"})
    assert [item["record"].at.day for item in page.context["rows"]] == [5, 3]


def object_to(notice, entry, people):
    record_objection(
        notice,
        entry=entry,
        objector_kind="person",
        objector="王某",
        contact="139",
        text="数据有误。",
        received_at=timezone.now() - timedelta(days=39),
        actor=people["organiser"],
        at=timezone.now(),
    )


def test_by_competition_person_subject_and_kind(watched):
    round, entries, people, notice = watched
    object_to(notice, entries[1], people)
    client, address = sign_in(people["supervisor"]), reverse("competition:record_list")
    assert records(client.get(address, {"person": "second"})) == []  # the name of somebody who did nothing
    assert client.get(address, {"person": "second"}).context["form"].errors.keys() == {"person"}
    assert set(records(client.get(address, {"person": "Decider"}))) == {"proposal.sign", "proposal.release"}
    name = entries[1].application.cluster.name_zh
    found = records(client.get(address, {"about": name, "kind": "entry"}))
    assert found == ["entry.suspend", "entry.announce"]
    assert records(client.get(address, {"about": str(notice.pk), "kind": "notice"})) == ["notice.publish"]
    other = make_competition(state="published")
    assert client.get(address, {"competition": other.pk}).context["form"].errors.keys() == {"competition"}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"until": "2026-02-30"}, "until"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "until"),
        ({"until": "9999-12-31"}, "until"),
        ({"about": "无此集群"}, "about"),
        ({"about": "x" * 81}, "about"),
        ({"action": "no.such"}, "action"),
        ({"kind": "'"}, "kind"),
    ],
)
def test_bad_input_is_named_at_its_field(watched, asked, field):
    round, _entries, people, _notice = watched
    client = sign_in(people["supervisor"])
    for address in (reverse("competition:ledger_list", args=[round.competition_id]), reverse("competition:record_export")):
        page = client.get(address, asked)
        assert (page.status_code, list(page.context["form"].errors), records(page)) == (422, [field], [])
        assert next(iter(asked.values())) in page.content.decode().replace("&#x27;", "'")
    assert not Record.objects.filter(action="ledger.export").exists()


def test_nothing_of_a_competition_that_one_does_not_watch(watched):
    round, entries, people, _notice = watched
    other, _entries = make_closed_round(("70.00",))
    made = write(other, people["organiser"], subject="application:7")
    with transaction.atomic():
        number = seal().number
    client = sign_in(people["supervisor"])
    assert made.pk not in {item["record"].pk for item in client.get(reverse("competition:record_list")).context["rows"]}
    page = client.get(reverse("competition:seal_detail", args=[number]))
    here = Record.objects.filter(entry__seal=number, scope=f"competition:{round.competition_id}").count()
    assert (len(page.context["rows"]), page.context["others"]) == (here, Record.objects.filter(entry__seal=number).count() - here)
    assert page.context["others"] > 0
    assert page.context["seal"].anchor in page.content.decode()
    foreign = reverse("competition:entry_life", args=[other.competition_id, other.entries.get().pk])
    mixed = reverse("competition:entry_life", args=[round.competition_id, other.entries.get().pk])
    assert [client.get(address).status_code for address in (foreign, mixed)] == [404, 404]
    assert client.get(reverse("competition:seal_detail", args=[10**30])).status_code == 404


def test_the_life_of_an_entry_tells_all_that_is_its_own_and_its_rounds(watched):
    round, entries, people, notice = watched
    with transaction.atomic():
        record(
            actor="system",
            action="application.return",
            subject=f"application:{entries[0].application_id}",
            scope=f"competition:{round.competition_id}",
            private={"correction_reason": "请补充年报。"},
            at=timezone.now(),
        )
    write(round, people["decider"], action="proposal.change", subject=f"proposal:{notice.proposal_id}")
    page = sign_in(people["supervisor"]).get(reverse("competition:entry_life", args=[round.competition_id, entries[0].pk]))
    told = records(page)
    assert told.index("proposal.create") < told.index("proposal.sign") < told.index("proposal.release") < told.index("application.return")
    assert {"entry.announce", "round.release", "notice.publish"} <= set(told)
    assert "proposal.change" not in told  # it would tell whose outcome was changed
    assert "请补充年报。" in page.content.decode()
    subjects = {item["record"].subject for item in page.context["rows"]}
    assert not {f"entry:{entry.pk}" for entry in entries[1:]} & subjects


def test_the_life_of_a_sheet_and_the_readings(watched):
    judged = Judged()
    sheet = judged.entries["X"].assignments.first().sheet
    reader = judged.supervisor
    write(judged.round, reader, action="sheet.read", subject=f"sheet:{sheet.pk}")
    write(judged.round, judged.organiser, action="sheet.return", subject=f"sheet:{sheet.pk}")
    client = sign_in(reader)
    life = client.get(reverse("evaluations:sheet_life", args=[judged.round.competition_id, sheet.pk]))
    assert records(life) == ["sheet.read", "sheet.return"]
    page = client.get(reverse("competition:reading_list"))
    assert records(page) == ["sheet.read"]
    (row,) = page.context["rows"]
    assert row["subject"].url == reverse("evaluations:sheet_life", args=[judged.round.competition_id, sheet.pk])
    assert str(judged.entries["X"].application.cluster) in row["subject"].name


def test_the_table_is_what_the_page_shows_and_computes_nothing(watched):
    round, _entries, people, _notice = watched
    people["organiser"].name_zh = people["organiser"].name_en = '=HYPERLINK("x")'
    people["organiser"].save()
    write(round, people["organiser"])
    client = sign_in(people["supervisor"])
    answer = client.get(reverse("competition:record_export"), {"action": "application.submit"})
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(text))
    assert len(head) == 7
    assert [(line[0], line[5]) for line in lines] == [
        (str(row.pk), '\'=HYPERLINK("x")') for row in Record.objects.filter(action="application.submit").order_by("-pk")
    ]
    assert people["organiser"].email not in text
    taken = Record.objects.get(action="ledger.export")
    assert (taken.actor, taken.subject) == (f"user:{people['supervisor'].pk}", f"competition:{round.competition_id}")


def test_few_queries_at_any_size(watched):
    round, entries, people, _notice = watched
    with transaction.atomic():
        seal()
    client = sign_in(people["supervisor"])
    pages = [
        reverse("competition:record_list"),
        reverse("competition:reading_list"),
        reverse("competition:seal_list"),
        reverse("competition:seal_detail", args=[1]),
        reverse("competition:ledger_list", args=[round.competition_id]),
        reverse("competition:entry_life", args=[round.competition_id, entries[0].pk]),
        reverse("competition:application_life", args=[round.competition_id, entries[0].application_id]),
    ]

    def count():
        counts = []
        for address in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    for _index in range(2):
        write(round, people["organiser"], action="standings.read", subject=f"round:{round.pk}")
    count()
    before = count()
    for index in range(60):
        write(round, people["organiser"], action="standings.read", subject=f"round:{round.pk}")
        write(round, people["decider"], action="entry.suspend", subject=f"entry:{entries[index % 3].pk}")
    assert count() == before
    assert max(before[:5]) <= 14
    assert max(before) <= 15
    assert len(client.get(pages[0]).context["rows"]) == 50


def test_the_home_says_what_to_watch_in_a_constant_number_of_queries(watched):
    round, entries, people, notice = watched
    client, address = sign_in(people["supervisor"]), reverse("competition:supervisor_home")

    def seen():
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        return [(row.kind, row.round.pk, row.number) for row in page.context["watched"]], len(asked)

    nothing, before = seen()
    assert nothing == []
    object_to(notice, entries[1], people)
    waiting = []
    for _number in range(2):
        other, _entries = make_closed_round(("90.00", "80.00"))
        staff = make_staff(other)
        give(people["supervisor"], "supervisor", f"competition:{other.competition_id}")
        proposal = to_meeting(other, staff)
        sign_release(proposal, digest=proposal.digest, actor=staff["organiser"], at=timezone.now())
        waiting.append(("signing", other.pk, 1))
    found, after = seen()
    assert found == [*waiting, ("objections", round.pk, 1)]
    assert after == before
