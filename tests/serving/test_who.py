"""Who a client is, where proxies stand between."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.settings import SettingError, Settings
from web.serving.clients import Clients

BEHIND = Settings(client_header="X-Forwarded-For", proxies="127.0.0.0/8, ::1, 10.0.0.0/8")
RFC7239 = Settings(client_header="Forwarded", proxies=BEHIND.proxies)
PEER = "127.0.0.1"


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7, 10.1.2.3", "192.0.2.7"),
        ("forged, 192.0.2.7, 10.1.2.3,::1", "192.0.2.7"),
        ("10.0.0.1, 10.0.0.2", "10.0.0.1"),
        ("192.0.2.7, unknown", PEER),
        ("192.0.2.7,", PEER),
        ("192.0.2.300", PEER),
        ("[2001:db8::1]x", PEER),
        ("", PEER),
    ],
)
def test_a_list_of_addresses(said: str, client: str) -> None:
    """The last entry that is no trusted proxy counts; what cannot be read is the proxy's."""
    assert Clients(BEHIND).who(PEER, {"x-forwarded-for": said}) == client


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
        ('For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
        ('proto=https; for=192.0.2.60 ;host="a,b;c"', "192.0.2.60"),
        ('for=192.0.2.60;host="x,for=9.9.9.9;a="', "192.0.2.60"),
        ('for=192.0.2.60;host="x,for=9.9.9.9;a=";by=x', "192.0.2.60"),
        (r'for=192.0.2.60;host="x\",for=9.9.9.9"', "192.0.2.60"),
        ('for="unclosed, for=192.0.2.60', "192.0.2.60"),
        ('", for=192.0.2.60, for=10.0.0.9', "192.0.2.60"),
        (r'for="192\.0.2.60"', "192.0.2.60"),
        ("for=_hidden", PEER),
        ("for=unknown", PEER),
        ("by=192.0.2.60", PEER),
        ("for=2001:db8::1", PEER),
        ('for="192.0.2.60', PEER),
        ("192.0.2.60", PEER),
    ],
)
def test_forwarded(said: str, client: str) -> None:
    """RFC 7239, with its quoted strings, from the end."""
    assert Clients(RFC7239).who(PEER, {"forwarded": said}) == client


@pytest.mark.parametrize("settings", [BEHIND, RFC7239])
@pytest.mark.parametrize("peer", ["192.0.2.1", "2001:db8::5", "::2", "elsewhere"])
def test_a_stranger_is_itself(settings: Settings, peer: str) -> None:
    """Who is no trusted proxy names nobody but itself."""
    fields = {"x-forwarded-for": "198.51.100.1", "forwarded": "for=198.51.100.1"}
    assert Clients(settings).who(peer, fields) == peer


def test_without_a_proxy() -> None:
    """By default nobody is believed; nor is a proxy that says nothing taken for another."""
    assert Clients(Settings()).who(PEER, {"x-forwarded-for": "192.0.2.7"}) == PEER
    assert Clients(BEHIND).who(PEER, {}) == PEER


def test_a_proxy_over_ipv6() -> None:
    """A proxy is the same however its address is written."""
    fields = {"x-forwarded-for": "192.0.2.7"}
    for peer in ("::1", "::ffff:127.0.0.1", "0:0:0:0:0:0:0:1"):
        assert Clients(BEHIND).who(peer, fields) == "192.0.2.7"


@given(st.text(alphabet='for=,;"\\ []:.1af%', max_size=200))
def test_what_a_client_writes_before(forged: str) -> None:
    """Nothing that stands before the proxy's own entry changes who the client is."""
    said = f"{forged}, 192.0.2.7"
    assert Clients(BEHIND).who(PEER, {"x-forwarded-for": said}) == "192.0.2.7"
    said = f"{forged}, for=192.0.2.7"
    assert Clients(RFC7239).who(PEER, {"forwarded": said}) == "192.0.2.7"


def test_a_proxy_that_is_none(tmp_path: Path) -> None:
    """What is neither an address nor a network stops the start, and says so."""
    with pytest.raises(SettingError) as refused:
        Settings.load(tmp_path, proxies="::1, 10.0.0.1/8")
    assert str(refused.value) == (
        "proxies: 10.0.0.1/8 has host bits set; allowed: addresses or networks with commas "
        "between them, as 127.0.0.1, 10.0.0.0/8"
    )
