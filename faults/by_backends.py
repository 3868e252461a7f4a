"""Faults of webhooks' backends, and a kill of the server between them."""
import asyncio
import contextlib
import re

import wire
from book import NOTHING
from clients import Client

CHATTERS = 2000
LEAST_SECONDS = 60
DEAD_SECONDS = 2
CALM_SECONDS = 5  # in which calls are made again after those that failed
AT_ONCE = 8  # messages of a client whose lost messages are not reported
PAUSE = (1, 4)  # seconds between two messages of a client
OPENING = 64  # handshakes at a time
MOST_RSS = 1 << 30
CLOSES, TELLS, DROPS = 'closes', 'tells', 'drops'  # hubs, by what happens to a client whose message is lost
CODES = {CLOSES: (1000, 1011), TELLS: (1000,), DROPS: (1000,)}


class Chatter(Client):
    """Sends numbered messages. Each is answered with itself, or lost, and then it hears of it as the policy of its hub says."""

    def __init__(self, entry, links, rng):
        super().__init__(entry, links, entry.policy)
        self.rng = rng

    async def talk(self, over):
        while not over.is_set() and not self.over.is_set():
            if not await self.say_next():
                break
            await self.all_answered(waiting=AT_ONCE if self.hub == DROPS else 0)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(over.wait(), self.rng.uniform(*PAUSE))

    async def end(self):
        """The backend does as it should by now, so the last message has an answer; those before it that have none are lost."""
        if await self.say_next():
            await self.all_answered()
        await self.close()

    async def say_next(self):
        padding = 'x' * self.rng.choice((0, 80, 110, 2000))
        return await self.send(self.rng.choice((wire.TEXT, wire.BINARY)), f'{self.entry.name} {self.entry.sent + 1} {padding}'.encode())

    async def answer(self, opcode, payload):
        entry = self.entry
        if payload.startswith(b'{"type":"error","event":"message"') and self.hub == TELLS and entry.expected:
            entry.expected.popleft()
            entry.reported += 1
            async with self.progress:
                self.progress.notify_all()
            return
        while self.hub == DROPS and entry.expected and list(entry.expected[0][2:]) != [opcode, payload]:
            entry.expected.popleft()
            entry.reported += 1
        await super().answer(opcode, payload)


async def conversations(run, kinds):
    """What warms up a server that calls a backend."""
    links, over = run.links(kinds[0]), asyncio.Event()

    async def one():
        client = Chatter(run.book.new(policy='default'), links, run.rng)
        if await client.open():
            await client.talk(over)
            await client.end()
    talking = [asyncio.create_task(one()) for _ in range(100)]
    await asyncio.sleep(run.seconds)
    over.set()
    await asyncio.gather(*talking)


async def unruly_backend(run, kinds):
    """Thousands chat through a backend that misbehaves, dies and comes back; in between the server is killed and started again."""
    server, over = run.server, asyncio.Event()
    links, gate = run.links(kinds[0]), asyncio.Semaphore(OPENING)
    talking, most_rss = set(), 0
    seconds = max(run.seconds, LEAST_SECONDS)
    server.backend.begin(run.rng)

    async def chatter(policy):
        while not over.is_set():
            async with gate:
                entry = run.book.new(policy=policy, promise=NOTHING, allowed_codes=CODES[policy], life=server.life)
                client = Chatter(entry, links, run.rng)
                opened = not over.is_set() and await client.open()
            if opened:
                talking.add(client)
                await client.talk(over)
                if client.over.is_set():
                    talking.discard(client)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(over.wait(), run.rng.uniform(*PAUSE))

    async def watch():
        nonlocal most_rss
        while not over.is_set():
            with contextlib.suppress(OSError, TypeError):
                most_rss = max(most_rss, server.rss())
            await asyncio.sleep(1)

    chatters = [asyncio.create_task(chatter((CLOSES, TELLS, DROPS)[number % 3])) for number in range(CHATTERS)]
    watching = asyncio.create_task(watch())
    for part in range(2):
        await asyncio.sleep((seconds - DEAD_SECONDS) / 4)
        await asyncio.to_thread(server.backend.die)
        await asyncio.sleep(DEAD_SECONDS)
        await asyncio.to_thread(server.backend.revive)
        await asyncio.sleep((seconds - DEAD_SECONDS) / 4)
        if part == 0:
            await asyncio.to_thread(server.kill)
            for entry in run.book.entries:
                if entry.opened and entry.code is None:
                    entry.cut, entry.allowed_codes = True, (None,)
            await asyncio.to_thread(server.start_again)
    server.backend.calm = True
    await asyncio.sleep(CALM_SECONDS)
    over.set()
    await asyncio.gather(*chatters, watching)
    await server.await_calm(run)
    await asyncio.gather(*(client.end() for client in talking))
    opened = [entry for entry in run.book.entries if entry.opened]
    run.facts.update(told=server.backend.told, most_rss=most_rss, rss_bound=MOST_RSS,
                     counted=await asyncio.to_thread(lost, server, DROPS), life=server.life)
    return (f'{len(opened)} connections of {CHATTERS} clients, {sum(entry.cut for entry in opened)} of them cut by the kill; '
            f'{sum(server.backend.done.values())} misdeeds; {sum(entry.reported for entry in opened)} losses reported, '
            f'{sum(entry.code == 1011 for entry in opened)} by 1011; at most {most_rss >> 20} MB')


def lost(server, hub):
    """How many messages the server has counted as lost since it was started."""
    _, text = server.operations('/actuator/prometheus')
    found = re.findall(r'^hawser_webhooks_seconds_count({[^}]*}) ([\d.E+]+)$', text, re.MULTILINE)
    return sum(float(count) for labels, count in found
               if f'hub="{hub}"' in labels and 'event="message"' in labels and 'outcome="delivered"' not in labels)
