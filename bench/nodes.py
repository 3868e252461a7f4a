"""bench/run cluster: what it costs to reach a connection of another node.

The CPU time is that of all nodes and of Redis together, from /proc; clients share the processors with them. See docs/performance.md.

    bench/run cluster                           all rows, with one, two and three nodes; about five minutes
    bench/run cluster --rows user --nodes 1,2   these rows and numbers of nodes
    bench/run cluster --against HEAD~1          also with the nodes of a commit; one of before this program cannot take part

user        node 1 pushes 128 bytes to one of 1,000 users, in turn, who are on the other nodes; as fast as results come, and 20,000 a second.
            A push that is refused, since too many are under way, counts for nothing but its CPU, and the next one waits a millisecond. With one
            node, the users are on it; the difference to that is what the way to the other node costs, without the write to the socket.
            The yardstick is a channel of Redis for each user, and two programs that publish and subscribe
group       node 1 pushes 128 bytes to 300 members of a group, 200 times a second, who are spread evenly over all nodes
handshake   CPU time of node 1 for opening and closing a connection that is bound to a user
idle        live heap of node 1, and bytes in Redis, for each idle connection that is bound to a user
"""
import argparse
import base64
import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import time

from contestants import (CALLBACKS, IDLE_CONNECTIONS, LOAD, PEERS, WORK, build_commit, build_load_generator, build_this_tree, log_file, say,
                         this_tree)
from report import number, print_head, print_row
from scenarios import (LATE_SECONDS, WARM_UP, NoFigure, Scenario, await_no_sockets, cpu_seconds, live_heap, open_idle, run_load)
from server import ROOT, Hawser, Server, all_running, find_jdk, free_ports, tool

ROWS = ('user', 'group', 'handshake', 'idle')
HEAP = ('-Xms512m', '-Xmx512m')
PUBSUB = WORK / 'pubsub'
PUBSUB_NAME = 'pub/sub of Redis'
USERS = 1000
MEMBERS = 300
RATE = 20_000
GROUP_RATE = 200
WINDOW = 4000  # pushes without a result, when they are made as fast as results come
HANDSHAKE = Scenario((), 'handshake --conns 64 --url-path /ws?user=h{n}', run_load)
IDLE_BOUND = Scenario((), f'idle --conns {IDLE_CONNECTIONS} --size 128 --touch --url-path /ws?user=i{{n}}', run_load)


def main(arguments):
    options = parse(arguments)
    builds = build(options)
    services = [Service(size, label, folder) for size in options.nodes for label, folder in builds.items() if size > 1 or not label]
    peer = [PubSub()] if 'user' in options.rows and options.peer else []
    with all_running([server for each in [*services, *peer] for server in each.processes()]):
        if 'user' in options.rows:
            users([*services, *peer], options)
        if 'group' in options.rows:
            groups(services, options)
        if 'handshake' in options.rows:
            handshakes(services, options)
        if 'idle' in options.rows:
            idle(services)


