"""Settings: good ones are read, bad ones refused by name, secrets never shown."""

from pathlib import Path

import pytest

from tellonce.audio.ice import Ice
from tellonce.config.audio import audio_settings
from tellonce.config.databases import connection_string, database_from
from tellonce.config.setup import Setup, read_setup
from tellonce.kernel.environment import BadSettingError


def setup_of(tmp_path: Path, **values: str) -> Setup:
    return read_setup({"TELLONCE_HOME": str(tmp_path), **values})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELLONCE_PORT", "80a"),
        ("TELLONCE_LISTEN", "127.0.0.1:8460"),
        ("TELLONCE_MAIL_FROM", "care at example.net"),
        ("TELLONCE_OIDC_ISSUER", "id.example.net"),
        ("TELLONCE_OIDC_ISSUER", "https://id.example.net"),  # without a client id
        ("TELLONCE_OIDC_CLIENT_ID", "tellonce"),
        ("TELLONCE_PORT", "65535"),  # the live streams need the one above it
        ("TELLONCE_ORIGIN", "care.example.net"),
        ("TELLONCE_ORIGIN", "https://care.example.net/tellonce"),
        ("TELLONCE_LIVE_ORIGIN", "live"),
        ("TELLONCE_TIME_ZONE", "Mars/Olympus"),
        ("TELLONCE_TIME_ZONE", "../../etc/passwd"),
        ("TELLONCE_COUNTRY", "USA"),
        ("TELLONCE_DIALLED_COUNTRIES", "US,XX"),
        ("TELLONCE_NEVER_DIALLED", "911"),
        ("TELLONCE_CURRENCY", "$"),
        ("TELLONCE_LANGUAGE", "xx"),
        ("TELLONCE_SMTP_URL", "mail.example.net"),
        ("TELLONCE_DEMO", "maybe"),
        ("TELLONCE_BILLS_CHECKED_AT", "24:00"),
        ("TELLONCE_BILLS_CHECKED_AT", "3:40"),
        ("DATABASE_URL", "mysql://here/there"),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettingError, match=name):
        setup_of(tmp_path, **{name: value})


TURN = "turn:turn.example.net:3478?transport=udp"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("TELLONCE_STUN='stun.example.net", {"TELLONCE_STUN": "stun.example.net"}),
        ("TELLONCE_STUN='http://", {"TELLONCE_STUN": "stun:stun.example.net,http://stun.example.net"}),
        ("TELLONCE_STUN='stuns:", {"TELLONCE_STUN": "stuns:stun.example.net"}),  # our end cannot
        ("TELLONCE_STUN", {"TELLONCE_STUN": "stun:stun.example.net:70000"}),
        ("TELLONCE_TURN='stun:", {"TELLONCE_TURN": "stun:turn.example.net", "TELLONCE_TURN_SECRET": "s"}),
        ("TELLONCE_TURN='turns:", {"TELLONCE_TURN": "turns:t.example.net?transport=udp", "TELLONCE_TURN_SECRET": "s"}),
        ("TELLONCE_TURN", {"TELLONCE_TURN": "turn:user@turn.example.net", "TELLONCE_TURN_SECRET": "s"}),
        ("TELLONCE_TURN_SECRET", {"TELLONCE_TURN": TURN}),
        ("TELLONCE_TURN needs", {"TELLONCE_TURN_SECRET": "s"}),
        ("TELLONCE_TURN_PASSWORD", {"TELLONCE_TURN": TURN, "TELLONCE_TURN_USER": "care"}),
        ("leave out TELLONCE_TURN_USER", {
            "TELLONCE_TURN": TURN, "TELLONCE_TURN_SECRET": "s", "TELLONCE_TURN_USER": "u",
            "TELLONCE_TURN_PASSWORD": "p",
        }),
    ],
)  # fmt: skip
def test_servers_that_cannot_help_phones_are_refused_by_name(tmp_path: Path, name: str, values: dict[str, str]) -> None:
    with pytest.raises(BadSettingError, match=name.replace("?", "[?]")):
        setup_of(tmp_path, **values)


def test_servers_that_help_phones_reach_the_audio_process(tmp_path: Path) -> None:
    setup = setup_of(
        tmp_path,
        TELLONCE_PHONE="embedded",
        TELLONCE_STUN="stun:stun.example.net, stun:stun2.example.net:3478",
        TELLONCE_TURN=f"{TURN}, turns:turn.example.net:443",
        TELLONCE_TURN_USER="care",
        TELLONCE_TURN_PASSWORD="open",
        TELLONCE_METRICS_TOKEN="told",
    )
    settings = audio_settings(setup, 0)
    assert settings.ice == Ice(
        ("stun:stun.example.net", "stun:stun2.example.net:3478"), (TURN, "turns:turn.example.net:443"), "care", "open"
    )
    assert settings.metrics_token == "told"


def test_a_home_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSettingError, match="TELLONCE_HOME"):
        read_setup({"TELLONCE_HOME": str(tmp_path / "file" / "home")})


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    secret = setup_of(tmp_path).secret_key
    assert len(secret) >= 48
    assert setup_of(tmp_path).secret_key == secret
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_secrets_do_not_show_in_a_traceback(tmp_path: Path) -> None:
    setup = setup_of(
        tmp_path,
        TELLONCE_SECRET_KEY="hush-1",
        DATABASE_URL="postgresql://u:hush-2@h/d",
        TELLONCE_SMTP_URL="smtp://u:hush-3@mail.example.net",
        TELLONCE_OIDC_SECRET="hush-4",
        TELLONCE_METRICS_TOKEN="hush-5",
    )
    assert "hush" not in repr(setup)


def test_a_database_url_with_odd_characters_and_options_is_understood(tmp_path: Path) -> None:
    url = "postgresql://us%40er:p%2Fw@db.example.net:6432/care?sslmode=require"
    settings = database_from(setup_of(tmp_path, DATABASE_URL=url))
    assert (settings["USER"], settings["PASSWORD"], settings["HOST"]) == ("us@er", "p/w", "db.example.net")
    assert (settings["PORT"], settings["NAME"], settings["OPTIONS"]["sslmode"]) == ("6432", "care", "require")


def test_without_a_database_url_the_socket_under_the_home_is_used(tmp_path: Path) -> None:
    setup = setup_of(tmp_path)
    assert database_from(setup)["HOST"] in connection_string(setup)
    assert database_from(setup)["USER"] == "tellonce"


def test_the_demos_open_doors_are_refused_over_anything_but_a_demo(tmp_path: Path) -> None:
    values = {"TELLONCE_HOME": str(tmp_path), "TELLONCE_DEMO": "1"}
    with pytest.raises(BadSettingError, match="TELLONCE_DEMO"):
        read_setup(values)
    (tmp_path / "demo.json").write_text("{}")
    assert read_setup(values).demo
    with pytest.raises(BadSettingError, match="TELLONCE_DEMO"):
        read_setup(values | {"DATABASE_URL": "postgresql://db.example.net/care"})
