"""A test client starts the middlewares anew with its first request, and with them the scan of every static file, which is most of
such a request's time: one scan serves the process. Loaded by tests/conftest.py."""

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware


@pytest.fixture(scope="session", autouse=True)
def static_files_are_scanned_once():
    scan, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def scanned(self):
        if not found:
            before = dict(self.files)
            scan(self)
            found.update({url: file for url, file in self.files.items() if before.get(url) is not file})
        self.files |= found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", scanned)
        yield
