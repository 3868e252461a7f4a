"""The table of faults that are made to three nodes (CLUSTER_FAULTS): what each does, and what it excuses while it lasts."""
import asyncio
import contextlib
import shutil
import signal
from typing import Callable, NamedTuple

from .foreign import speak_another_version
from .ledger import NEVER, Effect
from .redis import Primaries, Refused, Sentinels

BURIED_SECONDS = 12  # after which a silent node has been buried, within docs/scaling.md's eleven
PACED_SECONDS = 7  # in which a node that comes back finds itself buried, and closes its connections
STILL_SECONDS, LONG_STILL_SECONDS = 5, 30
REDIS_AWAY_SECONDS = 4
REDIS_STILL_SECONDS = 5
CUT_SECONDS, LONG_CUT_SECONDS = 5, 16
SLOW_SECONDS = 15
TAKEN_OVER_SECONDS = 60  # after the end of a node, in which the others take over what it owes and deliver it
LAST_SECONDS = 3  # before the end of a Redis, of which its file or its copy may lack something
FULL_SECONDS = 8
FAILOVER_SECONDS = 30
STOP_SECONDS = 60


class Making:
    """One fault that is being made."""

    def __init__(self, world, rng):
        self.world, self.rng, self.redis = world, rng, world.redis
        self.complaints, self.taken = [], []

    def free_node(self):
        """One that no other fault has in this round."""
        node = self.rng.choice([node for node in self.world.nodes if node not in self.taken])
        self.taken.append(node)
        return node

    def some_redis(self):
        """The server that takes writes, or one of the three that do."""
        return self.rng.choice(self.redis.servers) if isinstance(self.redis, Primaries) else self.redis.primary

    @contextlib.contextmanager
    def excused(self, what, *nodes, after=0.0, ends_twice=False, lost_seconds=None):
        """While the block lasts, and for so long after it, clients may miss what goes between these nodes and others; without nodes, between all."""
        effects, now = self.world.ledger.effects, self.world.now
        lost_since = NEVER if lost_seconds is None else now() - lost_seconds
        begun = Effect(what, now(), nodes=frozenset(node.incarnation for node in nodes), ends_twice=ends_twice, lost_since=lost_since)
        effects.append(begun)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):
                effects[effects.index(begun)] = begun._replace(end=now() + after)

    async def wait(self, seconds):
        await asyncio.sleep(seconds)

    async def do(self, call, *arguments, **more):
        return await self.world.in_thread(lambda: call(*arguments, **more))

    async def back(self, node):
        """Starts a node again, and waits until it is ready."""
        node.start()
        await self.do(node.await_ready)


# --- nodes ---

async def killed_node(making):
    node = making.free_node()
    making.world.killed.append((node.name, making.world.now()))
    making.world.gone.append(making.world.killed[-1])
    await making.do(node.kill)
    await making.wait(making.rng.uniform(0, BURIED_SECONDS))
    await making.back(node)
    return f'{node.name} killed'


async def stopped_node(making):
    """In an orderly way: what its raw clients send while it drains may not be read."""
    node = making.free_node()
    with making.excused('a stop', node):
        code = await making.do(node.stop, STOP_SECONDS)
    making.world.gone.append((node.name, making.world.now()))
    if code not in (0, 143):
        making.complaints.append(f'{node.name} ended with {code} after SIGTERM')
    await making.wait(making.rng.uniform(0, 3))
    await making.back(node)
    return f'{node.name} stopped'


async def still_node(making, seconds):
    node, is_long = making.free_node(), seconds > BURIED_SECONDS
    node.standing = True
    with making.excused('a pause', node, after=PACED_SECONDS if is_long else 0, ends_twice=is_long):
        node.signal(signal.SIGSTOP)
        try:
            await making.wait(seconds)
        finally:
            node.signal(signal.SIGCONT)
        if is_long:
            await making.wait(1)
    node.standing = False
    return f'{node.name} stood still for {seconds} s'


