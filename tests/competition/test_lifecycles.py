from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def test_the_page_is_what_the_command_prints():
    out = StringIO()
    call_command("lifecycles", stdout=out)
    page = (Path(settings.BASE_DIR) / "docs" / "lifecycles.md").read_text("utf-8")
    assert page == out.getvalue(), "run: manage.py lifecycles > docs/lifecycles.md"
