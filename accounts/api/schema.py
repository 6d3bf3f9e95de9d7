"""What every operation of the API can answer besides what it is for, so that the schema promises it."""

from drf_spectacular.openapi import AutoSchema as Spectacular
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes
from rest_framework.mixins import ListModelMixin

from accounts.api.faults import FaultSerializer
from accounts.api.versions import IDEMPOTENCY

KEY = OpenApiParameter(IDEMPOTENCY, OpenApiTypes.STR, OpenApiParameter.HEADER, description="The same key again is the same act, done once.")
READS = {"401", "403", "404", "429", "503"}
WRITES = READS | {"400", "409", "415"}


class AutoSchema(Spectacular):
    def _get_response_bodies(self, direction="response"):
        """Added here: `extend_schema` replaces what the other methods say."""
        reading = READS | ({"400"} if isinstance(self.view, ListModelMixin) else set())
        faults = reading if self.method in ("GET", "HEAD") else WRITES
        return super()._get_response_bodies(direction) | {
            code: self._get_response_for_code(FaultSerializer, code, direction=direction) for code in sorted(faults)
        }

    def _acts(self) -> bool:
        """Is it the act of an `accounts.api.acts.Act`?"""
        return self.method == getattr(self.view, "verb", None)

    def _is_list_view(self, serializer=None):
        return not self._acts() and super()._is_list_view(serializer)

    def get_request_serializer(self):
        return self.view.takes if self._acts() else super().get_request_serializer()

    def get_response_serializers(self):
        return {self.view.status: self.view.gives} if self._acts() else super().get_response_serializers()

    def get_override_parameters(self):
        return [KEY] if self._acts() else super().get_override_parameters()

    def get_description(self):
        """With the scope that a key needs for it."""
        writes = getattr(self.view, "writes", ())
        wanted = ("read",) if self.method in ("GET", "HEAD") else (writes,) if isinstance(writes, str) else writes
        said = f"Scope: {' or '.join(wanted)}."
        return "\n\n".join(filter(None, (super().get_description(), said)))

    def get_tags(self):
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]
