"""Everything that runs while faults are made to three nodes (World): processes, clients, callers, and what is measured all the time."""
import asyncio
import concurrent.futures
import contextlib
import json
import random
import time

from server import await_, free_ports, tool
from world import KEY as OPERATORS_KEY
from world import WORK

from .clients import Caller, Talker
from .events import Witness
from .ledger import JSON, NEVER, RAW, RELIABLE, Ledger
from .nodes import HUB, KEY, NODES, PUBLIC_URL, WINDOW_SECONDS, Clocks, Node, Relays, rss
from .redis import TOPOLOGIES

START_SECONDS = 180
MEMBERS = 9  # of a group
OPENING = 48  # handshakes at a time
CALLERS = 3
POLL_SECONDS = 0.5
MEET_SECONDS = 60
OPTIONS = (f'--hawser.operations.key={OPERATORS_KEY}', f'--hawser.push.key={KEY}', f'--hawser.public-url={PUBLIC_URL}', '--hawser.hubs.default.callbacks=none',
           '--hawser.connection.limits.per-user=0', f'--hawser.reliable.window={WINDOW_SECONDS}s', '--hawser.drain.window=3s',
           f'--hawser.drain.timeout={WINDOW_SECONDS}s')


class World:
    def __init__(self, topology, jar, clients, seed):
        self.folder = WORK / f'cluster-{topology}'
        tool('rm', '-rf', self.folder)
        self.folder.mkdir(parents=True)
        self.topology, self.rng = topology, random.Random(f'{seed} {topology}')
        self.ledger = Ledger()
        [port] = free_ports(1)
        self.witness = Witness(port)
        self.clock = Clocks(self.folder)
        self.redis = None
        self.nodes, self.talkers, self.callers, self.jar, self.clients = [], [], [], jar, clients
        self.most_rss, self.killed, self.gone = {}, [], []  # gone: nodes that were killed or stopped, and when
        self.most_late = 0.0  # seconds that this program has begun something too late, since the machine had other things to do
        self.pause = 4 if clients <= 1000 else 8  # seconds between two messages of a client
        self.caller_pause = 0.2
        self.hushed = self.calm = False
        self.threads = concurrent.futures.ThreadPoolExecutor(24)
        self.stack = contextlib.ExitStack()

    @staticmethod
    def now():
        return time.monotonic()

    # --- processes ---

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_):
        self.stack.close()

    def start(self):
        self.stack.callback(self.witness.die)
        self.clock.build()
        self.redis = TOPOLOGIES[self.topology](self.folder, self.clock)
        self.stack.callback(self.redis.stop)
        self.redis.start()
        self.relays = Relays(self.folder)
        self.stack.callback(self.relays.stop)
        for name in NODES:
            node = Node(name, self.jar, self.folder, self.clock, [*OPTIONS, *self.webhooks(name), *self.way_to_redis(name)])
            self.nodes.append(node)
            self.stack.callback(self.end, node)
            node.start()
        for node in self.nodes:
            node.await_ready(START_SECONDS)
        await_(lambda: all(self.knows_all(node) for node in self.nodes), MEET_SECONDS, lambda: 'the nodes do not find each other')

    @staticmethod
    def end(node):
        if node.is_running():
            node.kill()

    def webhooks(self, name):
        entry = f'--hawser.hubs.{HUB}.webhooks[0]'
        return [f'{entry}.url=http://127.0.0.1:{self.witness.port}/{{event}}', f'{entry}.timeout=10s',
                f'--hawser.webhooks.folder={self.folder / name}']

    def way_to_redis(self, name):
        targets = self.redis.targets()
        ports = {server.port: port for server, port in zip(targets, free_ports(len(targets)))}
        for server in targets:
            self.relays.tell(name, 'open', port=ports[server.port], target=server.port, rewrite=self.redis.rewrites(server, ports))
        return self.redis.options(ports)

    def knows_all(self, node):
        """Whether the node reaches Redis, has registered everything, and knows the names of the nodes as they are now, and no others."""
        known = node.known()
        return known and known['redis'] == 'up' and not known['registering'] and len(known['nodes']) == len(NODES)

    def keep_logs(self, name):
        """Away from the next world's."""
        self.folder.rename(self.folder.with_name(f'{self.folder.name}-{name}-{int(time.time())}'))

    def processes(self):
        return [*self.nodes, *self.redis.servers]

    # --- clients ---

    async def open(self):
        """All clients begin, and what is measured all the time."""
        self.over, self.gate = asyncio.Event(), asyncio.Semaphore(OPENING)
        groups = max(1, self.clients // MEMBERS)
        kinds = (RAW, JSON, RELIABLE)
        self.talkers = [Talker(self, number, kinds[number // groups % 3], f'group-{number % groups}', random.Random(self.rng.random()))
                        for number in range(self.clients)]
        self.callers = [Caller(self, random.Random(self.rng.random())) for _ in range(CALLERS)]
        self.tasks = [asyncio.create_task(one.live()) for one in [*self.talkers, *self.callers]]
        self.tasks += [asyncio.create_task(self.poll(node)) for node in self.nodes] + [asyncio.create_task(self.measure())]

    async def close(self):
        self.over.set()
        for talker in self.talkers:
            if talker.line and talker.line.transport:
                talker.line.reset()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def poll(self, node):
        """Finds out from when on all nodes know of a node's users and groups."""
        while True:
            asked, incarnation = self.now(), node.incarnation
            known = await self.in_thread(node.known) if node.is_running() and not node.standing else None
            if known and known['redis'] == 'up' and not known['registering']:
                for session in self.ledger.sessions.values():
                    if session.settled == NEVER and session.node == incarnation and session.began < asked:
                        session.settled = self.now()
            await asyncio.sleep(POLL_SECONDS)

    async def measure(self):
        while True:
            begun = self.now()
            for process in self.processes():
                if process.is_running():
                    self.most_rss[process.name] = max(self.most_rss.get(process.name, 0), rss(process.pid))
            await asyncio.sleep(1)
            self.most_late = max(self.most_late, self.now() - begun - 1)

    async def in_thread(self, call, *arguments):
        return await asyncio.get_running_loop().run_in_executor(self.threads, call, *arguments)

    async def ask(self, node, method, path, body=None, headers=None):
        """The status of an answer of the push API; 0 without one."""
        return (await self.asked(node, method, path, body, headers))[0]

    async def asked(self, node, method, path, body=None, headers=None):
        try:
            return await self.in_thread(node.call, method, path, body, headers or {})
        except OSError:
            return 0, '', {}

    def sessions(self):
        """Those that are open now."""
        return [talker.session for talker in self.talkers if talker.session and talker.session.is_open and not talker.line.over.done()]

    async def until(self, check, seconds, every=0.2):
        """Whether check() comes true in time. It may be a coroutine function."""
        deadline = self.now() + seconds
        while True:
            result = check()
            if asyncio.iscoroutine(result):
                result = await result
            if result:
                return True
            if self.now() > deadline:
                return False
            await asyncio.sleep(every)

    # --- the truth ---

    async def untruths(self):
        """What nodes say of connections, users and groups, and is not so."""
        sessions, found = self.sessions(), []
        if len(sessions) < len(self.talkers):
            return [f'only {len(sessions)} of {len(self.talkers)} clients are connected']
        users = {session.user: session for session in sessions}
        groups = {}
        for session in sessions:
            groups.setdefault(session.group, []).append(session.user)
        for untruths in await asyncio.gather(*(self.untruths_of(node, users, groups) for node in self.nodes)):
            found += untruths
        return found

    async def untruths_of(self, node, users, groups):
        if not node.is_running():
            return [f'{node.name} does not run']
        group, user = self.rng.choice(sorted(groups)), self.rng.choice(sorted(users))
        asked = [('GET', '/hawser/count'), ('GET', f'/hawser/count?userId={user}'), ('HEAD', f'/users/{user}'), ('HEAD', '/users/user-x'),
                 ('HEAD', f'/groups/{group}'), ('HEAD', '/groups/group-x'), ('GET', f'/groups/{group}/connections')]
        expected = [(200, {'count': len(users)}), (200, {'count': 1}), 200, 404, 200, 404, (200, sorted(groups[group]))]
        found = []
        for (method, path), right in zip(asked, expected):
            status, text, _ = await self.asked(node, method, path)
            said = status if isinstance(right, int) else (status, self.meaning(text) if status == 200 else text[:100])
            if said != right:
                found.append(f'{node.name} says to {method} {path}: {str(said)[:300]} instead of {str(right)[:300]}')
        listed = await self.listed(node)
        if listed is not None and listed != sorted(users):
            more = [user for user in listed if user not in users or listed.count(user) > 1]
            found.append(f'{node.name} lists {len(listed)} connections of {len(users)}: too many {more[:5]}, '
                         f'too few {sorted(set(users) - set(listed))[:5]}')
        elif listed is None:
            found.append(f'{node.name} cannot list all connections')
        return found

    @staticmethod
    def meaning(text):
        said = json.loads(text)
        return sorted(one['userId'] for one in said['value']) if 'value' in said else said

    async def listed(self, node):
        """The users of all connections, page by page; None when that fails."""
        users, path = [], '/hawser/connections?maxpagesize=200'
        while path:
            status, text, _ = await self.asked(node, 'GET', path)
            if status != 200:
                return None
            page = json.loads(text)
            users += [one['userId'] for one in page['value']]
            after = page.get('nextLink')
            path = after[after.index('/hawser/connections'):] if after else None
        return sorted(users)
