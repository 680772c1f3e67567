"""What a child that serves cannot do, whatever a query makes of it: each is tried from inside."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import resource
import signal
import socket
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import QueryResultsFormat, Store

from kg.store.embedded import confine, landlock, linux, seccomp
from kg.store.release import Release
from tests.endpoint.confined import Ended, confined, forked, standing
from tests.endpoint.system_calls import number

if not confine.LINUX:
    pytest.skip("Linux alone confines", allow_module_level=True)
ABI = landlock.abi()
needs_landlock = pytest.mark.skipif(not ABI, reason="this kernel has no Landlock")
needs_filter = pytest.mark.skipif(not seccomp.supported(), reason="no filter for this machine")
CLONE_NEWUSER, CLONE_VM, CLONE_THREAD = 0x10000000, 0x100, 0x10000
LOWEST = 19
MISSING = b"/nowhere\0"


class Scene(NamedTuple):
    """What the child finds: its parent, a file of its user's, a readable folder with one more, and
    what it might inherit by mistake.
    """

    parent: int
    private: Path
    readable: Path
    listener: socket.socket
    unused: socket.socket
    handle: int  # of a process (pidfd_open(2))
    pipe: int


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    (tmp_path / "private").write_text("secret")
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "file").write_text("public")
    reader, writer = os.pipe()
    handle = os.pidfd_open(os.getpid())
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as unused:
        private, readable = tmp_path / "private", tmp_path / "release"
        yield Scene(os.getpid(), private, readable, listener, unused, handle, reader)
    for each in (reader, writer, handle):
        os.close(each)


def call(name: str, *arguments: object) -> int:
    """Call the kernel, whatever the C library does about it."""
    return linux.system_call(number(name), *arguments)


def to_read(path: str) -> Callable[[Scene], object]:
    return lambda scene: os.open(path.format(**scene._asdict()), os.O_RDONLY)


def to_write(path: str, flags: int = 0) -> Callable[[Scene], object]:
    return lambda scene: os.open(path.format(**scene._asdict()), os.O_WRONLY | flags)


def run(_: Scene) -> object:
    return os.execv("/bin/true", ["true"])  # noqa: S606 - that it starts is the question


def spawn(_: Scene) -> object:
    return os.posix_spawn("/bin/true", ["true"], {})


FILES: dict[str, Callable[[Scene], object]] = {
    "read a file": to_read("{private}"),
    "read the accounts of the machine": to_read("/etc/passwd"),
    "list a directory": lambda _: list(Path("/").iterdir()),
    "read the parent's memory": to_read("/proc/{parent}/mem"),
    "read the parent's environment": to_read("/proc/{parent}/environ"),
    "read its own memory": to_read("/proc/self/mem"),
    "read its own environment": to_read("/proc/self/environ"),
    "open a device": to_read("/dev/null"),
    "write a file": to_write("{private}"),
    "write what it may read": to_write("{readable}/file"),
    "create a file": to_write("{readable}/new", os.O_CREAT),
    "create a file without a name": to_write("{readable}", os.O_TMPFILE),
    "empty a file": lambda scene: os.open(scene.readable / "file", os.O_RDONLY | os.O_TRUNC),
}
CALLS: dict[str, Callable[[Scene], object]] = {
    "socket": lambda _: socket.socket(),
    "socketpair": lambda _: socket.socketpair(),
    "connect": lambda scene: scene.unused.connect(scene.listener.getsockname()),
    "bind": lambda scene: scene.unused.bind(("127.0.0.1", 0)),
    "listen": lambda scene: scene.listener.listen(),
    "accept": lambda scene: call("accept", scene.pipe, 0, 0),
    "accept4": lambda scene: call("accept4", scene.pipe, 0, 0, 0),
    "run a program": run,
    "run an open program": lambda scene: call("execveat", scene.pipe, b"\0", 0, 0, 0x1000),
    "fork": lambda _: os.fork(),
    "spawn": spawn,
    "clone": lambda _: call("clone", signal.SIGCHLD, 0, 0, 0, 0),
    "clone with its memory": lambda _: call("clone", CLONE_VM | signal.SIGCHLD, 0, 0, 0, 0),
    "signal its parent": lambda scene: os.kill(scene.parent, 0),
    "signal its group": lambda _: os.kill(0, 0),
    "signal everyone": lambda _: os.kill(-1, 0),
    "signal a thread": lambda scene: call("tkill", scene.parent, 0),
    "signal a thread of a process": lambda scene: call("tgkill", scene.parent, scene.parent, 0),
    "queue a signal": lambda scene: call("rt_sigqueueinfo", scene.parent, 0, 0),
    "queue a signal to a thread": lambda scene: call("rt_tgsigqueueinfo", scene.parent, 0, 0, 0),
    "signal by a handle": lambda scene: signal.pidfd_send_signal(scene.handle, 0),
    "have the kernel signal": lambda scene: fcntl.fcntl(scene.pipe, fcntl.F_SETOWN, scene.parent),
    "choose the kernel's signal": lambda scene: fcntl.fcntl(scene.pipe, fcntl.F_SETSIG, 9),
    "own by ioctl": lambda scene: fcntl.ioctl(scene.pipe, 0x8901, b"\0\0\0\0"),
    "handle of a process": lambda scene: os.pidfd_open(scene.parent),
    "descriptor of a process": lambda scene: call("pidfd_getfd", scene.handle, 0, 0),
    "trace": lambda scene: call("ptrace", 0x4206, scene.parent, 0, 0),
    "be traced": lambda _: call("ptrace", 0, 0, 0, 0),
    "read memory": lambda scene: call("process_vm_readv", scene.parent, 0, 0, 0, 0, 0),
    "write memory": lambda scene: call("process_vm_writev", scene.parent, 0, 0, 0, 0, 0),
    "advise on memory": lambda scene: call("process_madvise", scene.handle, 0, 0, 0, 0),
    "release memory": lambda scene: call("process_mrelease", scene.handle, 0),
    "compare": lambda scene: call("kcmp", scene.parent, scene.parent, 0, 0, 0),
    "limit another": lambda scene: resource.prlimit(scene.parent, resource.RLIMIT_CORE),
    "slow another down": lambda scene: os.setpriority(os.PRIO_PROCESS, scene.parent, LOWEST),
    "pin another": lambda scene: os.sched_setaffinity(scene.parent, {0}),
    "watch performance": lambda _: call("perf_event_open", 0, 0, -1, -1, 0),
    "type into the terminal": lambda scene: fcntl.ioctl(scene.pipe, termios.TIOCSTI, b"x"),
    "outlive its parent": lambda _: call("prctl", 1, 0, 0, 0, 0),
    "show itself": lambda _: call("prctl", 4, 1, 0, 0, 0),
    "share memory": lambda _: call("shmget", 0, 4096, 0o600),
    "queue messages": lambda _: call("msgget", 0, 0o600),
    "semaphores": lambda _: call("semget", 0, 1, 0o600),
    "open a message queue": lambda _: call("mq_open", MISSING, 0, 0, 0),
    "change a mode": lambda scene: scene.private.chmod(0o777),
    "change the mode of a descriptor": lambda scene: os.fchmod(scene.pipe, 0o777),
    "change an owner": lambda scene: os.chown(scene.private, -1, -1),
    "change times": lambda scene: os.utime(scene.private, (0, 0)),
    "set an attribute": lambda scene: os.setxattr(scene.private, "user.x", b""),
    "remove": lambda scene: scene.private.unlink(),
    "rename": lambda scene: scene.private.rename(scene.private.with_name("other")),
    "link": lambda scene: os.link(scene.private, scene.private.with_name("other")),
    "make a directory": lambda scene: (scene.readable / "new").mkdir(),
    "truncate": lambda scene: os.truncate(scene.private, 0),
    "open by a handle": lambda scene: call("open_by_handle_at", scene.pipe, 0, 0),
    "a namespace of users": lambda _: call("unshare", CLONE_NEWUSER),
    "join a namespace": lambda scene: call("setns", scene.pipe, 0),
    "mount": lambda _: call("mount", 0, MISSING, 0, 0, 0),
    "a tree of mounts": lambda _: call("open_tree", -1, MISSING, 0),
    "another root": lambda _: os.chroot("/nowhere"),
    "become another": lambda _: call("setresuid", os.getuid(), -1, -1),
    "take capabilities": lambda _: call("capset", 0, 0),
    "compile for the kernel": lambda _: call("bpf", -1, 0, 0),
    "a ring": lambda _: call("io_uring_setup", 0, 0),
    "handle page faults": lambda _: call("userfaultfd", -1),
    "keys": lambda _: call("keyctl", 0, -1, 0),
    "load a module": lambda scene: call("finit_module", scene.pipe, MISSING, 0),
    "another personality": lambda _: call("personality", 0xFFFFFFFF),
}


def refusal(scene: Scene, attempt: Callable[[Scene], object]) -> int:
    """The number of the error with which the attempt fails, in a confined child of a parent that
    has no privileges, as a service has none: those would keep the child from it as well.
    """

    def parent() -> Ended:
        linux.drop_capabilities()
        own = scene._replace(parent=os.getpid(), handle=os.pidfd_open(os.getpid()))
        return confined(lambda: attempt(own), readable=[scene.readable])

    ended, status = forked(parent)
    assert (ended.status, status) == (0, 0)
    assert isinstance(ended.result, OSError), f"it came to {ended.result!r}"
    return ended.result.errno or 0


@needs_landlock
@pytest.mark.parametrize("attempt", FILES)
def test_files(scene: Scene, attempt: str) -> None:
    """Landlock refuses to open what is not to be read, and to write anything."""
    assert refusal(scene, FILES[attempt]) == errno.EACCES
    assert scene.private.read_text() == "secret"
    assert [each.name for each in scene.readable.iterdir()] == ["file"]
    assert (scene.readable / "file").read_text() == "public"


@needs_filter
@pytest.mark.parametrize("attempt", CALLS)
def test_calls(scene: Scene, attempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The filter of system calls refuses what reaches beyond this process, Landlock or not."""
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    assert refusal(scene, CALLS[attempt]) == errno.EPERM