async def stepping_clock(making):
    node = making.free_node()
    for step in (3600, -86400, 400 * 86400, 0):
        making.world.clock.step(node.name, step)
        await making.wait(3)
    return f"{node.name}'s clock stepped by up to 400 days"


# --- between a node and Redis ---

async def cut(making, seconds, **directions):
    """Nothing passes, in one direction or in both. After a long cut the node has been buried."""
    node, is_long = making.free_node(), seconds > 8
    with making.excused('a cut', node, after=PACED_SECONDS if is_long else 0, ends_twice=True):
        making.world.relays.set(node.name, **directions)
        try:
            await making.wait(seconds)
        finally:
            making.world.relays.set(node.name)
    return f'{node.name} cut off for {seconds} s ({", ".join(f"{way} {mode}" for way, mode in directions.items())})'


async def half_open(making):
    """What the node sends is taken, and gets nowhere; then its connections are reset."""
    node = making.free_node()
    with making.excused('half open', node, ends_twice=True):
        making.world.relays.set(node.name, to='swallow')
        await making.wait(CUT_SECONDS)
        making.world.relays.reset(node.name)
        making.world.relays.set(node.name)
    return f"{node.name}'s connections to Redis half open for {CUT_SECONDS} s"


async def slow_link(making):
    """Slow, but not as slow that Redis would count as away."""
    node, delay = making.free_node(), making.rng.choice((0.02, 0.1, 0.3))
    making.world.relays.set(node.name, delay=delay)
    try:
        await making.wait(SLOW_SECONDS)
    finally:
        making.world.relays.set(node.name)
    return f'{node.name} {2 * delay * 1000:.0f} ms from Redis'


async def resets(making):
    node = making.free_node()
    with making.excused('resets', node):
        for _ in range(10):
            making.world.relays.reset(node.name)
            await making.wait(making.rng.uniform(0.1, 1))
    return f"{node.name}'s connections to Redis reset 10 times"


# --- Redis ---

async def redis_gone(making, with_data):
    server = await making.do(making.some_redis)
    with making.excused('Redis gone', ends_twice=True, lost_seconds=LAST_SECONDS if with_data else TAKEN_OVER_SECONDS):
        await making.do(server.kill)
        await making.wait(making.rng.uniform(0, REDIS_AWAY_SECONDS))
        if not with_data:
            server.forget()
        await making.do(server.start_again)
        if isinstance(making.redis, Primaries):
            await making.do(making.redis.await_ok)
    return f'{server.name} killed with its data' if not with_data else f'{server.name} killed'


async def still_redis(making):
    server = await making.do(making.some_redis)
    with making.excused('Redis stands still', ends_twice=True):
        server.signal(signal.SIGSTOP)
        try:
            await making.wait(REDIS_STILL_SECONDS)
        finally:
            server.signal(signal.SIGCONT)
        if isinstance(making.redis, Primaries):
            await making.do(making.redis.await_ok)
    return f'{server.name} stood still for {REDIS_STILL_SECONDS} s'


async def full_redis(making):
    with making.excused('Redis full', ends_twice=True):
        servers = [server for server in making.redis.servers if server.is_running()]
        for server in servers:
            await making.do(server.call, 'CONFIG', 'SET', 'maxmemory', '1')
        try:
            await making.wait(FULL_SECONDS)
        finally:
            for server in servers:
                await making.do(server.call, 'CONFIG', 'SET', 'maxmemory', '0')
    return f'Redis full for {FULL_SECONDS} s'


