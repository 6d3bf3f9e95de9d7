"""Seats and score sheets in the API: an evaluator's own, and for staff without a conflict those of closed rounds."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.faults import refusal
from accounts.api.pages import KeyFilter
from accounts.api.versions import idempotency_key, matched, tag
from competition.api.applications import IF_MATCH, KEY, WITH_TAG
from competition.api.filters import states
from competition.api.views import Rows
from evaluations.domain.states import ASSIGNMENT, SHEET
from evaluations.models import Assignment, Sheet
from evaluations.selectors import sheets as selectors
from evaluations.selectors.assignments import own_assignments
from evaluations.selectors.blindness import judged_name
from evaluations.selectors.desk import marks_of
from evaluations.services.sheets import read_sheet, save_sheet, submit_sheet
from ledger.domain.reason import Refused

CONFLICT = "evaluations.sheet_conflict"
LONGEST_COMMENT = 4000


class AssignmentSerializer(serializers.Serializer):
    """A seat. `sheet` is null until the question of conflicts is answered. `cluster`: what the entry is called, in a blind
    round its code."""

    id = serializers.IntegerField()
    round = serializers.IntegerField(source="entry.round_id")
    entry = serializers.IntegerField(source="entry_id")
    blind = serializers.BooleanField(source="entry.round.blind")
    cluster = serializers.SerializerMethodField()
    state = serializers.ChoiceField(sorted(ASSIGNMENT.states))
    due_at = serializers.SerializerMethodField()
    sheet = serializers.SerializerMethodField()

    def get_cluster(self, seat) -> str:
        return judged_name(seat.entry) if seat.entry.round.blind else seat.entry.application.cluster.name_zh

    def get_due_at(self, seat) -> str | None:
        due = selectors.deadline_of(seat)
        return due.isoformat() if due else None

    def get_sheet(self, seat) -> int | None:
        sheet = getattr(seat, "sheet", None)
        return sheet.pk if sheet else None


class OfAssignments(django_filters.FilterSet):
    competition = KeyFilter(field_name="entry__round__competition")
    round = KeyFilter(field_name="entry__round")
    state = django_filters.ChoiceFilter(choices=states(ASSIGNMENT))
    ordering = django_filters.OrderingFilter(fields=["id"])


class AssignmentRows(Rows):
    serializer_class = AssignmentSerializer
    queryset = Assignment.objects.none()
    lookup_url_kwarg = "seat_pk"
    filterset_class = OfAssignments

    def rows(self, viewer):
        return own_assignments(viewer)


class Assignments(AssignmentRows, generics.ListAPIView):
    """Your own published seats, those whose round closes first before others."""


class OneAssignment(AssignmentRows, generics.RetrieveAPIView):
    filter_backends = []


class SheetSerializer(serializers.Serializer):
    """`marks`: criterion → decimal text or "abstain"; a missing mark is not there."""

    id = serializers.IntegerField()
    entry = serializers.IntegerField()
    state = serializers.ChoiceField(sorted(SHEET.states))
    version = serializers.IntegerField()
    marks = serializers.DictField(child=serializers.CharField())
    comment = serializers.CharField(allow_blank=True)


class SheetRowSerializer(serializers.Serializer):
    """A sheet in a list. Its marks stand at its own address."""

    id = serializers.IntegerField()
    assignment = serializers.IntegerField(source="assignment_id")
    round = serializers.IntegerField(source="assignment.entry.round_id")
    entry = serializers.IntegerField(source="assignment.entry_id")
    state = serializers.ChoiceField(sorted(SHEET.states))
    version = serializers.IntegerField(source="edit_version")
    saved_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)


class OfSheets(django_filters.FilterSet):
    competition = KeyFilter(field_name="assignment__entry__round__competition")
    round = KeyFilter(field_name="assignment__entry__round")
    entry = KeyFilter(field_name="assignment__entry")
    state = django_filters.ChoiceFilter(choices=states(SHEET))
    ordering = django_filters.OrderingFilter(fields=["id", "saved_at", "submitted_at"])


class Sheets(Rows, generics.ListAPIView):
    """Your own score sheets, newest first. Nobody else's are listed: what others gave stands in the standings."""

    serializer_class = SheetRowSerializer
    queryset = Sheet.objects.none()
    filterset_class = OfSheets

    def rows(self, viewer):
        return selectors.own_sheets(viewer)


class MarksSerializer(serializers.Serializer):
    """`marks`: decimal text, "abstain", or "" to take a mark back; criteria that are not named stay as they are."""

    marks = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=40))
    comment = serializers.CharField(allow_blank=True, max_length=LONGEST_COMMENT, required=False)


class VersionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    digest = serializers.CharField()
    submitted_at = serializers.DateTimeField()


def shown(sheet) -> dict:
    return {
        "id": sheet.pk,
        "entry": sheet.assignment.entry_id,
        "state": sheet.state,
        "version": sheet.edit_version,
        "marks": marks_of(sheet),
        "comment": sheet.comment,
    }


class OneSheet(APIView):
    """A sheet with its marks. Of somebody else's the reading is recorded. PATCH saves marks; 409 with the saved ones where they were
    saved elsewhere since the version of If-Match."""

    writes = "judge"

    @extend_schema(responses=SheetSerializer, parameters=[WITH_TAG])
    def get(self, request, sheet_pk):
        sheet = read_sheet(selectors.sheet(request.user, sheet_pk), actor=request.user, at=timezone.now())
        return Response(shown(sheet), headers=tag(sheet.edit_version))

    @extend_schema(request=MarksSerializer, responses=SheetSerializer, parameters=[IF_MATCH, KEY, WITH_TAG])
    def patch(self, request, sheet_pk):
        sheet = selectors.sheet(request.user, sheet_pk, action="sheet.edit")
        version, key = matched(request), idempotency_key(request)
        body = MarksSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        try:
            save_sheet(
                sheet,
                marks=data["marks"],
                comment=data.get("comment"),
                version=version,
                idempotency_key=key,
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            if refused.reason.code != CONFLICT:
                raise
            sheet.refresh_from_db()
            return refusal(refused, version=sheet.edit_version, saved=marks_of(sheet))
        sheet.refresh_from_db()
        return Response(shown(sheet), headers=tag(sheet.edit_version))


class SheetSubmission(APIView):
    """Submits the sheet as it stands at the version of If-Match."""

    writes = "judge"

    @extend_schema(request=None, responses={201: VersionSerializer}, parameters=[IF_MATCH, KEY])
    def post(self, request, sheet_pk):
        sheet = selectors.sheet(request.user, sheet_pk, action="sheet.submit")
        version, key = matched(request), idempotency_key(request)
        made = submit_sheet(sheet, version=version, idempotency_key=key, actor=request.user, at=timezone.now())
        return Response(VersionSerializer(made).data, status=201)
