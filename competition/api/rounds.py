"""The course of a round: opened, judged, closed, its dates moved; the deadline of the regions' word."""

from rest_framework import serializers

from accounts.api.acts import Act
from accounts.api.fields import Moment, ReasonWhySerializer
from accounts.permissions import require
from competition.api.serializers import CompetitionSerializer, RoundSerializer
from competition.domain.windows import FIELDS
from competition.selectors.competitions import competition, round_of
from competition.services import rounds as services
from competition.services.recommendations import move_recommendation


class Course(Act):
    writes = "organise"
    gives = RoundSerializer
    action = ""

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action=f"round.{self.action}")


class Opening(Course):
    """Its intake may begin at the hour of its window."""

    action = "open"
    service = staticmethod(services.open_round)


class JudgingStart(Course):
    """Ends the intake; drafts that were not submitted stay out. 409 with the reasons while an application is not answered."""

    action = "start_judging"
    service = staticmethod(services.start_judging)


class Closing(Course):
    """Locks all sheets and fixes the standings. 409 with the reasons while a sheet or a check is open."""

    action = "close"
    service = staticmethod(services.close_round)


class WindowsSerializer(ReasonWhySerializer):
    """Dates that are not named stay as they are."""

    reason = serializers.CharField(max_length=500)
    intake_opens = Moment(required=False, allow_null=True)
    intake_closes = Moment(required=False, allow_null=True)
    judging_opens = Moment(required=False, allow_null=True)
    judging_closes = Moment(required=False, allow_null=True)


class Windows(Act):
    """Moves dates after the call is out, with the reason. What has begun is not moved, no deadline is brought forward."""

    writes = "organise"
    takes = WindowsSerializer
    gives = RoundSerializer

    def find(self, viewer, round_pk):
        round = round_of(viewer, round_pk)
        require(viewer, "competition.edit", round.competition)
        return round

    def act(self, subject, data, *, actor, at):
        windows = {name: data.get(name, getattr(subject, name)) for name in FIELDS}
        services.move_windows(subject, windows=windows, reason=data["reason"], actor=actor, at=at)


class DeadlineSerializer(serializers.Serializer):
    closes = Moment()
    reason = serializers.CharField(max_length=500)


class RecommendationDeadline(Act):
    """A later deadline for the regions' word, with the reason, while the first round takes applications; none is brought forward."""

    writes = "organise"
    takes = DeadlineSerializer
    gives = CompetitionSerializer
    service = staticmethod(move_recommendation)

    def find(self, viewer, competition_pk):
        return competition(viewer, competition_pk, action="competition.edit")