async def failover(making):
    """The primary ends or stands still, the sentinels make the copy the primary, and the old one comes back as its copy."""
    redis, world = making.redis, making.world
    old, copy = await making.do(lambda: (redis.primary, redis.copy))
    lags, stands = making.rng.random() < 0.5, making.rng.random() < 0.3
    with making.excused('a failover', ends_twice=True, lost_seconds=LAST_SECONDS):
        await making.do(redis.down_after, 1000)
        if lags:  # the copy lacks the last second
            copy.signal(signal.SIGSTOP)
            await making.wait(1)
        old.signal(signal.SIGSTOP) if stands else await making.do(old.kill)
        if lags:
            copy.signal(signal.SIGCONT)
        if not await world.until(lambda: making.do(lambda: copy.role() == 'master'), FAILOVER_SECONDS):
            making.complaints.append('the sentinels have not made the copy the primary')
        if stands:
            await making.do(old.kill)
        await making.do(old.start_again, *redis.copy_of(copy))
        await making.do(redis.await_copy)
        await making.do(redis.down_after, 3_600_000)
    return f'a failover from {old.name} to {copy.name}{", which lacked the last second" if lags else ""}'


async def moved_slots(making):
    """The inboxes, and the table of nodes."""
    redis, moved = making.redis, 0
    names = [known['self'] for node in making.world.nodes if (known := await making.do(node.known))]
    for tag in (*names, 'nodes'):
        slot = await making.do(redis.servers[0].call, 'CLUSTER', 'KEYSLOT', f'{{{tag}}}')
        try:
            await making.do(redis.move, slot)
            moved += 1
        except Refused as e:
            making.complaints.append(f'slot {slot} was not moved: {e}')
        await making.wait(0.5)
    return f'{moved} slots moved'


# --- the table ---

class ClusterFault(NamedTuple):
    make: Callable  # async, gets what is being made; returns in words what has happened
    topologies: tuple = ('alone', 'sentinels', 'primaries')
    of_redis: bool = False  # all of Redis is away: not together with another of these
    in_ci: str = ''  # the topology of the short run


def no_redis():
    """Why faults of three nodes cannot be made here."""
    missing = [program for program in ('redis-server', 'redis-sentinel', 'redis-cli', 'cc') if not shutil.which(program)]
    return f'there is no {" and no ".join(missing)}' if missing else None


def with_(call, *arguments, **more):
    async def make(making):
        return await call(making, *arguments, **more)
    return make


ONE = ('alone', 'sentinels')
CLUSTER_FAULTS = {
    'a killed node': ClusterFault(killed_node, in_ci='sentinels'),
    'Redis gone': ClusterFault(with_(redis_gone, True), of_redis=True, in_ci='sentinels'),
    'Redis gone with its data': ClusterFault(with_(redis_gone, False), ONE, of_redis=True, in_ci='sentinels'),
    'a node that stands still': ClusterFault(with_(still_node, LONG_STILL_SECONDS), in_ci='sentinels'),
    'a cut': ClusterFault(with_(cut, LONG_CUT_SECONDS, to='hold', back='hold'), in_ci='sentinels'),
    'a failover': ClusterFault(failover, ('sentinels',), of_redis=True, in_ci='sentinels'),
    'a stopped node': ClusterFault(stopped_node),
    'a node that stands still for a moment': ClusterFault(with_(still_node, STILL_SECONDS)),
    'a stepping clock of a node': ClusterFault(stepping_clock),
    'a short cut': ClusterFault(with_(cut, CUT_SECONDS, to='hold', back='hold')),
    'a cut towards Redis': ClusterFault(with_(cut, LONG_CUT_SECONDS, to='hold')),
    'a cut from Redis': ClusterFault(with_(cut, LONG_CUT_SECONDS, back='hold')),
    'half-open connections to Redis': ClusterFault(half_open),
    'a slow way to Redis': ClusterFault(slow_link),
    'resets between a node and Redis': ClusterFault(resets),
    'a Redis that stands still': ClusterFault(still_redis, of_redis=True),
    'a full Redis': ClusterFault(full_redis, of_redis=True),
    'another version': ClusterFault(speak_another_version),
    'moved slots': ClusterFault(moved_slots, ('primaries',)),
}
