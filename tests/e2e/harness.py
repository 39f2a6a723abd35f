#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What every end-to-end script stands on: TAP, a network namespace, processes."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
SCRIPT_LIMIT = 400      # seconds until a script that hangs is ended
LIBC = ctypes.CDLL(None, use_errno=True)


def _given(variable, default):
    return os.path.abspath(os.environ.get(variable) or os.path.join(HERE, default))


NETMIBD = _given("NETMIBD", "../../src/netmibd")
NETMIB_SO = _given("NETMIB_SO", "../../src/.libs/netmib.so")
MIBDIR = _given("MIBDIR", "../../mibs")


class Skip(Exception):
    """The whole script cannot run here; the text says why."""


class TooLong(Exception):
    """The script hangs."""


class Tap:
    """Writes TAP to stdout as the tests go; the plan comes last."""

    def __init__(self):
        self.count = 0
        self.failed = 0
        self.changes = self.late = 0

    def _line(self, text):
        print(text, flush=True)

    def note(self, text):
        for line in str(text).splitlines() or [""]:
            self._line(f"# {line}")

    def ok(self, good, name, *diagnostics):
        """A failing line carries the first of the diagnostics: summaries keep only that."""
        self.count += 1
        if good:
            self._line(f"ok {self.count} - {name}")
        else:
            first = " ".join(str(x) for x in diagnostics[:1])[:300].replace("\n", " ")
            self._line(f"not ok {self.count} - {name}: {first.replace('#', '')}")
            self.failed += 1
            for text in diagnostics[:30]:
                self.note(str(text)[:1500])
        return bool(good)

    def skip(self, name, reason):
        self.count += 1
        self._line(f"ok {self.count} - {name} # SKIP {reason}")

    def equal(self, got, want, name):
        """Compares two values; sets and dicts are told apart entry by entry."""
        return self.ok(got == want, name, *([] if got == want else difference(got, want)))

    def took(self, requests):
        """Counts a change that was known after so many requests. A single first one may
        miss it, for none waits for ever for a busy machine."""
        self.changes += 1
        self.late += requests > 1

    def most_at_once(self):
        self.note(f"{self.late} of {self.changes} changes took more than one request")
        return self.ok(self.late * 2 < self.changes,
                       "most changes are known to the very first request",
                       f"{self.late} of {self.changes} were not")

    def plan(self):
        self._line(f"1..{self.count}")


def difference(got, want):
    """Lines that say how `got` differs from `want`, at most a few dozen of them."""
    if isinstance(got, set) and isinstance(want, set):
        lines = [f"unexpected: {x}" for x in sorted(got - want, key=repr)[:20]]
        lines += [f"missing:    {x}" for x in sorted(want - got, key=repr)[:20]]
    elif isinstance(got, dict) and isinstance(want, dict):
        lines = difference(set(got), set(want)) if set(got) != set(want) else []
        both = [x for x in got if x in want and got[x] != want[x]]
        lines += [f"{x}: got {got[x]!r}, want {want[x]!r}" for x in both[:20]]
    else:
        lines = [f"got:  {got!r}"[:2000], f"want: {want!r}"[:2000]]
    return lines


def wait_for(function, timeout=10.0, interval=0.03):
    """Calls function() until it is true or `timeout` seconds are over; its last answer."""
    end = time.monotonic() + timeout
    while True:
        answer = function()
        if answer or time.monotonic() >= end:
            return answer
        time.sleep(interval)


def run(*argv, check=True, timeout=30, **options):
    """Runs a command to its end; the CompletedProcess with text output.

    One that does not end in time is killed, and its exit status is then -SIGKILL.
    """
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout,
                              **options)
    except subprocess.TimeoutExpired as late:
        out, err = ((x or b"").decode() for x in (late.stdout, late.stderr))
        done = subprocess.CompletedProcess(argv, -signal.SIGKILL, out,
                                           f"{err}(still running after {timeout} s)\n")
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {done.returncode}: {done.stderr.strip()}")
    return done


def die_with_parent():
    """For preexec_fn: no process outlives a script that was killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Elsewhere:
    """Another network namespace, which lives until close()."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "-n", "sleep", "infinity"],
                                       preexec_fn=die_with_parent)
        here = os.readlink("/proc/self/ns/net")
        wait_for(lambda: os.readlink(f"/proc/{self.holder.pid}/ns/net") != here)
        self.pid = self.holder.pid

    def run(self, *argv, **options):
        """Runs a command there."""
        return run("nsenter", "-n", "-t", str(self.pid), *argv, **options)

    def batch(self, *lines):
        self.run("ip", "-batch", "-", input="\n".join(lines) + "\n")

    def close(self):
        self.holder.kill()
        self.holder.wait()


