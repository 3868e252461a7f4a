"""The clients of faults/run: one that checks each answer, how clients end (ENDINGS), and what they do."""
import asyncio
import time

import wire
from book import NOTHING
from patience import PATIENCE

LARGEST = 200_000


# --- a client ---

class Client:
    """Sends messages, and checks that each answer is the next message, byte for byte."""

    def __init__(self, entry, links, hub='default', token=None, checked=True):
        """checked: whether its answers are; not those of a client that orders what it never sent."""
        self.entry, self.links, self.hub, self.token, self.checked = entry, links, hub, token, checked
        self.link, self.closing = None, False
        self.over = asyncio.Event()  # the connection is over, or was never there
        self.progress = asyncio.Condition()
        self.task = None
        self.reading = asyncio.Event()
        self.reading.set()

    async def open(self):
        """Whether there is a WebSocket now."""
        path = f'/client/hubs/{self.hub}?name={self.entry.name}'
        headers = [f'Authorization: Bearer {self.token}'] if self.token else []
        try:
            self.link = await self.links.open(path, headers)
        except (OSError, asyncio.TimeoutError):
            self.link = None
        if self.link is None:
            self.entry.refused = True
            self.over.set()
            return False
        self.entry.opened = True
        self.task = asyncio.create_task(self.receive())
        return True

    async def receive(self):
        reader = wire.MessageReader()
        try:
            while data := await self.link.read():
                for opcode, payload in reader.feed(data):
                    await self.take(opcode, payload)
                await self.reading.wait()
        except (wire.Broken, OSError) as e:
            self.wrong(str(e) if isinstance(e, wire.Broken) else '')
        finally:
            await self.link.close()
            self.over.set()
            async with self.progress:
                self.progress.notify_all()

    async def take(self, opcode, payload):
        if opcode in (wire.TEXT, wire.BINARY):
            if self.checked:
                await self.answer(opcode, payload)
        elif opcode == wire.PING:
            await self.write(wire.frame(wire.PONG, payload))
        elif opcode == wire.CLOSE:
            self.entry.code = int.from_bytes(payload[:2], 'big') if payload else 1005
            if not self.closing:
                self.closing = True
                await self.write(wire.frame(wire.CLOSE, payload[:2]))

    async def answer(self, opcode, payload):
        entry = self.entry
        if not entry.expected:
            return self.wrong(f'a message of {len(payload)} bytes came without being asked for')
        number, sent_at, *expected = entry.expected.popleft()
        if expected != [opcode, payload]:
            self.wrong(f'answer {number} is not message {number}')
        entry.answered += 1
        entry.slowest = max(entry.slowest, time.monotonic() - sent_at)
        async with self.progress:
            self.progress.notify_all()

    def wrong(self, sentence):
        if sentence:
            self.entry.wrong.append(f'{self.entry.name}: {sentence}')

    async def send(self, opcode, payload, pieces=None):
        """pieces: the frames of the message, where it is not a single one."""
        if self.over.is_set() or self.closing:
            return False
        entry = self.entry
        entry.sent += 1
        entry.expected.append((entry.sent, time.monotonic(), opcode, payload))
        return await self.write(pieces or wire.frame(opcode, payload))

    async def say(self, text):
        """A command of callbacks/FaultCallbacks.java; echoed as any message, when it has been carried out."""
        return await self.send(wire.TEXT, text.encode())

    async def write(self, data):
        """False when the connection has gone."""
        try:
            await self.link.write(data)
            return True
        except asyncio.TimeoutError:
            self.wrong(f'the server has read nothing for {PATIENCE} s')
            self.link.reset()
            return False
        except (OSError, RuntimeError):
            return False

    async def all_answered(self, waiting=0, seconds=PATIENCE):
        """Returns when at most so many messages wait for their answer, or when the connection is over."""
        try:
            async with self.progress:
                await asyncio.wait_for(self.progress.wait_for(
                    lambda: len(self.entry.expected) <= waiting or self.over.is_set()), seconds)
        except asyncio.TimeoutError:
            self.wrong(f'no answer to message {self.entry.answered + 1} in {seconds} s')

    async def is_over(self, seconds=PATIENCE):
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except asyncio.TimeoutError:
            self.wrong(f'the server has not hung up in {seconds} s')
            self.link.reset()
            await self.over.wait()

    async def close(self):
        if not self.closing:
            self.closing = True
            await self.write(wire.close_frame(1000))
        await self.is_over()


# --- ways to end ---

async def cleanly(client):
    await client.all_answered()
    await client.close()


async def at_once(client):
    """A close frame right behind the last message: all that was sent before it is answered."""
    await client.close()


async def against_the_rules(client):
    """A frame of a kind that does not exist: what came before it is answered, and the server says 1002."""
    client.entry.allowed_codes = (1002,)
    client.closing = True
    await client.write(bytes([0x83, 0x80, 0, 0, 0, 0]))
    await client.is_over()


async def by_hanging_up(client):
    """The end of the stream without a close frame, and behind messages: nothing is promised."""
    client.entry.promise = NOTHING
    client.closing = True
    client.link.half_close()
    await client.is_over()


async def by_reset(client):
    client.entry.promise = NOTHING
    client.closing = True
    client.link.reset()
    await client.is_over()


ENDINGS = [cleanly, at_once, against_the_rules, by_hanging_up, by_reset]


# --- what clients do ---

async def live(client, rng, payloads, messages, ending, largest=LARGEST):
    """One client's whole life: messages of random size in random fragments, a few under way at a time, and an ending."""
    if not await client.open():
        return
    for _ in range(messages):
        opcode, payload = payloads.next(largest)
        if not await client.send(opcode, payload, wire.message(rng, opcode, payload)):
            break
        await client.all_answered(waiting=rng.choice((0, 1, 4)))
    await ending(client)


async def chat(client, payloads, until, pause=0.05, largest=2000):
    """A client that talks all the time and ends well, unless the server ends it."""
    if not await client.open():
        return
    while not until.is_set() and not client.over.is_set():
        opcode, payload = payloads.next(largest)
        if not await client.send(opcode, payload):
            break
        await client.all_answered()
        try:
            await asyncio.wait_for(until.wait(), pause)
        except asyncio.TimeoutError:
            pass
    await client.close()
