"""Bonuses, deductions and veto checks in the API: what the organiser finds once for an entry."""

from fractions import Fraction

import django_filters
from django.utils import timezone
from rest_framework import generics, serializers

from accounts.api.acts import Act
from accounts.api.fields import ReasonWhySerializer
from accounts.api.pages import LARGEST_KEY, KeyFilter
from competition.api.views import Rows
from competition.selectors.competitions import round_of
from evaluations.domain.decimals import HUNDREDTH, plain_text
from evaluations.models import Finding
from evaluations.selectors import findings as selectors
from evaluations.services import findings as services
from ledger.domain.reason import Reason
from ledger.reasons import say

CHANGED = "evaluations.finding_changed"


class FindingSerializer(serializers.Serializer):
    """`value`: points of a bonus as decimal text; of a veto "1" passed, "0" failed. `together`: passed with all that nobody had looked at.
    `ended_at`: it was replaced or taken back."""

    id = serializers.IntegerField()
    entry = serializers.IntegerField(source="entry_id")
    criterion = serializers.CharField(source="criterion.code")
    value = serializers.SerializerMethodField()
    reason = serializers.CharField(allow_blank=True)
    evidence = serializers.CharField(allow_blank=True)
    together = serializers.BooleanField()
    found_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_value(self, row) -> str:
        return plain_text(Fraction(row.value, HUNDREDTH))


class OfFindings(django_filters.FilterSet):
    entry = KeyFilter()
    criterion = django_filters.CharFilter(field_name="criterion__code", max_length=20)
    ordering = django_filters.OrderingFilter(fields=["id", "found_at"])


class Findings(Rows, generics.ListAPIView):
    """What holds in a round, but for clusters that you are bound to. Once the round is closed every reading is recorded."""

    serializer_class = FindingSerializer
    queryset = Finding.objects.none()
    filterset_class = OfFindings

    def rows(self, viewer):
        round = round_of(viewer, self.kwargs["round_pk"], action="finding.list")
        services.read_findings(round, actor=viewer, at=timezone.now())
        return selectors.holding(viewer, round)


class FindingWriteSerializer(serializers.Serializer):
    """`criterion`: its code. `seen`: the finding that this one replaces, 0 for none. A failed veto and points need their `reason`, which
    the applicant reads after the release; `evidence` only staff read."""

    criterion = serializers.CharField(max_length=20)
    value = serializers.CharField(max_length=12)
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")
    evidence = serializers.CharField(max_length=500, allow_blank=True, default="")
    seen = serializers.IntegerField(min_value=0, max_value=LARGEST_KEY, default=0)


class FindingRecord(Act):
    """Records what was found for an entry; the same once more writes nothing. 409 with the one that holds (`saved`) where it is another
    than `seen`."""

    writes = "organise"
    takes = FindingWriteSerializer
    gives = FindingSerializer
    status = 201

    def find(self, viewer, entry_pk):
        return selectors.entry_to_check(viewer, entry_pk, action="finding.record")

    def read(self, subject, body):
        code = body.validated_data["criterion"]
        criterion = next((row for row in selectors.given_once(subject.round) if row.code == code), None)
        if criterion is None:
            raise serializers.ValidationError({"criterion": [say(Reason("evaluations.finding_not_given_once", {"criterion": code}))]})
        return body.validated_data | {"criterion": criterion}

    def act(self, subject, data, *, actor, at):
        return services.record_finding(subject, **data, actor=actor, at=at).pk

    def shown(self, subject, answer):
        return selectors.finding(answer)

    def saved(self, subject, data, refused):
        if refused.reason.code != CHANGED:
            return None
        current = Finding.objects.filter(entry=subject, criterion=data["criterion"], ended_at=None).select_related("criterion").first()
        return FindingSerializer(current).data if current else {}


class FindingWithdrawal(Act):
    """As if nobody had looked; it stays on file with the reason."""

    writes = "organise"
    takes = ReasonWhySerializer
    gives = FindingSerializer

    def find(self, viewer, finding_pk):
        return selectors.finding_to_check(viewer, finding_pk, action="finding.withdraw")

    service = staticmethod(services.withdraw_finding)


class UncheckedSerializer(serializers.Serializer):
    """A veto item of an entry."""

    entry = serializers.IntegerField()
    criterion = serializers.CharField()


class Unchecked(generics.ListAPIView):
    """Veto items that nobody has looked at, but for clusters that you are bound to: the round cannot be closed with them."""

    serializer_class = UncheckedSerializer
    queryset = Finding.objects.none()
    filter_backends = []

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        round = round_of(self.request.user, self.kwargs["round_pk"], action="finding.list")
        rows = selectors.left(self.request.user, round) if round.state in selectors.OPEN else []
        return [{"entry": entry.pk, "criterion": criterion.code} for entry, criterion in rows]


class ExpectedSerializer(serializers.Serializer):
    """`expected`: how many items the unchecked were when they were looked at."""

    expected = serializers.IntegerField(min_value=0, max_value=LARGEST_KEY)


class PassedSerializer(serializers.Serializer):
    passed = serializers.IntegerField()


class PassRest(Act):
    """Passes every veto item that nobody has looked at. 409 where they are others than `expected` by now."""

    writes = "organise"
    takes = ExpectedSerializer
    gives = PassedSerializer

    def find(self, viewer, round_pk):
        return round_of(viewer, round_pk, action="finding.pass_rest")

    def act(self, subject, data, *, actor, at):
        return services.pass_rest(subject, **data, actor=actor, at=at)

    def shown(self, subject, answer):
        return {"passed": answer}
