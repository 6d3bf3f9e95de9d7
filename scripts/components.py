"""make components: does every library of the locks keep to the time limits of docs/security.md (“Updates”)?

For each it names a release that could have been taken and was not, a release that its makers withdrew, and holes that the package
index knows. Exit status 1 where a limit is passed; 2 where the index did not answer, so that nobody takes silence for health.
"""

import argparse
import json
import re
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
BEHIND = 92  # days: brought up to date every three months
HOLE = 30  # days in which a known hole is mended; one that can be used from outside in 7, which a person has to judge
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Component:
    name: str
    version: Version
    wanted: SpecifierSet  # what our .in files and the libraries that need it allow


@dataclass(frozen=True)
class Finding:
    component: Component
    words: str
    late: bool


def index() -> tuple[str, str]:
    """(releases, facts of one release): where pip looks, as this machine says or by pip's own default."""
    from pip._internal.commands import create_command

    simple = create_command("download").parse_args([])[0].index_url.rstrip("/")
    return simple, simple.removesuffix("/simple") + "/pypi"


def components(folder: Path = ROOT) -> list[Component]:
    pinned = {canonicalize_name(name): Version(version) for name, version in PINNED.findall((folder / "requirements-dev.txt").read_text())}
    allowed = dict.fromkeys(pinned, SpecifierSet())
    asked = [line for name in ("requirements.in", "requirements-dev.in") for line in (folder / name).read_text().splitlines()]
    asked = [line for line in asked if line and not line.startswith(("-", "#"))]
    for line in [*asked, *(need for found in distributions() for need in found.requires or ())]:
        need = Requirement(line)
        name = canonicalize_name(need.name)
        if name in allowed and (need.marker is None or need.marker.evaluate({"extra": ""})):
            allowed[name] &= need.specifier
    return [Component(name, version, allowed[name]) for name, version in sorted(pinned.items())]


def ask(url: str, kind: str = "application/json") -> dict:
    request = urllib.request.Request(url, headers={"Accept": kind})  # noqa: S310  the index that pip itself uses
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def releases(simple: str, component: Component) -> tuple[dict[Version, datetime], set[Version]]:
    """When each release for this Python was first there, and which are withdrawn."""
    first: dict[Version, datetime] = {}
    withdrawn = set()
    here = ".".join(map(str, sys.version_info[:3]))
    for file in ask(f"{simple}/{component.name}/", "application/vnd.pypi.simple.v1+json")["files"]:
        version = version_of(file["filename"])
        if version is None or not SpecifierSet(file.get("requires-python") or "").contains(here):
            continue
        if file.get("yanked"):
            withdrawn.add(version)
        at = datetime.fromisoformat(file["upload-time"].replace("Z", "+00:00"))
        first[version] = min(at, first.get(version, at))
    return first, withdrawn


def version_of(filename: str) -> Version | None:
    stem = filename.removesuffix(".whl").removesuffix(".tar.gz").removesuffix(".zip")
    text = stem.split("-")[1] if filename.endswith(".whl") else stem.rpartition("-")[2]
    try:
        return Version(text)
    except (InvalidVersion, IndexError):
        return None


def examine(simple: str, details: str, component: Component, now: datetime) -> tuple[list[Finding], bool]:
    """What is to be said of one, and whether the index knows of holes at all."""
    found = []
    first, withdrawn = releases(simple, component)
    newer = [
        version
        for version in first
        if version > component.version and not version.is_prerelease and version not in withdrawn and component.wanted.contains(version)
    ]
    if newer:
        days = (now - min(first[version] for version in newer)).days
        found.append(Finding(component, f"{max(newer)} is there; the first newer one for {days} days", days > BEHIND))
    if component.version in withdrawn:
        found.append(Finding(component, "withdrawn by its makers", True))
    known_holes = holes(details, component)
    for hole in known_holes or ():
        known = hole.get("published") or hole.get("modified") or ""
        days = (now - datetime.fromisoformat(known.replace("Z", "+00:00"))).days if known else None
        since = f"known for {days} days" if known else "known"
        fixed = ", ".join(hole.get("fixed_in") or ()) or "nothing yet"
        found.append(Finding(component, f"{hole['id']}: {since}, mended in {fixed}", days is None or days > HOLE))
    return found, known_holes is not None


def holes(details: str, component: Component) -> list[dict] | None:
    """None where it is an index of files only."""
    try:
        told = ask(f"{details}/{component.name}/{component.version}/json")
    except urllib.error.HTTPError as fault:
        if fault.code == 404:
            return None
        raise
    return [hole for hole in told.get("vulnerabilities") or [] if not hole.get("withdrawn")]


def main(arguments: list[str], *, at: tuple[str, str] | None = None, folder: Path = ROOT) -> int:
    argparse.ArgumentParser(prog="components", description=__doc__.splitlines()[0]).parse_args(arguments)
    started = time.monotonic()
    simple, details = at or index()
    every, now = components(folder), datetime.now(UTC)
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda one: examine(simple, details, one, now), every))
    except (OSError, ValueError, KeyError) as fault:
        print(f"The package index did not answer: {fault}.")
        return 2
    found = [finding for findings, _knows in answers for finding in findings]
    for finding in sorted(found, key=lambda one: (not one.late, one.component.name)):
        print(f"{'LATE ' if finding.late else '     '}{finding.component.name} {finding.component.version}: {finding.words}")
    late = sum(finding.late for finding in found)
    print(
        f"{len(every)} components, {late} past a limit ({BEHIND} days behind, {HOLE} days with a hole); {time.monotonic() - started:.0f} s."
    )
    if not all(knows for _findings, knows in answers):
        print("This index knows releases only, no holes: ask another one for those.")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
