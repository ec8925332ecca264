"""What every test shares. Real parts only: SQLite files, loopback sockets, the sandbox that ships."""

import pytest


@pytest.fixture
def anyio_backend():
    return "asyncio"
