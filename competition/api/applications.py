"""Applications in the API: the draft with its version, and handing it in once."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.faults import refusal
from accounts.api.versions import IDEMPOTENCY, idempotency_key, matched, tag
from competition.api import filters, serializers
from competition.api.views import Rows
from competition.models import Application
from competition.selectors import api as selectors
from competition.selectors import applications
from competition.selectors.parties import partners, typed
from competition.services.applications import save_draft, start_application, submit_application, withdraw_application
from ledger.domain.reason import Refused
from ledger.reasons import say

CONFLICT = "competition.draft_conflict"
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="The ETag of the last answer."
)
KEY = OpenApiParameter(IDEMPOTENCY, OpenApiTypes.STR, OpenApiParameter.HEADER, description="The same key again is the same submission.")
WITH_TAG = OpenApiParameter("ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200])


class ApplicationRows(Rows):
    serializer_class = serializers.ApplicationSerializer
    queryset = Application.objects.none()
    lookup_url_kwarg = "application_pk"
    filterset_class = filters.OfApplications

    def rows(self, viewer):
        return selectors.applications(viewer)


class Applications(ApplicationRows, generics.ListAPIView):
    """Your organisations' applications; staff see what was submitted. POST starts the draft of a cluster of yours; 409 where it
    has one in this competition already, or the call takes none."""

    writes = "apply"

    @extend_schema(request=serializers.StartSerializer, responses={201: serializers.ApplicationSerializer}, filters=False)
    def post(self, request):
        body = serializers.StartSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        call = applications.call(request.user, body.validated_data["competition"])
        cluster, track = body.chosen(selectors.clusters_to_apply_for(request.user), call.tracks.all())
        application = start_application(
            call, cluster=cluster, organisation=cluster.organisation, track=track, actor=request.user, at=timezone.now()
        )
        return Response(self.get_serializer(application).data, status=201)


class OneApplication(ApplicationRows, generics.RetrieveAPIView):
    filter_backends = []


def draft_of(request, pk) -> Application:
    """An own application; 404 for strangers, 403 for whoever may only read it."""
    return applications.application(request.user, pk, action="application.edit")


def shown(application) -> dict:
    faults = {} if application.state not in ("draft", "returned") else dict(applications.faults(application))
    return {
        "version": application.draft_version,
        "data": application.draft,
        "parties": [typed(row) for row in partners(application)],
        "saved_at": application.draft_saved_at,
        "faults": {path: str(say(reason)) for path, reason in faults.items()},
    }


class Draft(APIView):
    """The answers as they stand. PUT replaces them all, right or wrong; 409 with the saved ones where somebody else saved since
    the version of If-Match; partners of a joint entry are refused where one of them is wrong. Files have an address of their own."""

    writes = "apply"

    @extend_schema(responses=serializers.DraftSerializer, parameters=[WITH_TAG])
    def get(self, request, application_pk):
        application = draft_of(request, application_pk)
        return Response(shown(application), headers=tag(application.draft_version))

    @extend_schema(request=serializers.DraftWriteSerializer, responses=serializers.DraftSerializer, parameters=[IF_MATCH, WITH_TAG])
    def put(self, request, application_pk):
        application = draft_of(request, application_pk)
        version = matched(request)
        body = serializers.DraftWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            save_draft(application, **body.validated_data, version=version, actor=request.user, at=timezone.now())
        except Refused as refused:
            if refused.reason.code != CONFLICT:
                raise
            application.refresh_from_db()
            return refusal(refused, version=application.draft_version, saved=application.draft)
        application.refresh_from_db()
        return Response(shown(application), headers=tag(application.draft_version))


class Submission(APIView):
    """Hands the draft in, whole or not at all. 409 with the reasons where something is missing or the deadline has passed: the server's
    clock decides, at the moment of receipt."""

    writes = "apply"

    @extend_schema(request=None, responses={201: serializers.ReceiptSerializer}, parameters=[IF_MATCH, KEY])
    def post(self, request, application_pk):
        application = draft_of(request, application_pk)
        version, key = matched(request), idempotency_key(request)
        revision = submit_application(application, actor=request.user, at=timezone.now(), idempotency_key=key, version=version)
        return Response(serializers.ReceiptSerializer(revision).data, status=201)


class Withdrawal(APIView):
    """Takes the application back. Until the deadline it may be taken up again in the pages; in a later round the cluster leaves the
    race for good."""

    writes = "apply"

    @extend_schema(request=serializers.WithdrawalSerializer, responses=serializers.ApplicationSerializer)
    def post(self, request, application_pk):
        application = draft_of(request, application_pk)
        body = serializers.WithdrawalSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        gone = withdraw_application(application, reason=body.validated_data["reason"], actor=request.user, at=timezone.now())
        return Response(serializers.ApplicationSerializer(gone).data)


class Receipt(generics.RetrieveAPIView):
    """The newest receipt of an application."""

    serializer_class = serializers.ReceiptSerializer
    queryset = Application.objects.none()

    def get_object(self):
        found = applications.application(self.request.user, self.kwargs["application_pk"])
        revision = found.revisions.order_by("-number").first()
        if revision is None:
            raise Http404
        return revision
