"""docker-compose.yml, Dockerfile, Caddyfile and .env.example agree with each other and with the house."""

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose
from django.core.management import get_commands

from competition.domain.upload_limits import UNPACKED_MEGABYTES
from config.uploads import MOST_BYTES
from scripts import vault
from scripts.keys import PARTS, Keys
from tests.architecture.compose import FILE, FILLED_IN, ROOT, VARIABLE, Missing, compose, environment_of, everywhere
from tests.architecture.compose import SECRETS as PUT_IN

OURS = ("prepare", "web", "worker", "scheduler")


@pytest.fixture(scope="module")
def services() -> dict:
    return compose()["services"]


def test_its_form_is_what_the_specification_says():
    read = PyCompose.from_yaml(yaml.safe_dump(compose()))
    read.validate()
    assert sorted(read.service_names()) == ["caddy", "clamav", "keys", "logs", "postgres", "prepare", "redis", "scheduler", "web", "worker"]
    with pytest.raises(ValueError):
        PyCompose.from_yaml(yaml.safe_dump(compose()).replace("healthcheck:", "healthchek:"))


def test_every_container_can_send_its_lines_to_a_log_server_and_to_nothing_that_listens_in():
    written = yaml.safe_load((ROOT / "deploy" / "logs.yml").read_text())
    with pytest.raises(Missing, match="LOG_ADDRESS"):
        everywhere(written, {})
    read = everywhere(written, {"LOG_ADDRESS": "tcp+tls://logs.lan:6514"})["services"]
    assert sorted(read) == sorted(compose()["services"])
    assert {(service["logging"]["driver"], service["logging"]["options"]["syslog-address"]) for service in read.values()} == {
        ("syslog", "tcp+tls://logs.lan:6514")
    }
    PyCompose.from_yaml(yaml.safe_dump(compose() | {"services": {name: row | read[name] for name, row in compose()["services"].items()}}))


@pytest.mark.parametrize("name", FILLED_IN)
def test_it_starts_with_no_secret_or_name_of_its_own(name):
    with pytest.raises(Missing, match=name):
        compose(FILLED_IN | {name: ""})


def test_no_secret_stands_in_it():
    """Nor in the environment of a container: secrets are files, of which each part is handed its own."""
    places = set()
    for name, service in yaml.safe_load(FILE.read_text())["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search("SECRET_KEY|PASSWORD|AUTH|KEY|TOKEN|EMAIL_URL", key):
                places.add((key, value))
            assert ":" not in value.rpartition("@")[0].partition("://")[2], f"{name}: {key}"
    nobodys = {("INNER_KEYS", "/keys"), ("POSTGRES_PASSWORD_FILE", "/proc/sys/kernel/random/uuid")}
    assert places - nobodys == {(f"{name.upper()}_FILE", f"/keys/{name}") for name in vault.SECRETS}
    assert {name.upper() for name in vault.SECRETS} & {name for name, *_ in VARIABLE.findall(FILE.read_text())} == set()


def test_what_it_asks_for_is_in_the_example_and_nothing_else():
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]
    example = dict(line.split("=", 1) for line in lines)
    asked = {name for name, *_ in VARIABLE.findall(FILE.read_text())}
    assert set(example) == asked
    assert {name for name, value in example.items() if not value} - {
        "BACKUP_RECIPIENTS",
        "STORAGE_URL",
        "WEBHOOK_HOSTS",
    } == set(FILLED_IN)
    defaults = {name: word for name, operator, word in VARIABLE.findall(FILE.read_text()) if operator in (":-", "-")}
    assert {name: example[name] for name in defaults} == defaults