@needs_filter
@pytest.mark.parametrize("name", ["clone3", "fchmodat2"])
def test_calls_that_are_not_there(scene: Scene, name: str) -> None:
    """Calls whose arguments no filter sees, and those of later kernels, are as if not there."""
    arguments = {"fchmodat2": (-100, bytes(scene.private), 0o777, 0)}.get(name, (0, 0))
    assert refusal(scene, lambda _: call(name, *arguments)) == errno.ENOSYS


def test_nothing_is_left_to_read_or_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the environment, no capability, no way to more; nobody may look inside."""
    monkeypatch.setenv("CHANCERY_PASSWORD", "secret")

    def before() -> None:
        ctypes.CDLL(None).setenv(b"CHANCERY_TOKEN", b"secret", 1)  # which Python does not know of

    def left() -> dict[str, object]:
        c = ctypes.CDLL(None, use_errno=True)
        c.getenv.restype = ctypes.c_char_p
        sets = (ctypes.c_uint32 * 6)()
        assert c.capget((ctypes.c_uint32 * 2)(0x20080522, 0), sets) == 0
        return {
            "environment": [
                *os.environ,
                *(c.getenv(each) for each in (b"CHANCERY_PASSWORD", b"CHANCERY_TOKEN")),
            ],
            "capabilities": any(sets),  # effective, permitted, inheritable
            "bounding": [each for each in range(64) if c.prctl(23, each, 0, 0, 0) == 1],
            "ambient": [each for each in range(64) if c.prctl(47, 1, each, 0, 0) == 1],
            "no_new_privs": c.prctl(39, 0, 0, 0, 0),
            "dumpable": c.prctl(3, 0, 0, 0, 0),
            "core": resource.getrlimit(resource.RLIMIT_CORE),
        }

    ended = confined(left, before=before)
    privileged = os.geteuid() == 0  # without CAP_SETPCAP the bounding set stays, and gives nothing
    assert privileged or ended.result.pop("bounding")
    assert ended.result == {
        "environment": [None, None],
        "capabilities": False,
        **({"bounding": []} if privileged else {}),
        "ambient": [],
        "no_new_privs": 1,
        "dumpable": 0,
        "core": (0, 0),
    }


def test_the_kernels_copy_of_the_environment() -> None:
    """What `/proc` would show of the environment that the program started with is empty, too."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[47]), int(fields[48])  # proc_pid_stat(5): env_start, env_end
    assert ctypes.string_at(start, end - start).strip(b"\0")
    assert confined(lambda: ctypes.string_at(start, end - start).strip(b"\0")).result == b""


