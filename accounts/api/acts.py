"""Acts of programs: find it, read the body, one service, once for each idempotency key, and what came of it."""

from collections.abc import Callable

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.faults import refusal
from accounts.api.versions import idempotency_key
from accounts.services.acts import once
from ledger.domain.reason import Refused


class Act(APIView):
    """`takes` and `gives` are the shapes of body and answer. `find(viewer, **arguments of the route)`, which each act has, says 404 to
    strangers and 403 to whoever lacks the right, before anything else of the request is read. `service` is the verb, called as
    `service(subject, **body, actor=, at=)`; where that is not all, or there is an answer to keep (plain JSON: the id of what it made,
    a number), `act` calls it. `shown` is the row that the answer is made from, read anew."""

    writes: str | tuple[str, ...] = ()
    takes: type[serializers.Serializer] | None = None
    gives: type[serializers.Serializer]
    service: Callable
    status = 200
    verb = "POST"

    def act(self, subject, data, *, actor, at):
        self.service(subject, **data, actor=actor, at=at)

    def read(self, subject, body) -> dict:
        """What `act` is given; ValidationError at the field of a row that is not there."""
        return body.validated_data

    def wanted(self, body):
        """Plain JSON by which the same act is known when it is sent again."""
        return body.initial_data

    def shown(self, subject, answer):
        subject.refresh_from_db()
        return subject

    def saved(self, subject, data, refused) -> dict | None:
        """What somebody else has saved meanwhile, where that is why the act was refused."""
        return None

    def post(self, request, **kwargs):
        subject, at = self.find(request.user, **kwargs), timezone.now()
        data = {}
        if self.takes is not None:
            body = self.takes(data=request.data)
            body.is_valid(raise_exception=True)
            data = self.read(subject, body)
        asked = [request.path, self.wanted(body) if self.takes is not None else None]
        key = idempotency_key(request)
        try:
            answer = once(lambda: self.act(subject, data, actor=request.user, at=at), key=key, asked=asked, actor=request.user, at=at)
        except Refused as refused:
            if (saved := self.saved(subject, data, refused)) is None:
                raise
            return refusal(refused, saved=saved)
        return Response(self.gives(self.shown(subject, answer)).data, status=self.status)
