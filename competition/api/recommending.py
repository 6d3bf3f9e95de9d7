"""The region's word: its account, its order of preference, what it says of each application, whom it nominates."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.acts import Act
from accounts.api.faults import refusal
from accounts.api.fields import Key, ReasonWhySerializer
from accounts.api.pages import KeyFilter
from accounts.api.versions import content_tag, matches
from competition.api.applications import IF_MATCH, WITH_TAG
from competition.api.filters import states
from competition.api.views import Rows
from competition.domain.quotas import Account
from competition.domain.states import RECOMMENDATION
from competition.models import Nomination, Quota, Recommendation
from competition.selectors import api as selectors
from competition.services import nominations, recommendations
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say

CHANGED = "competition.preference_changed"


class QuotaSerializer(serializers.Serializer):
    """A region's account. `places` and `left` are null without a limit; `closes`: until when the region's word is taken."""

    id = serializers.IntegerField()
    competition = serializers.IntegerField(source="competition_id")
    region = serializers.CharField(source="region_id")
    places = serializers.IntegerField(allow_null=True)
    used = serializers.IntegerField()
    left = serializers.SerializerMethodField()
    waiting = serializers.IntegerField()
    declined = serializers.IntegerField()
    closes = serializers.DateTimeField(source="competition.recommendation_closes", allow_null=True)

    def get_left(self, row) -> int | None:
        return Account(row.places, row.used).left


class OfQuotas(django_filters.FilterSet):
    competition = KeyFilter()
    region = django_filters.CharFilter(max_length=12)
    ordering = django_filters.OrderingFilter(fields=["id", "region"])


class QuotaRows(Rows):
    serializer_class = QuotaSerializer
    queryset = Quota.objects.none()
    lookup_url_kwarg = "quota_pk"
    filterset_class = OfQuotas

    def rows(self, viewer):
        return selectors.quotas(viewer)


class Quotas(QuotaRows, generics.ListAPIView):
    """Accounts of your regions; staff see those of their competitions."""


class OneQuota(QuotaRows, generics.RetrieveAPIView):
    filter_backends = []


class OrderSerializer(serializers.Serializer):
    """Numbers of the recommendations, the most wanted first."""

    order = serializers.ListField(child=Key(), max_length=2000)


class Order(APIView):
    """Whom the region recommends, in its order of preference. PUT sets it, all of them each once; 409 with the present order where it
    has changed since the ETag of If-Match."""

    writes = "recommend"

    def answer(self, order) -> Response:
        return Response({"order": order}, headers=content_tag(order))

    @extend_schema(responses=OrderSerializer, parameters=[WITH_TAG])
    def get(self, request, quota_pk):
        return self.answer(selectors.order_of(selectors.quota(request.user, quota_pk)))

    @extend_schema(request=OrderSerializer, responses=OrderSerializer, parameters=[IF_MATCH, WITH_TAG])
    def put(self, request, quota_pk):
        quota = selectors.quota(request.user, quota_pk, action="quota.order")
        present = selectors.order_of(quota)
        known = matches(request, present)
        body = OrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            if not known:
                raise Refused(Reason(CHANGED))
            wanted = body.validated_data["order"]
            recommendations.order_recommendations(quota, wanted=wanted, before=present, actor=request.user, at=timezone.now())
        except Refused as refused:
            if refused.reason.code != CHANGED:
                raise
            return refusal(refused, saved={"order": selectors.order_of(quota)})
        return self.answer(selectors.order_of(quota))


class RecommendationSerializer(serializers.Serializer):
    """`preference` counts the recommended ones of the region from 1; `revision` is the one that the answer is about."""

    id = serializers.IntegerField()
    competition = serializers.IntegerField(source="quota.competition_id")
    quota = serializers.IntegerField(source="quota_id")
    region = serializers.CharField(source="quota.region_id")
    application = serializers.IntegerField(source="application_id")
    state = serializers.ChoiceField(sorted(RECOMMENDATION.states))
    preference = serializers.IntegerField(allow_null=True)
    opinion = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField(source="revision.number", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)


class OfRecommendations(django_filters.FilterSet):
    competition = KeyFilter(field_name="quota__competition")
    quota = KeyFilter()
    application = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(RECOMMENDATION))
    ordering = django_filters.OrderingFilter(fields=["id", "preference", "decided_at"])


class RecommendationRows(Rows):
    serializer_class = RecommendationSerializer
    queryset = Recommendation.objects.none()
    lookup_url_kwarg = "recommendation_pk"
    filterset_class = OfRecommendations

    def rows(self, viewer):
        return selectors.recommendations(viewer)


class Recommendations(RecommendationRows, generics.ListAPIView):
    """What your regions were asked for; staff see those of their competitions."""


class OneRecommendation(RecommendationRows, generics.RetrieveAPIView):
    filter_backends = []


class OpinionSerializer(serializers.Serializer):
    """Read by the organiser and the applicant; it stands in the letter of recommendation."""

    opinion = serializers.CharField(max_length=4000)


class Word(Act):
    writes = "recommend"
    gives = RecommendationSerializer
    action = ""

    def find(self, viewer, recommendation_pk):
        return selectors.recommendation(viewer, recommendation_pk, action=f"recommendation.{self.action}")


class Approval(Word):
    """Recommended: takes one of the region's places, last in its order. 409 with the account where none is left."""

    takes = OpinionSerializer
    action = "recommend"
    service = staticmethod(recommendations.recommend)