@needs_filter
def test_threads_that_run_already() -> None:
    """The filter holds a thread that was there before it, as those of a store on disk are."""
    go, outcomes = threading.Event(), list[int]()

    def work() -> None:
        go.wait()
        outcomes.append(outcome(socket.socket))

    def confined_work() -> list[int]:
        go.set()
        thread.join()
        return outcomes

    thread = threading.Thread(target=work)
    assert confined(confined_work, before=thread.start).result == [errno.EPERM]


@pytest.mark.parametrize("name", ["environ", "mem", "maps"])
def test_nobody_looks_inside(name: str) -> None:
    """Another process of the same user, without privileges as most, may not read the child's."""

    with standing() as pid:

        def looked() -> object:
            linux.drop_capabilities()
            with Path(f"/proc/{pid}/{name}").open("rb") as file:
                return file.read(1)

        assert isinstance(forked(looked)[0], PermissionError)
        assert Path(f"/proc/{pid}/statm").read_text()  # what metrics add up


def test_its_end_with_its_parent() -> None:
    """A child is killed as soon as the process that forked it has ended, however that ended."""

    def parent() -> int:
        with standing() as pid:
            os.write(result, str(pid).encode())
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    reader, result = os.pipe()
    assert forked(parent)[1] == -signal.SIGKILL
    pid = int(os.read(reader, 20))
    deadline = time.monotonic() + 5
    while alive(pid):
        assert time.monotonic() < deadline, "a child was left behind"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process is there, and not only its entry that waits for the system's init."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@needs_filter
