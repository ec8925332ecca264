"""One fixture for every store: the suites that take `store`, `home` and `shift_clock` are the contract."""

import pytest
from store_homes import HOMES


@pytest.fixture(params=sorted(HOMES))
async def home(request, anyio_backend, tmp_path):
    place = HOMES[request.param](tmp_path)
    await place.open()
    yield place
    await place.close()


@pytest.fixture
def store(home):
    return home.store


@pytest.fixture
def shift_clock(home):
    return home.shift_clock


@pytest.fixture
def at_rest(home):
    """Whether anything that could reveal the code of a verification is still kept: (seal kept, cipher kept)."""

    async def kept(verification_id: str) -> tuple[bool, bool]:
        question = "select seal is not null, cipher is not null from verifications where id = ?"
        ((seal, cipher),) = await home.look(question, verification_id)
        return bool(seal), bool(cipher)

    return kept
