"""The organiser's seats in the API: given, published, replaced, waived, extended; sheets sent back. States only, never a mark."""

import django_filters
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response

from accounts.api.acts import Act
from accounts.api.fields import Key, Moment, ReasonWhySerializer
from accounts.api.pages import KeyFilter
from competition.api.filters import states
from competition.api.views import Rows
from competition.selectors.competitions import competition as find_competition
from competition.selectors.competitions import round_of
from evaluations.domain.states import ASSIGNMENT, SHEET
from evaluations.models import Assignment, Evaluator
from evaluations.selectors import board
from evaluations.selectors.assignments import pool, seat_for_staff
from evaluations.selectors.plans import plan_of
from evaluations.services import assignments as services
from evaluations.services.plans import ask_seats
from evaluations.services.sheets import return_sheet
from ledger.domain.reason import Reason
from ledger.reasons import say


class SeatSerializer(serializers.Serializer):
    """`sheet_state` is null until the question of conflicts is answered; `due_at` a later deadline for this seat alone; `reason`: why it
    was given up."""

    id = serializers.IntegerField()
    round = serializers.IntegerField(source="entry.round_id")
    entry = serializers.IntegerField(source="entry_id")
    evaluator = serializers.IntegerField(source="evaluator_id")
    state = serializers.ChoiceField(sorted(ASSIGNMENT.states))
    sheet_state = serializers.ChoiceField(sorted(SHEET.states), source="sheet.state", allow_null=True, default=None)
    due_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)


class EvaluatorSerializer(serializers.Serializer):
    """`load`: seats held in the competition; `sectors`: codes of the subject's."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField(source="user.display_name")
    load = serializers.IntegerField()
    sectors = serializers.SerializerMethodField()

    def get_sectors(self, row) -> list[str]:
        return sorted(sector.code for sector in row.sectors.all())


class Evaluators(Rows, generics.ListAPIView):
    """Whom the organiser of a competition may give seats to."""

    serializer_class = EvaluatorSerializer
    queryset = Evaluator.objects.none()
    filter_backends = []

    def rows(self, viewer):
        return pool(find_competition(viewer, self.kwargs["competition_pk"], action="evaluator.manage"))


class AssignSerializer(serializers.Serializer):
    entry = Key()
    evaluator = Key()


class OfSeats(django_filters.FilterSet):
    entry = KeyFilter()
    evaluator = KeyFilter()
    state = django_filters.ChoiceFilter(choices=states(ASSIGNMENT))
    sheet_state = django_filters.ChoiceFilter(field_name="sheet__state", choices=states(SHEET))
    ordering = django_filters.OrderingFilter(fields=["id"])


class Seats(Act, Rows, generics.ListAPIView):
    """All seats of a round, for its staff. POST gives one: it is shown to nobody before it is published; 409 with the reasons where a
    conflict or something else stands against it."""

    writes = "organise"
    takes = AssignSerializer
    gives = SeatSerializer
    status = 201
    serializer_class = SeatSerializer
    queryset = Assignment.objects.none()
    filterset_class = OfSeats

    def rows(self, viewer):
        return board.seats_of_round(round_of(viewer, self.kwargs["round_pk"]))

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="assignment.create")

    def read(self, subject, body):
        entry = subject.entries.filter(pk=body.validated_data["entry"]).first()
        if entry is None:
            raise serializers.ValidationError({"entry": [say(Reason("evaluations.entry_not_running"))]})
        return {"entry": entry, "evaluator": evaluator_of(subject.competition, body.validated_data["evaluator"])}

    def act(self, subject, data, *, actor, at):
        return services.assign(data["entry"], evaluator=data["evaluator"], actor=actor, at=at).pk

    def shown(self, subject, answer):
        return Assignment.objects.select_related("entry", "sheet").get(pk=answer)


def evaluator_of(competition, pk) -> Evaluator:
    found = pool(competition).filter(pk=pk).first()
    if found is None:
        raise serializers.ValidationError({"evaluator": [say(Reason("evaluations.not_evaluator_here", {"evaluator": pk}))]})
    return found


class PublishedSerializer(serializers.Serializer):
    published = serializers.IntegerField()


class SeatsPublication(Act):
    """Every proposed seat of the round is shown to its evaluator."""

    writes = "organise"
    gives = PublishedSerializer

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="assignment.publish")

    def act(self, subject, data, *, actor, at):
        return services.publish_assignments(subject, actor=actor, at=at)

    def shown(self, subject, answer):
        return {"published": answer}


class ComputationSerializer(serializers.Serializer):
    job = serializers.CharField(help_text="The address of the work.")


class SeatsComputation(Act):
    """Computes the seats by the round's plan as it is now, in the background: ask the job. They are proposed, not published."""

    writes = "organise"
    gives = ComputationSerializer
    status = 202

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="assignment.plan")

    def act(self, subject, data, *, actor, at):
        _plan, version = plan_of(subject)
        return ask_seats(subject, version=version, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return {"job": reverse("api_job", args=[answer])}


class OneSeat(generics.RetrieveAPIView):
    """For the staff of the competition. DELETE takes back a seat that is not published yet."""

    writes = "organise"
    serializer_class = SeatSerializer
    queryset = Assignment.objects.none()

    def get_object(self):
        return seat_for_staff(self.request.user, self.kwargs["seat_pk"], action="round.view")

    @extend_schema(request=None, responses={204: None})
    def delete(self, request, seat_pk):
        seat = seat_for_staff(request.user, seat_pk, action="assignment.create")
        services.remove_proposed(seat, actor=request.user, at=timezone.now())
        return Response(status=204)


class OfSeat(Act):
    writes = "organise"
    gives = SeatSerializer
    action = ""

    def find(self, viewer, seat_pk):
        return seat_for_staff(viewer, seat_pk, action=self.action)


class ReplacementSerializer(ReasonWhySerializer):
    evaluator = Key()


class Replacement(OfSeat):
    """Another evaluator takes the seat, published at once: the answer is the new seat. Marks of the one before no longer count."""

    takes = ReplacementSerializer
    status = 201
    action = "assignment.replace"

    def read(self, subject, body):
        given = body.validated_data
        return {"evaluator": evaluator_of(subject.entry.round.competition, given["evaluator"]), "reason": given["reason"]}

    def act(self, subject, data, *, actor, at):
        return services.replace_evaluator(subject, **data, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return Assignment.objects.select_related("entry", "sheet").get(pk=answer)


class Waiver(OfSeat):
    """The entry is judged by one fewer, for good."""

    takes = ReasonWhySerializer
    action = "assignment.waive"
    service = staticmethod(services.waive_seat)


class SeatExtensionSerializer(ReasonWhySerializer):
    due_at = Moment()


class SeatExtension(OfSeat):
    """A later deadline for this seat alone."""

    takes = SeatExtensionSerializer
    action = "assignment.extend"
    service = staticmethod(services.extend_seat)


class SheetReturn(OfSeat):
    """The sheet goes back to its evaluator; its marks do not count until it is submitted again."""

    takes = ReasonWhySerializer
    action = "sheet.return"

    def find(self, viewer, seat_pk):
        seat = super().find(viewer, seat_pk)
        if getattr(seat, "sheet", None) is None:
            raise Http404
        return seat

    def act(self, subject, data, *, actor, at):
        return_sheet(subject.sheet, **data, actor=actor, at=at)
