"""The race in the API: the pages' selectors and services in other clothes."""

from django.http import Http404
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics

from competition.api import filters, serializers
from competition.models import Award, Cluster, Competition, Entry, Round, Standing
from competition.selectors import api as selectors
from competition.selectors import competitions
from competition.services.standings import read_standings


class Rows(generics.GenericAPIView):
    """`rows(viewer)` gives what the viewer may see, for the list and for one of it."""

    filter_backends = [DjangoFilterBackend]

    def rows(self, viewer):
        raise NotImplementedError

    def get_queryset(self):
        return self.queryset if getattr(self, "swagger_fake_view", False) else self.rows(self.request.user)


class CompetitionRows(Rows):
    serializer_class = serializers.CompetitionSerializer
    queryset = Competition.objects.none()
    lookup_url_kwarg = "competition_pk"
    filterset_class = filters.OfCompetitions

    def rows(self, viewer):
        return competitions.competitions(viewer)


class Competitions(CompetitionRows, generics.ListAPIView):
    """Competitions that you have a part in, newest first."""


class OneCompetition(CompetitionRows, generics.RetrieveAPIView):
    filter_backends = []


class Feeders(Rows, generics.ListAPIView):
    """The provincial competitions that feed this national edition, by region."""

    serializer_class = serializers.CompetitionSerializer
    queryset = Competition.objects.none()
    filter_backends = []

    def rows(self, viewer):
        return selectors.feeders(viewer, self.kwargs["competition_pk"])


class RoundRows(Rows):
    serializer_class = serializers.RoundSerializer
    queryset = Round.objects.none()
    lookup_url_kwarg = "round_pk"
    filterset_class = filters.OfRounds

    def rows(self, viewer):
        return selectors.rounds(viewer)


class Rounds(RoundRows, generics.ListAPIView):
    pass


class OneRound(RoundRows, generics.RetrieveAPIView):
    filter_backends = []


class ClusterRows(Rows):
    serializer_class = serializers.ClusterSerializer
    queryset = Cluster.objects.none()
    lookup_url_kwarg = "cluster_pk"
    filterset_class = filters.OfClusters

    def rows(self, viewer):
        return selectors.clusters(viewer)


class Clusters(ClusterRows, generics.ListAPIView):
    """All for organisers, else those of your organisations."""


class OneCluster(ClusterRows, generics.RetrieveAPIView):
    filter_backends = []


class EntryRows(Rows):
    serializer_class = serializers.EntrySerializer
    queryset = Entry.objects.none()
    lookup_url_kwarg = "entry_pk"
    filterset_class = filters.OfEntries

    def rows(self, viewer):
        return selectors.entries(viewer)


class Entries(EntryRows, generics.ListAPIView):
    """Entries of applications that you may read."""


class OneEntry(EntryRows, generics.RetrieveAPIView):
    filter_backends = []


class AwardRows(Rows):
    serializer_class = serializers.AwardSerializer
    queryset = Award.objects.none()
    lookup_url_kwarg = "award_pk"
    filterset_class = filters.OfAwards

    def rows(self, viewer):
        return selectors.awards(viewer)


class Awards(AwardRows, generics.ListAPIView):
    """Staff see those of their competitions, applicants their own."""


class OneAward(AwardRows, generics.RetrieveAPIView):
    filter_backends = []


class Standings(generics.ListAPIView):
    """The newest snapshot of a closed round, best first, those without a rank last. 403 with the reason while the round is
    judged, without the right, or with a conflict of interest in the round. Every reading is recorded, each page as one."""

    serializer_class = serializers.StandingSerializer
    queryset = Standing.objects.none()
    filter_backends = [DjangoFilterBackend]
    filterset_class = filters.OfStandings

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        round = competitions.round_of(self.request.user, self.kwargs["round_pk"])
        snapshot = read_standings(round, viewer=self.request.user, at=timezone.now())
        if snapshot is None:
            raise Http404
        self.grading = selectors.grading_of(round, snapshot)
        return selectors.standing_rows(snapshot)

    def get_serializer_context(self):
        # The rows are asked for before their serializer is made.
        return super().get_serializer_context() | {"grading": getattr(self, "grading", None)}
