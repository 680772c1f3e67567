"""Raw bytes become a request, a part of one, or a problem; by the table, and by properties."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.table import BOUNDS, CHUNKED, GET, HOST, PARTS, POST, READ, REFUSED
from web.serving.wire.arriving import Arrived, Incomplete, Refused, arrive
from web.site.problems import kinds


@pytest.mark.parametrize("name", READ)
def test_a_whole_request(name: str) -> None:
    """It is read as the clause says, ends where it ends, and starts nowhere earlier."""
    data, expected = READ[name]
    for rest in (b"", b"GET / HTTP/1.1\r\n", b"\r\n\r\n\0"):
        found = arrive(data + rest, BOUNDS)
        assert isinstance(found, Arrived)
        assert found.length == len(data)
        assert {key: getattr(found, key) for key in expected} == expected


@pytest.mark.parametrize("name", READ)
def test_no_part_is_a_request(name: str) -> None:
    """Each beginning is incomplete, asks for no more than is missing, and is 400 at the end."""
    data, _ = READ[name]
    for cut in range(1, len(data), max(1, len(data) // 300)):
        found = arrive(data[:cut], BOUNDS)
        assert isinstance(found, Incomplete), data[:cut]
        assert 1 <= found.need <= len(data) - cut
        with pytest.raises(Refused) as refused:
            arrive(data[:cut], BOUNDS, ended=True)
        assert refused.value.slug == "bad-message"


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal(name: str) -> None:
    """What breaks the clause is the problem that is named, whatever follows."""
    slug, data = REFUSED[name]
    assert slug in kinds()
    for rest in (b"", b"\r\n\r\n" + GET + b"\r\n"):
        with pytest.raises(Refused) as refused:
            arrive(data + rest, BOUNDS)
        assert (refused.value.slug, bool(refused.value.detail)) == (slug, True)


@pytest.mark.parametrize("name", PARTS)
def test_a_part(name: str) -> None:
    """It tells how many bytes have to come at least, and whether 100 (Continue) is awaited."""
    data, expected = PARTS[name]
    assert arrive(data, BOUNDS) == expected


def requests(data: bytes, cuts: list[int]) -> list[Arrived]:
    """The requests of `data`, of which a byte after each of `cuts` comes later."""
    found: list[Arrived] = []
    held = b""
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        held += data[start:end]
        while held and isinstance(one := arrive(held, BOUNDS), Arrived):
            found.append(one)
            held = held[one.length :]
    assert held == b""
    return found


SHORT = [data for data, _ in READ.values() if len(data) < 1000]


@given(st.lists(st.sampled_from(SHORT), min_size=1, max_size=6), st.data())
def test_however_it_is_split(stream: list[bytes], draw: st.DataObject) -> None:
    """The requests of a stream are the same, in the same order, however its bytes come."""
    data = b"".join(stream)
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=12)))
    assert requests(data, cuts) == [arrive(each, BOUNDS) for each in stream]


ODD = [data for data, _ in READ.values()] + [data for _, data in REFUSED.values()]
PIECES = st.sampled_from([
    b"GET", b" ", b"/", b"*", b"HTTP/1.1", b"HTTP/1.0", b"\r\n", b"\r", b"\n", b"\0", b":",
    b"Host: x", b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Expect: 100-continue", b"0",
    b"5", b";", b"Upgrade: x\r\nConnection: upgrade", b"\r\n\r\n", b"http://", b"\xff", b"CONNECT",
    b",",
])  # fmt: skip


@given(
    st.binary(min_size=1, max_size=300)
    | st.lists(PIECES, min_size=1, max_size=40).map(b"".join)
    | st.tuples(st.sampled_from(ODD), st.integers(0), st.binary(max_size=3)).map(
        lambda of: of[0][: of[1] % len(of[0])] + of[2] + of[0][of[1] % len(of[0]) + 1 :]
    ),
    st.booleans(),
)
def test_any_bytes(data: bytes, ended: bool) -> None:
    """Whatever comes is a request within its bytes, a part of one, or refused; nothing else."""
    found: object = None
    with suppress(Refused):
        found = arrive(data, BOUNDS, ended=ended)
    if isinstance(found, Incomplete):
        assert found.need >= 1
        assert not ended
    elif isinstance(found, Arrived):
        assert 0 < found.length <= len(data)
        assert arrive(data[: found.length], BOUNDS) == found


def sized(size: int) -> bytes:
    return POST + b"Content-Length: %d\r\n\r\n" % size


# Of each shape, `n` bytes that cost as much as any.
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "empty lines": lambda n: b"\r\n" * (n // 2),
    "a line": lambda n: b"a" * n,
    "a line of spaces": lambda n: b" " * n,
    "a target of colons": lambda n: b"GET http://" + b":" * n + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a host of percents": lambda n: b"GET / HTTP/1.1\r\nHost: " + b"%20" * (n // 3) + b"@\r\n\r\n",
    "a host of brackets": lambda n: b"GET / HTTP/1.1\r\nHost: " + b"[" * n + b"\r\n\r\n",
    "names": lambda n: GET + b"a" * n,
    "fields": lambda n: GET + b"a:\r\n" * (n // 4) + b"\r\n",
    "white space": lambda n: GET + b"a:" + b" " * n + b"\r\n\r\n",
    "options": lambda n: GET + b"Connection: " + b"," * n + b"\r\n\r\n",
    "noughts": lambda n: POST + b"Content-Length: " + b"0" * n + b"\r\n\r\n",
    "codings": lambda n: POST + b"Transfer-Encoding: " + b"," * n + b"chunked\r\n\r\n0\r\n\r\n",
    "a body": lambda n: sized(n) + b"\r\n\r\n" * (n // 4),
    "half a body": lambda n: sized(n) + b"\r\n\r\n" * (n // 8),
    "a chunk": lambda n: CHUNKED + b"%x\r\n" % n + b"\r\n\r\n" * (n // 4) + b"\r\n0\r\n\r\n",
    "chunks": lambda n: CHUNKED + b"1\r\na\r\n" * (n // 6),
    "empty chunks of a size": lambda n: CHUNKED + b"0" * n,
    "extensions": lambda n: CHUNKED + b"1;" + b" ;a" * (n // 3),
    "white space in a size": lambda n: CHUNKED + b"1" + b" \t" * (n // 2),
    "trailers": lambda n: CHUNKED + b"0\r\n" + b"a:\r\n" * (n // 4),
    "requests": lambda n: (GET + b"\r\n") * (n // 27),
}


def seconds(data: bytes) -> float:
    """The least of several times that `data` takes."""
    least = 1e9
    for _ in range(5):
        start = time.perf_counter()
        with suppress(Refused):
            arrive(data, BOUNDS)
        least = min(least, time.perf_counter() - start)
    return least


@pytest.mark.parametrize("shape", HOSTILE)
def test_linear_time(shape: str) -> None:
    """Eight times as much takes at most 24 times as long; what is quadratic takes 64 times."""
    for size in (1_500, 7_500, 60_000, 100_000):
        small, large = (seconds(HOSTILE[shape](size * each)) for each in (1, 8))
        assert large < 24 * small + 0.0005, (size, small, large)


def test_bounds() -> None:
    """Nothing of 8 MB that is no request takes longer than what the bounds let through."""
    for shape in HOSTILE.values():
        assert seconds(shape(8 << 20)) < 0.05
