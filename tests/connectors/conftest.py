import copy

import pytest

VALID = {
    "email": "user@example.com",
    "apiKey": "not-a-real-api-key",
    "senderName": "SMS Aero",
    "templates": [
        {"usageType": "SignIn", "content": "Sign-in {{code}}"},
        {"usageType": "Register", "content": "Register {{code}}"},
        {"usageType": "ForgotPassword", "content": "Forgot {{code}}"},
        {"usageType": "Generic", "content": "Generic {{code}}"},
    ],
}


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def config():
    return copy.deepcopy(VALID)
