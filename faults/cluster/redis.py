"""The Redis of the nodes (TOPOLOGIES): one server; a primary, a copy and three sentinels; or three primaries that share the slots."""
import contextlib
import signal
import socket
import subprocess
import time

from server import Server, await_, free_ports, tool

WORDS = ('--bind', '127.0.0.1', '--save', '', '--daemonize', 'no', '--appendonly', 'yes', '--appendfsync', 'everysec')
MASTER = 'hawser'
FOR_EVER = 3_600_000  # milliseconds
START_SECONDS = 60
TIMEOUT = 5


class Refused(Exception):
    """What Redis has said instead of carrying it out."""


class Redis(Server):
    """A redis-server with a folder of its own. It keeps its data there, so that it can be killed with and without it."""

    def __init__(self, name, folder, clock, *words):
        [port] = free_ports(1)
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.clock, self.more = clock, ()
        super().__init__(name, [*clock.wrapper(name), 'redis-server', '--port', port, '--dir', self.folder, *WORDS, *words], port,
                         self.folder / 'redis.log')

    def start(self):
        with self.log_file.open('a') as log:
            self.process = subprocess.Popen([*self.command, *map(str, self.more)], cwd=self.folder, stdout=log, stderr=subprocess.STDOUT)
        return self

    def start_again(self, *words):
        """With these words besides, until the next start."""
        self.more = words
        self.start().await_ready(START_SECONDS)

    def forget(self):
        """After its end, removes all that it has kept."""
        tool('rm', '-rf', self.folder / 'appendonlydir', *self.folder.glob('*.rdb'), *self.folder.glob('nodes.conf'))

    def is_ready(self):
        try:
            return self.call('PING') == b'PONG'
        except (OSError, Refused):
            return False

    def call(self, *words):
        """What Redis answers: bytes, a number, None or a list."""
        with socket.create_connection(('127.0.0.1', self.port), TIMEOUT) as line, line.makefile('rb') as answers:
            line.sendall(request(words))
            return answer(answers)

    def signal(self, number):
        self.process.send_signal(number)

    def role(self):
        with contextlib.suppress(OSError, Refused):
            return self.call('ROLE')[0].decode()


def request(words):
    parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b'*%d\r\n' % len(parts) + b''.join(b'$%d\r\n%s\r\n' % (len(part), part) for part in parts)


def answer(lines):
    line = lines.readline().rstrip(b'\r\n')
    kind, rest = line[:1], line[1:]
    if kind == b'-':
        raise Refused(rest.decode())
    if kind == b':':
        return int(rest)
    if kind == b'$':
        return None if rest == b'-1' else lines.read(int(rest) + 2)[:-2]
    if kind == b'*':
        return [answer(lines) for _ in range(int(rest))]
    if not line:
        raise ConnectionResetError('Redis has hung up')
    return rest


class Alone:
    """One server."""

    def __init__(self, folder, clock):
        self.servers = [Redis('redis', folder, clock)]
        self.sentinels = []

    def start(self):
        for server in self.servers:
            server.start()
        for server in self.servers:
            server.await_ready(START_SECONDS)

    def stop(self):
        for server in [*self.sentinels, *self.servers]:
            if server.is_running():
                server.signal(signal.SIGCONT)
                server.kill()

    @property
    def primary(self):
        """The server that takes writes."""
        return self.servers[0]

    def targets(self):
        """The servers that nodes connect to."""
        return [*self.servers, *self.sentinels]

    def rewrites(self, server, ports):
        """What a relay replaces in the answers of a server, so that the node finds the relays (ports) of the others."""
        return {}

    def options(self, ports):
        """Of a node whose relays have these ports."""
        return ['--spring.data.redis.host=127.0.0.1', f'--spring.data.redis.port={ports[self.primary.port]}']


class Sentinel(Redis):
    def __init__(self, name, folder, clock, primary):
        super().__init__(name, folder, clock)
        file = self.folder / 'sentinel.conf'
        file.write_text(f'port {self.port}\nbind 127.0.0.1\ndir {self.folder}\nsentinel monitor {MASTER} 127.0.0.1 {primary} 2\n'
                        f'sentinel down-after-milliseconds {MASTER} {FOR_EVER}\nsentinel failover-timeout {MASTER} 5000\n')
        self.command = ['redis-sentinel', str(file)]

    def master(self, field):
        found = self.call('SENTINEL', 'MASTER', MASTER)
        return dict(zip(found[::2], found[1::2]))[field].decode()


