import pytest

from tests.factories.applying import make_call
from tests.factories.competition import NOW


@pytest.fixture
def call(db, monkeypatch, settings, tmp_path):
    """Taking applications; the clock stands, files lie in a folder of the test. Tests of other calls have their own."""
    settings.SECOND_FACTOR_REQUIRED = False
    own = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": own}
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return make_call()
