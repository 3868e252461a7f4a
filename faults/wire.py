"""The bytes of a WebSocket as a client sees them (RFC 6455): an opening handshake, frames in both directions."""
import os
import struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = 'dGhlIHNhbXBsZSBub25jZQ=='


def handshake(path, headers=()):
    lines = [f'GET {path} HTTP/1.1', 'Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade', f'Sec-WebSocket-Key: {KEY}',
             'Sec-WebSocket-Version: 13', *headers, '', '']
    return '\r\n'.join(lines).encode()


def frame(opcode, payload=b'', fin=True):
    """A frame as clients send them, masked."""
    first, size = opcode | (0x80 if fin else 0), len(payload)
    if size < 126:
        head = struct.pack('!BB', first, 0x80 | size)
    elif size < 65536:
        head = struct.pack('!BBH', first, 0x80 | 126, size)
    else:
        head = struct.pack('!BBQ', first, 0x80 | 127, size)
    mask = os.urandom(4)
    return head + mask + masked(payload, mask)


def masked(payload, mask):
    size = len(payload)
    if not size:
        return b''
    keys = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, 'little') ^ int.from_bytes(keys, 'little')).to_bytes(size, 'little')


def close_frame(code, reason=''):
    return frame(CLOSE, struct.pack('!H', code) + reason.encode())


def message(rng, opcode, payload):
    """A message in up to five fragments of random size, some of them empty, some with a ping between them."""
    cuts = sorted(rng.randint(0, len(payload)) for _ in range(rng.choice((0, 0, 0, 1, 2, 4))))
    parts = [payload[start:end] for start, end in zip([0, *cuts], [*cuts, len(payload)])]
    frames = []
    for index, part in enumerate(parts):
        if index and rng.random() < 0.2:
            frames.append(frame(PING, b'between'))
        frames.append(frame(CONTINUATION if index else opcode, part, fin=index == len(parts) - 1))
    return b''.join(frames)


class Broken(Exception):
    """What the server sent is no WebSocket; says why."""


class MessageReader:
    """Makes messages and control frames of the server's bytes, however they are cut."""

    def __init__(self):
        self.waiting = bytearray()
        self.opcode, self.parts = None, []

    def feed(self, data):
        """Yields (opcode, payload)."""
        self.waiting += data
        while (found := self.next_frame()) is not None:
            fin, opcode, payload = found
            if opcode >= CLOSE:
                yield opcode, payload
                continue
            if (opcode == CONTINUATION) != (self.opcode is not None):
                raise Broken('a fragment is out of order')
            self.opcode = opcode or self.opcode
            self.parts.append(payload)
            if fin:
                whole, self.parts = b''.join(self.parts), []
                opcode, self.opcode = self.opcode, None
                yield opcode, whole

    def next_frame(self):
        waiting = self.waiting
        if len(waiting) < 2:
            return None
        first, size, start = waiting[0], waiting[1], 2
        if first & 0x70 or size & 0x80 or (first & 0x0f) not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise Broken(f'a frame begins with {bytes(waiting[:2]).hex()}')
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(waiting) < start:
                return None
            size = int.from_bytes(waiting[2:start], 'big')
        if len(waiting) < start + size:
            return None
        payload = bytes(waiting[start:start + size])
        del waiting[:start + size]
        return bool(first & 0x80), first & 0x0f, payload


# --- payloads ---

UNITS = ['abcdef', 'Zürij', '€uro', 'ein a.', '😀ok', '123456', 'ßßß', '漢字', '      ', 'q=ä+b']  # six bytes of UTF-8 each
BLOCK_UNITS = 70_000


class Payloads:
    """Cheap messages that differ: pieces of a block of random text, and of one of random bytes."""

    def __init__(self, rng):
        assert all(len(unit.encode()) == 6 for unit in UNITS)
        self.rng = rng
        self.text = ''.join(rng.choices(UNITS, k=BLOCK_UNITS)).encode()
        self.binary = rng.randbytes(len(self.text))

    def next(self, largest):
        """(opcode, payload) of a random size, small ones as often as large ones."""
        size = self.rng.choice((0, 1, 125, 126, 127, int(largest ** self.rng.random()), int(largest ** self.rng.random()), largest
                                if self.rng.random() < 0.1 else 1000))
        if self.rng.random() < 0.5:
            at = self.rng.randrange(0, len(self.binary) - size)
            return BINARY, self.binary[at:at + size]
        at = 6 * self.rng.randrange(0, (len(self.text) - size) // 6)
        return TEXT, self.text[at:at + size - size % 6] + b'.' * (size % 6)