def test_whatever_is_referred_to_is_there(services):
    file = compose()
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service["networks"]) <= set(file["networks"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith(".") else source in file["volumes"], f"{name}: {volume}"
    used = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert {source for source in used if not source.startswith(".")} == set(file["volumes"])
    assert {network for service in services.values() for network in service["networks"]} == set(file["networks"])


SECRETS = {
    "prepare": {
        "SECRET_KEY",
        "SECRET_KEY_FALLBACKS",
        "DATABASE_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    },
    "web": {
        *("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "BROKER_URL", "CACHE_URL"),
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "METRICS_TOKEN"),
    },
    "worker": {
        *("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "BROKER_URL", "CACHE_URL"),
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "EMAIL_URL"),
    },
    "scheduler": {"BROKER_URL"},
}


def test_each_part_is_given_the_secrets_it_needs_and_no_others(services):
    of_all = set().union(*SECRETS.values())
    assert {name: of_all & {key.removesuffix("_FILE") for key in services[name]["environment"]} for name in OURS} == SECRETS
    handed = {part: {name.upper() for name, one in vault.SECRETS.items() if part in one.parts} for part in OURS}
    urls = {"DATABASE_URL", "BROKER_URL", "CACHE_URL"}
    assert handed == {part: names - urls for part, names in SECRETS.items()}
    assert {name: [volume for volume in one.get("volumes", []) if volume.startswith("./secrets")] for name, one in services.items()} == {
        name: ["./secrets:/secrets"] if name == "keys" else [] for name in services
    }
    owner, role = (services[name]["environment"]["DATABASE_URL"].split("@")[0] for name in ("prepare", "web"))
    assert (owner, role) == ("postgresql://saima", "postgresql://saima_app")
    assert services["prepare"]["environment"]["DATABASE_ROLE"] == "saima_app"
    assert {name: services[name]["environment"]["PART"] for name in OURS} == {name: name for name in OURS}


def test_each_part_is_given_its_own_keys_and_the_authority_has_none_beside_it(services):
    folders = {}
    for name, service in services.items():
        for source, place, *mode in (volume.split(":") for volume in service.get("volumes", [])):
            if source == "authority" or source.startswith("keys-"):
                folders.setdefault(source, {})[name] = (place, *mode)
    assert folders == {
        "authority": {"keys": ("/keys/authority",)},
        **{f"keys-{name}": {"keys": (f"/keys/{name}",), name: ("/keys", "ro")} for name in PARTS},
    }
    assert {name for name in services if "nowhere" in services[name]["networks"]} == {"keys"}
    assert services["keys"]["networks"] == ["nowhere"]
    users = {name: part.user for name, part in PARTS.items()}
    image = int(re.search(r"--uid (\d+)", (ROOT / "Dockerfile").read_text()).group(1))
    assert {name: users[name] for name in OURS} == dict.fromkeys(OURS, image)
    waits = {name for name, service in services.items() if "keys" in service.get("depends_on", {})}
    assert waits == set(PARTS)


@pytest.mark.parametrize("name", OURS)
def test_each_part_starts_with_what_it_is_given(name, services, tmp_path):
    keys = Keys(tmp_path / "keys", dict.fromkeys(PARTS, os.geteuid()))
    keys.folder.mkdir()
    keys.make(at=datetime.now(UTC))
    safe = vault.Vault(tmp_path / "vault")
    safe.take(PUT_IN)
    safe.hand_out(keys)
    given = {key: value.replace("/keys", str(keys.folder / name)) for key, value in services[name]["environment"].items() if value}
    said = "from django.conf import settings as s; print(s.PART, s.EMAIL_BACKEND, s.DATABASES['default']['ENGINE'].split('.')[-1])"
    environment = {"PATH": os.environ["PATH"]} | given | {"VAR_DIR": str(tmp_path)}
    done = manage("shell", "--no-imports", "--command", said, environment=environment)
    mail = "django.core.mail.backends.smtp.EmailBackend" if name == "worker" else "config.mail.NotHere"
    assert done.stdout.split() == [name, mail, "dummy" if name == "scheduler" else "postgresql"], done.stderr


def test_hosts_in_addresses_are_services_of_the_same_network(services):
    found = 0
    for name in OURS:
        for setting in {"DATABASE_URL", "BROKER_URL", "CACHE_URL"} & set(services[name]["environment"]):
            host = re.search(r"([a-z]+):\d+/", services[name]["environment"][setting]).group(1)
            assert set(services[host]["networks"]) & set(services[name]["networks"]), f"{name}: {setting}"
            found += 1
    assert found == 8
    web, port = services["caddy"]["environment"]["WEB"].removeprefix("https://").split(":")
    assert services[web]["environment"]["PORT"] == port
    assert set(services[web]["networks"]) & set(services["caddy"]["networks"])


def test_the_scanner_is_asked_by_a_socket_and_changes_nothing_but_its_signatures(services):
    scanner = services["clamav"]
    limits = dict(line.split(" ", 1) for line in (ROOT / "deploy" / "clamd.conf").read_text().splitlines() if not line.startswith("#"))
    place, socket = limits["LocalSocket"].rsplit("/", 1)
    assert f"scanner:{place}" in scanner["volumes"] and limits["TemporaryDirectory"] in scanner["tmpfs"]
    for name in ("web", "worker"):
        assert services[name]["environment"]["SCANNER"] == f"clamd:///scanner/{socket}"
        assert "scanner:/scanner:ro" in services[name]["volumes"]
    assert (limits["TCPAddr"], limits["AlertExceedsMax"], scanner["networks"]) == ("127.0.0.1", "yes", ["outward"])
    assert int(limits["StreamMaxLength"].removesuffix("M")) * 1024**2 > MOST_BYTES
    assert int(limits["MaxFileSize"].removesuffix("M")) > UNPACKED_MEGABYTES
    assert (scanner["read_only"], scanner["cap_drop"], scanner["user"]) == (True, ["ALL"], "clamav")
    changed = {volume.split(":")[0] for volume in scanner["volumes"] if not volume.endswith(":ro")}
    assert changed == {"signatures", "scanner"}
    assert "SCANNER" not in services["scheduler"]["environment"] | services["prepare"]["environment"]


def test_every_service_lasts_is_watched_limited_and_gains_no_rights(services):
    for name, service in services.items():
        assert service["deploy"]["resources"]["limits"].keys() >= {"cpus", "memory"}, name
        assert service["logging"]["options"]["max-size"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "ALL" in service.get("cap_drop", []) or name in {"postgres", "redis"}, name  # which drop theirs with their user
        if name == "prepare":
            assert (service["restart"], "healthcheck" in service) == ("no", False)
        else:
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}, name
    assert {name for name, service in services.items() if "ports" in service} == {"caddy"}
    assert compose()["networks"]["inside"] == {"internal": True}


def test_the_database_is_brought_up_to_date_before_anything_serves(services):
    for name in ("web", "worker", "scheduler"):
        assert {other: wait["condition"] for other, wait in services[name]["depends_on"].items()} == {
            "keys": "service_healthy",
            "prepare": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }
    assert services["prepare"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert services["caddy"]["depends_on"]["web"]["condition"] == "service_healthy"


def test_commands_are_programs_of_the_environment(services):
    bin_folder = Path(sys.executable).parent
    for name in OURS:
        program, *arguments = services[name]["command"]
        assert (bin_folder / program).exists(), name
        if program == "python":
            assert arguments[0] == "manage.py" and arguments[1] in get_commands(), name
        if "healthcheck" in services[name]:
            kind, program, script, *_ = services[name]["healthcheck"]["test"]
            assert (kind, program, (ROOT / script).exists()) == ("CMD", "python", True), name


def test_every_job_queue_has_a_worker(services):
    from jobs.registry import QUEUES

    command = services["worker"]["command"]
    assert sorted(command[command.index("--queues") + 1].split(",")) == sorted(QUEUES)


def test_settings_given_are_settings_read(services):
    source = "".join((ROOT / path).read_text() for path in ("config/settings.py", "config/gunicorn.py", "scripts/alive.py"))
    for name in OURS:
        unread = [
            key for key in services[name]["environment"] if not {key, key.removesuffix("_FILE")} & set(re.findall(r'"(\w+)"', source))
        ]
        assert unread == [], name


# ---------------------------------------------------------------- the image, the proxy
def dockerfile() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    return [tuple(line.split(" ", 1)) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_image_is_made_by_the_script_of_make_setup():
    assert "@sh scripts/setup\n" in (ROOT / "Makefile").read_text()
    steps = dockerfile()
    assert [rest for step, rest in steps if step == "RUN" and "scripts/setup" in rest.split(" && ")[0]] != []
    assert not any("pip install" in rest or "apt-get install" in rest for _, rest in steps)
    for step, rest in steps:
        if step == "COPY":
            for source in shlex.split(rest)[:-1]:
                assert (ROOT / source).exists(), source


def test_the_image_runs_as_nobody_special_on_the_folder_that_compose_mounts(services):
    steps = dockerfile()
    assert ("USER", "saima") in steps
    folder = services["web"]["environment"]["VAR_DIR"]
    assert ("VOLUME", folder) in steps
    for name in OURS:
        more = ["scanner:/scanner:ro"] if name in ("web", "worker") else []
        assert services[name]["volumes"] == [f"files:{folder}", f"keys-{name}:/keys:ro", *more], name
    assert 'CMD ["' + '", "'.join(services["web"]["command"]) + '"]' in (ROOT / "Dockerfile").read_text()


def test_nothing_private_enters_the_image():
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "var", ".venv", ".git"} <= set(left_out)
    needed = {"config", "scripts", "locale", "static", "templates", "requirements.txt", "manage.py"}
    assert needed & set(left_out) == set()


def test_the_proxy_knows_what_it_is_given(services):
    named = re.findall(r"\{\$(\w+)(:[^}]*)?\}", (ROOT / "deploy" / "Caddyfile").read_text())
    given = services["caddy"]["environment"]
    assert [name for name, default in named if name not in given and not default] == []
    assert set(given) <= {name for name, _ in named}
    port = dict(named)["ALIVE_PORT"].removeprefix(":")
    assert services["caddy"]["healthcheck"]["test"][-1] == f"http://127.0.0.1:{port}/alive"


# ---------------------------------------------------------------- production's settings
def production(**changes: str | None) -> dict[str, str]:
    environment = {"PATH": os.environ["PATH"]} | environment_of("worker") | changes
    return {name: value or "" for name, value in environment.items() if value is not None}


def manage(*command: str, environment: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_checks_for_deployment_find_nothing(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=production(VAR_DIR=str(tmp_path)))
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


def test_a_browser_takes_the_cookies_from_this_host_alone(tmp_path):
    names = ("SESSION", "CSRF", "LANGUAGE")
    said = f"from django.conf import settings as s; print(*(getattr(s, f'{{n}}_COOKIE_NAME') for n in {names}))"
    done = manage("shell", "--no-imports", "--command", said, environment=production(VAR_DIR=str(tmp_path)))
    assert [name.partition("-")[0] for name in done.stdout.split()] == ["__Host"] * 3, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "BROKER_URL", "CACHE_URL", "ALLOWED_HOSTS", "EMAIL_URL"])
def test_production_does_not_start_without(name, tmp_path):
    done = manage("check", environment=production(VAR_DIR=str(tmp_path), **{name: None}))
    assert done.returncode != 0
    assert f"{name} must be set when PRODUCTION=1." in done.stderr


@pytest.mark.parametrize("address", ["clamav:3310", "clamd://clamav", "clamd://", "clamd://clamav:33x"])
def test_an_address_that_is_no_scanner_stops_the_start(address, tmp_path):
    done = manage("check", environment=production(VAR_DIR=str(tmp_path), SCANNER=address))
    assert done.returncode != 0
    assert "SCANNER" in done.stderr.splitlines()[-1] and address in done.stderr.splitlines()[-1]


def test_production_without_a_scanner_is_warned(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", environment=production(VAR_DIR=str(tmp_path), SCANNER=""))
    assert done.returncode != 0
    assert "saima.W001" in done.stderr


def test_production_does_not_start_without_second_factor(tmp_path):
    done = manage("check", environment=production(VAR_DIR=str(tmp_path), SECOND_FACTOR_REQUIRED="0"))
    assert done.returncode != 0
    assert "production refuses it" in done.stderr


# ---------------------------------------------------------------- docs/operations.md
def test_every_setting_is_explained_in_both_languages():
    source = "".join((ROOT / path).read_text() for path in ("config/settings.py", "config/gunicorn.py", "scripts/alive.py"))
    read = set(re.findall(r"""(?:env\.\w+|given|secret|environ\.get)\(\s*"(\w+)"|environ\["(\w+)"\]""", source))
    read = {one or other for one, other in read}
    assert len(read) > 25
    for half in (ROOT / "docs" / "operations.md").read_text().split("## 中文"):
        table = {name for row in re.findall(r"^\| (`[^|]+) \|", half, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
        assert table == read | {"DEMO_PASSWORD"}
        starred = set(re.findall(r"^\| `(\w+)` \* \|", half, re.MULTILINE))
        assert starred == {"SECRET_KEY", "DATABASE_URL", "BROKER_URL", "CACHE_URL", "ALLOWED_HOSTS", "EMAIL_URL"}


def test_in_the_clear_pages_are_led_on_and_programs_are_not():
    block = re.search(r"^http://\{\$SITE_NAME\} \{\n(.*?)^\}", (ROOT / "deploy" / "Caddyfile").read_text(), re.M | re.S)[1]
    programs, others = re.search(r"handle @programs \{\n(.*?)^\t\}\n\thandle \{\n(.*?)^\t\}", block, re.M | re.S).groups()
    assert "@programs path /api/v1/*\n" in block
    assert "import web\n" in programs and "redir" not in programs
    assert others.strip() == "redir https://{host}{uri} 308"
