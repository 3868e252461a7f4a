"""Rounds of faults (run_cluster): clients talk, one or two faults are made, all has time to heal, and what must hold is checked."""
import asyncio
import itertools
import random
import time
import traceback

from invariants import violations

from .faults import CLUSTER_FAULTS, Making
from .invariants import CHECKED, CLUSTER_INVARIANTS, ClusterEvidence
from .redis import TOPOLOGIES
from .world import World

SHORT_CLIENTS, CLIENTS = 360, 3000
CONNECT_SECONDS = 120
TALK_SECONDS = 4  # before a fault
TRUTH_SECONDS = 15  # after the end of the last fault
END_SECONDS = 45  # in which the backend hears of all ends: what a node could not deliver comes within half a minute
HUSH_SECONDS = 15  # in which all comes that is under way
LEAST_HUSH_SECONDS = 1.5
SECOND_FAULT_SECONDS = 10
ROUNDS_OF_A_WORLD = 8


class Rounds:
    """Those with one topology."""

    def __init__(self, world, prefix=''):
        self.world, self.prefix, self.red = world, prefix, []
        self.logged = {}

    async def begin(self):
        await self.world.open()
        if not await self.world.until(lambda: len(self.world.sessions()) == len(self.world.talkers), CONNECT_SECONDS):
            raise RuntimeError(f'only {len(self.world.sessions())} of {len(self.world.talkers)} clients could connect')
        self.new_log()
        self.world.ledger.next_round()

    def new_log(self):
        """What the nodes have printed since the last call."""
        printed = []
        for node in self.world.nodes:
            text = node.log()
            printed.append(text[self.logged.get(node, 0):])
            self.logged[node] = len(text)
        return ''.join(printed)

    async def one(self, names, rng):
        """Makes these faults together, and checks. Returns whether all held."""
        world, started = self.world, time.monotonic()
        world.calm = world.hushed = False
        making = Making(world, rng)
        await asyncio.sleep(TALK_SECONDS)
        done = await asyncio.gather(*(self.make(making, name, index) for index, name in enumerate(names)))
        ended = world.now()
        world.calm = True
        evidence = ClusterEvidence(world.ledger, {}, world.killed, world.gone, most_rss=world.most_rss, complaints=making.complaints)
        healed = await self.heal(evidence, ended)
        await self.hush(evidence)
        evidence.heard, evidence.log = world.witness.all(), self.new_log()
        if not any(session.got for session in world.ledger.sessions.values()):
            evidence.complaints.append('no message has come at all')
        evidence.dead = [process.name for process in world.processes() if not process.is_running()]
        found = list(violations(evidence, CHECKED, CLUSTER_INVARIANTS))
        self.print_line(' and '.join(names), '; '.join(done), healed, found, time.monotonic() - started)
        if found:
            await self.keep(evidence)
        world.ledger.next_round()
        world.witness.next_round()
        world.most_rss.clear()
        world.most_late = 0.0
        return not found

    async def make(self, making, name, index):
        await asyncio.sleep(making.rng.uniform(1, SECOND_FAULT_SECONDS) if index else 0)
        try:
            return await CLUSTER_FAULTS[name].make(making)
        except Exception as e:  # of one fault; the others are still made
            making.complaints.append(f'{name} could not be made to its end: {e!r}')
            traceback.print_exc()
            return 'broken off'

    async def heal(self, evidence, ended):
        """Waits until nodes tell the truth. Returns after how many seconds they did."""
        world = self.world
        while True:
            asked = world.now()  # what they say to a question that came in time is no proof, since an answer may take seconds
            evidence.untruths = await world.untruths()
            if not evidence.untruths or asked - ended > TRUTH_SECONDS:
                return world.now() - ended
            await asyncio.sleep(0.3)

    async def hush(self, evidence):
        """All fall silent, until everything has come that is still under way."""
        world = self.world
        world.hushed = True
        await asyncio.sleep(LEAST_HUSH_SECONDS)

        def has_come():
            return not any(sentence for name in ('everything', 'bounded loss') for sentence in CLUSTER_INVARIANTS[name].check(evidence))
        await world.until(has_come, HUSH_SECONDS, 1)

        def have_ended():
            evidence.heard, evidence.now = world.witness.all(), world.now()
            return not any(CLUSTER_INVARIANTS['ended'].check(evidence))
        await world.until(have_ended, END_SECONDS, 1)

    async def keep(self, evidence):
        """Writes all that was found, and what the nodes know now, beside their logs."""
        lines = [f'{name}: {sentence}' for name in CHECKED for sentence in CLUSTER_INVARIANTS[name].check(evidence)]
        clock = time.time() - self.world.now()
        for session in evidence.ledger.sessions.values():
            lines += [f'{session.name} ({session.id}, since {clock + session.began:.3f}, settled {clock + session.settled:.3f}, came back '
                      f'{session.came_back} times, {"/".join(sorted(session.nodes))}) missed {message}, sent at {clock + message.at:.3f}'
                      for message in evidence.ledger.missed(session)]
        lines += [f'{effect.what}: {clock + effect.begin:.3f} to {clock + effect.end:.3f}' for effect in evidence.ledger.effects]
        lines += [f'{node.name}: {await self.world.in_thread(node.known)}' for node in self.world.nodes if node.is_running()]
        (self.world.folder / 'found.txt').write_text('\n'.join(lines) + '\n')

    def print_line(self, name, done, healed, found, seconds):
        ledger = self.world.ledger
        messages = ledger.messages.values()
        refused = sum(message.state == 'refused' for message in messages)
        told = sum(session.told for session in ledger.sessions.values())
        back = sum(session.came_back for session in ledger.sessions.values())
        got = sum(len(session.got) for session in ledger.sessions.values())
        rss = max((size for name, size in self.world.most_rss.items() if name.startswith('n')), default=0)
        print(f'{"RED" if found else "green":7}  {self.prefix}{name}: {done}; the truth after {healed:.1f} s; {len(messages)} messages, {refused} refused, '
              f'{got} deliveries; {len(ledger.sessions)} connections, {back} recovered, {told} told to begin anew; a node took at most '
              f'{rss >> 20} MB; clients were late by at most {self.world.most_late:.1f} s; {seconds:.0f} s', flush=True)
        for sentence in found:
            print(f'         {sentence}', flush=True)
        if found:
            self.red.append(name)


