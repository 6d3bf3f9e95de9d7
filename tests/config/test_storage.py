"""Static files as production serves them."""

import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.compose import ROOT, environment_of

IMPORT = re.compile(r"""(?:import|from)\s*["']\./([^"']+)["']""")


def test_every_static_file_gets_a_name_with_its_digest(tmp_path):
    """Also where scripts import each other, which must not run in circles: a digest could not stand for both."""
    environment = environment_of("web") | {"VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    names = {str(path.relative_to(tmp_path / "static")) for path in (tmp_path / "static").rglob("*") if path.suffix != ".gz"}
    ours = {name for name in names if name.startswith(("css/", "js/")) and Path(name).suffix}
    assert [name for name in ours if not re.search(r"\.[0-9a-f]{12}\.\w+$", name)] == []
    imported = {
        f"js/{found}" for name in ours if name.count("/") == 1 for found in IMPORT.findall((tmp_path / "static" / name).read_text())
    }
    assert len(imported) > 3
    assert imported - names == set()
