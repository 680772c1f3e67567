"""Raw bytes and what they are: one table for the parser and for a live server."""

from __future__ import annotations

from web.serving.wire.arriving import Bounds, Incomplete

BOUNDS = Bounds(body=1 << 20)
HOST = b"Host: x\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST
POST = b"POST /sparql HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
SIX = b"Content-Length: 6\r\n"
QUERY = b"ASK {}"


def field(line: bytes) -> bytes:
    return GET + line + b"\r\n\r\n"


def host(value: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: " + value + b"\r\n\r\n"


def target(value: bytes, method: bytes = b"GET") -> bytes:
    return method + b" " + value + b" HTTP/1.1\r\n" + HOST + b"\r\n"


# Name, with the clause of RFC 9110 or 9112: the bytes of a whole request, and attributes of it.
READ: dict[str, tuple[bytes, dict[str, object]]] = {
    "9110 §9.3.1 GET": (GET + b"\r\n", {"method": "GET", "path": "/", "query": "", "keep": True}),
    "9110 §9.3.2 HEAD": (target(b"/health", b"HEAD"), {"method": "HEAD", "path": "/health"}),
    "9110 §9.3.3 POST": (
        POST + SIX + b"\r\n" + QUERY, {"method": "POST", "body": QUERY, "keep": True}),
    "9110 §9.3.7 OPTIONS": (target(b"/sparql", b"OPTIONS"), {"method": "OPTIONS"}),
    "9110 §9.1 a method of no list": (target(b"/sparql", b"FOO"), {"method": "FOO"}),
    "9110 §9.1 methods have cases": (target(b"/sparql", b"get"), {"method": "get"}),
    "9112 §2.2 an empty line first": (b"\r\n" + GET + b"\r\n", {"path": "/"}),
    "9112 §3.2.1 origin-form": (
        target(b"/a%20b/?q=%3F?&r"), {"path": "/a%20b/", "query": "q=%3F?&r"}),
    "9112 §3.2.1 two slashes are a path": (target(b"//etc/passwd"), {"path": "//etc/passwd"}),
    "9112 §3.2 bytes past ASCII": (target(b"/\xc3\xbc"), {"path": "/\xc3\xbc"}),
    "9112 §3.2.2 absolute-form": (
        target(b"HTTP://a.example:80/b?c"),
        {"path": "/b", "query": "c", "fields": {"host": "a.example:80"}}),
    "9112 §3.2.2 absolute-form of the root": (
        target(b"http://a.example?c"), {"path": "/", "query": "c"}),
    "9112 §3.2.4 asterisk-form": (target(b"*", b"OPTIONS"), {"path": "*"}),
    "9112 §3.2.4 asterisk-form, absolute": (
        target(b"http://a.example", b"OPTIONS"), {"path": "*", "fields": {"host": "a.example"}}),
    "9112 §3.2 Host is empty": (host(b""), {"fields": {"host": ""}}),
    "9112 §3.2 Host is IPv6": (host(b"[::1]:80"), {"fields": {"host": "[::1]:80"}}),
    "9112 §3.2 Host is encoded": (host(b"a%20b:"), {"fields": {"host": "a%20b:"}}),
    "9110 §2.5 a later minor version": (
        b"GET / HTTP/1.7\r\n" + HOST + b"\r\n", {"version": "1.1", "keep": True}),
    "9112 §9.3 HTTP/1.0": (
        b"GET / HTTP/1.0\r\n\r\n", {"version": "1.0", "keep": False, "fields": {}}),
    "9112 §9.3 HTTP/1.0, keep-alive": (
        b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", {"keep": True}),
    "9112 §9.3 HTTP/1.0, keep-alive and close": (
        b"GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", {"keep": False}),
    "9112 §9.6 close": (field(b"Connection: close"), {"keep": False}),
    "9112 §9.6 close among others": (field(b"Connection: TE , \tCLOSE"), {"keep": False}),
    "9112 §9.6 close on a second line": (
        field(b"Connection: te\r\nConnection: close"), {"keep": False}),
    "9112 §9.6 what is not close": (field(b"Connection: closed"), {"keep": True}),
    "9110 §7.8 Upgrade is ignored": (
        GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
        {"keep": True, "path": "/"}),
    "9110 §7.8 Upgrade with a body": (
        POST + b"Connection: upgrade\r\nUpgrade: h2c\r\n" + SIX + b"\r\n" + QUERY, {"body": QUERY}),
    "9110 §5.3 lines of one name": (
        field(b"Accept: a\r\nACCEPT:b"), {"fields": {"host": "x", "accept": "a, b"}}),
    "9110 §5.5 white space around a value": (
        field(b"Accept: \t a b\t "), {"fields": {"host": "x", "accept": "a b"}}),
    "9110 §5.5 an empty value": (field(b"Accept:"), {"fields": {"host": "x", "accept": ""}}),
    "9110 §5.5 bytes past ASCII": (
        field(b"Referer: \xc3\xbc"), {"fields": {"host": "x", "referer": "\xc3\xbc"}}),
    "3875 §4.1.18 a name with an underscore": (
        field(b"X_Forwarded_For: 1\r\nContent_Length: 2"), {"fields": {"host": "x"}}),
    "9112 §6.3 no length, no body": (POST + b"\r\n", {"body": b""}),
    "9110 §8.6 a length of nothing": (POST + b"Content-Length: 0\r\n\r\n", {"body": b""}),
    "9110 §8.6 a length with noughts": (
        POST + b"Content-Length: " + b"0" * 9000 + b"6\r\n\r\n" + QUERY, {"body": QUERY}),
    "9110 §9.3.1 GET with a body": (GET + SIX + b"\r\n" + QUERY, {"body": QUERY}),
    "9112 §7.1 chunks": (
        CHUNKED + b"3\r\nASK\r\n003\r\n {}\r\n0\r\n\r\n", {"body": QUERY, "keep": True}),
    "9112 §7.1 sizes in either case": (
        CHUNKED + b"a\r\n0123456789\r\nA\r\n\r\n\r\n\r\n\r\n\r\n\r\n00\r\n\r\n",
        {"body": b"0123456789" + b"\r\n" * 5}),
    "9112 §7.1.1 extensions": (
        CHUNKED + b'6;a;b=c;d="e f"\r\nASK {}\r\n0 ; x\r\n\r\n', {"body": QUERY}),
    "9112 §7.1.2 trailers": (
        CHUNKED + b"6\r\nASK {}\r\n0\r\nHost: y\r\nX: z\r\n\r\n",
        {"body": QUERY, "fields": {"host": "x", "transfer-encoding": "chunked"}}),
    "9112 §7 codings have no case": (
        POST + b"Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", {"body": b""}),
    "9110 §10.1.1 who expects has sent": (
        POST + b"Expect: 100-Continue\r\n" + SIX + b"\r\n" + QUERY, {"body": QUERY}),
    "9110 §10.1.1 expectation without a body": (field(b"Expect: 100-continue"), {"body": b""}),
    "9110 §10.1.1 HTTP/1.0 expects nothing": (
        b"POST / HTTP/1.0\r\nExpect: x\r\n" + SIX + b"\r\n" + QUERY, {"body": QUERY}),
    "9112 §3 a line of 64 KB": (
        b"GET /" + b"a" * (65_536 - 14) + b" HTTP/1.1\r\n" + HOST + b"\r\n", {"query": ""}),
    "9110 §5.4 fields of 16 KB": (
        GET + b"A: " + b"b" * (16_384 - len(HOST) - 5) + b"\r\n\r\n", {"method": "GET"}),
}  # fmt: skip

# Name: the kind of problem, and bytes.
REFUSED: dict[str, tuple[str, bytes]] = {
    "9112 §2.2 bare LF": ("bad-message", b"GET / HTTP/1.1\nHost: x\n\n"),
    "9112 §2.2 bare LF after a field": ("bad-message", GET + b"A: b\n\r\n"),
    "9112 §2.2 bare LF in the empty line": ("bad-message", GET + b"\n"),
    "9112 §2.2 bare CR in the line": ("bad-message", b"GET /\r HTTP/1.1\r\n" + HOST + b"\r\n"),
    "9112 §2.2 bare CR in a value": ("bad-message", field(b"A: b\rc")),
    "9112 §2.2 CR CR LF": ("bad-message", field(b"A: b\r")),
    "9112 §2.2 bare CR in half a line": ("bad-message", b"GET / HTTP/1.1\rHost"),
    "9112 §2.2 white space after the line": ("bad-message", b"GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
    "9112 §2.2 many empty lines": ("bad-message", b"\r\n" * 9 + GET + b"\r\n"),
    "9112 §2.2 NUL": ("bad-message", b"\0\1\2\r\n\r\n"),
    "8446 §4.1.2 a greeting of TLS": ("bad-message", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"),
    "9112 §3 two spaces": ("bad-message", b"GET  / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "9112 §3 a tab": ("bad-message", b"GET\t/ HTTP/1.1\r\n" + HOST + b"\r\n"),
    "9112 §3 a space at the end": ("bad-message", b"GET / HTTP/1.1 \r\n" + HOST + b"\r\n"),
    "9112 §3 a space at the start": ("bad-message", b" GET / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "9112 §3 no target": ("bad-message", b"GET HTTP/1.1\r\n" + HOST + b"\r\n"),
    "9112 §3 four words": ("bad-message", target(b"/a /b")),
    "9112 §3.1 a method that is no token": ("bad-message", target(b"/", b"GE(T")),
    "9112 §2.3 http in lower case": ("bad-message", b"GET / http/1.1\r\n" + HOST + b"\r\n"),
    "9112 §2.3 two digits": ("bad-message", b"GET / HTTP/1.10\r\n" + HOST + b"\r\n"),
    "9112 §2.3 another protocol": ("bad-message", b"GET / RTSP/1.0\r\n" + HOST + b"\r\n"),
    "9110 §15.6.6 HTTP/0.9": ("version-not-supported", b"GET /\r\n"),
    "9110 §15.6.6 HTTP/0.9 told": ("version-not-supported", b"GET / HTTP/0.9\r\n\r\n"),
    "9110 §15.6.6 HTTP/9.9": ("version-not-supported", b"GET / HTTP/9.9\r\n\r\n"),
    "9113 §3.4 the preface of HTTP/2": (
        "version-not-supported", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"),
    "9112 §3.2 a fragment": ("bad-message", target(b"/#a")),
    "9112 §3.2 a control character": ("bad-message", target(b"/\x01")),
    "9112 §3.2 DEL": ("bad-message", target(b"/\x7f")),
    "9112 §3.2 a name": ("bad-message", target(b"sparql")),
    "9112 §3.2 another scheme": ("bad-message", target(b"ftp://a/b")),
    "9112 §3.2.4 an asterisk": ("bad-message", target(b"*")),
    "9110 §4.2.1 an address without a host": ("bad-message", target(b"http:///a")),
    "9110 §4.2.1 an address with a port alone": ("bad-message", target(b"http://:80/a")),
    "9110 §4.2.4 an address with a user": ("bad-message", target(b"http://u@a/b")),
    "9110 §9.3.6 CONNECT": ("not-implemented", target(b"a.example:443", b"CONNECT")),
    "9112 §3.2 no Host": ("bad-message", b"GET / HTTP/1.1\r\n\r\n"),
    "9112 §3.2 no Host with an address": (
        "bad-message", b"GET http://a/ HTTP/1.1\r\nAccept: a\r\n\r\n"),
    "9112 §3.2 two Hosts": ("bad-message", field(b"Host: y")),
    "9112 §3.2 two equal Hosts": ("bad-message", field(b"HOST: x")),
    "9112 §3.2 two Hosts in HTTP/1.0": (
        "bad-message", b"GET / HTTP/1.0\r\n" + HOST + HOST + b"\r\n"),
    "9112 §3.2 Host with a user": ("bad-message", host(b"u@x")),
    "9112 §3.2 Host with a path": ("bad-message", host(b"x/y")),
    "9112 §3.2 Host with a space": ("bad-message", host(b"x y")),
    "9112 §3.2 Host with two ports": ("bad-message", host(b"x:1:2")),
    "9112 §3.2 Host with a word as port": ("bad-message", host(b"x:y")),
    "9112 §3.2 Host with half a literal": ("bad-message", host(b"[::1")),
    "9112 §3.2 Host badly encoded": ("bad-message", host(b"a%2")),
    "9112 §3.2 Host past ASCII": ("bad-message", host(b"\xc3\xbc")),
    "9112 §5.1 white space before the colon": ("bad-message", field(b"A : b")),
    "9112 §5.1 no colon": ("bad-message", field(b"A")),
    "9110 §5.1 an empty name": ("bad-message", field(b": b")),
    "9110 §5.1 a name past ASCII": ("bad-message", field(b"\xc3\xbc: b")),
    "9110 §5.1 a name with a bracket": ("bad-message", field(b"A(: b")),
    "9112 §5.2 a folded line": ("bad-message", field(b"A: b\r\n c")),
    "9112 §5.2 a folded line, by a tab": ("bad-message", field(b"A: b\r\n\tc")),
    "9112 §5.2 a folded first line": ("bad-message", b"GET / HTTP/1.1\r\n\tHost: x\r\n\r\n"),
    "9110 §5.5 NUL": ("bad-message", field(b"A: b\0c")),
    "9110 §5.5 a control character": ("bad-message", field(b"A: b\x01c")),
    "9110 §5.5 DEL": ("bad-message", field(b"A: b\x7fc")),
    "9110 §5.3 Content-Type twice": (
        "bad-message", POST + b"Content-Type: a/b\r\nContent-Type: a/b\r\n\r\n"),
    "9112 §6.3 two lengths": (
        "bad-message", POST + SIX + b"Content-Length: 7\r\n\r\n" + QUERY + b"x"),
    "9112 §6.3 two equal lengths": ("bad-message", POST + SIX + SIX + b"\r\n" + QUERY),
    "9112 §6.3 two lengths in a line": (
        "bad-message", POST + b"Content-Length: 6, 6\r\n\r\n" + QUERY),
    "9110 §8.6 a negative length": ("bad-message", POST + b"Content-Length: -6\r\n\r\n" + QUERY),
    "9110 §8.6 a length with a plus": ("bad-message", POST + b"Content-Length: +6\r\n\r\n" + QUERY),
    "9110 §8.6 a length with 0x": ("bad-message", POST + b"Content-Length: 0x6\r\n\r\n" + QUERY),
    "9110 §8.6 a length of two numbers": ("bad-message", POST + b"Content-Length: 6 6\r\n\r\n"),
    "9110 §8.6 no length at all": ("bad-message", POST + b"Content-Length:\r\n\r\n"),
    "9110 §8.6 a length past the bound": (
        "request-too-large", POST + b"Content-Length: 1048577\r\n\r\n"),
    "9110 §8.6 a length past 64 bits": (
        "request-too-large", POST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"),
    "9112 §6.1 length and chunks": (
        "bad-message", POST + b"Transfer-Encoding: chunked\r\n" + SIX + b"\r\n0\r\n\r\n"),
    "9112 §6.1 chunks and length": (
        "bad-message", POST + SIX + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "9112 §6.1 chunks in HTTP/1.0": (
        "bad-message", b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "9112 §6.1 a coding before chunks": (
        "not-implemented", POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "9112 §6.1 an empty coding before chunks": (
        "not-implemented", POST + b"Transfer-Encoding: , chunked\r\n\r\n0\r\n\r\n"),
    "9112 §6.3 the last coding is not chunked": (
        "bad-message", POST + b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n"),
    "9112 §6.3 chunked before another": (
        "bad-message", POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    "9112 §6.3 chunked, and more on a line of its own": (
        "bad-message",
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n"),
    "9112 §7.1 chunked twice": (
        "bad-message", POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    "9112 §6.1 a word like chunked": (
        "bad-message", POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "9112 §6.1 a coding without a name": (
        "bad-message", POST + b"Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
    "9112 §7.1 a size of no digits": ("bad-message", CHUNKED + b"ZZ\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 an empty size": ("bad-message", CHUNKED + b"\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a size with 0x": ("bad-message", CHUNKED + b"0x6\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a negative size": ("bad-message", CHUNKED + b"-6\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a size and white space": ("bad-message", CHUNKED + b"6 \r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a size that ends in LF": ("bad-message", CHUNKED + b"6\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a chunk that is longer": ("bad-message", CHUNKED + b"5\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a chunk that is shorter": ("bad-message", CHUNKED + b"7\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a chunk that ends in LF": ("bad-message", CHUNKED + b"6\r\nASK {}\n0\r\n\r\n"),
    "9112 §7.1 a size past 64 bits": (
        "request-too-large", CHUNKED + b"1" + b"0" * 300 + b"6\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1 a size past the bound": ("request-too-large", CHUNKED + b"100001\r\n"),
    "9112 §7.1 chunks past the bound": (
        "request-too-large", CHUNKED + (b"40000\r\n" + b"#" * 0x40000 + b"\r\n") * 4 + b"1\r\n"),
    "9112 §7.1.1 LF in an extension": ("bad-message", CHUNKED + b"6;a\nb\r\nASK {}\r\n0\r\n\r\n"),
    "9112 §7.1.1 CR in an extension": (
        "bad-message", CHUNKED + b'6;a="\rb"\r\nASK {}\r\n0\r\n\r\n'),
    "9112 §7.1.1 a long extension": ("bad-message", CHUNKED + b"6;" + b"a" * 5000),
    "9112 §7.1.1 long extensions together": (
        "request-too-large", CHUNKED + (b"1;" + b"a" * 4000 + b"\r\nb\r\n") * 5),
    "9112 §7.1.2 a trailer that is no field": (
        "bad-message", CHUNKED + b"6\r\nASK {}\r\n0\r\nA : b\r\n\r\n"),
    "9112 §7.1.2 bare LF after a trailer": (
        "bad-message", CHUNKED + b"6\r\nASK {}\r\n0\r\nA: b\n\n"),
    "9112 §7.1.2 long trailers": (
        "fields-too-large", CHUNKED + b"0\r\nA: " + b"b" * 17_000),
    "9110 §10.1.1 another expectation": (
        "expectation-failed", POST + b"Expect: x\r\n" + SIX + b"\r\n" + QUERY),
    "9110 §10.1.1 two expectations": (
        "expectation-failed", POST + b"Expect: 100-continue, x\r\n" + SIX + b"\r\n" + QUERY),
    "9110 §15.5.15 a line past 64 KB": (
        "uri-too-long", b"GET /" + b"a" * (65_537 - 14) + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    "9110 §15.5.15 half a line past 64 KB": ("uri-too-long", b"GET /" + b"a" * 65_535),
    "6585 §5 fields past 16 KB": (
        "fields-too-large", GET + b"A: " + b"b" * (16_385 - len(HOST) - 5) + b"\r\n\r\n"),
    "6585 §5 half of fields past 16 KB": ("fields-too-large", GET + b"A: " + b"b" * 16_384),
    "6585 §5 many fields": ("fields-too-large", GET + b"A:\r\n" * 128 + b"\r\n"),
}  # fmt: skip

HEAD_TO_COME = Incomplete(1, body=False, expects=False)
EXPECTING = POST + b"Expect: 100-continue\r\n" + SIX + b"\r\n"
# Name: the start of a request, and what has to come.
PARTS: dict[str, tuple[bytes, Incomplete]] = {
    "one byte": (b"G", HEAD_TO_COME),
    "a CR": (b"\r", HEAD_TO_COME),
    "an empty line": (b"\r\n", HEAD_TO_COME),
    "half a line": (b"GET / HT", HEAD_TO_COME),
    "a line": (b"GET / HTTP/1.1\r\n", HEAD_TO_COME),
    "half a field": (b"GET / HTTP/1.1\r\nHo", HEAD_TO_COME),
    "no empty line": (GET, HEAD_TO_COME),
    "half the empty line": (GET + b"\r", HEAD_TO_COME),
    "no body": (POST + SIX + b"\r\n", Incomplete(6, body=True, expects=False)),
    "half a body": (POST + SIX + b"\r\nASK", Incomplete(3, body=True, expects=False)),
    "expecting": (EXPECTING, Incomplete(6, body=True, expects=True)),
    "expecting no more": (EXPECTING + b"A", Incomplete(5, body=True, expects=False)),
    "no chunk": (CHUNKED, Incomplete(5, body=True, expects=False)),
    "half a size": (CHUNKED + b"1", Incomplete(4, body=True, expects=False)),
    "half an extension": (CHUNKED + b"1 ;a=", Incomplete(1, body=True, expects=False)),
    "half a chunk": (CHUNKED + b"6\r\nASK", Incomplete(10, body=True, expects=False)),
    "half the end of a chunk": (
        CHUNKED + b"6\r\nASK {}\r", Incomplete(6, body=True, expects=False)),
    "no last chunk": (CHUNKED + b"6\r\nASK {}\r\n", Incomplete(5, body=True, expects=False)),
    "no end of trailers": (CHUNKED + b"0\r\nA: b\r\n", Incomplete(1, body=True, expects=False)),
}  # fmt: skip