class Sentinels(Alone):
    """The sentinels wait for ever, unless a fault asks them to find out soon."""

    def __init__(self, folder, clock):
        super().__init__(folder, clock)
        copy = Redis('copy', folder, clock)
        copy.more = self.copy_of(self.servers[0])  # until it is started again: as a primary, or as a copy of another one
        self.servers.append(copy)
        self.sentinels = [Sentinel(f'sentinel-{number}', folder, clock, self.primary.port) for number in (1, 2, 3)]

    @staticmethod
    def copy_of(server):
        return '--replicaof', '127.0.0.1', server.port

    @property
    def primary(self):
        return next((server for server in self.servers if server.is_running() and server.role() == 'master'), self.servers[0])

    @property
    def copy(self):
        """The other one. It may just be loading what the primary has, and say nothing of itself meanwhile."""
        return await_(lambda: next((server for server in self.servers if server.is_running() and server.role() == 'slave'), None), START_SECONDS,
                      lambda: 'there is no copy')

    def start(self):
        super().start()
        self.await_copy()
        for sentinel in self.sentinels:
            sentinel.start()
        for sentinel in self.sentinels:
            sentinel.await_ready(START_SECONDS)
            await_(lambda: sentinel.master(b'num-other-sentinels') == '2' and sentinel.master(b'num-slaves') == '1', START_SECONDS,
                   lambda: 'the sentinels do not find each other')

    def await_copy(self):
        """Waits until the copy has all."""
        copy = self.copy

        def follows():
            with contextlib.suppress(Refused):
                return b'master_link_status:up' in copy.call('INFO', 'replication')
        await_(follows, START_SECONDS, lambda: 'the copy does not follow')

    def down_after(self, milliseconds):
        for sentinel in self.sentinels:
            sentinel.call('SENTINEL', 'SET', MASTER, 'down-after-milliseconds', milliseconds)

    def rewrites(self, server, ports):
        return {str(one.port): str(ports[one.port]) for one in self.servers} if server in self.sentinels else {}

    def options(self, ports):
        return [f'--spring.data.redis.sentinel.master={MASTER}',
                '--spring.data.redis.sentinel.nodes=' + ','.join(f'127.0.0.1:{ports[one.port]}' for one in self.sentinels)]


class Primaries(Alone):
    """Three servers, each with a third of the slots."""

    def __init__(self, folder, clock):
        buses = free_ports(3)
        self.servers = [Redis(f'redis-{number + 1}', folder, clock, '--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf',
                              '--cluster-node-timeout', 2000, '--cluster-port', buses[number]) for number in range(3)]
        self.sentinels = []

    def start(self):
        super().start()
        tool('redis-cli', '--cluster', 'create', *(f'127.0.0.1:{one.port}' for one in self.servers), '--cluster-yes')
        self.await_ok()

    def await_ok(self):
        for one in self.servers:
            await_(lambda: b'cluster_state:ok' in one.call('CLUSTER', 'INFO'), START_SECONDS, lambda: 'the slots are not served')

    def move(self, slot):
        """Moves a slot to the next primary; nothing in it is away meanwhile."""
        ids = {one.call('CLUSTER', 'MYID').decode(): one for one in self.servers}
        owner = next(entry[2][2].decode() for entry in self.servers[0].call('CLUSTER', 'SLOTS') if entry[0] <= slot <= entry[1])
        giver = ids[owner]
        name, taker = next((name, one) for name, one in ids.items() if one is self.servers[(self.servers.index(giver) + 1) % 3])
        taker.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', owner)
        giver.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', name)
        while keys := giver.call('CLUSTER', 'GETKEYSINSLOT', slot, 100):
            giver.call('MIGRATE', '127.0.0.1', taker.port, '', 0, 5000, 'KEYS', *keys)
            time.sleep(0.05)
        for one in (taker, giver, *self.servers):
            one.call('CLUSTER', 'SETSLOT', slot, 'NODE', name)

    def rewrites(self, server, ports):
        return {f'127.0.0.1:{one.port}': f'127.0.0.1:{ports[one.port]}' for one in self.servers}

    def options(self, ports):
        return ['--spring.data.redis.cluster.nodes=' + ','.join(f'127.0.0.1:{ports[one.port]}' for one in self.servers)]


TOPOLOGIES = {'alone': Alone, 'sentinels': Sentinels, 'primaries': Primaries}
