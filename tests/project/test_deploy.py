"""What stands in deploy/, Dockerfile and compose.yaml fits the product, its schemas, and each other."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from southbound.cli import COMMANDS
from southbound.config.settings import SECTIONS, variables
from tests.conftest import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
MANIFESTS = sorted(file for file in KUBERNETES.glob("*.yaml") if file.name != "kustomization.yaml")
OTHERS = {"STREAMLIT_SERVER_ADDRESS", "STREAMLIT_SERVER_BASE_URL_PATH", "HTTPS_PROXY", "NO_PROXY"}
"""Variables that docs/configuration.md names and settings.py does not: other programs read them."""
HEALTH = "/readyz"


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def compose() -> Any:
    return yaml.safe_load(text_of("compose.yaml"))


@cache
def manifests() -> list[Any]:
    return [part for file in MANIFESTS for part in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def pods() -> Iterator[tuple[str, Any]]:
    for part in manifests():
        if part["kind"] in {"Deployment", "StatefulSet"}:
            yield part["metadata"]["name"], part["spec"]["template"]["spec"]


def examples() -> Mapping[str, dict[str, str]]:
    """The files of secrets/, by their names without .env.example: variable -> value."""
    files = sorted((KUBERNETES / "secrets").iterdir())
    return {
        file.name.removesuffix(".env.example"): dict(
            line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines()
        )
        for file in files
    }


def secrets() -> set[str]:
    return {
        option.metadata["env"]
        for table in SECTIONS.values()
        for option in table.__dataclass_fields__.values()
        if "secret" in option.metadata
    }


@pytest.mark.parametrize("version", ["1.31", kubernetes_validate.latest_version()])
def test_every_manifest_is_what_its_schema_wants(version: str) -> None:
    for part in manifests():
        kubernetes_validate.validate(part, version, strict=True)


def test_kustomize_takes_every_manifest_and_no_other() -> None:
    kustomization = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))

    assert sorted(kustomization["resources"]) == [file.name for file in MANIFESTS]
    generated = {one["name"]: one["envs"] for one in kustomization["secretGenerator"]}
    assert generated == {f"southbound-{name}": [f"secrets/{name}.env"] for name in examples()}
    asked = {
        source["secretRef"]["name"] for _, pod in pods() for source in pod["containers"][0].get("envFrom", [])
    }
    assert asked == set(generated)
    assert "deploy/kubernetes/secrets/*.env" in text_of(".gitignore").splitlines()


def test_every_pod_is_without_root_rights_tokens_and_a_disk_of_its_own_image() -> None:
    for name, pod in pods():
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert "memory" in container["resources"]["limits"], name


def test_what_is_left_open_between_pods_is_what_they_need() -> None:
    labels = dict(pods())
    templates = {
        part["metadata"]["name"]: part["spec"]["template"]["metadata"]["labels"]
        for part in manifests()
        if part["kind"] in {"Deployment", "StatefulSet"}
    }
    policies = [part for part in manifests() if part["kind"] == "NetworkPolicy"]

    assert policies[0]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert labels.keys() == {"store", "scraper", "dashboard", "mailer"}
    for name in ("scraper", "dashboard", "mailer"):
        assert templates[name] == {"app": name, "store-client": "yes"}
    entered = [policy for policy in policies if "ingress" in policy["spec"]]
    assert {policy["spec"]["podSelector"]["matchLabels"]["app"] for policy in entered} == {
        "store",
        "dashboard",
    }


def test_two_dashboards_two_scrapers_and_readers_that_stay_where_they_are() -> None:
    replicas = {
        part["metadata"]["name"]: part["spec"]["replicas"]
        for part in manifests()
        if part["kind"] in {"Deployment", "StatefulSet"}
    }
    services = {part["metadata"]["name"]: part["spec"] for part in manifests() if part["kind"] == "Service"}
    [ingress] = [part for part in manifests() if part["kind"] == "Ingress"]

    assert replicas == {"store": 1, "scraper": 2, "dashboard": 2, "mailer": 1}
    assert services["dashboard"]["sessionAffinity"] == "ClientIP"
    assert ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/affinity"] == "cookie"


def environments() -> Iterator[tuple[str, str, str]]:
    """Where, variable and value, of all that is given to a process of ours."""
    for name, service in compose()["services"].items():
        yield from ((f"compose.yaml {name}", *given) for given in service.get("environment", {}).items())
    for name, pod in pods():
        for given in pod["containers"][0].get("env", []):
            yield f"kubernetes {name}", given["name"], given["value"]
    for name, example in examples().items():
        yield from ((f"secrets/{name}", *given) for given in example.items())
    for file in UNITS:
        for variable, value in re.findall(r"^Environment=(\w+)=(.*)$", text(file), re.MULTILINE):
            yield file.name, variable, value
    yield from of_the_image()


def of_the_image() -> Iterator[tuple[str, str, str]]:
    """The variables of ours that the image sets."""
    for line in re.findall(r"^ENV ((?:.*\\\n)*.*)", text_of("Dockerfile"), re.MULTILINE):
        for word in shlex.split(line.replace("\\\n", " ")):
            variable, _, value = word.partition("=")
            if variable not in {"PATH", "LANG", "HOME", "PYTHONUNBUFFERED"}:
                yield "Dockerfile", variable, value


def test_every_variable_is_one_that_is_read_and_no_secret_has_a_value() -> None:
    given = list(environments())

    assert {variable for _, variable, _ in given} <= variables() | OTHERS
    assert secrets() - {variable for _, variable, _ in given} == {"SMTP_OAUTH2_CLIENT_SECRET"}
    for where, variable, value in given:
        if variable in secrets():
            assert value in {"", f"${{{variable}:-}}"}, where
    assert ".env" not in text_of(".dockerignore").replace("no .env", "")


def test_each_process_gets_the_secrets_of_nobody_else() -> None:
    of_mail = {name for name in secrets() if name.startswith("SMTP_")}
    services = compose()["services"]

    assert not secrets() & services["scraper"]["environment"].keys()
    assert not of_mail & services["dashboard"]["environment"].keys()
    assert not (secrets() - of_mail) & services["mailer"]["environment"].keys()


def test_what_is_started_is_a_command_of_ours() -> None:
    services = compose()["services"]
    started = [services[name]["command"][0] for name in ("scraper", "dashboard", "mailer")]
    started += [pod["containers"][0]["args"][0] for name, pod in pods() if name != "store"]
    for file in UNITS:
        started += re.findall(
            r"^ExecStart=/opt/southbound/\.venv/bin/southbound (\S+)$", text(file), re.MULTILINE
        )
    started += re.findall(r'"southbound", "(\w+)"', text_of("Dockerfile"))

    assert set(started) == {"scrape", "dashboard", "mail", "check"}
    assert set(started) <= set(COMMANDS)


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def test_health_is_asked_at_one_address_everywhere() -> None:
    asked = [
        part["httpGet"]
        for _, pod in pods()
        for name, part in pod["containers"][0].items()
        if name.endswith("Probe") and "httpGet" in part
    ]

    assert [probe["path"] for probe in asked] == [HEALTH, "/healthz"]
    assert all(probe["httpHeaders"] == [{"name": "Host", "value": "localhost"}] for probe in asked)
    assert HEALTH in compose()["services"]["dashboard"]["healthcheck"]["test"][3]
    assert f'HEALTH = "{HEALTH}"' in text_of("tools/image_trial.py")


def test_the_store_keeps_all_and_nginx_has_the_text_of_the_documents() -> None:
    services = compose()["services"]
    in_kubernetes = dict(pods())["store"]["containers"][0]["args"]

    assert services["store"]["command"].split() == in_kubernetes
    assert in_kubernetes == ["valkey-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction"]
    [mounted] = [volume for volume in services["nginx"]["volumes"] if "conf.d" in volume]
    assert mounted == "./docs/deploy/nginx.conf:/etc/nginx/conf.d/southbound.conf:ro"
    # Which asks for the dashboard on its own machine: the two share one network namespace.
    assert services["nginx"]["network_mode"] == "service:dashboard"
    assert services["dashboard"]["environment"]["STREAMLIT_SERVER_ADDRESS"] == "127.0.0.1"


def test_the_image_has_the_products_version_user_and_files() -> None:
    version = re.findall(r'^version = "(.*)"$', text_of("pyproject.toml"), re.MULTILINE)
    dockerfile = text_of("Dockerfile")
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE)
    let_in = {line[1:] for line in text_of(".dockerignore").splitlines() if line.startswith("!")}

    assert re.findall(r'newTag: "(.*)"', text(KUBERNETES / "kustomization.yaml")) == version
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["10001:10001"]
    assert {name for names in copied for name in names.split()} == let_in
    assert {pod["securityContext"]["runAsUser"] for name, pod in pods() if name != "store"} == {10001}
    assert "uid=10001,gid=10001" in compose()["x-ours"]["tmpfs"][1]


def test_systemd_takes_the_units_and_finds_them_closed_where_it_is_there() -> None:
    if shutil.which("systemd-analyze") is None:
        return
    found = subprocess.run(
        ["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True, check=False
    )
    not_installed = "Command /opt/southbound/.venv/bin/southbound is not executable"
    assert [line for line in found.stderr.splitlines() if not_installed not in line] == []

    services = [str(file) for file in UNITS if file.suffix == ".service"]
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=40", *services],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-2000:]


def test_the_units_are_three_processes_and_a_timer() -> None:
    assert [file.name for file in UNITS] == [
        "southbound-check.service",
        "southbound-check.timer",
        "southbound-dashboard.service",
        "southbound-mailer.service",
        "southbound-scraper.service",
    ]


def built(tmp_path: Path, script: str, **programs: str) -> "subprocess.CompletedProcess[str]":
    """What a script does on a machine with these programs, each by its code, and no other builder."""
    for tool in ("sh", "sed", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    for name, code in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{code}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    return subprocess.run(
        [tmp_path / "sh", ROOT / "tools" / "scripts" / script, "python"],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_builder_that_works_builds_with_health_checks_and_the_version(tmp_path: Path) -> None:
    [version] = re.findall(r'^version = "(.*)"$', text_of("pyproject.toml"), re.MULTILINE)

    done = built(tmp_path, "image.sh", docker="exit 1", buildah='echo "$@"')

    assert done.returncode == 0
    assert done.stdout == f"bud --format docker --tag southbound --tag southbound:{version} python .\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("image.sh", "no image was built: neither docker, podman nor buildah works here"),
        ("image-test.sh", "nothing was tried: debootstrap is not here (apt-get install debootstrap buildah)"),
    ],
)
def test_a_machine_that_cannot_is_told_so_in_a_line(script: str, said: str, tmp_path: Path) -> None:
    done = built(tmp_path, script)

    assert (done.returncode, done.stderr) == (2, f"{said}\n")


def test_the_scraper_keeps_its_archive_where_it_lasts() -> None:
    scraper = dict(pods())["scraper"]
    kept = {where: value for where, variable, value in environments() if variable == "ARCHIVE_FOLDER"}

    assert kept == {
        "compose.yaml scraper": "/archive",
        "kubernetes scraper": "/archive",
        "southbound-scraper.service": "/var/lib/southbound/scraper/archive",
    }
    assert compose()["services"]["scraper"]["volumes"] == ["archive:/archive"]
    assert {"name": "archive", "mountPath": "/archive"} in scraper["containers"][0]["volumeMounts"]
    assert {"name": "archive", "persistentVolumeClaim": {"claimName": "archive"}} in scraper["volumes"]
    assert "StateDirectory=southbound/scraper" in text(ROOT / "deploy/systemd/southbound-scraper.service")
