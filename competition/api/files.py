"""Files of an application: listed, added, taken out, handed out; the same checks and rights as in the pages."""

import hashlib

from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.acts import Act
from accounts.api.parsers import UploadParser
from competition.api.views import Rows
from competition.models import Attachment
from competition.selectors import applications as selectors
from competition.services import attachments as services
from competition.services.scans import Infected
from competition.services.storing import TYPES
from competition.views.attachments import as_download
from ledger.domain.reason import Refused


class FileSerializer(serializers.Serializer):
    """`slot`: the field of the form that it belongs to. `size` in bytes. `scan`: what the scanner for malware said: `clean`; `waiting`,
    not asked yet (until then only its applicant is given the content); `found` (nobody is); empty where there was no scanner."""

    id = serializers.IntegerField()
    application = serializers.IntegerField(source="application_id")
    slot = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    scan = serializers.CharField()


class UploadSerializer(serializers.Serializer):
    """As multipart/form-data. What the slot takes, how large and how many, says the form."""

    slot = serializers.CharField(max_length=80)
    file = serializers.FileField(allow_empty_file=True)


class Files(Act, Rows, generics.ListAPIView):
    """The draft's, for its applicant; staff and recommenders see those of the newest revision. POST adds one to the draft; 409 with the
    reason at its field where the file is not what its slot takes, or the draft cannot be changed."""

    writes = "apply"
    takes = UploadSerializer
    gives = FileSerializer
    status = 201
    parser_classes = [UploadParser]
    serializer_class = FileSerializer
    queryset = Attachment.objects.none()
    filter_backends = []

    def rows(self, viewer):
        return selectors.files(viewer, self.kwargs["application_pk"])

    def find(self, viewer, application_pk):
        return selectors.application(viewer, application_pk, action="application.edit")

    def read(self, subject, body):
        """Screened here, before the transaction of the act: what the scanner finds stays on record. Any other refusal is the act's to
        say, which may have been done under this key before."""
        data, who = body.validated_data, {"actor": self.request.user, "at": timezone.now()}
        try:
            screened = services.screen_attachment(subject, slot=data["slot"], upload=data["file"], **who)
        except Infected:
            raise
        except Refused:
            screened = None
        return data | {"screened": screened}

    def wanted(self, body):
        given = body.validated_data
        digest = hashlib.sha256()
        for chunk in given["file"].chunks():
            digest.update(chunk)
        return {"slot": given["slot"], "name": given["file"].name, "sha256": digest.hexdigest()}

    def act(self, subject, data, *, actor, at):
        return services.attach(subject, slot=data["slot"], upload=data["file"], screened=data["screened"], actor=actor, at=at).pk

    def shown(self, subject, answer):
        return Attachment.objects.get(pk=answer)


class OneFile(generics.RetrieveAPIView):
    """DELETE takes it out of the draft; a revision that was submitted with it keeps it."""

    writes = "apply"
    serializer_class = FileSerializer
    queryset = Attachment.objects.none()

    def get_object(self):
        return selectors.attachment(self.request.user, self.kwargs["attachment_pk"])

    @extend_schema(request=None, responses={204: None})
    def delete(self, request, attachment_pk):
        services.detach(self.get_object(), actor=request.user, at=timezone.now())
        return Response(status=204)


class FileContent(APIView):
    """The file itself, byte for byte, as a download; 409 with the reason where it is kept back until it was scanned for malware, or
    because some was found."""

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in sorted(set(TYPES.values()))})
    def get(self, request, attachment_pk):
        found = selectors.attachment(request.user, attachment_pk)
        if reason := selectors.kept_back(request.user, found):
            raise Refused(reason)
        return as_download(found)
