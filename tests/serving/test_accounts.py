"""What one client may use, over processes that come and go."""

from __future__ import annotations

import dataclasses
import os
import signal
import time
from collections.abc import Callable

import pytest

from kg.model.settings import Settings
from web.serving.accounts import Accounts

SETTINGS = Settings(client_seconds=6.0, client_queries=2, query_timeout=12.5)
KEEN = dataclasses.replace(SETTINGS, client_seconds=1.0)


def forked(work: Callable[[], None]) -> int:
    """The id of a process that does the work and nothing else."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return child


def wait_of(accounts: Accounts, client: str, now: float) -> int:
    """Seconds of Retry-After; 0 where the client is served."""
    refused = accounts.refusal(accounts.find(client), now)
    return 0 if refused is None else int(refused.headers["Retry-After"])


def test_seconds_of_a_minute() -> None:
    """A client has its seconds at once, and then as they come back."""
    accounts = Accounts(SETTINGS)
    index = accounts.find("192.0.2.1")
    accounts.charge(index, 6.0, 100.0)
    assert wait_of(accounts, "192.0.2.1", 100.0) == 0
    accounts.charge(index, 1.0, 100.0)
    assert wait_of(accounts, "192.0.2.1", 100.0) == 10
    assert wait_of(accounts, "192.0.2.1", 105.5) == 5
    assert wait_of(accounts, "192.0.2.1", 110.0) == 0
    assert wait_of(accounts, "192.0.2.2", 100.0) == 0


def test_a_refusal_says_why() -> None:
    """The answer to who has used it up is a 429 of its kind, in words."""
    accounts = Accounts(SETTINGS)
    index = accounts.find("192.0.2.1")
    accounts.charge(index, 8.0, 0.0)
    refused = accounts.refusal(index, 0.0)
    assert refused is not None
    assert (refused.slug, refused.status) == ("client-limit", 429)
    assert refused.detail == (
        "Your requests have used more than 6 seconds of computing a minute. Try again in 20 s."
    )


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 0.001, 0.1, 1.0, 60.0])
@pytest.mark.parametrize("burst", [1, 8, 1000])
def test_retry_after_is_true_and_short(seconds: float, burst: int) -> None:
    """Whatever a burst used of whatever budget, the wait is a minute at most, and is true."""
    accounts = Accounts(dataclasses.replace(SETTINGS, client_seconds=seconds))
    index = accounts.find("192.0.2.1")
    for _ in range(burst):
        accounts.charge(index, 30.0, 50.0)
    wait = wait_of(accounts, "192.0.2.1", 50.0)
    assert 0 <= wait <= 60
    assert wait_of(accounts, "192.0.2.1", 50.0 + wait) == 0
    assert wait < 2 or wait_of(accounts, "192.0.2.1", 50.0 + wait - 1) == 1


def test_too_many_at_once() -> None:
    """What runs for a client has a bound, and is over when the last of it must be."""
    accounts = Accounts(SETTINGS)
    index = accounts.find("192.0.2.1")
    accounts.running(index, 1)
    assert wait_of(accounts, "192.0.2.1", 0.0) == 0
    accounts.running(index, 1)
    assert wait_of(accounts, "192.0.2.1", 0.0) == 13
    assert wait_of(accounts, "192.0.2.2", 0.0) == 0
    accounts.running(index, -1)
    assert wait_of(accounts, "192.0.2.1", 0.0) == 0
    for _ in range(3):
        accounts.running(index, -1)
    accounts.running(index, 1)
    assert wait_of(accounts, "192.0.2.1", 0.0) == 0


def test_a_client_of_ipv6_is_its_network() -> None:
    """The addresses of one /64 have one account, IPv4 within IPv6 is IPv4, and names are names."""
    accounts = Accounts(SETTINGS)

    def charged(client: str) -> int:
        # Only who has used something keeps a place; all of these have room in one bucket.
        index = accounts.find(client)
        accounts.charge(index, 1.0, 100.0)
        return index

    same = ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:0DB8:0:1::3%eth0")
    assert len({charged(each) for each in same}) == 1
    assert charged("::ffff:192.0.2.1") == charged("192.0.2.1")
    others = ("2001:db8:0:2::1", "192.0.2.1", "192.0.2.2", "", "a name", "\udc80", "x" * 9000)
    assert len({charged(each) for each in (*same, *others)}) == 1 + len(others)


def test_who_owes_is_remembered() -> None:
    """However many addresses come, who owes or has something running is not forgotten for them."""
    accounts = Accounts(SETTINGS)
    accounts.charge(accounts.find("192.0.2.1"), 12.0, 1000.0)
    slow = accounts.find("192.0.2.2")
    for _ in range(2):
        accounts.running(slow, 1)
    for number in range(50_000):
        accounts.charge(accounts.find(f"2001:db8:{number >> 8:x}:{number & 255:x}::"), 0.001, 1000)
    assert wait_of(accounts, "192.0.2.1", 1000.0) == 60
    assert accounts.find("192.0.2.2") == slow
    assert wait_of(accounts, "192.0.2.2", 1000.0) == 13


def test_an_account_that_another_took() -> None:
    """Who lost an account to another client is charged in a new one, not in that client's."""
    accounts = Accounts(SETTINGS)
    first = accounts.find("192.0.2.1")
    for number in range(50_000):
        accounts.find(f"2001:db8:{number:x}::")
    new = accounts.find("192.0.2.1")
    accounts.charge(new, 100.0, 0.0)
    assert wait_of(accounts, "192.0.2.1", 0.0) == 60
    assert first == new or not accounts.refusal(first, 0.0)


def test_processes_share_accounts() -> None:
    """What children charge to a client adds up, and a process that knew it not refuses it."""
    accounts = Accounts(KEEN)

    def charge() -> None:
        for _ in range(20):
            accounts.charge(accounts.find("192.0.2.1"), 0.01, 10.0)
            time.sleep(0.001)

    children = [forked(charge) for _ in range(8)]
    assert all(os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) == 0 for each in children)
    # 1.6 s of 1 s a minute; what two wrote at the very same moment counts once.
    assert 30 <= wait_of(accounts, "192.0.2.1", 10.0) <= 36


def test_killed_processes_leave_accounts_whole() -> None:
    """kill -9 in the midst of charges: no account is stuck, and the others go on."""
    accounts = Accounts(KEEN)

    def charge_for_ever() -> None:
        number = 0
        while True:
            number += 1
            client = f"2001:db8:{number % 9999:x}::"
            accounts.charge(accounts.find(client), 1e-6, time.monotonic())

    for _ in range(20):
        children = [forked(charge_for_ever) for _ in range(2)]
        time.sleep(0.02)
        for each in children:
            os.kill(each, signal.SIGKILL)
            os.waitpid(each, 0)
    now = time.monotonic()
    accounts.charge(accounts.find("192.0.2.1"), 1.5, now)
    assert wait_of(accounts, "192.0.2.1", now) == 30
    clients = [f"2001:db8:{number:x}::" for number in range(9999)]
    assert not any(wait_of(accounts, each, now) for each in clients)
