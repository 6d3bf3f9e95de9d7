"""Partners of a joint entry, as an applicant types them."""

from tests.factories.registering import credit_code
from tests.factories.serial import serial


def party(**fields) -> dict[str, str]:
    n = serial()
    typed = {"name_zh": f"联合单位{n}", "name_en": f"Partner {n}", "credit_code": credit_code(), "region": "330000", "role": "承担测试平台"}
    return typed | fields
