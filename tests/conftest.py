"""What every test shares. Real parts only: SQLite files, a PostgreSQL, loopback sockets, the sandbox that ships."""

import pytest

from postgres_server import shared


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def postgres():
    """One server for all tests; each uses databases of its own."""
    return shared()


@pytest.fixture
def new_database(postgres):
    """The address of an empty database."""
    url = postgres.empty()
    yield url
    postgres.drop(url)
