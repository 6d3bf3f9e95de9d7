"""`make components` against a package index that says what the test wants; the real one is outside this machine."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scripts.components import components, main

LOCK = "Alpha==1.2 \\\n    --hash=sha256:00\nbeta-two==3.0 \\\n    --hash=sha256:00\n"


def ago(days):
    return (datetime.now(UTC) - timedelta(days=days)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def index(tmp_path, capsys):
    """`index(files, holes)`: name → [(file, days ago, …)], name → holes, None where the index knows none → (status, what was printed)."""
    told = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            content = told.get(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(content).encode() if content is not None else b"")

        def log_message(self, *words):
            pass

    (tmp_path / "requirements.in").write_text("alpha<2\n")
    (tmp_path / "requirements-dev.in").write_text("-r requirements.in\nbeta-two\n")
    (tmp_path / "requirements-dev.txt").write_text(LOCK)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"

    def ask(files, holes=None):
        told.clear()
        for name, rows in files.items():
            told[f"/simple/{name}/"] = {"files": [{"filename": file, "upload-time": ago(days), **dict(more)} for file, days, *more in rows]}
        for name, version in (("alpha", "1.2"), ("beta-two", "3.0")):
            if holes is not None:
                told[f"/pypi/{name}/{version}/json"] = {"vulnerabilities": holes.get(name, [])}
        status = main([], at=(f"{base}/simple", f"{base}/pypi"), folder=tmp_path)
        return status, capsys.readouterr().out.splitlines()

    yield ask
    server.shutdown()


FRESH = {"alpha": [("alpha-1.2.tar.gz", 200)], "beta-two": [("beta_two-3.0-py3-none-any.whl", 300)]}


def test_what_is_pinned_with_what_is_allowed(index, tmp_path):
    assert [(one.name, str(one.version), str(one.wanted)) for one in components(tmp_path)] == [
        ("alpha", "1.2", "<2"),
        ("beta-two", "3.0", ""),
    ]


def test_nothing_newer(index):
    status, lines = index(FRESH, {})
    assert (status, lines[0].split(";")[0], len(lines)) == (0, "2 components, 0 past a limit (92 days behind, 30 days with a hole)", 1)


@pytest.mark.parametrize(("days", "status", "mark"), [(92, 0, "     "), (93, 1, "LATE ")])
def test_a_newer_one_counts_from_the_first_that_could_be_taken(index, days, status, mark):
    files = [("alpha-1.2.tar.gz", 300), ("alpha-1.3.tar.gz", days), ("alpha-1.4-py3-none-any.whl", 1)]
    assert index({**FRESH, "alpha": files}, {}) == (status, [f"{mark}alpha 1.2: 1.4 is there; the first newer one for {days} days", *ANY])


def test_what_may_not_be_taken_is_no_delay(index):
    """A major version that we do not allow, a trial, a withdrawn one, one for another Python, a file that is none."""
    files = [
        ("alpha-1.2.tar.gz", 300),
        ("alpha-2.0.tar.gz", 200),
        ("alpha-1.9rc1.tar.gz", 200),
        ("alpha-1.5.tar.gz", 200, ("yanked", "broken")),
        ("alpha-1.6.tar.gz", 200, ("requires-python", ">=3.99")),
        ("alpha-readme.txt", 200),
    ]
    status, lines = index({**FRESH, "alpha": files}, {})
    assert (status, len(lines)) == (0, 1)


def test_a_withdrawn_release_is_late_at_once(index):
    files = {**FRESH, "alpha": [("alpha-1.2.tar.gz", 3, ("yanked", True))]}
    assert index(files, {}) == (1, ["LATE alpha 1.2: withdrawn by its makers", *ANY])


@pytest.mark.parametrize(("days", "status", "mark"), [(30, 0, "     "), (31, 1, "LATE ")])
def test_a_hole_has_its_days(index, days, status, mark):
    hole = {"id": "HOLE-7", "published": ago(days), "fixed_in": ["3.1"]}
    gone = {"id": "HOLE-8", "published": ago(400), "withdrawn": ago(300)}
    said = f"{mark}beta-two 3.0: HOLE-7: known for {days} days, mended in 3.1"
    assert index(FRESH, {"beta-two": [gone, hole]}) == (status, [said, *ANY])


def test_a_hole_without_a_day_is_late(index):
    assert index(FRESH, {"alpha": [{"id": "HOLE-9"}]}) == (1, ["LATE alpha 1.2: HOLE-9: known, mended in nothing yet", *ANY])


def test_an_index_without_holes_says_so(index):
    status, lines = index(FRESH)
    assert (status, lines[1:]) == (0, ["This index knows releases only, no holes: ask another one for those."])


def test_silence_is_not_taken_for_health(index):
    status, lines = index({"alpha": FRESH["alpha"]}, {})
    assert (status, len(lines)) == (2, 1) and lines[0].startswith("The package index did not answer: HTTP Error 404")


class Rest:
    """The last line, whose seconds are the machine's."""

    def __eq__(self, other):
        return other.startswith("2 components, ")


ANY = [Rest()]