class Decline(Word):
    """Not recommended: takes no place, and the organiser cannot accept it; the applicant reads the reason."""

    takes = ReasonWhySerializer
    action = "decline"
    service = staticmethod(recommendations.decline)


class WordWithdrawal(Word):
    """The region's answer is taken back; a place that it had taken is free at once."""

    takes = ReasonWhySerializer
    action = "withdraw"
    service = staticmethod(recommendations.withdraw_recommendation)


class NominationSerializer(serializers.Serializer):
    """`application`: the draft in the national edition, made of `revision` of the province's `entry`."""

    id = serializers.IntegerField()
    competition = serializers.IntegerField(source="application.competition_id")
    application = serializers.IntegerField(source="application_id")
    application_state = serializers.CharField(source="application.state")
    entry = serializers.IntegerField(source="entry_id")
    revision = serializers.IntegerField(source="revision.number")
    nominated_at = serializers.DateTimeField()


class OfNominations(django_filters.FilterSet):
    competition = KeyFilter(field_name="application__competition")
    entry = KeyFilter()
    application = KeyFilter()
    ordering = django_filters.OrderingFilter(fields=["id", "nominated_at"])


class Nominations(Rows, generics.ListAPIView):
    """Whom your regions or your provincial competitions have nominated; staff of the edition see all that came in."""

    serializer_class = NominationSerializer
    queryset = Nomination.objects.none()
    filterset_class = OfNominations

    def rows(self, viewer):
        return selectors.nominations(viewer)


class NominationWriteSerializer(OpinionSerializer):
    """`competition`: the national edition. `track`: its code there, where it has tracks."""

    competition = Key()
    track = serializers.CharField(max_length=30, required=False)


class NominationMake(Act):
    """A province's chosen entry becomes a draft in the national edition, answers and files as they were accepted; it takes one of the
    region's places at once, and its applicant submits it. By the region's recommenders and the province's organisers."""

    writes = ("recommend", "organise")
    takes = NominationWriteSerializer
    gives = NominationSerializer
    status = 201

    def find(self, viewer, entry_pk):
        return selectors.candidate(viewer, entry_pk)

    def read(self, subject, body):
        given = body.validated_data
        edition = next((row for row in subject.editions if row.pk == given["competition"]), None)
        if edition is None:
            raise serializers.ValidationError({"competition": [say(Reason("competition.nomination_no_feeder"))]})
        track = edition.tracks.filter(code=given.get("track", "")).first()
        if track is None and given.get("track"):
            raise serializers.ValidationError({"track": [say(Reason("competition.track_missing"))]})
        return {"competition": edition, "track": track, "opinion": given["opinion"]}

    def act(self, subject, data, *, actor, at):
        return nominations.nominate(subject, **data, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return Nomination.objects.select_related("application", "revision").get(pk=answer)
