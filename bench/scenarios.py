"""What bench/run measures: the table of scenarios, and how a server is measured in each."""
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time
from typing import Callable, NamedTuple

import locks
from contestants import (BLOCKING, CERTIFICATE, DEFLATE, HTTP2, HTTP2_CLEAR, IDLE_CONNECTIONS, IMAGE, LOAD, NETTY, NETTY_NATIVE,
                         NON_BLOCKING, PEER_OPTIONS, PLAIN, TAKEOVER, TLS, say)
from server import Hawser, find_jdk

OPENING_SECONDS = 120  # for all idle connections; a server whose heap is too small never opens them all
SETTLING_SECONDS = 5  # after which idle connections are idle
LATE_SECONDS = 60  # by which a program may exceed the time that it was given
WARM_UP = 1  # seconds, at the start of each turn


class NoFigure(Exception):
    """A server cannot be measured; says why, after the server's name."""


# --- ways to measure: each returns the figures of its scenario ---

def cpu_per_message(server, scenario, seconds):
    return [run_load(server, scenario, seconds, WARM_UP)['server']['cpu_s_per_million']]


def cpu_per_connection(server, scenario, seconds):
    return [run_load(server, scenario, seconds, WARM_UP)['server']['cpu_s_per_1000']]


def cpu_and_bytes(server, scenario, seconds):
    result = run_load(server, scenario, seconds, WARM_UP)
    return [result['server']['cpu_s_per_million'], result['wire_in'] / max(result['count'], 1)]


def latency(server, scenario, seconds):
    """The load generator counts from the moment at which a message was due, so a pause of the server counts for all that was due in it."""
    result = run_load(server, scenario, max(seconds, LATENCY_SECONDS), WARM_UP)
    return [*(result['lat_us'][part] for part in ('p50', 'p99', 'p999')), result['server']['cpu_s_per_million']]


def cpu_and_last_delivery(server, scenario, seconds):
    result = run_load(server, scenario, seconds, WARM_UP)
    return [result['server']['cpu_s_per_million'], result['lat_us']['p50'] / 1000]


def idle(server, scenario, seconds):
    """
    Memory and CPU time of idle connections. The process has had as many connections before, and has closed them all, so the memory that
    it takes in addition is what connections cost. The histograms are outside of the time in which the CPU is measured.
    """
    run_load(server, SCENARIOS['handshake'], 6)
    with open_idle(server, scenario, 1) as before_that:
        before_that.communicate(timeout=LATE_SECONDS)
    await_no_sockets(server)
    before = live_heap(server)
    with open_idle(server, scenario, seconds + 10 * LATE_SECONDS) as held:
        opened = live_heap(server)
        time.sleep(SETTLING_SECONDS)
        used = cpu_seconds(server.pid)
        time.sleep(seconds)
        used = cpu_seconds(server.pid) - used
        after = live_heap(server)
        held.send_signal(signal.SIGTERM)
        result = json.loads(held.communicate(timeout=LATE_SECONDS)[0].strip().splitlines()[-1])
    if result['open'] < IDLE_CONNECTIONS:
        raise NoFigure(f'has kept only {result["open"]} of {IDLE_CONNECTIONS} connections')
    return [result['server']['bytes_per_conn_end'], (opened - before) / IDLE_CONNECTIONS, used / seconds / IDLE_CONNECTIONS * 1e6,
            (after - opened) / IDLE_CONNECTIONS]


def lock_waits(server, scenario, seconds):
    with locks.recorded(server) as waits:
        count = run_load(server, scenario, seconds, 0)['count']
    return [waits.count / count * 1000, waits.microseconds / count * 1000]


# --- the table ---

class Scenario(NamedTuple):
    figures: tuple  # their titles
    load: str  # the load generator's arguments
    measure: Callable  # (server, scenario, seconds) -> figures
    setup: str = PLAIN  # what the servers are started with
    who: tuple = (NON_BLOCKING, BLOCKING, *PEER_OPTIONS)  # takes part
    in_turn: bool = True  # all servers run and take turns; otherwise each server is started alone, and only once
    usual: bool = True  # part of a run that names no scenarios


