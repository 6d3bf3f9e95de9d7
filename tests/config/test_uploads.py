"""What a request may call its files."""

import pytest
from django.test import RequestFactory

import config.uploads  # noqa: F401


def sent(name: str):
    body = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nx\r\n--x--\r\n'
    request = RequestFactory().generic("POST", "/", body.encode(), content_type="multipart/form-data; boundary=x")
    return request.FILES["file"].name


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("证明　材料 2.pdf", "证明　材料 2.pdf"),
        ("a&amp;b.pdf", "a&amp;b.pdf"),
        ("../../etc/passwd", "..�..�etc�passwd"),
        ("/etc/passwd", "�etc�passwd"),
        ("a\x07\u202eb.pdf", "a��b.pdf"),
        ("..", "�"),
    ],
)
def test_a_name_keeps_what_is_wrong_with_it_in_sight(name, seen):
    assert sent(name) == seen
