"""The clients of the nodes: raw, JSON and reliable ones that talk in groups, hang up and come back to any node (Talker), and callers (Caller)."""
import asyncio
import functools
import json
import re
import socket
import struct
from urllib.parse import quote

import wire

from .ledger import ACCEPTED, JSON, RAW, REFUSED, RELIABLE, TOLD
from .nodes import HUB, client_token

PROTOCOLS = {JSON: 'json.webpubsub.azure.v1', RELIABLE: 'json.reliable.webpubsub.azure.v1'}
OPEN_SECONDS = 6
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2  # seconds until a client tries again
CLOSE_SECONDS = 10
RESTLESS = 0.03  # of all clients that have just sent something hang up
MOST_UNANSWERED = 100
REPETITIONS = (0.2, 2)  # seconds until a caller repeats what has failed
CONFIRMED_AT_ONCE = 4
NUMBERED = re.compile(rb'(\d+) (\d+) ')


class Line(asyncio.Protocol):
    """A WebSocket of a client."""

    def __init__(self, head, take):
        self.head, self.take = head, take
        self.transport, self.waiting, self.reader = None, b'', None
        loop = asyncio.get_running_loop()
        self.opened, self.over, self.code = loop.create_future(), loop.create_future(), None

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.head)

    def data_received(self, data):
        if self.reader is None:
            self.waiting += data
            head, found, data = self.waiting.partition(b'\r\n\r\n')
            if not found:
                return
            if not head.startswith(b'HTTP/1.1 101'):
                self.transport.abort()
                return
            self.reader = wire.MessageReader()
            if not self.opened.done():
                self.opened.set_result(True)
        try:
            for opcode, payload in self.reader.feed(data):
                self.frame(opcode, payload)
        except wire.Broken as e:
            self.take(None, str(e).encode())
            self.transport.abort()

    def frame(self, opcode, payload):
        if opcode in (wire.TEXT, wire.BINARY):
            self.take(opcode, payload)
        elif opcode == wire.PING:
            self.send(wire.PONG, payload)
        elif opcode == wire.CLOSE:
            self.code = int.from_bytes(payload[:2], 'big') if payload else 1005
            self.send(wire.CLOSE, payload[:2])

    def send(self, opcode, payload):
        if not self.transport.is_closing():
            self.transport.write(wire.frame(opcode, payload))

    def reset(self):
        if not self.transport.is_closing():
            self.transport.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            self.transport.abort()

    def connection_lost(self, error):
        for future, result in ((self.opened, False), (self.over, True)):
            if not future.done():
                future.set_result(result)


