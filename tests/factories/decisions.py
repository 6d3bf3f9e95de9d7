"""A round on its way from closing to its release, through the services."""

from competition.services.decisions import propose, record_meeting, table_proposal
from competition.services.release import sign_release
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW


def make_staff(round) -> dict:
    people = {}
    for name, role in (
        ("organiser", "organiser"),
        ("decider", "decider"),
        ("second", "decider"),
        ("supervisor", "supervisor"),
        ("evaluator", "evaluator"),
    ):
        people[name] = make_user(name.title(), name_zh=f"{name}甲")
        give(people[name], role, f"competition:{round.competition_id}")
    return people


def to_meeting(round, people, *, at=NOW):
    proposal = table_proposal(propose(round, actor=people["organiser"], at=at), actor=people["organiser"], at=at)
    record_meeting(proposal, number="2026-7", held_on=at.date(), actor=people["organiser"], at=at)
    return proposal


def release(round, people, *, at=NOW):
    proposal = to_meeting(round, people, at=at)
    sign_release(proposal, digest=proposal.digest, actor=people["organiser"], at=at)
    return sign_release(proposal, digest=proposal.digest, actor=people["decider"], at=at)
