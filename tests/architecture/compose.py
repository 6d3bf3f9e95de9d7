"""docker-compose.yml as Compose would read it, with values for its variables."""

import re
from pathlib import Path

import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FILE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(\w+)(?:(:?[-?+])([^}]*))?\}")
# What an installation fills in; everything else has a default in the file.
FILLED_IN = {
    "SITE_NAME": "saima.lan",
    "SECRET_KEY": "only-for-this-test-" + "7f3c91" * 8,
    "CERTIFICATE": "it@saima.lan",
    "EMAIL_URL": "smtp+tls://saima:letters@mail.lan:587",
    "DEFAULT_FROM_EMAIL": "saima@mail.lan",
}


class Missing(Exception):
    """A variable that must be set is not."""


def interpolate(text: str, values: dict[str, str]) -> str:
    def value(match: re.Match) -> str:
        name, operator, word = match.groups()
        if values.get(name):
            return values[name]
        if operator in {":?", "?"}:
            raise Missing(name)
        return word or ""

    return VARIABLE.sub(value, text)


def everywhere(node, values: dict[str, str]):
    if isinstance(node, dict):
        return {key: everywhere(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [everywhere(value, values) for value in node]
    return interpolate(node, values) if isinstance(node, str) else node


def compose(values: dict[str, str] = FILLED_IN) -> dict:
    """First YAML, then variables, then the cast of what must be a number: Compose's own order."""
    file = everywhere(yaml.safe_load(FILE.read_text()), values)
    for service in file["services"].values():
        if "replicas" in service.get("deploy", {}):
            service["deploy"]["replicas"] = int(service["deploy"]["replicas"])
    return file
