"""What every operation of the API can answer besides what it is for, so that the schema promises it."""

from drf_spectacular.openapi import AutoSchema as Spectacular
from rest_framework.mixins import ListModelMixin

from accounts.api.faults import FaultSerializer

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

    def get_tags(self):
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]