def parse(arguments):
    parser = argparse.ArgumentParser('bench/run cluster', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rows', type=lambda text: text.split(','), default=list(ROWS), help=f'which of {",".join(ROWS)}; all by default')
    parser.add_argument('--nodes', type=lambda text: [int(part) for part in text.split(',')], default=[1, 2, 3],
                        help='numbers of nodes, each a service of its own; 1,2,3 by default')
    parser.add_argument('--against', metavar='COMMIT', help='compares with the nodes of this commit')
    parser.add_argument('--no-peer', dest='peer', action='store_false', help='leaves out pub/sub')
    parser.add_argument('--rounds', type=int, default=5, help='how often each figure is measured, in turn; the median counts')
    parser.add_argument('--time', type=float, default=3, help='seconds of a turn')
    parser.add_argument('--warm-up', type=float, default=6, help='seconds for which each load runs before it is measured')
    parser.add_argument('--no-build', action='store_true', help='uses the builds of the last run')
    return parser.parse_args(arguments)


def build(options):
    """The folders of the builds by what they are called in the tables after the number of nodes."""
    if not options.no_build:
        build_load_generator()
        build_this_tree()
        build_pubsub()
    if not options.against:
        return {'': this_tree()}
    folder, name = build_commit(options.against)
    return {'': this_tree(), f', {name}': folder}


def build_pubsub():
    """With the same Lettuce, and with the same code that pushes."""
    tool(find_jdk() / 'bin' / 'javac', '-proc:none', '-d', PUBSUB, '-cp', f'{this_tree()}/lib/*', PEERS / 'pubsub' / 'PubSub.java',
         ROOT / CALLBACKS / 'Pushes.java')


# --- what is measured: each can push, knows its processes, and says what has arrived ---

class Service:
    """Some nodes of a build; more than one have a Redis."""

    def __init__(self, size, label, folder):
        self.name = f'{size} node{"s" if size > 1 else ""}{label}'
        self.size, self.label = size, label
        self.redis = Redis(f'redis of {self.name}') if size > 1 else None
        redis = ('--spring.data.redis.host=127.0.0.1', f'--spring.data.redis.port={self.redis.port}') if size > 1 else ()
        self.nodes = [Hawser(log_file(f'{self.name} {i}'), '--hawser.handshake.token.required=false', '--bench.callbacks=cluster',
                             f'--hawser.node=n{i}', *redis, jar=folder / 'hawser.jar', jvm=HEAP, name=f'node {i} of {self.name}')
                      for i in range(1, size + 1)]

    def processes(self):
        return [*([self.redis] if self.redis else []), *self.nodes]

    def others(self):
        """The nodes that do not push; with one node, that node."""
        return self.nodes[1:] or self.nodes

    def push(self, kind, rate, window, seconds):
        """Returns how many pushes were passed on."""
        targets = 'g 1' if kind == 'group' else f'{",".join(f"{i}u" for i in range(len(self.others())))} {USERS}'
        results = json.loads(ask(self.nodes[0], f'push {kind} {targets} {rate} {window} {seconds}', seconds + LATE_SECONDS))
        expected = 'HandedOver' if self.size > 1 else 'Delivered'
        refused = 0 if rate else results.get('Unreached', 0)
        if results['all'] != results.get(expected, 0) + refused:
            raise NoFigure(f'has not passed on every push: {results}')
        return results[expected]

    @contextlib.contextmanager
    def listeners(self, kind):
        """Clients that only listen, each of a user of its own, or all of one group."""
        where = self.nodes if kind == 'group' else self.others()
        count = (MEMBERS if kind == 'group' else USERS) // len(where)
        with contextlib.ExitStack() as opened:
            yield [opened.enter_context(Crowd(node, count, 'group=g0' if kind == 'group' else f'user={i}u{{n}}'))
                   for i, node in enumerate(where)]


class Crowd:
    """Clients of a node that listen."""

    def __init__(self, node, count, query):
        self.count = count
        self.process = subprocess.Popen([LOAD, 'listen', '--stamped', '--conns', str(count), '--port', str(node.port), '--url-path',
                                         f'/ws?{query}', '--time', '86400'], stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        said = self.process.stdout.readline()
        if f'opened={self.count} ' not in said:
            raise NoFigure(f'has not opened {self.count} connections: {said}')
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=LATE_SECONDS)

    def report(self):
        """What has come since the last report: its count, and how late it was, in µs."""
        self.process.send_signal(signal.SIGUSR1)
        report = json.loads(self.process.stdout.readline())
        if report['open'] != self.count or report['first_error']:
            raise NoFigure(f'has lost clients, or sent what they do not expect: {report}')
        return report


class Redis(Server):
    def __init__(self, name):
        [port] = free_ports(1)
        super().__init__(name, ['redis-server', '--bind', '127.0.0.1', '--port', port, '--save', '', '--appendonly', 'no'], port,
                         log_file(name))

    def used_memory(self):
        said = tool('redis-cli', '-p', self.port, 'info', 'memory')
        return int(next(line for line in said.splitlines() if line.startswith('used_memory:')).split(':')[1])


class PubSub:
    """The yardstick: two programs and a Redis."""
    name, size, label = PUBSUB_NAME, 2, ''

    def __init__(self):
        self.redis = Redis('redis of pubsub')

    def processes(self):
        return [self.redis]

    @contextlib.contextmanager
    def listeners(self, _):
        with self.program('subscribe') as self.subscriber, self.program('publish') as self.publisher:
            yield [self]

    @contextlib.contextmanager
    def program(self, what):
        process = subprocess.Popen([find_jdk() / 'bin' / 'java', *HEAP, '-cp', f'{PUBSUB}{os.pathsep}{this_tree()}/lib/*', 'bench.PubSub', what,
                                    str(self.redis.port), str(USERS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            while process.stdout.readline().strip() != 'ready':
                if process.poll() is not None:
                    raise NoFigure(f'cannot {what}')
            yield process
        finally:
            process.kill()
            process.wait()

    def push(self, _, rate, window, seconds):
        results = self.said(self.publisher, f'{rate} {window} {seconds}')
        if results['all'] != results.get('Published1'):
            raise NoFigure(f'has not published everything: {results}')
        return results['all']

    def report(self):
        return self.said(self.subscriber, 'report')

    @staticmethod
    def said(process, line):
        process.stdin.write(f'{line}\n')
        process.stdin.flush()
        return json.loads(process.stdout.readline())


def pids(service):
    started = [service.subscriber.pid, service.publisher.pid] if isinstance(service, PubSub) else []
    return started + [process.pid for process in service.processes()]


def ask(server, text, seconds):
    """Sends a text to a node and returns the text that comes back."""
    with socket.create_connection(('127.0.0.1', server.port), seconds) as connection, connection.makefile('rb') as answers:
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall(f'GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                           f'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n'.encode())
        if b' 101 ' not in (said := answers.readline()):
            raise NoFigure(f'has refused a connection: {said}')
        while answers.readline().strip():
            pass
        connection.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text.encode())  # a mask of zeros changes nothing
        while True:
            opcode, length = answers.read(2)
            payload = answers.read(length if length < 126 else int.from_bytes(answers.read(2)))
            if opcode == 0x81:
                return payload.decode()
            if opcode == 0x88:
                raise NoFigure(f'has closed a connection: {payload}')
            connection.sendall(bytes([0x8a, 0x80 | length, 0, 0, 0, 0]) + payload)


# --- pushes ---

def turn(service, crowds, kind, rate, window, seconds):
    """One turn: µs of CPU time for each push, deliveries a second until the last one has come, and the worst crowd's p50 and p99 in ms."""
    used, begin = sum(map(cpu_seconds, pids(service))), time.monotonic()
    pushes = service.push(kind, rate, window, seconds)
    deliveries = pushes * (MEMBERS if kind == 'group' else 1)
    reports = await_deliveries(crowds, deliveries)
    took, used = time.monotonic() - begin, sum(map(cpu_seconds, pids(service))) - used
    return {'cpu': used / pushes * 1e6, 'per_s': deliveries / took, **{part: max(report[part] for report in reports) / 1000 for part in ('p50', 'p99')}}


def await_deliveries(crowds, count):
    deadline, reports = time.monotonic() + LATE_SECONDS, []
    while sum(report['count'] for report in reports) < count:
        if time.monotonic() > deadline:
            raise NoFigure(f'has delivered {sum(report["count"] for report in reports)} of {count}')
        time.sleep(0.05)
        reports += [crowd.report() for crowd in crowds]
    if sum(report['count'] for report in reports) > count:
        raise NoFigure(f'has delivered more than {count}')
    return reports


def in_turn(services, kind, loads, options):
    """The results by service and load, each a list of one for each round."""
    with contextlib.ExitStack() as opened:
        crowds = {service: opened.enter_context(service.listeners(kind)) for service in services}
        for service in services:
            for load in loads.values():
                turn(service, crowds[service], kind, *load, options.warm_up / len(loads))
        results = {}
        for i in range(options.rounds):
            for load, how in loads.items():
                for service in services:
                    result = turn(service, crowds[service], kind, *how, options.time)
                    say(f'  {kind} {load} round {i + 1} {service.name}: {result["cpu"]:.2f} µs, {result["per_s"]:.0f}/s, p99 {result["p99"]:.2f} ms')
                    results.setdefault((service, load), []).append(result)
    return results


def users(services, options):
    results = in_turn(services, 'user', {'fast': (0, WINDOW), 'fixed': (RATE, 0)}, options)
    one = next((service for service in services if service.size == 1), None)
    print_head('pushes to single users', 'deliveries a second', 'µs of CPU for each', 'without the write', f'µs at {RATE:,}/s', 'without the write',
               'p50, ms', 'p99, ms', right=7)
    for service in services:
        fast, fixed = results[service, 'fast'], results[service, 'fixed']
        print_row(service.name, number(median(fast, 'per_s')), number(median(fast, 'cpu')), more(results, service, one, 'fast'),
                  number(median(fixed, 'cpu')), more(results, service, one, 'fixed'), number(median(fixed, 'p50')), number(median(fixed, 'p99')))
    print()
    compare(results, services, ('fast', 'fixed'))


def median(results, figure):
    return statistics.median(result[figure] for result in results)


def more(results, service, one, load):
    """By how much a push to another node is dearer than one to the own node, in the same round. Pub/sub has no WebSockets."""
    if isinstance(service, PubSub):
        return number(median(results[service, load], 'cpu'))
    if service is one or not one:
        return ''
    return number(statistics.median(there['cpu'] - here['cpu'] for there, here in zip(results[service, load], results[one, load])))


def compare(results, services, loads):
    """Each service of this build to that of the commit, in the same round."""
    for service in services:
        before = next((other for other in services if other.size == service.size and other.label and not service.label
                       and not isinstance(service, PubSub)), None)
        for load in loads if before else ():
            ratios = [one['cpu'] / other['cpu'] for one, other in zip(results[service, load], results[before, load])]
            print(f'{service.name}, {load}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) of the CPU of {before.name}')
    print()


def groups(services, options):
    results = in_turn(services, 'group', {'fixed': (GROUP_RATE, 0)}, options)
    one = next((service for service in services if service.size == 1), None)
    print_head(f'pushes to a group of {MEMBERS} on', 'µs of CPU for each', 'to one node', 'p99, ms', right=3)
    for service in services:
        of = results[service, 'fixed']
        ratios = [there['cpu'] / here['cpu'] for there, here in zip(of, results[one, 'fixed'])] if one else []
        print_row(service.name, number(median(of, 'cpu')), f'{statistics.median(ratios):.2f}' if ratios else '', number(median(of, 'p99')))
    print()
    compare(results, services, ('fixed',))


# --- connections ---

def handshakes(services, options):
    """Of each service the first node alone."""
    for service in services:
        run_load(service.nodes[0], HANDSHAKE, options.warm_up)
    results = {service: [] for service in services}
    for _ in range(options.rounds):
        for service in services:
            result = run_load(service.nodes[0], HANDSHAKE, options.time, WARM_UP)
            results[service].append({'cpu': result['server']['cpu_s_per_1000'] * 1000})
    one = next((service for service in services if service.size == 1), None)
    print_head('opening and closing a connection of a user', 'µs of the node\'s CPU', 'more than alone', right=2)
    for service in services:
        extra = [there['cpu'] - here['cpu'] for there, here in zip(results[service], results[one])] if one and service is not one else []
        print_row(service.name, number(median(results[service], 'cpu')), number(statistics.median(extra)) if extra else '')
    print()


def idle(services):
    """Each node has had as many connections before, and has closed them all, so that what it loads at first use does not count."""
    print_head('idle connections of users', 'bytes of live heap', 'more than alone', 'bytes in Redis', right=3)
    alone = None
    for service in services:
        heap, stored = [idle_bytes(service) for _ in range(2)][-1]
        alone = heap if service.size == 1 else alone
        print_row(service.name, number(heap), number(heap - alone) if alone and service.size > 1 else '', number(stored) if service.redis else '')
    print()


def idle_bytes(service):
    node, stored = service.nodes[0], service.redis.used_memory if service.redis else lambda: 0
    heap, kept = live_heap(node), stored()
    with open_idle(node, IDLE_BOUND, 10 * LATE_SECONDS):
        time.sleep(1)  # until Redis knows all users
        figures = (live_heap(node) - heap) / IDLE_CONNECTIONS, (stored() - kept) / IDLE_CONNECTIONS
    await_no_sockets(node)
    return figures
