"""What an evaluator answers before judging: the undertaking once for each round, the question of conflicts for each seat."""

import hashlib

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.api.acts import Act
from accounts.api.fields import ReasonWhySerializer
from evaluations import undertaking
from evaluations.api.views import AssignmentSerializer
from evaluations.models import Assignment
from evaluations.selectors import seats as selectors
from evaluations.services import assignments as services
from evaluations.services.conflicts import KINDS
from ledger.domain.reason import Reason, Refused


class UndertakingSerializer(serializers.Serializer):
    """`text` in the language of the request, `digest` its SHA-256. `signed_at` is null until it is signed."""

    text = serializers.CharField()
    digest = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)


class SignSerializer(serializers.Serializer):
    """The digest of the text that the evaluator has read, as it was answered."""

    digest = serializers.RegexField("^[0-9a-f]{64}$")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def shown(round, viewer) -> dict:
    text = undertaking.text_of(round)
    signed = round.undertakings.filter(evaluator__user=viewer).values_list("signed_at", flat=True).first()
    return {"text": text, "digest": digest_of(text), "signed_at": signed}


class UndertakingSign(Act):
    """What an evaluator undertakes in a round. POST signs it, before the first sheet; 409 where the text is another than the one read."""

    writes = "judge"
    takes = SignSerializer
    gives = UndertakingSerializer

    def find(self, viewer, round_pk):
        return selectors.own_round(viewer, round_pk)

    @extend_schema(responses=UndertakingSerializer)
    def get(self, request, round_pk):
        return Response(UndertakingSerializer(shown(self.find(request.user, round_pk), request.user)).data)

    def act(self, subject, data, *, actor, at):
        text = undertaking.text_of(subject)
        if data["digest"] != digest_of(text):
            raise Refused(Reason("evaluations.undertaking_changed"), field="digest")
        services.sign_undertaking(subject, text=text, actor=actor, at=at)

    def shown(self, subject, answer):
        return shown(subject, self.request.user)


class OfOwnSeat(Act):
    writes = "judge"
    gives = AssignmentSerializer
    action = ""

    def find(self, viewer, seat_pk):
        return selectors.seat(viewer, seat_pk, action=f"assignment.{self.action}")

    def shown(self, subject, answer):
        return Assignment.objects.select_related("sheet", "entry__round", "entry__application__cluster").get(pk=subject.pk)


class Confirmation(OfOwnSeat):
    """“No conflict”: the sheet opens. 409 where the undertaking is not signed yet."""

    action = "confirm"
    service = staticmethod(services.confirm)


class RecusalSerializer(ReasonWhySerializer):
    kind = serializers.ChoiceField(KINDS)


class Recusal(OfOwnSeat):
    """Declares a conflict with the cluster, which binds in every later round, and gives the seat up. Until the sheet is locked."""

    takes = RecusalSerializer
    action = "recuse"
    service = staticmethod(services.recuse)
