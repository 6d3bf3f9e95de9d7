"""Secrets that a process is given, by a file or by its environment."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret(name: str) -> str:
    """What stands in the file that NAME_FILE names, else in NAME; empty where there is neither. A line break at the end does not count."""
    path, value = os.environ.get(f"{name}_FILE", ""), os.environ.get(name, "")
    if not path:
        return value
    if value:
        raise ImproperlyConfigured(f"Both {name} and {name}_FILE are set: only one may be.")
    try:
        return Path(path).read_text().strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({error.strerror}).") from error
