"""Re-opening a closed round: asked for and declined. The yes is a second person's, in the pages."""

from rest_framework import generics, serializers

from accounts.api.acts import Act
from accounts.api.fields import ReasonWhySerializer
from competition.api.views import Rows
from competition.models import Reopening
from competition.selectors.competitions import round_of
from competition.services import reopenings as services


class ReopeningSerializer(serializers.Serializer):
    """`approved` is null until somebody else has answered. One that was taken back by whoever asked has no `answered_by`."""

    id = serializers.IntegerField()
    round = serializers.IntegerField(source="round_id")
    reason = serializers.CharField()
    requested_by = serializers.CharField(source="requested_by.display_name")
    requested_at = serializers.DateTimeField()
    approved = serializers.BooleanField(allow_null=True)
    answered_by = serializers.CharField(source="answered_by.display_name", allow_null=True, default=None)
    answered_at = serializers.DateTimeField(allow_null=True)


def rows_of(round):
    return Reopening.objects.filter(round=round).select_related("requested_by", "answered_by")


class Reopenings(Act, Rows, generics.ListAPIView):
    """The newest first, for organisers and deciders. POST asks, with the reason; 409 where the round is not closed or one waits already."""

    writes = "organise"
    takes = ReasonWhySerializer
    gives = ReopeningSerializer
    status = 201
    serializer_class = ReopeningSerializer
    queryset = Reopening.objects.none()
    filter_backends = []

    def rows(self, viewer):
        return rows_of(round_of(viewer, self.kwargs["round_pk"], action="round.decline_reopening"))

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="round.request_reopening")

    def act(self, subject, data, *, actor, at):
        return services.request_reopening(subject, **data, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return rows_of(subject).get(pk=answer)


class ReopeningRefusal(Act):
    """The request that waits is declined, or taken back by whoever asked; the round stays closed."""

    writes = ("organise", "decide")
    gives = ReopeningSerializer

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="round.decline_reopening")

    def act(self, subject, data, *, actor, at):
        return services.decline_reopening(subject, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return rows_of(subject).get(pk=answer)
