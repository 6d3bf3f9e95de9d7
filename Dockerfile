# One image for web server, worker, scheduler and preparation; docker-compose.yml says which command runs where.
# scripts/setup is what `make setup` runs: the same packages, the same pinned lock file, the same translations.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

# Where the network has mirrors of its own: docker compose build --build-arg PIP_INDEX_URL=…
ARG PIP_INDEX_URL
WORKDIR /saima

COPY scripts/setup scripts/setup.py scripts/
COPY requirements.txt ./
RUN sh scripts/setup && rm -rf /var/lib/apt/lists/* /root/.cache

COPY . .
RUN sh scripts/setup \
    && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent saima \
    && install -d -o saima -g saima -m 0700 /var/lib/saima /logs

ENV PATH="/saima/.venv/bin:$PATH" \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp \
    PRODUCTION=1 \
    VAR_DIR=/var/lib/saima
USER saima
VOLUME /var/lib/saima
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
