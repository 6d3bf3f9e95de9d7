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
    "CERTIFICATE": "it@saima.lan",
    "DEFAULT_FROM_EMAIL": "saima@mail.lan",
}
# What is put into the vault of an installation; the rest is made there or not needed.
SECRETS = {"SECRET_KEY": "only-for-this-test-" + "7f3c91" * 8, "EMAIL_URL": "smtp+tls://saima:letters@mail.lan:587"}


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


def environment_of(name: str) -> dict[str, str]:
    """Of a part of ours, with its secrets themselves in the place of files."""
    given = compose()["services"][name]["environment"]
    files = {key.removesuffix("_FILE") for key, value in given.items() if value.startswith("/keys/")}
    plain = {key: value for key, value in given.items() if not value.startswith("/keys/")}
    return plain | {key: value for key, value in SECRETS.items() if key in files}