@pytest.mark.parametrize("where", ["memory", "disk"])
def test_no_service(release: Release, where: str) -> None:
    """The engine's own SERVICE reaches nothing, though nobody has checked the query."""
    store = Store()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        def ask() -> object:
            opened = (
                store if where == "memory" else Store.read_only(str(release.directory / "store"))
            )
            return opened.query(f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}").serialize(
                format=QueryResultsFormat.JSON
            )

        ended = confined(ask, readable=[release.directory])
        assert isinstance(ended.result, (OSError, RuntimeError))
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


@needs_landlock
@pytest.mark.parametrize("known", range(1, ABI + 1))
def test_older_kernels(scene: Scene, known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Landlock holds what each of its ABIs knows, and asks for no more than that."""
    monkeypatch.setattr(landlock, "abi", lambda: known)
    name = f"\0chancery-{os.getpid()}"
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(name)
    abstract.listen()

    def tried() -> list[int]:
        linux.keep_privileges_from_growing()
        landlock.restrict([scene.readable, Path("/dev/null")])
        assert (scene.readable / "file").read_text() == "public"
        device = os.open("/dev/null", os.O_RDONLY)
        attempts: list[Callable[[], object]] = [
            scene.private.read_text,
            lambda: os.truncate(scene.private, 6),
            lambda: socket.socket().bind(("127.0.0.1", 0)),
            lambda: scene.unused.connect(scene.listener.getsockname()),
            lambda: termios.tcgetattr(device),
            lambda: socket.socket(socket.AF_UNIX).connect(name),
            lambda: os.kill(scene.parent, 0),
        ]
        return [outcome(each) for each in attempts]

    with abstract:
        found = forked(tried)[0]
    assert found == [
        errno.EACCES,
        errno.EACCES if known >= 3 else 0,
        *([errno.EACCES] * 2 if known >= 4 else [0] * 2),
        errno.EACCES if known >= 5 else errno.ENOTTY,
        *([errno.EPERM] * 2 if known >= 6 else [0] * 2),
    ]


def outcome(attempt: Callable[[], object]) -> int:
    """The number of the error that it raises; 0 for none."""
    try:
        attempt()
    except OSError as error:
        return error.errno or -1
    except termios.error as error:
        return int(error.args[0])
    return 0
