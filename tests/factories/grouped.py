"""A round whose tracks are divided into groups."""

from datetime import timedelta

from competition.models import AdvancementRule
from tests.factories.accounts import give, make_user
from tests.factories.competition import (
    NOW,
    make_application,
    make_cluster,
    make_competition,
    make_entry,
    make_round,
    make_track,
)
from tests.factories.evaluations import make_evaluator

LATER = NOW + timedelta(days=12)
REGIONS = ("320000", "440000", "330000")


class Grouped:
    """A round in judging with two tracks: seven entries of three regions in the first, four in the second; groups of at most four.
    `round`, `first`, `second`, `entries`, `organiser`, `judges`."""

    def __init__(self, *, how="dealt", most=4, judges=0, first=7, second=4, seats=2):
        competition = make_competition(state="published")
        self.first, self.second = make_track(competition, "first", order=1), make_track(competition, "second", order=2)
        self.round = make_round(
            competition, state="judging", seats=seats, seed="5eed" * 8, groups={"most": most, "how": how}, intake_closes=NOW
        )
        AdvancementRule.objects.create(
            round=self.round, version=1, rule={"take": {"top": 1}, "scope": "group", "reserve": 1}, digest="a" * 64, frozen_at=NOW
        )
        self.scope = f"competition:{competition.pk}"
        self.organiser = make_user()
        give(self.organiser, "organiser", self.scope)
        self.judges = [self.judge() for _ in range(judges)]
        self.entries = [self.enter(self.first, REGIONS[place % 3]) for place in range(first)]
        self.entries += [self.enter(self.second, REGIONS[place % 3]) for place in range(second)]

    def judge(self, **fields):
        give(person := make_user(), "evaluator", self.scope)
        return make_evaluator(person, **fields)

    def enter(self, track, region="320000", **fields):
        applicant = make_user()
        application = make_application(
            self.round, applicant, state="accepted", track=track, cluster=make_cluster(lead_region_id=region, **fields)
        )
        return make_entry(self.round, applicant, application=application)

    def groups(self):
        """[group of each entry], in the order they were made."""
        found = dict(self.round.entries.values_list("pk", "group"))
        return [found[entry.pk] for entry in self.entries]
