"""As much of HTTP/2 as carries WebSockets (RFC 8441, RFC 9113): a connection, and streams that look like sockets."""
import asyncio
import struct
import sys

from patience import PATIENCE, drained

PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK, PADDED, PRIORITY = 0x1, 0x4, 0x1, 0x8, 0x20
INITIAL_WINDOW_SIZE, ENABLE_CONNECT_PROTOCOL = 4, 8
CANCEL = 8
OUR_WINDOW = 1 << 24
CREDIT = OUR_WINDOW // 4  # given back at once, as clients do: a server counts the frames that give credit
STATUS_200 = 0x88  # of the static table


class Http2:
    """One connection. Its streams are those of `streams`; the server allows 128 at a time."""

    def __init__(self, reader, writer, scheme):
        self.reader, self.writer, self.scheme = reader, writer, scheme
        self.streams, self.last = {}, -1
        self.window, self.first_window, self.largest = 65535, 65535, 16384
        self.room = asyncio.Condition()
        self.ready = asyncio.get_running_loop().create_future()
        self.over = False
        self.taken = 0
        writer.write(PREFACE + frame(SETTINGS, 0, 0, struct.pack('!HI', INITIAL_WINDOW_SIZE, OUR_WINDOW))
                     + frame(WINDOW_UPDATE, 0, 0, struct.pack('!I', OUR_WINDOW)))
        self.task = asyncio.create_task(self.read())

    async def open(self, path, headers=()):
        """The stream of a WebSocket, or None where the server says no."""
        await self.ready
        self.last += 2
        stream = Stream(self, self.last)
        self.streams[self.last] = stream
        fields = [(':method', 'CONNECT'), (':protocol', 'websocket'), (':scheme', self.scheme), (':path', path),
                  (':authority', 'localhost'), ('sec-websocket-version', '13'), *headers]
        self.send(frame(HEADERS, END_HEADERS, stream.id, b''.join(literal(name) + string(value) for name, value in fields)))
        return stream if await stream.status == 200 else None

    async def read(self):
        try:
            while True:
                head = await self.reader.readexactly(9)
                size, kind, flags = int.from_bytes(head[:3], 'big'), head[3], head[4]
                await self.take(kind, flags, int.from_bytes(head[5:], 'big') & 0x7fffffff, await self.reader.readexactly(size))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.over = True
            if not self.ready.done():
                self.ready.set_exception(ConnectionResetError('the connection ended before its settings came'))
            for stream in list(self.streams.values()):
                stream.ended()
            await self.more_room(0, 0)

    async def take(self, kind, flags, number, payload):
        stream = self.streams.get(number)
        if kind == SETTINGS and not flags & ACK:
            self.settings(dict(struct.iter_unpack('!HI', payload)))
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        elif kind == WINDOW_UPDATE:
            await self.more_room(number, int.from_bytes(payload, 'big'))
        elif stream and kind == HEADERS:
            stream.headers(unpadded(flags, payload), flags)
        elif stream and kind == DATA:
            stream.data(unpadded(flags, payload), flags)
        elif stream and kind == RST_STREAM:
            stream.finished = True
            stream.ended()
        elif kind == GOAWAY and payload[4:8] != bytes(4):
            print(f'The server ends an HTTP/2 connection with {payload[4:8].hex()} {payload[8:]}', file=sys.stderr)
        if kind == DATA and payload:
            self.give_back(self, 0, len(payload))
            if stream:
                self.give_back(stream, number, len(payload))

    def give_back(self, window, number, size):
        window.taken += size
        if window.taken >= CREDIT:
            self.send(frame(WINDOW_UPDATE, 0, number, struct.pack('!I', window.taken)))
            window.taken = 0

    def settings(self, settings):
        grown = settings.get(INITIAL_WINDOW_SIZE, self.first_window) - self.first_window
        self.first_window += grown
        for stream in self.streams.values():
            stream.window += grown
        self.send(frame(SETTINGS, ACK, 0))
        if not self.ready.done() and ENABLE_CONNECT_PROTOCOL in settings:
            self.ready.set_result(True)

    def send(self, data):
        if not self.writer.is_closing():
            self.writer.write(data)

    async def more_room(self, number, credit):
        async with self.room:
            if number == 0:
                self.window += credit
            elif number in self.streams:
                self.streams[number].window += credit
            self.room.notify_all()

    async def close(self):
        self.writer.close()
        await asyncio.wait([self.task], timeout=10)


class Stream:
    """One WebSocket, with what links.py wants of a socket."""

    def __init__(self, connection, number):
        self.connection, self.id = connection, number
        self.window = connection.first_window
        self.status = asyncio.get_running_loop().create_future()
        self.arrived = asyncio.Queue()
        self.taken = 0
        self.gone = False  # the server has ended it
        self.finished = False  # this client has

    async def write(self, data):
        connection, start = self.connection, 0
        while start < len(data):
            async with connection.room:
                if not self.may_go_on():
                    await asyncio.wait_for(connection.room.wait_for(self.may_go_on), PATIENCE)
                if self.gone or connection.over:
                    raise ConnectionResetError('the stream is over')
                size = min(len(data) - start, self.window, connection.window, connection.largest)
                self.window -= size
                connection.window -= size
            connection.send(frame(DATA, 0, self.id, data[start:start + size]))
            start += size
        await drained(connection.writer)

    def may_go_on(self):
        return self.gone or self.connection.over or (self.window > 0 and self.connection.window > 0)

    async def read(self):
        return b'' if self.gone and self.arrived.empty() else await self.arrived.get()

    def half_close(self):
        if not self.finished:
            self.finished = True
            self.connection.send(frame(DATA, END_STREAM, self.id))

    def reset(self):
        if not (self.gone and self.finished):
            self.finished = True
            self.connection.send(frame(RST_STREAM, 0, self.id, struct.pack('!I', CANCEL)))
        self.ended()

    async def close(self):
        self.half_close()
        self.ended()

    def headers(self, block, flags):
        if flags & PRIORITY:
            block = block[5:]
        while block and 0x20 <= block[0] < 0x40:  # a new size of the dynamic table
            block = block[1:] if block[0] & 0x1f < 0x1f else block[1 + next(i for i, b in enumerate(block[1:], 1) if b < 0x80):]
        if not self.status.done():
            self.status.set_result(200 if block[:1] == bytes([STATUS_200]) else 0)
        if flags & END_STREAM:
            self.ended()

    def data(self, payload, flags):
        if payload:
            self.arrived.put_nowait(payload)
        if flags & END_STREAM:
            self.ended()

    def ended(self):
        if not self.status.done():
            self.status.set_result(0)
        if not self.gone:
            self.gone = True
            self.arrived.put_nowait(b'')
            asyncio.ensure_future(self.connection.more_room(0, 0))  # who waits for room must learn of it
        self.connection.streams.pop(self.id, None)


# --- bytes ---

def frame(kind, flags, number, payload=b''):
    return len(payload).to_bytes(3, 'big') + bytes([kind, flags]) + number.to_bytes(4, 'big') + payload


def unpadded(flags, payload):
    return payload[1:len(payload) - payload[0]] if flags & PADDED else payload


def literal(name):
    return b'\0' + string(name)  # without indexing, with a new name


def string(text):
    data = text.encode()
    size = len(data)
    if size < 127:
        return bytes([size]) + data
    more, rest = bytearray([127]), size - 127
    while rest >= 128:
        more.append(rest % 128 | 128)
        rest //= 128
    return bytes([*more, rest]) + data
