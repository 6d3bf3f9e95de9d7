"""Every fault of the API in one shape: `{"reasons": [{code, params, text}], "fields": {name: [text]}}`."""

from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.permissions import NotAllowed
from ledger.domain.reason import Reason, Refused
from ledger.reasons import say


class ReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    params = serializers.DictField()
    text = serializers.CharField(help_text="In the reader's language.")


class FaultSerializer(serializers.Serializer):
    """`fields` names what is wrong with single fields of the request; `version` and `saved` stand where somebody else saved first."""

    reasons = ReasonSerializer(many=True)
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    version = serializers.IntegerField(required=False)
    saved = serializers.DictField(required=False)


def words(*reasons: Reason) -> list[dict]:
    return [reason.as_json() | {"text": str(say(reason))} for reason in reasons]


def refusal(refused: Refused, **more) -> Response:
    """403 for a right that is missing, else 409."""
    body = {"reasons": words(*refused.reasons), **more}
    if refused.field:
        body["fields"] = {refused.field: [str(say(refused.reason))]}
    set_rollback()
    return Response(body, status=status.HTTP_403_FORBIDDEN if isinstance(refused, NotAllowed) else status.HTTP_409_CONFLICT)


def answer(fault: Exception, context) -> Response | None:
    """What REST_FRAMEWORK's EXCEPTION_HANDLER names."""
    if isinstance(fault, Refused):
        return refusal(fault)
    response = exception_handler(fault, context)
    if response is None:
        return None
    response.data = body_of(fault, response)
    return response


def body_of(fault: Exception, response: Response) -> dict:
    if isinstance(fault, exceptions.ValidationError):
        given = fault.detail if isinstance(fault.detail, dict) else {"": fault.detail}
        fields = {name or "body": _texts(errors) for name, errors in given.items()}
        return {"reasons": words(Reason("accounts.body_wrong", {"fault": ", ".join(sorted(fields))})), "fields": fields}
    return {"reasons": words(_reason(fault))}


def _reason(fault: Exception) -> Reason:
    detail = fault.args[0] if fault.args else None
    if isinstance(detail, Reason):
        return detail
    if isinstance(fault, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        return Reason("accounts.login_needed")
    if isinstance(fault, (exceptions.NotFound, Http404)):
        return Reason("accounts.not_found")
    if isinstance(fault, exceptions.MethodNotAllowed):
        return Reason("accounts.method_wrong", {"method": fault.args[0] if fault.args else ""})
    if isinstance(fault, exceptions.Throttled):
        return Reason("accounts.too_many_requests", {"seconds": int(fault.wait or 1)})
    return Reason("accounts.body_wrong", {"fault": str(getattr(fault, "detail", ""))})


def _texts(errors) -> list[str]:
    if isinstance(errors, dict):
        return [f"{name}: {text}" for name, inner in errors.items() for text in _texts(inner)]
    if isinstance(errors, (list, tuple)):
        return [text for inner in errors for text in _texts(inner)]
    return [str(errors)]