class Process:
    """A program under test, its log in a file, its end and its log checked.

    `allowed` are patterns of the log lines that may appear; anything else in the log
    is a problem. `status` is the exit status it must have when it is stopped.
    """

    def __init__(self, script, name, argv, allowed=(), status=0, preexec=None, env=()):
        self.name = name
        self.allowed = list(allowed)
        self.status = status
        self.problems = []
        self.done = False
        self.logfile = script.path(f"{name}.log")
        self._preexec = preexec
        with open(self.logfile, "ab") as log:
            self.popen = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=dict(script.env, SNMP_PERSISTENT_DIR=script.persistent(name),
                         **dict(env)),
                cwd=script.tmp, preexec_fn=self._prepare)
        self.pid = self.popen.pid
        script.processes.append(self)

    def _prepare(self):
        die_with_parent()
        if self._preexec:
            self._preexec()

    def log(self):
        with open(self.logfile, encoding="utf-8", errors="replace") as log:
            return log.read()

    def lines(self, pattern=""):
        """The lines of the log that match."""
        return [x for x in self.log().splitlines() if re.search(pattern, x)]

    def allow(self, *patterns):
        self.allowed += patterns

    def running(self):
        return self.popen.poll() is None

    def send(self, number):
        if self.running():
            os.kill(self.pid, number)

    def kill(self):
        """A violent end that the test wants."""
        self.status = -signal.SIGKILL
        self.send(signal.SIGKILL)
        self.popen.wait()
        self._close()

    def end(self, timeout=5.0):
        """Waits for the end, which the test has asked for, and checks it."""
        self.popen.wait(timeout)
        self._close()

    def stop(self, number=signal.SIGTERM, timeout=5.0):
        """Asks it to end and checks how it does; the seconds that took."""
        begin = time.monotonic()
        if self.done:
            return 0.0
        if not self.running():
            self.problems.append(f"ended by itself, status {self.popen.returncode}")
        self.send(signal.SIGCONT)
        self.send(number)
        try:
            self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.problems.append(f"had to be killed {timeout} s after signal {number}")
            self.popen.kill()
            self.popen.wait()
        self._close()
        return time.monotonic() - begin

    def _close(self):
        self.done = True
        if self.popen.returncode != self.status and not self.problems:
            self.problems.append(f"exit status {self.popen.returncode}, not {self.status}")
        for line in self.log().splitlines():
            if line.strip() and not any(re.search(x, line) for x in self.allowed):
                self.problems.append(f"unexpected log line: {line}")


class Script:
    """One script's world: a network namespace, a temporary folder, its processes."""

    def __init__(self, tap):
        self.tap = tap
        self.processes = []
        self.closers = []
        self.tmp = tempfile.mkdtemp(prefix="nm-e2e-")
        os.chmod(self.tmp, 0o755)
        os.mkdir(self.path("mibs"))
        self.env = dict(os.environ, LC_ALL="C", HOME=self.tmp, MIBS="",
                        MIBDIRS=self.path("mibs"), SNMPCONFPATH=self.path("conf"),
                        SNMP_PERSISTENT_DIR=self.persistent("clients"))

    def path(self, name):
        return os.path.join(self.tmp, name)

    def persistent(self, name):
        """A folder for net-snmp's persistent state, one for each process."""
        folder = self.path(f"{name}.state")
        os.makedirs(os.path.join(folder, "cert_indexes"), exist_ok=True)
        return folder

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def start(self, name, argv, **options):
        return Process(self, name, argv, **options)

    def run(self, *argv, **options):
        return run(*argv, check=False, env=self.env, cwd=self.tmp, **options)

    def logs(self):
        for process in self.processes:
            self.tap.note(f"--- log of {process.name}")
            self.tap.note(process.log()[-6000:])

    def close(self):
        """Stops what runs, in the reverse order, and tells what went wrong in it."""
        for process in reversed(self.processes):
            process.stop()
        problems = [f"{p.name}: {x}" for p in self.processes for x in p.problems]
        name = "every process ended as it should and logged nothing odd"
        # The first one stands in the name: a summary may keep no more of a failure.
        self.tap.ok(not problems, "".join((name, *(f": {x[:200]}" for x in problems[:1]))),
                    *problems)
        for closer in self.closers:
            closer()
        if self.tap.failed:
            self.logs()
        shutil.rmtree(self.tmp, ignore_errors=True)


def _need(*programs):
    missing = [x for x in programs if not shutil.which(x)]
    if missing:
        raise Skip(f"not installed: {', '.join(missing)}")


def _enter_namespace():
    if LIBC.unshare(CLONE_NEWNET) != 0:
        raise Skip(f"no network namespace: {os.strerror(ctypes.get_errno())}")
    run("ip", "link", "set", "lo", "up")


def _too_long(_number, _frame):
    raise TooLong(f"the script took more than {SCRIPT_LIMIT} s")


def _run_in(tap, main):
    script = Script(tap)
    try:
        main(script)
    except Exception as problem:   # pylint: disable=broad-except
        tap.ok(False, "the script ran to its end", repr(problem),
               *traceback.format_exc().splitlines()[-20:])
    finally:
        signal.alarm(20)
        script.close()


def test_main(main, programs=(), needs=()):
    """Runs main(script) in a network namespace of its own and ends the process.

    Each of `needs` is called in that namespace and raises Skip when it is not met.
    """
    tap = Tap()
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    try:
        if os.geteuid() != 0:
            raise Skip("needs root for a network namespace")
        _need("ip", "ss", *programs)
        _enter_namespace()
        for need in needs:
            need()
    except Skip as reason:
        print(f"1..0 # SKIP {reason}", flush=True)
        sys.exit(0)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SCRIPT_LIMIT)
    _run_in(tap, main)
    tap.plan()
    sys.exit(1 if tap.failed else 0)
