"""Who a client is: its address, as the nearest proxy that is trusted names it."""

from __future__ import annotations

import ipaddress
import re

from kg.model.settings import Settings
from web.site.http import Fields

_KEPT = 1024  # answers that are kept for the next request
_LONG = 256  # characters of a field whose answer is; a longer one is read anew
_NAMED = 64  # characters of a name that is no address
_JOINED = 8  # commas that quoted strings of one element may hold
_WORD = r"[\w!#$%&'*+.^`|~-]++"  # a token, RFC 9110 §5.6.2
# RFC 7239 §4: one pair of an element, up to the next or the end.
_PAIR = re.compile(
    rf'[ \t]*+(?:({_WORD})=({_WORD}|"(?:[^"\\]|\\.)*+"))?[ \t]*+(;|\Z)', re.ASCII | re.DOTALL
)
# RFC 7239 §6, which others write too: an address, and perhaps a port.
_NODE = re.compile(r"(?:\[([^\]]*+)\]|([\d.]++))(?::\w++)?", re.ASCII)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Clients:
    """Names the clients of one server.

    A proxy appends whom it serves to the list in `client_header`, and a client may have written
    what stands before. So the list is read from its end: the first entry that is no trusted proxy
    counts. A sender that is no trusted proxy is the client, whatever it says; and where a trusted
    one says what cannot be read, hides the client (RFC 7239 §6.3) or says nothing, it is the proxy.
    """

    def __init__(self, settings: Settings) -> None:
        self._header = settings.client_header.lower()
        self._trusted = settings.trusted
        self._known: dict[tuple[str, str], str] = {}

    def names(self, peer: str) -> bool:
        """Whether it is a proxy, which names the clients of its requests."""
        address = _address(peer)
        return bool(self._header) and address is not None and self._trusts(address)

    def who(self, peer: str, fields: Fields) -> str:
        """The address of the client whose request came from `peer`, without a port."""
        said = fields.get(self._header) if self._header else None
        if not said:
            return peer
        known = self._known.get((peer, said))
        if known is None:
            known = self._read(peer, said)
            if len(said) <= _LONG:
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[peer, said] = known
        return known

    def _read(self, peer: str, said: str) -> str:
        address = _address(peer)
        if address is None or not self._trusts(address):
            return peer
        entries = said.split(",")
        while entries:
            named = _forwarded(entries) if self._header == "forwarded" else entries.pop()
            address = _address(_bare(named.strip()))
            if address is None:
                return peer
            if not self._trusts(address):
                break
        return str(address)

    def _trusts(self, address: Address) -> bool:
        return any(address in each for each in self._trusted)


def client_key(address: str) -> str:
    """Under which name the client at `address` has its account.

    Of IPv6 a subscriber has a /64 at least (RFC 6177 §2). What is no address stands for itself.
    """
    read = _address(address)
    if isinstance(read, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(read) >> 64 << 64, 64)))
    return address[:_NAMED] if read is None else str(read)


def _address(text: str) -> Address | None:
    """An address, if it is one, without its zone (RFC 4007 §11); IPv4 within IPv6 as itself."""
    try:
        read = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(read, "ipv4_mapped", None) or read


def _bare(node: str) -> str:
    """The address of `node` without brackets and port."""
    found = _NODE.fullmatch(node)
    return (found[1] or found[2]) if found else node


def _forwarded(entries: list[str]) -> str:
    """Take the last element off a `Forwarded` field that was cut at its commas: whom it is `for`.

    A comma may stand in a quoted string, so parts are joined until they make an element. A part
    that begins within a string never does: its number of quotes is odd, for a backslash outside of
    one is no token.
    """
    element = entries.pop()
    pairs = _pairs(element)
    for _ in range(_JOINED):
        if pairs is not None or not entries:
            break
        element = f"{entries.pop()},{element}"
        pairs = _pairs(element)
    return (pairs or {}).get("for", "")


def _pairs(element: str) -> dict[str, str] | None:
    """The pairs of one element; None where it is none."""
    found: dict[str, str] = {}
    at = 0
    while pair := _PAIR.match(element, at):
        if pair[1]:
            value = pair[2]
            quoted = value.startswith('"')
            found[pair[1].lower()] = re.sub(r"\\(.)", r"\1", value[1:-1]) if quoted else value
        if not pair[3]:
            return found
        at = pair.end()
    return None
