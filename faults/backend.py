"""A backend of webhooks that misbehaves on messages, and keeps a record of what it was told of each connection (Told)."""
import asyncio
import dataclasses
import random
import re
import threading

HANG_UP_SECONDS = 5  # within which Hawser hangs up on a call that it no longer waits for
MOST_WRONG = 5  # sentences for each connection
LARGE = bytes(20 << 20)
# What is done with a message, and how often in a thousand; the others are answered with themselves
MISDEEDS = {'hang': 5, 'reset': 20, 'reset in the middle': 10, 'fail': 40, 'slow bytes': 5, 'another type': 10, 'twenty megabytes': 1,
            'redirect': 10, 'refuse': 10, 'nonsense': 10}
# Those of the other events, which have to be delivered all the same
LIFECYCLE_MISDEEDS = {'hang': 2, 'reset': 30, 'fail': 60}


@dataclasses.dataclass
class Told:
    """One connection, in the eyes of the backend."""
    id: str
    client: str = ''  # the name that its client gave it
    accepted: bool = False
    life: int = 0  # how often the server had been started
    ended: str = ''  # reason of the disconnected that the backend has taken
    last: int = -1
    webhook_id: str = ''
    body: bytes = b''
    number: int = 0  # of the last message
    active: object = None
    overlapped: list = dataclasses.field(default_factory=list)
    wrong: list = dataclasses.field(default_factory=list)

    def begins(self, call):
        """The call comes: after all others of its connection, or as a repetition of the last one."""
        if self.active and not self.active.ended_at:
            self.overlapped.append(self.active)
        self.active = call
        if call.number == self.last:
            if (call.webhook_id, call.body) != (self.webhook_id, self.body):
                self.complain(f'event {call.number} was repeated with another webhook-id or body')
            return
        if call.number < self.last:
            self.complain(f'event {call.number} ({call.name}) came after event {self.last}')
        if (call.name == 'connect') != (call.number == 0):
            self.complain(f'event {call.number} is {call.name}')
        if self.ended and b'"node lost"' not in call.body:
            self.complain(f'{call.name} came after disconnected')
        if call.name == 'message':
            self.check_number(call)
        self.last, self.webhook_id, self.body = call.number, call.webhook_id, call.body

    def check_number(self, call):
        found = re.match(rb'(\S+) (\d+) ', call.body)
        if found:
            if int(found[2]) <= self.number:
                self.complain(f'message {int(found[2])} came after message {self.number}')
            self.number = int(found[2])

    def complain(self, sentence):
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(f'{self.client or self.id}: {sentence}')

    def faults(self):
        """All that was wrong. A call that was still under way when the next one came must have been hung up on, and soon."""
        yield from self.wrong
        for call in self.overlapped:
            if not call.hung_up or call.ended_at - call.overtaken_at > HANG_UP_SECONDS:
                yield f'{self.client or self.id}: event {call.number} was still under way when the next one came'
                return


class Call:
    """One request."""

    def __init__(self, headers, body, now):
        self.name, self.number = headers.get('ce-eventname', ''), int(headers.get('ce-id', -1))
        self.hub, self.connection = headers.get('ce-hub', ''), headers.get('ce-connectionid', '')
        self.webhook_id, self.body = headers.get('webhook-id', ''), body
        self.began, self.overtaken_at, self.ended_at, self.hung_up = now, 0.0, 0.0, False
        self.type = headers.get('content-type', 'text/plain')


class Line(asyncio.Protocol):
    """One connection of HTTP/1.1."""

    def __init__(self, backend):
        self.backend, self.waiting, self.call = backend, bytearray(), None
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport
        self.backend.lines.add(self)

    def data_received(self, data):
        self.waiting += data
        while (top := self.waiting.find(b'\r\n\r\n')) >= 0:
            first, *lines = self.waiting[:top].decode('latin-1').split('\r\n')
            headers = {name.lower(): value for name, _, value in (line.partition(': ') for line in lines)}
            end = top + 4 + int(headers.get('content-length', 0))
            if len(self.waiting) < end:
                return
            body = bytes(self.waiting[top + 4:end])
            del self.waiting[:end]
            if first.startswith('POST'):
                self.call = Call(headers, body, self.backend.loop.time())
                self.backend.take(self, self.call, first.split(' ')[1])
            else:
                self.write(b'HTTP/1.1 200 OK\r\nWebHook-Allowed-Origin: *\r\nContent-Length: 0\r\n\r\n')

    def write(self, data):
        if not self.transport.is_closing():
            self.transport.write(data)

    def answer(self, status, body=b'', kind='text/plain', more=''):
        self.end(False)
        self.write(f'HTTP/1.1 {status} So\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n'.encode() + body)

    def end(self, hung_up):
        if self.call and not self.call.ended_at:
            self.call.ended_at, self.call.hung_up = self.backend.loop.time(), hung_up

    def reset(self):
        self.end(True)
        self.transport.abort()

    def connection_lost(self, error):
        self.end(True)
        self.backend.lines.discard(self)


