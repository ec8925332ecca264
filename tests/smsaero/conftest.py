import ssl
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from aerocode.sandbox import Sandbox
from aerocode.smsaero import Credentials
from aerocode.smsaero import SmsAero
from aerocode.smsaero import Transport


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def sandbox(anyio_backend):
    sandbox = Sandbox(slow_after=0.2)
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def credentials():
    return Credentials(email="me@example.com", api_key="not-a-real-api-key")


@pytest.fixture
async def client(sandbox, credentials):
    async with Transport([sandbox.url], timeout=1.0) as transport:
        yield SmsAero(credentials, transport=transport)


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory):
    """A server-side TLS context for `localhost` whose certificate no authority signed, and the file of both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path
