"""Conditions of titles: which there are, and how they are ruled on."""

import django_filters
from rest_framework import generics, serializers

from accounts.api.acts import Act
from accounts.api.pages import KeyFilter
from competition.api.filters import states
from competition.api.serializers import ConditionSerializer
from competition.api.views import Rows
from competition.domain.states import CONDITION
from competition.models import Condition
from competition.selectors import api as selectors
from competition.services import conditions as services


class ConditionRowSerializer(ConditionSerializer):
    """`ground`: why it was ruled met or missed, or given more time."""

    id = serializers.IntegerField()
    entry = serializers.IntegerField(source="entry_id")
    ground = serializers.CharField(allow_blank=True)
    ruled_at = serializers.DateTimeField(allow_null=True)


class OfConditions(django_filters.FilterSet):
    competition = KeyFilter(field_name="entry__round__competition")
    round = KeyFilter(field_name="entry__round")
    entry = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(CONDITION))
    ordering = django_filters.OrderingFilter(fields=["id", "due_on"])


class ConditionRows(Rows):
    serializer_class = ConditionRowSerializer
    queryset = Condition.objects.none()
    lookup_url_kwarg = "condition_pk"
    filterset_class = OfConditions

    def rows(self, viewer):
        return selectors.conditions(viewer)


class Conditions(ConditionRows, generics.ListAPIView):
    """Of competitions on whose staff you are, the nearest day first. Applicants read their own beside their awards."""


class OneCondition(ConditionRows, generics.RetrieveAPIView):
    filter_backends = []


class GroundSerializer(serializers.Serializer):
    """The applicant reads it."""

    ground = serializers.CharField(max_length=services.MOST_GROUND)


class Ruling(Act):
    writes = ("organise", "decide")
    takes = GroundSerializer
    gives = ConditionRowSerializer
    action = ""

    def find(self, viewer, condition_pk):
        return selectors.condition(viewer, condition_pk, action=f"condition.{self.action}")


class ConditionMet(Ruling):
    """The titles count without reserve from now on."""

    action = "meet"
    service = staticmethod(services.meet_condition)


class ConditionMissed(Ruling):
    """Once its day is over: the titles are revoked at once, for good."""

    action = "miss"
    service = staticmethod(services.miss_condition)


class LaterDaySerializer(GroundSerializer):
    due_on = serializers.DateField()


class ConditionExtension(Ruling):
    """A later day than the one that holds."""

    takes = LaterDaySerializer
    action = "extend"
    service = staticmethod(services.extend_condition)
