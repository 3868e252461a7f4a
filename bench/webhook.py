"""bench/run webhook: what a message costs that goes to a webhook's backend, and what a connection takes that waits for one.

A text of 128 bytes goes to a trivial backend on the same machine (bench/backend.c), and the backend's answer to the client. The CPU time is that of
Hawser alone; client and backend share the processors with it. See docs/performance.md.

    bench/run webhook                   all rows; about four minutes
    bench/run webhook --rows echo       the messages only
    bench/run webhook --rows waiting    the connections that wait only
"""
import argparse
import pathlib
import re
import statistics
import subprocess
import time

from contestants import BENCH, HAWSER_OPTIONS, HEAP, WORK, build_load_generator, log_file, say
from report import number, print_head, print_row
from scenarios import LATE_SECONDS, WARM_UP, NoFigure, Scenario, await_no_sockets, live_heap, load_command, run_load
from server import Hawser, Server, built_jar, free_ports, tool

BACKEND = WORK / 'backend'
SIZE = 128
WARM_UP_SECONDS = 10
IN_FLIGHT = (64, 1000)
PROTOCOLS = {'HTTP/1.1': False, 'HTTP/2': True}
# Connections that wait for a backend which takes a second; over HTTP/1.1 each call has a socket, and a process may open 20,000 files
WAITING = {'HTTP/1.1': 4000, 'HTTP/2': 10_000}
DELAY_MILLIS = 1000
SETTLED_SECONDS = 12  # after the load has begun
ENOUGH_SECONDS = 20  # for the connections to open, and for the histogram


def main(arguments):
    options = parse(arguments)
    if not options.no_build:
        build_load_generator()
        tool('gcc', '-O2', '-o', BACKEND, BENCH / 'backend.c')
        built_jar()
    if 'echo' in options.rows:
        print_head('backend over', 'in flight', 'round trips a second', 'µs of Hawser\'s CPU for each', 'p50, ms', 'p99, ms', right=5)
        for protocol in options.over:
            echo(protocol, options)
    if 'waiting' in options.rows:
        print_head('backend over', 'connections that wait', 'bytes of live heap for each', 'bytes of the process for each', 'threads before',
                   'threads', 'answers a second', right=6)
        for protocol in options.over:
            waiting(protocol)


def parse(arguments):
    parser = argparse.ArgumentParser('bench/run webhook', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rows', type=lambda text: text.split(','), default=['echo', 'waiting'], help='echo, waiting, or both')
    parser.add_argument('--over', type=lambda text: text.split(','), default=list(PROTOCOLS), help='HTTP/1.1, HTTP/2, or both')
    parser.add_argument('--rounds', type=int, default=5, help='how often each figure of echo is measured; the median counts')
    parser.add_argument('--time', type=float, default=4, help='seconds of a round')
    parser.add_argument('--no-build', action='store_true', help='uses the builds of the last run')
    return parser.parse_args(arguments)


def backend(delay=0):
    [port] = free_ports(1)
    return Server('backend', [BACKEND, '--port', port, '--delay', delay], port, log_file('backend'))


def hawser(protocol, calls_to, *options):
    entry = '--hawser.hubs.default.webhooks[0]'
    return Hawser(log_file('webhook'), *HAWSER_OPTIONS, f'{entry}.url=http://127.0.0.1:{calls_to.port}/{{event}}',
                  f'{entry}.events=message', f'{entry}.http2={str(PROTOCOLS[protocol]).lower()}', *(f'{entry}.{option}' for option in options),
                  jvm=HEAP)


# --- messages ---

def echo(protocol, options):
    with backend() as calls_to, hawser(protocol, calls_to) as server:
        run_load(server, load(IN_FLIGHT[0]), WARM_UP_SECONDS)
        for in_flight in IN_FLIGHT:
            results = [run_load(server, load(in_flight), options.time, WARM_UP) for _ in range(options.rounds)]
            print_row(protocol, f'{in_flight:,}', *(number(statistics.median(figure(result) for result in results)) for figure in (
                lambda result: result['per_s'], lambda result: result['server']['cpu_s_per_million'],
                lambda result: result['lat_us']['p50'] / 1000, lambda result: result['lat_us']['p99'] / 1000)))


def load(connections):
    """One message of each connection is under way."""
    return Scenario((), f'echo --conns {connections} --size {SIZE} --depth 1', run_load)


# --- connections that wait ---

def waiting(protocol):
    """
    The difference that the connections make, all told: the WebSocket, the event and the call. The process has had as many connections before, and
    has closed them all, so that neither what it loads at first use counts, nor the part of its heap that garbage has touched.
    """
    connections = WAITING[protocol]
    with backend(DELAY_MILLIS) as calls_to, hawser(protocol, calls_to, f'max-calls={connections}') as server:
        run_load(server, load(connections), WARM_UP_SECONDS)
        await_no_sockets(server)
        heap, rss, threads = live_heap(server), status(server, 'VmRSS') << 10, status(server, 'Threads')
        command = load_command(server, load(connections), ENOUGH_SECONDS)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as crowd:
            try:
                time.sleep(SETTLED_SECONDS)
                under_way = calls(server)  # before the collection, which makes answers wait
                held, taken, now = live_heap(server), status(server, 'VmRSS') << 10, status(server, 'Threads')
                said = crowd.communicate(timeout=ENOUGH_SECONDS + LATE_SECONDS)[0]
            finally:
                crowd.kill()
    if under_way < connections * 0.9:
        say(f'  only {under_way:.0f} calls of {connections} were under way')
    if crowd.returncode:
        raise NoFigure(f'did not answer all: {said}')
    answers = re.search(r'"per_s":([\d.]+)', said)
    print_row(protocol, f'{connections:,}', number((held - heap) / connections), number((taken - rss) / connections), str(threads), str(now),
              number(float(answers[1])))


def calls(server):
    _, text = server.operations('/actuator/prometheus')
    return sum(map(float, re.findall(r'^hawser_webhooks_(?:calls|waiting){[^}]*} ([\d.E]+)$', text, re.MULTILINE)))


def status(server, name):
    return int(re.search(rf'^{name}:\s+(\d+)', pathlib.Path(f'/proc/{server.pid}/status').read_text(), re.MULTILINE)[1])
