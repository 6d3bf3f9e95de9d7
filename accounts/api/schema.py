"""What every operation of the API can answer besides what it is for, so that the schema promises it."""

from drf_spectacular.openapi import AutoSchema as Spectacular
from rest_framework.mixins import ListModelMixin

from accounts.api.faults import FaultSerializer

READS = {"401", "403", "404", "429"}
WRITES = READS | {"400", "409"}


class AutoSchema(Spectacular):
    def get_response_serializers(self):
        found = super().get_response_serializers()
        if not isinstance(found, dict):
            found = {"200": found}
        faults = WRITES if self.method not in ("GET", "HEAD") else READS | ({"400"} if isinstance(self.view, ListModelMixin) else set())
        return {str(code): body for code, body in found.items()} | {code: FaultSerializer for code in sorted(faults)}

    def get_tags(self):
        return [self.path.removeprefix("/api/v1/").partition("/")[0]]