# --- the short run, and the long one ---

def run_short(jar, seed, names, clients):
    """Each of these faults alone, in the topology of the short run. Returns the names of those that were red."""
    red = []
    for topology in TOPOLOGIES:
        here = [[name] for name in names if CLUSTER_FAULTS[name].in_ci == topology]
        if here:
            red += run_rounds(topology, jar, seed, here, clients or SHORT_CLIENTS)
    return red


def run_long(jar, seed, seconds, clients, also_alone):
    """
    Each fault alone, if that is wanted, in any of its topologies, and then pairs at random, until the time is over. Returns the names of those that
    were red.
    """
    rng, until, red = random.Random(f'{seed} long'), time.monotonic() + seconds, []
    alone = {}
    for name in rng.sample(sorted(CLUSTER_FAULTS), len(CLUSTER_FAULTS) if also_alone else 0):
        alone.setdefault(rng.choice(CLUSTER_FAULTS[name].topologies), []).append([name])
    for number in itertools.count():
        if time.monotonic() > until:
            return red
        topology = list(TOPOLOGIES)[number % len(TOPOLOGIES)]
        here = alone.pop(topology, None) or [pair(topology, rng) for _ in range(ROUNDS_OF_A_WORLD)]
        red += run_rounds(topology, jar, f'{seed}.{number}', here, clients or CLIENTS, until)


def applicable(topology):
    return [name for name, fault in CLUSTER_FAULTS.items() if topology in fault.topologies]


def pair(topology, rng):
    """Two faults, of which at most one is of the whole Redis."""
    while True:
        first, second = rng.sample(applicable(topology), 2)
        if not (CLUSTER_FAULTS[first].of_redis and CLUSTER_FAULTS[second].of_redis):
            return [first, second]


def run_rounds(topology, jar, seed, faults, clients, until=float('inf')):
    """Rounds with one Redis and three nodes. After one that was red the others begin with new ones, and the logs stay."""
    red = []
    while faults and time.monotonic() < until:
        with World(topology, jar, clients, seed) as world:
            made, now_red = asyncio.run(some_rounds(world, faults, seed, until))
        if now_red:
            red += now_red
            world.keep_logs(f'red-{len(red)}')
        faults = faults[made:]
    return red


async def some_rounds(world, faults, seed, until):
    """Until one is red. Returns how many were made, and the names of those that were red."""
    rounds = Rounds(world, f'cluster with {world.topology}: ')
    made = 0
    try:
        await rounds.begin()
        for made, names in enumerate(faults, 1):
            if not await rounds.one(names, random.Random(f'{seed} {names}')) or time.monotonic() > until:
                break
    except RuntimeError as e:
        print(f'RED      {rounds.prefix}{e}', flush=True)
        return max(made, 1), [str(e)]
    finally:
        await world.close()
    return made, rounds.red
