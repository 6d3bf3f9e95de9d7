"""A real clamd with two signatures of our own, on a socket in a folder of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from competition.services import scanner as client

# In halves, so that no scanner of a developer's machine takes this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
OWN = b"second text for the scanner"
NAMES = {"House.Test.Eicar": EICAR, "House.Test.Own": OWN}
STREAM = 512 * 1024
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"  # where Debian puts it, and not everybody looks


class Clamd:
    """`.address` for SCANNER; `stop()` and `start()` as often as a test likes."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="saima-clamd-"))  # a socket's path must be short
        self.socket, self.process = self.folder / "s", None
        self.address = f"clamd://{self.socket}"
        (self.folder / "db").mkdir()
        lines = [f"{name}:0:*:{text.hex()}" for name, text in NAMES.items()]
        (self.folder / "db" / "house.ndb").write_text("\n".join(lines) + "\n")
        limits = f"StreamMaxLength {STREAM // 1024}K\nAlertExceedsMax yes\n"
        places = f"DatabaseDirectory {self.folder}/db\nLocalSocket {self.socket}\nTemporaryDirectory {self.folder}\n"
        (self.folder / "clamd.conf").write_text(places + limits)
        # Under another path than its own no rules of AppArmor bind it to the folders of the system.
        self.program = shutil.copy(shutil.which("clamd", path=PATH), self.folder / "clamd")

    def start(self):
        if self.process is not None:
            return
        command = [self.program, "--foreground", f"--config-file={self.folder}/clamd.conf"]
        self.process = subprocess.Popen(command, stdout=(self.folder / "log").open("ab"), stderr=subprocess.STDOUT)
        ends = time.monotonic() + 30
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as link:
                    link.connect(str(self.socket))
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < ends, (self.folder / "log").read_text()
                time.sleep(0.02)

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        self.socket.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def clamd():
    if shutil.which("clamd", path=PATH) is None:
        pytest.fail("clamd is not installed (make setup-dev installs it).")
    daemon = Clamd()
    yield daemon
    daemon.stop()
    shutil.rmtree(daemon.folder)


@pytest.fixture
def scanner(clamd, settings, monkeypatch) -> Clamd:
    """The house with this scanner, awake."""
    clamd.start()
    settings.SCANNER = clamd.address
    monkeypatch.setattr(client, "_silent_until", 0.0)
    return clamd