GATEWAYS = (NON_BLOCKING, BLOCKING, NETTY, NETTY_NATIVE)  # the others speak no HTTP/2, or compress and encrypt as one of these does
LATENCY_SECONDS = 3  # at least: a thousandth of 30,000 messages is 30
SMALL = 'echo --conns 100 --size 128'
SCENARIOS = {
    'echo1': Scenario(('us CPU per 128-byte echo, 1 in flight',), f'{SMALL} --depth 1', cpu_per_message),
    'echo16': Scenario(('us CPU per 128-byte echo, 16 in flight',), f'{SMALL} --depth 16', cpu_per_message),
    'echo16k': Scenario(('us CPU per 16-KiB echo, text',), 'echo --conns 100 --size 16384 --depth 1', cpu_per_message),
    'echo16k-binary': Scenario(('us CPU per 16-KiB echo, binary',), 'echo --conns 100 --size 16384 --depth 1 --binary', cpu_per_message),
    'handshake': Scenario(('ms CPU per handshake',), 'handshake --conns 64', cpu_per_connection),
    'churn': Scenario(('ms CPU per connection with one message',), 'churn --conns 64', cpu_per_connection, who=GATEWAYS),
    'fanout': Scenario(('us CPU per delivery to 1,000',), 'fanout --conns 1000 --size 128', cpu_per_message),
    'broadcast': Scenario(('us CPU per delivery of 1 KiB to 10,000, 1 in 100 does not read', 'ms to the last reader, median'),
                          'fanout --conns 10000 --size 1024 --deaf 100', cpu_and_last_delivery, who=GATEWAYS),
    'rate10k': Scenario(('us latency at 10,000/s, p50', 'us latency at 10,000/s, p99', 'us latency at 10,000/s, p99.9',
                         'us CPU per echo at 10,000/s'), 'echo --conns 1000 --size 128 --rate 10000', latency, who=GATEWAYS),
    'rate50k': Scenario(('us latency at 50,000/s, p50', 'us latency at 50,000/s, p99', 'us latency at 50,000/s, p99.9',
                         'us CPU per echo at 50,000/s'), 'echo --conns 1000 --size 128 --rate 50000', latency, who=GATEWAYS),
    'tls1': Scenario(('us CPU per 128-byte echo in TLS 1.3, 1 in flight',), f'{SMALL} --depth 1', cpu_per_message, TLS, GATEWAYS),
    'tls16': Scenario(('us CPU per 128-byte echo in TLS 1.3, 16 in flight',), f'{SMALL} --depth 16', cpu_per_message, TLS, GATEWAYS),
    'tls16k': Scenario(('us CPU per 16-KiB echo in TLS 1.3, binary',), 'echo --conns 100 --size 16384 --depth 1 --binary', cpu_per_message,
                       TLS, GATEWAYS),
    'http2': Scenario(('us CPU per 128-byte echo over HTTP/2 in TLS 1.3',), f'{SMALL} --depth 1 --http2 10', cpu_per_message, HTTP2, GATEWAYS),
    'http2-clear': Scenario(('us CPU per 128-byte echo over HTTP/2 without TLS',), f'{SMALL} --depth 1 --http2 10', cpu_per_message,
                            HTTP2_CLEAR, GATEWAYS),
    'deflate': Scenario(('us CPU per 1-KiB echo of JSON, deflated alone', 'bytes of the reply on the wire, deflated alone'),
                        'echo --conns 100 --size 1024 --depth 1 --compress', cpu_and_bytes, DEFLATE, GATEWAYS),
    'takeover': Scenario(('us CPU per 1-KiB echo of JSON, deflated with takeover', 'bytes of the reply on the wire, with takeover'),
                         'echo --conns 100 --size 1024 --depth 1 --compress --takeover', cpu_and_bytes, TAKEOVER, GATEWAYS),
    # Callbacks that block differ from the others only when they run, and an idle connection runs none
    'idle': Scenario(('bytes of the process per idle connection', 'bytes of live heap per idle connection',
                      'us CPU per idle connection and second', 'bytes by which the live heap of an idle connection grew'),
                     f'idle --conns {IDLE_CONNECTIONS} --touch', idle, who=(NON_BLOCKING, IMAGE, *PEER_OPTIONS), in_turn=False),
    'locks': Scenario(('waits for locks per 1,000 echoes, 16 in flight', 'us waited for locks per 1,000 echoes'), f'{SMALL} --depth 16',
                      lock_waits, usual=False),
}


