#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Options, configuration lines and exit statuses of netmibd."""

import os
import re
import shutil
import signal
import socket
import subprocess

import agents
import oracle
from harness import NETMIBD, test_main, wait_for

NOBODY = "65534"
PORT = agents.PORTS[agents.STANDALONE]
LISTEN = f"udp:127.0.0.1:{PORT}"
# a bad line and the words of what is accepted, all of which the message must hold
BAD_LINES = (
    ("netmibServe nosuch", ("tcp",)),
    ("netmibServe", ("tcp",)),
    ("netmibMaxAge nosuch 1", ("sockets", "processes", "counters")),
    ("netmibMaxAge sockets", ("seconds",)),
    ("netmibMaxAge sockets soon", ("seconds",)),
    ("netmibMaxAge sockets -1", ("seconds",)),
    ("netmibMaxAge sockets 86401", ("seconds",)),
    ("netmibMaxAge sockets nan", ("seconds",)),
    ("netmibMaxAge sockets 1 2", ("seconds",)),
    ("netmibInetAddress sideways", ("compatible", "strict")),
    ("netmibInetAddress", ("compatible", "strict")),
    ("netmibProcesses maybe", ("yes", "no")),
)
BLANK_LINES = 3     # net-snmp says its own about a token with nothing behind it
TABLES = {"tcpConnectionTable": oracle.CONNECTION_TABLE,
          "tcpListenerTable": oracle.LISTENER_TABLE, "tcpConnTable": oracle.CONN_TABLE}


def netmibd(script, *args):
    """Runs netmibd to its end, which should come at once."""
    return script.run(NETMIBD, *args, timeout=3)


def check(tap, name, done, status, out=r"\Z", err=r"\Z", lines=1):
    """Exit status, both streams by pattern from their start, and few lines on stderr."""
    good = (done.returncode == status and re.match(out, done.stdout)
            and re.search(err, done.stderr) and len(done.stderr.splitlines()) <= lines)
    tap.ok(good, name, f"status {done.returncode}, wanted {status}",
           f"stdout: {done.stdout[:600]}", f"stderr: {done.stderr[:600]}")


def check_plain(script):
    tap = script.tap
    check(tap, "-V prints the version", netmibd(script, "-V"), 0,
          r"netmibd? .*\d+\.\d+.*\n\Z")
    done = netmibd(script, "-h")
    check(tap, "-h prints the usage to stdout", done, 0, r".*netmibd")
    missing = [x for x in "fxlcCDpVh" if f"-{x}" not in done.stdout]
    tap.ok(not missing, "-h names every option", missing)


def check_usage(script):
    """Wrong options: status 2, one line that says what, one that says where to look."""
    tap = script.tap
    for args, what in ((("-Z",), "Z"), (("--nosuch",), "-"), (("-c",), "c"),
                       (("-f", "operand"), "operand"),
                       (("-x", "a", "-l", LISTEN), "-x|-l")):
        check(tap, f"{' '.join(args)} is refused", netmibd(script, *args), 2,
              err=what, lines=2)
        done = netmibd(script, *args)
        tap.ok("-h" in done.stderr, f"{' '.join(args)}: with a hint at -h", done.stderr)
    done = netmibd(script, "-p", "nosuchtable")
    check(tap, "-p with an unknown name", done, 2, err="nosuchtable", lines=2)
    missing = [x for x in ("tcp", *TABLES) if x not in done.stderr]
    tap.ok(not missing, "-p with an unknown name: says which exist", missing, done.stderr)
    check(tap, "-p without a name", netmibd(script, "-p"), 2, err="-p|name", lines=2)


def check_configuration(script):
    tap = script.tap
    missing = script.path("nosuch.conf")
    hosts = {"-l": ("-f", "-l", LISTEN), "-x": ("-f", "-x", script.path("nomaster"))}
    for name, args in hosts.items():
        check(tap, f"{name}: a configuration file that is missing",
              netmibd(script, "-C", "-c", missing, *args), 1, err=re.escape(missing))
    check(tap, "-c with a directory", netmibd(script, "-C", "-c", script.tmp, *hosts["-l"]),
          1, err=re.escape(script.tmp))
    for line, accepted in BAD_LINES:
        path = script.write("bad.conf", f"{agents.COMMUNITY}{line}\n")
        done = netmibd(script, "-C", "-c", path, *hosts["-l"])
        check(tap, f"'{line}' ends the start", done, 1, err=re.escape(path) + r".*\b3\b",
              lines=1 if " " in line else BLANK_LINES)
        absent = [x for x in accepted if x not in done.stderr]
        tap.ok(not absent, f"'{line}': the message says what is accepted", absent,
               done.stderr)
    path = script.write("bad.conf", f"\n\n{BAD_LINES[0][0]}\n")
    check(tap, "-x: a bad line ends the start",
          netmibd(script, "-C", "-c", path, *hosts["-x"]), 1,
          err=re.escape(path) + r".*\b3\b")


def check_two_addresses(script):
    """-l takes a list, and of transports other than UDP."""
    addresses = (LISTEN, f"tcp:127.0.0.1:{PORT}", f"udp6:[::1]:{PORT}")
    daemon = agents.start_netmibd(script, "two", agents.COMMUNITY + "rocommunity6 public\n",
                                  ("-l", ",".join(addresses)))
    agent = agents.Agent(script, "two", PORT)
    for agent.address in addresses:
        script.tap.ok(wait_for(agent.answers, 5), f"-l with three: {agent.address} answers",
                      daemon.log())
    daemon.stop()


