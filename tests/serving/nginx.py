"""nginx on loopback, as the documentation configures it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ROOT

NAME = "kg.example.org"
_REST = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/chancery.conf;
}}
"""


class Got(NamedTuple):
    """A response, its header fields in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Proxy:
    """nginx, and its certificate. `plain` is the port without TLS."""

    port: int
    plain: int
    certificate: Path

    def connect(self, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
        """A connection of the client at `source`."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(source, 0), context=context
        )

    def fetch(self, path: str, source: str = "127.0.0.1", **headers: str) -> Got:
        with closing(self.connect(source)) as connection:
            return asked(connection, path, **headers)

    def curl(self, path: str, *arguments: str) -> list[str]:
        """The command that asks for `path` by HTTP/2."""
        return [
            program("curl"), "--silent", "--http2", "--cacert", str(self.certificate),
            "--resolve", f"{NAME}:{self.port}:127.0.0.1", *arguments,
            f"https://{NAME}:{self.port}{path}",
        ]  # fmt: skip


def asked(connection: http.client.HTTPConnection, path: str, **headers: str) -> Got:
    """The answer to a GET on `connection`; underscores in names of fields are hyphens."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=fields)
    with connection.getresponse() as response:
        named = {name.lower(): value for name, value in response.getheaders()}
        return Got(response.status, named, response.read())


def program(name: str) -> str:
    """Where it is; skip, or fail where all tests must run, without it."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        reason = f"{name} is not installed: apt-get install {name}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def nginx(folder: Path, server: str, *changes: tuple[str, str]) -> Iterator[Proxy]:
    """nginx before `server`, by docs/operating.md with `changes` of its text."""
    proxy = Proxy(free_port(), free_port(), folder / "certificate.pem")
    certify(folder)
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found
    configuration = found[1]
    for before, after in [
        ("server 127.0.0.1:8000;", f"server {server.removeprefix('http://')};"),
        ("listen 80;\n    listen [::]:80;", f"listen 127.0.0.1:{proxy.plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{proxy.port} ssl http2;"),
        ("listen [::]:443 ssl http2;", ""),
        ("/etc/ssl/kg.example.org.crt", str(proxy.certificate)),
        ("/etc/ssl/kg.example.org.key", str(folder / "key.pem")),
        *changes,
    ]:
        assert configuration.count(before) == 1, before
        configuration = configuration.replace(before, after)
    (folder / "chancery.conf").write_text(configuration)
    (folder / "nginx.conf").write_text(_REST.format(folder=folder))
    process = subprocess.Popen(
        [program("nginx"), "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    )
    try:
        deadline = time.monotonic() + 20
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", proxy.port)).close()
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, "nginx does not listen"
                time.sleep(0.02)
        assert process.poll() is None, (folder / "error.log").read_text()
        yield proxy
    finally:
        process.terminate()
        process.wait(20)


def certify(folder: Path) -> None:
    """A certificate for NAME and loopback, signed by itself, and its key."""
    subprocess.run(
        [
            program("openssl"), "req", "-x509",
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
            "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1",
            "-keyout", folder / "key.pem", "-out", folder / "certificate.pem",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
