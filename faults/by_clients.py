"""Faults that clients make, and callbacks."""
import asyncio
import socket
import struct

import wire
from book import NOTHING
from clients import ENDINGS, live

LIVES_AT_A_TIME = 40
RESETS = 10_000
SLOW_READERS = 20
FLOOD = (400, 100_000)  # messages, and the bytes of each: far more than the sockets' buffers hold
OUTBOX = 1 << 20  # hawser.connection.outbox-size
BLOCKED = 20


async def churn(run, kinds):
    """Clients that come, talk in random fragments and go in every way, at a hub whose callbacks may block and at one whose do not."""
    links = [run.links(kind) for kind in kinds]
    until = asyncio.get_running_loop().time() + run.seconds

    async def lives():
        while asyncio.get_running_loop().time() < until:
            client = run.client(run.rng.choice(links), run.rng.choice(('default', 'quick')))
            await live(client, run.rng, run.payloads, run.rng.randint(0, 12), run.rng.choice(ENDINGS))
    await asyncio.gather(*(lives() for _ in range(LIVES_AT_A_TIME)))
    return f'{run.book.opened()} connections, {run.book.sent()} messages'


async def resets(run, kinds):
    """Connects that are reset before a byte, in the middle of the request, or behind it."""
    def reset(data):
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            client.settimeout(30)
            client.connect(('127.0.0.1', run.server.port))
            client.sendall(data)

    def reset_all(count):
        for number in range(count):
            request = wire.handshake(f'/client/hubs/{run.rng.choice(("default", "quick"))}?name={run.book.new(promise=NOTHING).name}')
            try:
                reset(run.rng.choice((b'', request[:run.rng.randrange(len(request))], request, request + wire.frame(wire.TEXT, b'hello'))))
            except OSError as e:
                run.complain(f'connect {number} of {count}: {e}')
                return
    count = int(RESETS * max(1, run.seconds / 60))
    async with run.bystanders():
        await asyncio.to_thread(reset_all, count)
    return f'{count} connects that reset'


def ended(run, name):
    """Whether its OnClose has run."""
    seen = run.server.journal.read().get(name)
    return bool(seen and seen.closes)


async def slow_readers(run, kinds):
    """Clients that order forty megabytes and do not read: each costs an outbox at most, and is closed with 1013."""
    links = run.links(kinds[0])
    rounds, most = 0, 0
    until = asyncio.get_running_loop().time() + run.seconds

    async def order():
        reader = run.client(links, 'default', checked=False, promise=NOTHING, allowed_codes=(1013, None))
        if await reader.open():
            reader.reading.clear()
            await reader.say(f'!flood {FLOOD[0]} {FLOOD[1]}')
        return reader

    async with run.bystanders():
        while rounds == 0 or asyncio.get_running_loop().time() < until:
            readers = [await order() for _ in range(SLOW_READERS)]
            await run.until(lambda: all(reader.entry.refused or ended(run, reader.entry.name) for reader in readers), 60,
                            lambda: 'not all slow readers were closed within a minute')
            most = max(most, await asyncio.to_thread(run.server.metric, 'hawser_outbox_bytes'))
            for reader in readers:
                reader.reading.set()
                reader.link.reset()
                await reader.is_over()
            rounds += 1
    if most > SLOW_READERS * OUTBOX * 1.1:
        run.complain(f'{most / 1e6:.0f} MB waited in outboxes')
    return f'{rounds * SLOW_READERS} readers that stood still'


async def blocked_callbacks(run, kinds):
    """Callbacks that block hold up their own connection only; when they return, it goes on where it was."""
    links = run.links(kinds[0])
    name = f'{run.book.fault}-{run.rng.random()}'
    async with run.bystanders():
        blocked = [run.client(links) for _ in range(BLOCKED)]
        for client in blocked:
            if await client.open():
                await client.say(f'!block {name}')
                for _ in range(20):
                    await client.send(*run.payloads.next(1000))
        await asyncio.sleep(run.seconds)
        if any(client.entry.answered for client in blocked):
            run.complain('a blocked connection has answered')
        liveness = await asyncio.to_thread(run.server.status, '/actuator/health/liveness')
        if liveness != 200:
            run.complain(f'liveness said {liveness}')
        release = run.client(links)
        await release.open()
        await release.say(f'!release {name}')
        await asyncio.gather(*(client.all_answered() for client in [*blocked, release]))
        await asyncio.gather(*(client.close() for client in [*blocked, release]))
    return f'{BLOCKED} callbacks blocked for {run.seconds:.0f} s'
