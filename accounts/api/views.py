"""The API about oneself and background jobs."""

import django_filters
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import permissions
from accounts.domain.tokens import SCOPES
from accounts.models import ApiToken
from jobs import selectors
from jobs.models import Job


class RoleSerializer(serializers.Serializer):
    role = serializers.CharField()
    scope = serializers.CharField(help_text="Such as competition:3, organisation:7, region:320000, or * for everywhere.")


class MeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    language = serializers.CharField()
    roles = RoleSerializer(many=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), help_text="What this key may do; of a session everything.")


class Me(APIView):
    """Whose key this is, and what it may do."""

    @extend_schema(responses=MeSerializer)
    def get(self, request):
        user, token = request.user, request.auth
        return Response(
            {
                "id": user.pk,
                "email": user.email,
                "name": user.display_name(),
                "language": user.language,
                "roles": [{"role": role, "scope": scope} for role, scope in sorted(permissions.held(user))],
                "scopes": token.scopes if isinstance(token, ApiToken) else list(SCOPES),
            }
        )


class JobSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(Job.State.values)
    progress_done = serializers.IntegerField()
    progress_total = serializers.IntegerField(help_text="0 while it is not known.")
    error_code = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class OfJobs(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=[(state, state) for state in Job.State.values])
    kind = django_filters.CharFilter(max_length=60)
    ordering = django_filters.OrderingFilter(fields=["id", "created_at"])


class Jobs(generics.ListAPIView):
    """Background jobs that you asked for; operators see all."""

    serializer_class = JobSerializer
    queryset = Job.objects.none()
    filter_backends = [DjangoFilterBackend]
    filterset_class = OfJobs

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        mine = None if permissions.can(self.request.user, "job.list") else f"user:{self.request.user.pk}"
        return selectors.jobs(requested_by=mine)


class OneJob(generics.RetrieveAPIView):
    serializer_class = JobSerializer
    queryset = Job.objects.all()
    lookup_url_kwarg = "job_pk"

    def get_object(self):
        found = super().get_object()
        if not permissions.can(self.request.user, "job.watch", found):
            raise Http404
        return found
