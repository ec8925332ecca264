"""Settings: where each comes from, what wins, what is refused, what is let pass."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from aerocode.app.settings import Settings
from aerocode.app.settings import described
from aerocode.app.settings import load
from aerocode.errors import CannotStart
from aerocode.model.policy import Mode

SECRET = "a secret of these tests: 32 bytes or more"

GOOD = {
    "HOST": ("0.0.0.0", "host", "0.0.0.0"),
    "PORT": ("9000", "port", 9000),
    "WORKERS": ("1", "workers", 1),
    "DATA_DIR": ("/srv/aerocode", "data_dir", Path("/srv/aerocode")),
    "DATABASE_URL": ("sqlite:////srv/a%20b.db", "database_url", Path("/srv/a b.db")),
    "CONNECTOR_FILE": ("connector.json", "connector_file", Path("connector.json")),
    "GATES": ("https://one.example/v2/, https://two.example", "gates", ("https://one.example", "https://two.example")),
    "GATE_TIMEOUT": ("2.5", "gate_timeout", 2.5),
    "DEFAULT_REGION": ("kz", "default_region", "KZ"),
    "ALLOWED_COUNTRIES": ("RU, kz", "allowed_countries", frozenset({"RU", "KZ"})),
    "LIMITS": ("monitor", "limits", Mode.MONITOR),
    "DAILY_BUDGET": ("1500.50", "daily_budget", Decimal("1500.50")),
    "RETENTION": ("90 days", "retention", timedelta(days=90)),
    "SANDBOX_PORT": ("0", "sandbox_port", 0),
    "METRICS_PORT": ("9100", "metrics_port", 9100),
    "LOG_FORMAT": ("json", "log_format", "json"),
    "LOG_LEVEL": ("debug", "log_level", "debug"),
}

BAD = [
    ("HOST", ""),
    ("HOST", "two words"),
    ("PORT", "http"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("PORT", "٨٠"),
    ("WORKERS", "2"),
    ("DATA_DIR", ""),
    ("DATABASE_URL", "postgresql://localhost/aerocode"),
    ("DATABASE_URL", "sqlite://host/path"),
    ("DATABASE_URL", "sqlite:///"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", ""),
    ("SECRET_KEYS_OLD", f"{SECRET},short"),
    ("API_KEY", "short"),
    ("API_KEY", "k" * 31),
    ("API_KEY", "a key with spaces that is long enough"),
    ("API_KEY", "ключ" * 8),
    ("CONNECTOR_FILE", ""),
    ("GATES", ""),
    ("GATES", " , "),
    ("GATES", "http://gate.smsaero.ru"),
    ("GATES", "https://user:password@gate.smsaero.ru"),
    ("GATES", "gate.smsaero.ru"),
    ("GATES", "ftp://127.0.0.1"),
    ("GATE_TIMEOUT", "0"),
    ("GATE_TIMEOUT", "61"),
    ("GATE_TIMEOUT", "nan"),
    ("GATE_TIMEOUT", "soon"),
    ("DEFAULT_REGION", "Russia"),
    ("DEFAULT_REGION", "*"),
    ("ALLOWED_COUNTRIES", ""),
    ("ALLOWED_COUNTRIES", "RU,Narnia"),
    ("ALLOWED_COUNTRIES", "RU,*"),
    ("LIMITS", "off"),
    ("DAILY_BUDGET", "0"),
    ("DAILY_BUDGET", "0.00"),
    ("DAILY_BUDGET", "-5"),
    ("DAILY_BUDGET", "1e3"),
    ("DAILY_BUDGET", "1500 roubles"),
    ("DAILY_BUDGET", "1.005"),
    ("RETENTION", "0"),
    ("RETENTION", "forever"),
    ("SANDBOX_PORT", "x"),
    ("METRICS_PORT", "99999"),
    ("LOG_FORMAT", "xml"),
    ("LOG_LEVEL", "trace"),
]


@pytest.fixture
def told(tmp_path):
    """Settings from an environment and the text of an aerocode.toml, if there is one."""

    def told(text=None, **environment):
        file = tmp_path / "aerocode.toml"
        if text is not None:
            file.write_text(text)
        return load({f"AEROCODE_{name}": value for name, value in environment.items()}, file)

    return told


def test_with_nothing_said_everything_has_its_default(told):
    assert Settings() == told()


@pytest.mark.parametrize("name", GOOD)
def test_each_setting_can_be_said_in_the_environment(told, name):
    text, field, value = GOOD[name]

    assert value == getattr(told(**{name: text}), field)


@pytest.mark.parametrize("prefix", ["", "aerocode_", "AEROCODE_"])
@pytest.mark.parametrize("name", GOOD)
def test_each_setting_can_be_said_in_the_file_with_the_prefix_and_without(told, name, prefix):
    text, field, value = GOOD[name]
    key = name if prefix.isupper() else name.lower()

    assert value == getattr(told(f'{prefix}{key} = "{text}"\n'), field)


def test_the_file_may_hold_numbers_and_lists(told):
    settings = told('port = 9000\ngate_timeout = 2.5\nretention = 7\nallowed_countries = ["RU", "KZ"]\n')

    assert (9000, 2.5, timedelta(days=7), frozenset({"RU", "KZ"})) == (
        settings.port, settings.gate_timeout, settings.retention, settings.allowed_countries,
    )  # fmt: skip


def test_the_environment_wins_over_the_file(told):
    assert 9001 == told("port = 9000\n", PORT="9001").port


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_value_that_cannot_be_meant_is_refused_with_the_name_of_its_setting(told, name, text):
    with pytest.raises(CannotStart, match=f"^AEROCODE_{name} .*[^.]\\.$"):
        told(**{name: text})


def test_all_values_that_cannot_be_meant_are_told_at_once(told):
    with pytest.raises(CannotStart, match=r"AEROCODE_PORT .*; AEROCODE_LIMITS .*"):
        told(PORT="x", LIMITS="off")


def test_no_secret_is_quoted(told):
    with pytest.raises(CannotStart) as refusal:
        told(SECRET_KEY="hush-hush", API_KEY="hush-hush", SECRET_KEYS_OLD="hush-hush")

    assert "hush" not in str(refusal.value)


def test_no_password_of_a_gate_is_quoted(told):
    with pytest.raises(CannotStart) as refusal:
        told(GATES="https://user:hush@gate.smsaero.ru")

    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize("name", ["PORTT", "API_KEYS", "HOST_FILE", "SECRET", ""])
def test_a_name_that_is_no_setting_is_refused(told, name):
    with pytest.raises(CannotStart, match=f"AEROCODE_{name} is not a setting"):
        told(**{name: "x"})


def test_a_name_that_is_no_setting_is_refused_in_the_file_too(told):
    with pytest.raises(CannotStart, match=r"colour in .*aerocode\.toml is not a setting"):
        told("colour = 1\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SERVICE_HOST", "10.0.0.7"),
        ("SERVICE_PORT_HTTP", "80"),
        ("PORT", "tcp://10.0.0.7:80"),
        ("PORT_80_TCP", "tcp://10.0.0.7:80"),
        ("PORT_80_TCP_ADDR", "10.0.0.7"),
    ],
)
def test_what_orchestrators_inject_is_let_pass(told, name, text):
    assert Settings() == told(**{name: text})


def test_what_is_not_about_us_is_let_pass(tmp_path):
    assert Settings() == load({"PATH": "/bin", "PORT": "x", "aerocode_port": "1"}, tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["SECRET_KEY", "API_KEY"])
def test_a_secret_may_come_from_a_file(told, tmp_path, name):
    (tmp_path / "secret").write_text(f"{SECRET.replace(' ', '-')}\n")
    settings = told(**{f"{name}_FILE": str(tmp_path / "secret")})

    assert SECRET.replace(" ", "-") == getattr(settings, name.lower()).reveal()


def test_the_file_of_a_secret_may_be_named_in_the_file(told, tmp_path):
    (tmp_path / "secret").write_text(SECRET)

    assert SECRET == told(f'secret_key_file = "{tmp_path / "secret"}"\n').secret_key.reveal()


def test_old_secret_keys_are_a_list(told):
    assert [SECRET, SECRET[::-1]] == [
        old.reveal() for old in told(SECRET_KEYS_OLD=f"{SECRET},{SECRET[::-1]}").secret_keys_old
    ]


def test_a_secret_said_twice_is_refused(told, tmp_path):
    (tmp_path / "secret").write_text(SECRET)

    with pytest.raises(CannotStart, match="AEROCODE_SECRET_KEY_FILE and AEROCODE_SECRET_KEY are both set"):
        told(SECRET_KEY=SECRET, SECRET_KEY_FILE=str(tmp_path / "secret"))


@pytest.mark.parametrize("content", [None, b"\xff\xfe" * 20])
def test_a_secret_file_that_cannot_be_read_is_refused(told, tmp_path, content):
    if content is not None:
        (tmp_path / "secret").write_bytes(content)

    with pytest.raises(CannotStart, match="AEROCODE_SECRET_KEY_FILE cannot be read"):
        told(SECRET_KEY_FILE=str(tmp_path / "secret"))


def test_a_secret_file_that_is_too_short_is_refused(told, tmp_path):
    (tmp_path / "secret").write_text("\n")

    with pytest.raises(CannotStart, match="AEROCODE_SECRET_KEY_FILE must have at least 32"):
        told(SECRET_KEY_FILE=str(tmp_path / "secret"))


@pytest.mark.parametrize("text", ["port = ", "port = true\n", "[port]\nx = 1\n", "\xff"])
def test_a_file_that_says_nothing_sensible_is_refused(told, tmp_path, text):
    with pytest.raises(CannotStart):
        told(text.encode("latin-1").decode("latin-1"))


def test_what_is_shown_of_settings_holds_no_secret(told):
    shown = described(told(SECRET_KEY=SECRET, SECRET_KEYS_OLD=SECRET, API_KEY=SECRET.replace(" ", "-")))

    assert ["(set)"] * 3 == [shown[f"AEROCODE_{name}"] for name in ("SECRET_KEY", "SECRET_KEYS_OLD", "API_KEY")]
