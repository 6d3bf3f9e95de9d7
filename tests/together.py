"""Works that are done at once, each in a thread with a connection of its own: for PostgreSQL, where they really are at once."""

import contextlib
import threading

from django.db import connection

from ledger.domain.reason import Refused


def together(*works) -> list[str]:
    """What each came to: "done", the code of the refusal or the name of the error."""
    answers, gate = [None] * len(works), threading.Barrier(len(works))

    def run(place, work):
        try:
            gate.wait(30)
            work()
            answers[place] = "done"
        except Refused as refusal:
            answers[place] = refusal.reason.code
        except Exception as error:
            answers[place] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def meeting_in(monkeypatch, gate, module, name, *, patience=3) -> None:
    """`name` of `module` waits at the gate once it has done its work, holding the locks it took."""
    original = getattr(module, name)

    def waiting(*args, **kwargs):
        found = original(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            gate.wait(patience)
        return found

    monkeypatch.setattr(module, name, waiting)