# --- the load generator and the server's process ---

def load_command(server, scenario, seconds):
    """What the scenario says comes last, and so counts."""
    mode, *options = scenario.load.split()
    path = re.sub(r'^wss?://[^/]+', '', server.url()) if isinstance(server, Hawser) else '/ws'
    secure = ['--tls', str(CERTIFICATE)] if scenario.setup in (TLS, HTTP2) else []
    return [str(LOAD), mode, *secure, '--port', str(server.port), '--url-path', path, '--time', str(seconds), '--pid', str(server.pid), '--tree',
            '--json', *options]


def run_load(server, scenario, seconds, warmup=0):
    try:
        done = subprocess.run([*load_command(server, scenario, seconds), '--warmup', str(warmup)], stdout=subprocess.PIPE, text=True,
                              timeout=seconds + warmup + LATE_SECONDS)
    except subprocess.TimeoutExpired:
        raise NoFigure('has kept the load generator waiting') from None
    try:
        result = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise NoFigure(f'got no load: the load generator ended with {done.returncode} {done.stdout.strip()}') from None
    if done.returncode:
        raise NoFigure(f'did not answer everything as it should: {result.get("errors", "errors")}')
    return result


@contextlib.contextmanager
def open_idle(server, scenario, seconds):
    """Returns the load generator once all its connections are open and answered; they stay open for this many seconds."""
    process = subprocess.Popen(load_command(server, scenario, seconds), stdout=subprocess.PIPE, text=True)
    too_slow = threading.Timer(OPENING_SECONDS, process.kill)
    too_slow.start()
    try:
        line = ''
        while not line.startswith('TOUCHED'):
            line = process.stdout.readline()
            opened = re.match(r'ALL_OPEN opened=(\d+)', line)
            if opened and int(opened[1]) < IDLE_CONNECTIONS:
                raise NoFigure(f'has opened only {opened[1]} of {IDLE_CONNECTIONS} connections')
            if not line:
                raise NoFigure(f'has not opened {IDLE_CONNECTIONS} connections and answered on each in {OPENING_SECONDS} s')
        too_slow.cancel()
        yield process
    except subprocess.TimeoutExpired:
        raise NoFigure('has kept the load generator waiting') from None
    finally:
        too_slow.cancel()
        process.kill()
        process.wait()


def await_no_sockets(server):
    deadline = time.monotonic() + 60
    while sockets(server.pid, server.port):
        if time.monotonic() > deadline:
            raise NoFigure('still has connections a minute after they were closed')
        time.sleep(0.2)
    time.sleep(1)  # so that the server can finish its work after the sockets are closed


def sockets(pid, port):
    """How many TCP connections the server has, including half-closed ones; a connection in TIME_WAIT belongs to no process any more."""
    listening, time_wait, count = '0A', '06', 0
    for table in ('tcp', 'tcp6'):
        for line in pathlib.Path(f'/proc/{pid}/net/{table}').read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            count += int(local.split(':')[1], 16) == port and state not in (listening, time_wait)
    return count


def cpu_seconds(pid):
    """User and system time that the process has used so far."""
    user, system = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf('SC_CLK_TCK')


def live_heap(server):
    """Bytes after a full collection, which jcmd's histogram begins with."""
    try:
        histogram = subprocess.run([find_jdk() / 'bin' / 'jcmd', str(server.pid), 'GC.class_histogram'], stdout=subprocess.PIPE,
                                   text=True, timeout=60).stdout
    except subprocess.TimeoutExpired:
        raise NoFigure('only collects garbage') from None
    return int(histogram.strip().splitlines()[-1].split()[-1])