def check_print(script):
    """-p shows each table by name, and nothing else."""
    tap = script.tap
    everything = agents.printed(script, "tcp")
    tap.ok(list(everything) == sorted(everything), "-p tcp: the OIDs rise")
    tap.ok({x[7] for x in everything} == {*range(1, 13), 13, 14, 15, 17, 18, 19, 20},
           "-p tcp: every scalar and table", {x[7] for x in everything})
    for name, table in TABLES.items():
        tap.equal(agents.printed(script, name),
                  {x: y for x, y in everything.items() if x[:8] == table},
                  f"-p {name}: that table")
    both = agents.printed(script, "tcpListenerTable", "tcpConnTable")
    tap.ok({x[7] for x in both} == {13, 20}, "-p with two names: both tables")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([NETMIBD, "-p", "tcp"], stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=10, check=False)
    tap.ok(done.returncode == 1 and done.stderr, "-p to a full disk fails and says so",
           done.returncode, done.stderr)


def check_ordinary(script):
    """Neither -p nor its rows take a privilege; process ids do."""
    tap = script.tap
    if not shutil.which("setpriv"):
        tap.skip("-p tcp as an ordinary user", "no setpriv")
        return
    who = ("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups")
    if script.run(*who, "test", "-x", NETMIBD).returncode != 0:
        tap.skip("-p tcp as an ordinary user", f"nobody may not run {NETMIBD}")
        return
    done = script.run(*who, NETMIBD, "-p", "tcp")
    tap.ok(done.returncode == 0 and not done.stderr, "-p tcp as an ordinary user: succeeds",
           done.returncode, done.stderr)
    rows = {x: agents.as_number(y) for x, y in agents.parse(done.stdout)}
    tap.equal(set(oracle.connection_rows(rows)), set(oracle.Look().connections()),
              "-p tcp as an ordinary user: every row")
    tap.equal(set(oracle.column(oracle.connection_rows(rows), 8).values()), {0},
              "-p tcp as an ordinary user: no process ids of others")


def check_addresses(script):
    tap = script.tap
    config = script.write("public.conf", agents.COMMUNITY)
    for address in ("udp:192.0.2.1:1161", "nosuch:transport", "udp:127.0.0.1:99999"):
        for fore in (("-f",), ()):
            done = netmibd(script, *fore, "-C", "-c", config, "-l", address)
            check(tap, f"-l {address}{' -f' if fore else ''}: cannot listen", done, 1,
                  err=re.escape(address))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", PORT))
        done = netmibd(script, "-f", "-C", "-c", config, "-l", LISTEN)
        check(tap, "-l on a port that is taken", done, 1, err=re.escape(LISTEN))


def daemons():
    """Process ids of every netmibd in this network namespace."""
    found = []
    here = os.readlink("/proc/self/ns/net")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            name = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
            if (os.readlink(f"/proc/{pid}/ns/net") == here
                    and name.split(" ")[0] in ("netmibd", "lt-netmibd")):
                found.append(int(pid))
        except OSError:
            pass
    return found


def end(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def check_daemon(script):
    """Without -f it goes into the background, and only once it listens."""
    tap = script.tap
    script.closers.append(lambda: end(daemons()))
    config = script.write("daemon.conf", agents.COMMUNITY)
    agent = agents.Agent(script, "daemon", PORT)
    done = netmibd(script, "-C", "-c", config, "-l", LISTEN)
    check(tap, "without -f it returns", done, 0)
    found = daemons()
    if not tap.ok(len(found) == 1, "without -f one process stays", found):
        return
    tap.ok(agent.wait_ready().answers(), "the daemon answers")
    stat = open(f"/proc/{found[0]}/stat", encoding="utf-8").read().rpartition(")")[2]
    tap.ok(int(stat.split()[3]) != os.getsid(0), "the daemon has a session of its own")
    held = {os.path.realpath(f"/proc/{found[0]}/fd/{x}") for x in (0, 1, 2)}
    tap.equal(held, {"/dev/null"}, "the daemon holds no standard stream")
    os.kill(found[0], signal.SIGTERM)
    tap.ok(wait_for(lambda: not daemons(), 2), "SIGTERM ends the daemon")


def check_usual_places(script):
    """Without -C the usual configuration files are read, and -c adds to them."""
    tap = script.tap
    os.mkdir(script.env["SNMPCONFPATH"])
    script.write("conf/netmibd.conf", agents.COMMUNITY)
    extra = script.write("extra.conf", "sysLocation here\n")
    agent = agents.Agent(script, "usual", PORT)
    agent.daemon = script.start("usual", [NETMIBD, "-f", "-c", extra, "-l", LISTEN])
    agent.wait_ready()
    tap.equal(agent.get((1, 3, 6, 1, 2, 1, 1, 6, 0))[0][1].text, '"here"',
              "without -C both the usual file and that of -c are read")
    agent.daemon.stop()


def check_debug(script):
    agent = agents.start_standalone(script, name="debug", allowed=[r""],
                                    args=("-D", "netmib")).wait_ready()
    script.tap.ok(agent.daemon.lines("netmib"), "-D netmib logs debugging output")
    agent.daemon.stop()


def main(script):
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    for step in (check_plain, check_usage, check_configuration, check_print, check_ordinary,
                 check_addresses, check_two_addresses, check_daemon, check_usual_places,
                 check_debug):
        step(script)
    client.close()
    server.close()


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS)
