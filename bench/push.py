"""bench/run push: what pushes over HTTP cost, and what the JSON subprotocols add.

The CPU time is that of Hawser alone; callers and clients share the processors with it. See docs/performance.md.

    bench/run push                          all rows; about four minutes
    bench/run push --rows push,json-echo    these rows

push            64 callers send 10,000 pushes of 128 bytes a second to 1,000 connections, one for each push; with a token for each URL that
                is used again and again, and with a token for each request
push-broadcast  1 KiB to 10,000 connections, by WebSocketServer.broadcast and by the push API
json-echo       128-byte echo with 16 in flight, of raw clients and of those of json.webpubsub.azure.v1
reliable-idle   live heap of idle clients, raw and of json.reliable.webpubsub.azure.v1
"""
import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import statistics
import subprocess
import time
import urllib.request

from contestants import HEAP, IDLE_CONNECTIONS, WORK, build_load_generator, build_this_tree, log_file, this_tree
from report import number, print_head, print_row
from scenarios import LATE_SECONDS, WARM_UP, NoFigure, Scenario, await_no_sockets, live_heap, load_command, open_idle, run_load
from server import HTTP, Hawser

KEY = 'bench-key-bench-key-bench-key-bench-key-bench-key'
ROWS = ('push', 'push-broadcast', 'json-echo', 'reliable-idle')
WARM_UP_SECONDS = 10
RATE = 10_000
RECEIVERS = 1000
CALLERS = 64
REQUESTS = WORK / 'requests'
FANOUT = 'fanout --conns 10000 --size 1024'
ECHO = 'echo --conns 100 --size 128 --depth 16'


def main(arguments):
    options = parse(arguments)
    if not options.no_build:
        build_load_generator()
        build_this_tree()
    for row in options.rows:
        with hawser(row) as server:
            {'push': push, 'push-broadcast': broadcast, 'json-echo': json_echo, 'reliable-idle': reliable_idle}[row](server, options)