class Talker:
    """One client through all its connections."""

    def __init__(self, world, number, kind, group, rng):
        self.world, self.ledger, self.kind, self.group, self.rng = world, world.ledger, kind, group, rng
        self.user, self.token = f'user-{number}', client_token(f'user-{number}', group)
        self.session = self.line = None
        self.leg = self.sent = self.ack = 0
        self.unanswered = {}  # by ackId: the message and its text
        self.sequence, self.recovery, self.is_back = 0, '', False

    # --- one connection after the other ---

    async def live(self):
        pause = FIRST_PAUSE
        while not self.world.over.is_set():
            if await self.connect():
                pause = FIRST_PAUSE
                await self.line.over
                self.lost()
            else:
                pause = min(2 * pause, LONGEST_PAUSE)
            await asyncio.sleep(self.rng.uniform(0, pause))

    async def connect(self):
        """Whether there is a connection now."""
        node = self.next_node()
        incarnation, session = node.incarnation, self.session
        if session is None:
            session = self.ledger.begin(self.user, self.kind, self.group, incarnation)
            self.unanswered, self.sequence, self.recovery = {}, 0, ''
        if not await self.opened(node, session):
            if self.session is None:
                del self.ledger.sessions[session.name]
            return False
        if self.session is None:
            self.session, session.began = session, self.world.now()
        else:
            self.say({'type': 'ping'})  # its answer shows that the connection goes on
        session.node = incarnation
        session.nodes.add(incarnation)
        self.leg, self.sent = next(self.ledger.legs), 0
        asyncio.get_running_loop().call_later(self.rng.uniform(0, self.world.pause), self.talk, self.line)
        return True

    def next_node(self):
        """Any; for a connection that is to go on, the one that had it as often as not."""
        if self.session and self.rng.random() < 0.5:
            return next(node for node in self.world.nodes if self.session.node.startswith(node.name))
        return self.rng.choice(self.world.nodes)

    async def opened(self, node, session):
        headers = [f'Sec-WebSocket-Protocol: {PROTOCOLS[self.kind]}'] if self.kind in PROTOCOLS else []
        line = self.line = Line(wire.handshake(self.path(session), headers), functools.partial(self.take, session))
        self.is_back = False
        try:
            async with self.world.gate, asyncio.timeout(OPEN_SECONDS):
                await asyncio.get_running_loop().create_connection(lambda: line, '127.0.0.1', node.port)
                return await line.opened
        except (OSError, TimeoutError):
            if line.transport:
                line.reset()
            return False

    def path(self, session):
        path = f'/client/hubs/{HUB}?name={session.name}&access_token={self.token}'
        if self.kind == RAW:
            path += f'&webpubsub_mode=sendToGroup&group={self.group}'
        if self.recovery:
            path += f'&awps_connection_id={quote(session.id)}&awps_reconnection_token={quote(self.recovery)}'
        return path

    def lost(self):
        """The socket is over: a reliable client tries to go on with its connection, all others begin anew."""
        now, session = self.world.now(), self.session
        for number in range(max(1, self.sent - MOST_UNANSWERED), self.sent + 1):
            message = self.ledger.messages.get((self.leg, number))
            if message:
                message.cut = now
        if session.ended <= now or self.kind != RELIABLE or not self.recovery or self.line.code in (1008, 1000):
            session.told = session.told or (self.kind == RELIABLE and self.line.code == 1008)
            session.ended, session.how = min(now, session.ended), session.how or f'code {self.line.code}'
            self.session, self.recovery = None, ''

    # --- what it says ---

    def talk(self, line):
        """One message, or the end; and the next one later."""
        if line is not self.line or line.over.done() or line.code or self.world.over.is_set():
            return
        if not self.world.hushed:
            if self.rng.random() < RESTLESS and not self.world.calm:
                return self.leave(line)
            if len(self.unanswered) < MOST_UNANSWERED:
                self.send_next()
        asyncio.get_running_loop().call_later(self.rng.uniform(0.5, 1.5) * self.world.pause, self.talk, line)

    def send_next(self):
        self.sent += 1
        text = f'{self.leg} {self.sent} ' + 'x' * self.rng.choice((0, 60, 120, 1500))
        if self.kind == RAW:
            self.line.send(wire.TEXT, text.encode())
            self.ledger.send(self.leg, self.sent, self.group, self.session.node, self.world.now(), TOLD)
            return
        message = self.ledger.send(self.leg, self.sent, self.group, self.session.node, self.world.now())
        self.ack += 1
        self.unanswered[self.ack] = message, text
        self.send_to_group(self.ack, text)

    def send_to_group(self, ack, text):
        self.say({'type': 'sendToGroup', 'group': self.group, 'dataType': 'text', 'data': text, 'ackId': ack})

    def say(self, request):
        self.line.send(wire.TEXT, json.dumps(request).encode())

    def leave(self, line):
        """A clean close, or none at all."""
        if self.rng.random() < 0.5:
            self.session.ended, self.session.how = self.world.now(), 'closed'
            line.send(wire.CLOSE, struct.pack('!H', 1000))
            asyncio.get_running_loop().call_later(CLOSE_SECONDS, line.reset)
        else:
            line.reset()

    # --- what it hears ---

    def take(self, session, opcode, payload):
        if opcode is None:
            session.complain(f'the node has sent what is no WebSocket: {payload.decode()}')
        elif not session.is_open:
            return
        elif self.kind == RAW:
            self.got(session, payload)
        else:
            self.hear(session, json.loads(payload))

    def hear(self, session, said):
        kind = said['type']
        if kind == 'message':
            if 'sequenceId' not in said or self.is_next(session, said['sequenceId']):
                self.got(session, said['data'].encode())
        elif kind == 'ack':
            self.answered(said)
        elif kind == 'system' and said['event'] == 'connected':
            session.id, self.recovery = said['connectionId'], said.get('reconnectionToken', '')
        elif kind == 'pong' and not self.is_back:
            self.is_back = True
            session.came_back += 1
            self.say({'type': 'sequenceAck', 'sequenceId': self.sequence})
            for ack, (message, text) in list(self.unanswered.items()):
                message.repeated = True
                self.send_to_group(ack, text)

    def is_next(self, session, sequence):
        """False for what has come before, as the protocol has it."""
        if sequence <= self.sequence:
            return False
        if sequence != self.sequence + 1:
            session.complain(f'number {sequence} came after number {self.sequence}')
        self.sequence = sequence
        if sequence % CONFIRMED_AT_ONCE == 0:
            self.say({'type': 'sequenceAck', 'sequenceId': sequence})
        return True

    def got(self, session, text):
        found = NUMBERED.match(text)
        if found:
            self.ledger.take(session, int(found[1]), int(found[2]))
        else:
            session.complain(f'a message came that begins with {text[:40]!r}')

    def answered(self, said):
        message, _ = self.unanswered.pop(said['ackId'], (None, ''))
        if message is not None:
            done = said['success'] or said['error']['name'] == 'Duplicate'
            message.state = ACCEPTED if done else REFUSED


class Caller:
    """Pushes to users and groups by the API of any node, one request after the other."""

    def __init__(self, world, rng):
        self.world, self.ledger, self.rng = world, world.ledger, rng
        self.answers = {}

    async def live(self):
        node, leg, number = None, 0, 0
        while not self.world.over.is_set():
            await asyncio.sleep(self.rng.uniform(0.5, 1.5) * self.world.caller_pause)
            if self.world.hushed:
                continue
            if node is None or node.incarnation != incarnation or self.rng.random() < 0.1:
                node, leg, number = self.rng.choice(self.world.nodes), next(self.ledger.legs), 0
                incarnation = node.incarnation
            talker = self.rng.choice(self.world.talkers)
            to_user = self.rng.random() < 0.7
            number += 1
            message = self.ledger.send(leg, number, talker.user if to_user else talker.group, incarnation, self.world.now())
            path = f'/users/{talker.user}/:send' if to_user else f'/groups/{talker.group}/:send'
            status = await self.push(node, path, message, f'{leg} {number} '.encode())
            message.state = ACCEPTED if status == 202 else REFUSED
            if status == 0:
                node = None  # a request that may still be carried out must not meet the next one

    async def push(self, node, path, message, body):
        """The status. What was not carried out, or may not have been, is repeated by way of any node, which doubles nothing."""
        key = f'{message.leg}-{message.number}-{self.world.folder.name}-{self.rng.random()}'
        for pause in (0, *REPETITIONS):
            if pause:
                await asyncio.sleep(pause)
                node, message.repeated = self.rng.choice(self.world.nodes), True
            status = await self.world.ask(node, 'POST', path, body, {'Idempotency-Key': key})
            self.answers[status] = self.answers.get(status, 0) + 1
            if status not in (0, 409, 503) or self.world.hushed:
                break
        return status
