"""Health check of a container, quick because it starts no Django; exit status 0 when all is well.

alive.py web [PATH]   the web server of this container answers PATH (/healthz) with 200
alive.py file         what keeps ALIVE_FILE fresh (worker, scheduler) did so within the last minute
"""

import http.client
import os
import ssl
import sys
import time

SECONDS = 60


def web(path: str = "/healthz") -> str:
    port, keys = int(os.environ.get("PORT", "8000")), os.environ.get("INNER_KEYS")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    if keys:
        context = ssl.create_default_context(cafile=f"{keys}/authority.pem")
        context.load_cert_chain(f"{keys}/own.pem")
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=context)
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except OSError as error:
        return f"no answer: {error}"
    finally:
        connection.close()
    return "" if status == 200 else f"answered {status}"


def file() -> str:
    path = os.environ["ALIVE_FILE"]
    try:
        age = time.time() - os.stat(path).st_mtime
    except OSError as error:
        return f"{path}: {error.strerror}"
    return "" if age <= SECONDS else f"{path} was last touched {age:.0f} seconds ago"


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    sys.exit({"web": web, "file": file}[kind](*rest) or 0)