def parse(arguments):
    parser = argparse.ArgumentParser('bench/run push', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rows', type=lambda text: text.split(','), default=list(ROWS), help=f'which of {",".join(ROWS)}; all by default')
    parser.add_argument('--rounds', type=int, default=5, help='how often each figure is measured, in turn; the median counts')
    parser.add_argument('--time', type=float, default=4, help='seconds of a round')
    parser.add_argument('--warm-up', type=float, default=WARM_UP_SECONDS, help='seconds for which each load runs before it is measured')
    parser.add_argument('--no-build', action='store_true', help='uses the builds of the last run')
    return parser.parse_args(arguments)


def hawser(row):
    return Hawser(log_file(row), '--hawser.handshake.token.required=false', f'--hawser.push.key={KEY}',
                  '--hawser.handshake.subprotocols=json.webpubsub.azure.v1,json.reliable.webpubsub.azure.v1',
                  jar=this_tree() / 'hawser.jar', jvm=HEAP)


def in_turn(server, loads, options):
    """The results of each load by its name, after a warm-up of all of them."""
    for load in loads.values():
        run_load(server, Scenario((), load, run_load), options.warm_up)
    results = {name: [] for name in loads}
    for _ in range(options.rounds):
        for name, load in loads.items():
            results[name].append(run_load(server, Scenario((), load, run_load), options.time, WARM_UP))
    return results


def median(results, figure):
    return statistics.median(map(figure, results))


def cpu(result):
    return result['server']['cpu_s_per_million']


# --- tokens ---

def token(url, request=None):
    """As an SDK signs it; with the number of a request, a token that no other request has."""
    claims = {'aud': url, 'iat': int(time.time()), 'exp': int(time.time()) + 3600} | ({} if request is None else {'jti': str(request)})
    signed = f'{part({"alg": "HS256", "typ": "JWT"})}.{part(claims)}'
    return f'{signed}.{encoded(hmac.digest(KEY.encode(), signed.encode(), hashlib.sha256))}'


def part(content):
    return encoded(json.dumps(content, separators=(',', ':')).encode())


def encoded(octets):
    return base64.urlsafe_b64encode(octets).decode().rstrip('=')


def api(server):
    return f'http://127.0.0.1:{server.operations_port}'


def write_requests(server, paths, count):
    """A file of so many requests, each with a token of its own; without a count, one for each path."""
    urls = {path: api(server) + path for path in paths}
    with REQUESTS.with_suffix('.own' if count else '.again').open('w') as file:
        for i in range(count or len(paths)):
            path = paths[i % len(paths)]
            file.write(f'{path} {token(urls[path], i if count else None)}\n')
    return file.name


# --- rows ---

def push(server, options):
    with listeners(server, RECEIVERS):
        paths = [f'/api/hubs/default/connections/{name}/:send' for name in connections(server)]
        load = f'push --conns {CALLERS} --size 128 --rate {RATE} --push-port {server.operations_port} --requests '
        own = int(RATE * (options.time + WARM_UP + 1))
        results = in_turn(server, {'used again': load + write_requests(server, paths, 0),
                                   'for each request': load + write_requests(server, paths, own)}, options)
    print_head('token', 'pushes a second', 'µs of Hawser\'s CPU for each', 'p50, ms', 'p99, ms', right=4)
    for name, of in results.items():
        print_row(name, *(number(median(of, figure)) for figure in (
            lambda result: result['per_s'], cpu, lambda result: result['lat_us']['p50'] / 1000, lambda result: result['lat_us']['p99'] / 1000)))
    print()


@contextlib.contextmanager
def listeners(server, count):
    """Clients that only receive."""
    command = load_command(server, Scenario((), f'listen --conns {count}', run_load), 24 * 3600)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline()
            if f'opened={count} ' not in said:
                raise NoFigure(f'has not opened {count} connections: {said}')
            yield
        finally:
            process.terminate()
            process.communicate(timeout=LATE_SECONDS)


def connections(server):
    """The ids of all connections."""
    path, names = '/api/hubs/default/hawser/connections', []
    url = api(server) + path
    while url:
        request = urllib.request.Request(url, headers={'Authorization': f'Bearer {token(api(server) + path)}'})
        with HTTP.open(request, timeout=LATE_SECONDS) as answer:
            page = json.load(answer)
        names += [each['connectionId'] for each in page['value']]
        url = page.get('nextLink')
    return names


def broadcast(server, options):
    requests = write_requests(server, ['/api/hubs/default/:send'], 0)
    results = in_turn(server, {'WebSocketServer.broadcast': FANOUT,
                               'push API': f'{FANOUT} --push-port {server.operations_port} --requests {requests}'}, options)
    compare('broadcast by', 'µs of Hawser\'s CPU for each delivery', results)


def json_echo(server, options):
    compare('client', 'µs of Hawser\'s CPU for each echo', in_turn(server, {'raw': ECHO, 'JSON': f'{ECHO} --json-client'}, options))


def compare(what, title, results):
    first, *_ = results.values()
    print_head(what, title, 'to the first row', right=2)
    for name, of in results.items():
        ratios = [cpu(one) / cpu(other) for one, other in zip(of, first)]
        print_row(name, number(median(of, cpu)), f'{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})')
    print()


def reliable_idle(server, options):
    """The process has had as many clients before, and has closed them all, so that what it loads at first use does not count."""
    print_head('client', 'bytes of live heap', 'more than the first row', right=2)
    first = None
    for name, flag in (('raw', ''), ('reliable', ' --reliable-client')):
        scenario = Scenario((), f'idle --conns {IDLE_CONNECTIONS} --size 128 --touch{flag}', run_load)
        held = [idle_heap(server, scenario) for _ in range(2)][-1]
        first = first or held
        print_row(name, number(held), number(held - first))
    print()


def idle_heap(server, scenario):
    before = live_heap(server)
    with open_idle(server, scenario, 10 * LATE_SECONDS):
        heap = live_heap(server) - before
    await_no_sockets(server)
    return heap / IDLE_CONNECTIONS
