"""A round decided by a vote: entries, a jury, ballots cast through the services."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from competition.models import AdvancementRule, Conflict, Form
from competition.selectors.formats import read_format
from competition.services.rounds import close_round
from evaluations.models import Assignment
from evaluations.services.assignments import confirm, publish_assignments, waive_seat
from evaluations.services.jury import seat_jury
from evaluations.services.sheets import save_sheet, submit_sheet
from tests.factories.accounts import give, make_user
from tests.factories.competition import make_competition, make_round
from tests.factories.desks import make_judge, make_judged_entry

VOTE = {"take": {"vote": {"quorum": 3, "majority": "50", "basis": "cast"}}, "scope": "overall"}
ANSWERS = {"y": "yes", "n": "no", "a": "abstain"}


def make_jury(rule=None, *, members=4, entries=("甲集群",), at=None, users=(), **fields):
    """`.round .competition .organiser`, `.members` (evaluators, signed), `.entries` (name → entry). Nobody sits yet."""
    at = at or timezone.now()
    competition = make_competition(state="published", **fields)
    round = make_round(
        competition,
        state="judging",
        seats=members,
        intake_opens=at - timedelta(days=30),
        intake_closes=at - timedelta(days=10),
        judging_opens=at - timedelta(days=2),
        judging_closes=at + timedelta(days=3),
    )
    AdvancementRule.objects.create(round=round, version=1, rule=rule or VOTE, digest="a" * 64, frozen_at=at)
    Form.objects.create(round=round, version=1, definition=read_format()["rounds"][0]["form"], digest="f" * 64)
    scene = SimpleNamespace(round=round, competition=competition, organiser=make_user("Jury Organiser"))
    give(scene.organiser, "organiser", f"competition:{competition.pk}")
    scene.entries = {name: make_judged_entry(scene, name=name) for name in entries}
    people = [*users, *(make_user() for _ in range(members - len(users)))]
    scene.members = [make_judge(scene, person, code=f"J-{number:02}-{round.pk}") for number, person in enumerate(people, 1)]
    return scene


def bind(scene, member, name: str) -> None:
    """A declared conflict."""
    Conflict.objects.create(
        user=member.user,
        cluster=scene.entries[name].application.cluster,
        kind="adviser",
        declared_by=scene.organiser,
        declared_at=timezone.now(),
    )


def sit(scene, members=None) -> None:
    """The whole jury seated and published."""
    ids = [member.pk for member in (members or scene.members)]
    seat_jury(scene.round, members=ids, actor=scene.organiser, at=timezone.now())
    publish_assignments(scene.round, actor=scene.organiser, at=timezone.now())


def seat_of(scene, member, name: str) -> Assignment:
    return Assignment.objects.select_related("entry__round__competition").get(entry=scene.entries[name], evaluator=member)


def opened(scene, member, name: str):
    """The member's ballot, the question of conflicts answered."""
    return confirm(seat_of(scene, member, name), actor=member.user, at=timezone.now()).sheet


def cast(scene, member, name: str, answer: str, ground: str = ""):
    sheet, at = opened(scene, member, name), timezone.now()
    save_sheet(sheet, marks={"vote": answer}, comment=ground, version=0, actor=member.user, at=at)
    submit_sheet(sheet, actor=member.user, at=at)
    sheet.refresh_from_db()
    return sheet


def vote(scene, table: dict[str, str]) -> None:
    """`table`: name of an entry → a letter for each member: y, n, a; "-" did not vote, "x" is bound. The whole jury sits before."""
    for name, letters in table.items():
        for member, letter in zip(scene.members, letters, strict=True):
            if letter == "x":
                bind(scene, member, name)
    sit(scene)
    for name, letters in table.items():
        for member, letter in zip(scene.members, letters, strict=True):
            if letter in ANSWERS:
                cast(scene, member, name, ANSWERS[letter])
            elif letter == "-":
                waive_seat(seat_of(scene, member, name), reason="未到会", actor=scene.organiser, at=timezone.now())


def close(scene):
    scene.round = close_round(scene.round, actor=scene.organiser, at=timezone.now())
    return scene.round
