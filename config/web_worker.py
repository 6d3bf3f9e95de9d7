"""gunicorn's threaded worker, for connections by TLS that say nothing after the handshake: a proxy opens some in advance. Each would hold a
thread until it is used, and hold up a server that is to stop."""

import select

from gunicorn.workers.gthread import _DEFER, ThreadWorker

SECONDS = 0.5  # what a request takes from the handshake to its first byte, and more


class Worker(ThreadWorker):
    def handle(self, conn):
        if self.cfg.is_ssl and not conn.initialized:
            try:
                if not conn.data_ready and not conn.wait_for_data(SECONDS):
                    return _DEFER
                conn.init()
                if not conn.sock.pending() and not select.select([conn.sock], [], [], SECONDS)[0]:
                    return _DEFER  # the poller waits for it, and no thread
            except (OSError, ValueError):  # no certificate of ours, none at all, or gone: a ValueError where it was closed meanwhile
                return False
        return super().handle(conn)

    def _cap_keepalive(self, deadline):
        """When it is to stop: what has asked for nothing ends as soon as what has been answered."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
