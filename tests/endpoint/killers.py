"""Eight clients that send the worst queries without pause, each from an address of its own.

python -m tests.endpoint.killers http://127.0.0.1:8000 SECONDS
"""

from __future__ import annotations

import http.client
import itertools
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlencode, urlsplit

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
KILLERS = (
    f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f ?i",
    "ASK " + "{" * 3000,
    "ASK {" + " ".join(f"?v{i} ?p{i} ?v{i + 1} ." for i in range(200)) + "}",
    "SELECT ?a30 { BIND('aaaaaaaaaaaaaaaa' AS ?a0) "
    + " ".join(f"BIND(CONCAT(?a{i}, ?a{i}) AS ?a{i + 1})" for i in range(30))
    + "}",
)


def kill(server: str, number: int, until: float, statuses: Counter[int]) -> None:
    parts = urlsplit(server)
    queries = itertools.islice(itertools.cycle(KILLERS), number, None)
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(
            str(parts.hostname), parts.port, timeout=60, source_address=(f"127.0.1.{number + 1}", 0)
        )
        try:
            body = urlencode({"query": f"{next(queries)} # {time.monotonic()}"})
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/sparql", body, form)
            response = connection.getresponse()
            response.read()
            statuses[response.status] += 1
        except OSError:
            statuses[0] += 1
        finally:
            connection.close()


def main(server: str, seconds: float) -> None:
    statuses: Counter[int] = Counter()
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=kill, args=(server, i, until, statuses)) for i in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    print(dict(sorted(statuses.items())))  # noqa: T201 - run as a program, it answers by this


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
