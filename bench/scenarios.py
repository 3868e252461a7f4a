"""What bench/run measures: the table of scenarios, and how a server is measured in each."""
import contextlib
import json
import pathlib
import re
import subprocess
import threading
import time
from typing import Callable, NamedTuple

from contestants import IDLE_CONNECTIONS, LOAD, say
from server import Hawser, find_jdk

OPENING_SECONDS = 120  # for all idle connections; a server whose heap is too small never opens them all
IDLE_SECONDS = 15
LATE_SECONDS = 60  # by which a program may exceed the time that it was given


class NoFigure(Exception):
    """A server cannot be measured; says why, after the server's name."""


# --- ways to measure: each returns the figures of its scenario ---

def cpu_per_message(server, load, seconds):
    return [run_load(server, load, seconds, warmup=1)['server']['cpu_s_per_million']]


def cpu_per_handshake(server, load, seconds):
    return [run_load(server, load, seconds, warmup=1)['server']['cpu_s_per_1000']]


def memory(server, load, _):
    """
    Memory per idle connection. The process has had as many connections before, and has closed them all, so the memory that it takes in
    addition is what connections cost.
    """
    run_load(server, HANDSHAKES, 6)
    with open_idle(server, load, 1) as before_that:
        before_that.communicate(timeout=LATE_SECONDS)
    await_no_sockets(server)
    before = live_heap(server)
    with open_idle(server, load, IDLE_SECONDS) as held:
        after = live_heap(server)
        result = json.loads(held.communicate(timeout=IDLE_SECONDS + LATE_SECONDS)[0].strip().splitlines()[-1])
    if result['open'] < IDLE_CONNECTIONS:
        raise NoFigure(f'has kept only {result["open"]} of {IDLE_CONNECTIONS} connections')
    return [result['server']['bytes_per_conn_end'], (after - before) / IDLE_CONNECTIONS]


# --- the table ---

class Scenario(NamedTuple):
    figures: tuple  # their titles
    load: str  # the load generator's arguments
    measure: Callable  # (server, load, seconds) -> figures
    in_turn: bool = True  # all servers run and take turns; otherwise each server is started alone, and only once


HANDSHAKES = 'handshake --conns 64'
SCENARIOS = {
    'echo1': Scenario(('us CPU per 128-byte echo, 1 in flight',), 'echo --conns 100 --size 128 --depth 1', cpu_per_message),
    'echo16': Scenario(('us CPU per 128-byte echo, 16 in flight',), 'echo --conns 100 --size 128 --depth 16', cpu_per_message),
    'echo16k': Scenario(('us CPU per 16-KiB echo',), 'echo --conns 100 --size 16384 --depth 1', cpu_per_message),
    'handshake': Scenario(('ms CPU per handshake',), HANDSHAKES, cpu_per_handshake),
    'fanout': Scenario(('us CPU per delivery to 1,000',), 'fanout --conns 1000 --size 128', cpu_per_message),
    'idle': Scenario(('bytes of the process per idle connection', 'bytes of live heap per idle connection'),
                     f'idle --conns {IDLE_CONNECTIONS} --touch', memory, in_turn=False),
}


# --- the load generator and the server's process ---

def load_command(server, load, seconds):
    path = re.sub(r'^ws://[^/]+', '', server.url()) if isinstance(server, Hawser) else '/ws'
    return [str(LOAD), *load.split(), '--port', str(server.port), '--url-path', path, '--time', str(seconds), '--pid', str(server.pid),
            '--tree', '--json']


def run_load(server, load, seconds, warmup=0):
    try:
        done = subprocess.run([*load_command(server, load, seconds), '--warmup', str(warmup)], stdout=subprocess.PIPE, text=True,
                              timeout=seconds + warmup + LATE_SECONDS)
    except subprocess.TimeoutExpired:
        raise NoFigure('has kept the load generator waiting') from None
    if not done.stdout.strip():
        raise NoFigure(f'got no load: the load generator ended with {done.returncode}')
    result = json.loads(done.stdout.strip().splitlines()[-1])
    if done.returncode:
        say(f'  {server.name} did not answer everything: {result.get("errors", "errors")}')
    return result


@contextlib.contextmanager
def open_idle(server, load, seconds):
    """Returns the load generator once all its connections are open and answered; they stay open for this many seconds."""
    process = subprocess.Popen(load_command(server, load, seconds), stdout=subprocess.PIPE, text=True)
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


def live_heap(server):
    """Bytes after a full collection, which jcmd's histogram begins with."""
    try:
        histogram = subprocess.run([find_jdk() / 'bin' / 'jcmd', str(server.pid), 'GC.class_histogram'], stdout=subprocess.PIPE,
                                   text=True, timeout=60).stdout
    except subprocess.TimeoutExpired:
        raise NoFigure('only collects garbage') from None
    return int(histogram.strip().splitlines()[-1].split()[-1])
