"""How much one request may bring along in files, wherever it goes."""

import unicodedata

from django.core.files.uploadhandler import TemporaryFileUploadHandler

MOST_BYTES = 120 * 1024 * 1024  # as the proxy's limit of a body (deploy/Caddyfile)

REFUSED = "\ufffd"  # stands where a name held what no name may hold


def as_sent(parser, file_name: str) -> str | None:
    """Instead of Django's silent cleaning: what leads to a folder or cannot be seen stays in sight, so that the field can say so."""
    if not file_name:
        return None
    if file_name in (".", ".."):
        return REFUSED
    return "".join(REFUSED if sign in "/\\" or unicodedata.category(sign) in UNSEEN else sign for sign in file_name)


UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class Bounded(TemporaryFileUploadHandler):
    """What is over the limit is not written, so that the disk keeps its room; the file it belongs to counts as larger than any form
    takes, and is refused there in words."""

    room = MOST_BYTES
    cut = False

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.cut = False

    def receive_data_chunk(self, raw_data, start):
        self.cut = self.cut or len(raw_data) > self.room
        if not self.cut:
            self.room -= len(raw_data)
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size):
        return super().file_complete(max(file_size, MOST_BYTES + 1) if self.cut else file_size)