class Backend:
    """Runs on a thread of its own. The hubs in `unruly` suffer its misdeeds; it answers messages with themselves."""

    def __init__(self, port, unruly=()):
        self.port, self.unruly, self.calm = port, unruly, True
        self.told, self.lines, self.done, self.life = {}, set(), {}, 0
        self.rng = random.Random()
        self.loop, self.server = asyncio.new_event_loop(), None
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.revive()

    def begin(self, rng):
        """A new record. From now on it misbehaves."""
        self.told, self.done, self.rng, self.calm = {}, {}, rng, False

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    def revive(self):
        async def listen():
            self.server = await self.loop.create_server(lambda: Line(self), '127.0.0.1', self.port, backlog=4096)
        self.run(listen())

    def die(self):
        """Hangs up on all, and listens no more."""
        async def end():
            self.server.close()
            for line in list(self.lines):
                line.reset()
        self.run(end())

    # --- on its thread ---

    def take(self, line, call, path):
        told = self.told.get(call.connection)
        if told is None:
            told = self.told[call.connection] = Told(call.connection, life=self.life)
        if path != f'/{call.name}':
            told.complain(f'{call.name} came to {path}')
        if told.active and not told.active.ended_at:
            told.active.overtaken_at = self.loop.time()
        told.begins(call)
        misdeed = self.misdeed(call)
        if misdeed:
            self.done[misdeed] = self.done.get(misdeed, 0) + 1
            self.misbehave(line, call, misdeed)
        else:
            self.behave(line, told, call)

    def misdeed(self, call):
        if self.calm or call.hub not in self.unruly:
            return None
        dice = self.rng.randrange(1000)
        for misdeed, often in (MISDEEDS if call.name == 'message' else LIFECYCLE_MISDEEDS).items():
            dice -= often
            if dice < 0:
                return misdeed
        return None

    def behave(self, line, told, call):
        if call.name == 'connect':
            found = re.search(rb'"name":\["([^"]+)"', call.body)
            told.client, told.accepted = found[1].decode() if found else '', True
            line.answer(204)
        elif call.name == 'disconnected':
            found = re.search(rb'"reason":"([^"]*)"', call.body)
            told.ended = (found[1].decode() if found else '') or 'none given'
            line.answer(204)
        elif call.name == 'message':
            line.answer(200, call.body, call.type)
        else:
            line.answer(204)

    def misbehave(self, line, call, misdeed):
        head = b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: '
        if misdeed == 'reset':
            line.reset()
        elif misdeed == 'reset in the middle':
            line.write(head + b'100\r\n\r\nhal')
            line.transport.write_eof()
            line.end(True)
        elif misdeed == 'fail':
            line.answer(self.rng.choice((500, 503)))
        elif misdeed == 'slow bytes':
            line.write(head + b'1000\r\n\r\n')
            self.trickle(line)
        elif misdeed == 'another type':
            line.answer(200, b'<p>', 'text/html')
        elif misdeed == 'twenty megabytes':
            line.write(head + f'{len(LARGE)}\r\n\r\n'.encode())
            line.write(LARGE)
        elif misdeed == 'redirect':
            line.answer(307, more=f'Location: http://127.0.0.1:{self.port}/elsewhere\r\n')
        elif misdeed == 'refuse':
            line.answer(429)
        elif misdeed == 'nonsense':
            line.write(b'I know no protocol\r\n\r\n')
        # a hang is nothing at all

    def trickle(self, line):
        if not line.transport.is_closing():
            line.write(b'.')
            self.loop.call_later(0.1, self.trickle, line)
