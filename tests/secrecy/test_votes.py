"""A jury's ballots: before the round is closed no page differs by what was voted; afterwards only for staff whom nothing binds."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from competition.models import Conflict
from evaluations.models import Ballot, Sheet, SheetVersion
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.jury import cast, close, make_jury, sit
from tests.secrecy.walk import Asked, routes, settled, visit

pytestmark = pytest.mark.django_db
GROUNDS = ("赞成理由暗号壹", "反对理由暗号贰")
TURNED = {"yes": "no", "no": "yes", "abstain": "abstain"}


@pytest.fixture
def race():
    """Three members have voted on one entry, of which one is still to hand in; another entry is bound to an organiser."""
    scene = make_jury(members=3, entries=("甲集群", "乙集群"))
    sit(scene)
    people = make_staff(scene.round)
    people["member"] = scene.members[1].user
    people["bound"] = make_user("Bound")
    give(people["bound"], "organiser", f"competition:{scene.competition.pk}")
    applicant = scene.entries["甲集群"].application
    give(applicant.created_by, "applicant", f"organisation:{applicant.organisation_id}")
    people |= {"applicant": applicant.created_by, "anonymous": None}
    Conflict.objects.create(
        user=people["bound"],
        cluster=scene.entries["乙集群"].application.cluster,
        kind="adviser",
        declared_by=scene.organiser,
        declared_at=NOW,
    )
    scene.sheets = [cast(scene, member, "甲集群", "yes", GROUNDS[0]) for member in (scene.members[0], scene.members[2])]
    return SimpleNamespace(scene=scene, people=people)


def addresses(race, **more) -> dict[str, str]:
    """Every page of the round, its entries, sheets and seats: address → route."""
    scene, found = race.scene, {}
    values = {
        "pk": scene.competition.pk,
        "round_pk": scene.round.pk,
        "entry_pk": scene.entries["甲集群"].pk,
        "sheet_pk": scene.sheets[0].pk,
        "seat_pk": scene.sheets[0].assignment_id,
        "application_pk": scene.entries["甲集群"].application_id,
        "code": scene.competition.code,
        "round_code": scene.round.code,
        **more,
    }
    for name, arguments in routes():
        if set(arguments) <= set(values) and set(arguments) & (set(values) - {"pk", "code"}):
            found[reverse(name, kwargs={key: values[key] for key in arguments})] = name
    return found


def turn() -> None:
    """Everybody had voted the other way, for another reason."""
    for ballot in Ballot.objects.all():
        Ballot.objects.filter(pk=ballot.pk).update(answer=TURNED[ballot.answer])
    for version in SheetVersion.objects.all():
        SheetVersion.objects.filter(pk=version.pk).update(marks={"vote": TURNED[version.marks["vote"]]}, comment=GROUNDS[1])
    Sheet.objects.exclude(comment="").update(comment=GROUNDS[1])


def test_before_the_closing_no_page_of_anybody_else_differs_by_the_votes(race):
    pages = addresses(race)
    others = ("organiser", "supervisor", "member", "applicant")
    before = {name: visit(race, name, pages) for name in others}
    turn()
    for name in others:
        after = visit(race, name, pages)
        assert [url for url in pages if settled(before[name][url]) != settled(after[url])] == []
    assert not any(ground in page for pages in before.values() for page in pages.values() for ground in GROUNDS)
    race.people["voter"] = race.scene.members[0].user
    own = reverse("evaluations:sheet_edit", args=[race.scene.competition.pk, race.scene.sheets[0].pk])
    assert GROUNDS[1] in visit(race, "voter", [own])[own]


def test_afterwards_staff_read_the_ballots_and_who_is_bound_reads_none(race):
    scene = race.scene
    cast(scene, scene.members[1], "甲集群", "no", GROUNDS[1])
    for member in scene.members:
        cast(scene, member, "乙集群", "abstain")
    close(scene)
    proposal = to_meeting(scene.round, race.people)
    pages = addresses(race, proposal_pk=proposal.pk)
    asked = Asked(pages)
    shown = visit(race, "organiser", pages, asked=asked)
    assert {url: lines[0] for url, lines in asked.items()} == {}
    entry = reverse("evaluations:standing_entry", args=[scene.competition.pk, scene.round.pk, scene.entries["甲集群"].pk])
    assert all(ground in shown[entry] for ground in GROUNDS)
    for name in ("bound", "member", "applicant"):
        found = visit(race, name, pages)
        told = [url for url, page in found.items() if any(word in page for word in (GROUNDS[0], "ballot-bar", "3 人投票", "同意 2 票"))]
        assert told == [], name
