"""Organisations that register themselves, and the answer to them."""

import django_filters
from rest_framework import generics, serializers

from accounts.api.acts import Act
from accounts.api.fields import ReasonWhySerializer
from competition.api.filters import states
from competition.api.views import Rows
from competition.domain.states import REGISTRATION
from competition.models import Registration
from competition.selectors import api as selectors
from competition.selectors.registrations import registration
from competition.services import registrations as services


class RegistrationSerializer(serializers.Serializer):
    """`new_cluster`: entered with the registration, not chosen from the list. `reason`: why it was refused."""

    id = serializers.IntegerField()
    organisation = serializers.IntegerField(source="organisation_id")
    name_zh = serializers.CharField(source="organisation.name_zh")
    name_en = serializers.CharField(source="organisation.name_en", allow_blank=True)
    credit_code = serializers.CharField()
    cluster = serializers.IntegerField(source="cluster_id")
    cluster_zh = serializers.CharField(source="cluster.name_zh")
    lead_region = serializers.CharField(source="cluster.lead_region_id")
    new_cluster = serializers.BooleanField()
    state = serializers.ChoiceField(sorted(REGISTRATION.states))
    sent_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class OfRegistrations(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=states(REGISTRATION))
    lead_region = django_filters.CharFilter(field_name="cluster__lead_region", max_length=12)
    ordering = django_filters.OrderingFilter(fields=["id", "sent_at", "decided_at"])


class RegistrationRows(Rows):
    serializer_class = RegistrationSerializer
    queryset = Registration.objects.none()
    lookup_url_kwarg = "registration_pk"
    filterset_class = OfRegistrations

    def rows(self, viewer):
        return selectors.registrations(viewer)


class Registrations(RegistrationRows, generics.ListAPIView):
    """Your own; for recommenders those of their regions, for organisers all. The longest waiting first."""


class OneRegistration(RegistrationRows, generics.RetrieveAPIView):
    filter_backends = []


class Confirmation(Act):
    """The organisation may submit from now on. By the recommender of the region or an organiser, never by whoever sent it."""

    writes = ("organise", "recommend")
    gives = RegistrationSerializer
    action = "confirm"

    def find(self, viewer, registration_pk):
        return registration(viewer, registration_pk, action=f"registration.{self.action}")

    service = staticmethod(services.confirm_registration)


class RegistrationRefusal(Confirmation):
    """The applicant is told the reason and may correct it; the credit code and a cluster of the list are free meanwhile."""

    takes = ReasonWhySerializer
    action = "refuse"
    service = staticmethod(services.refuse_registration)
