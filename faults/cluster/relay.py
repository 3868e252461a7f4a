"""
Stands between each node and its Redis, and cuts, holds, slows or resets what passes. A program of its own, so that nothing else that
faults/run does delays it. It reads commands, one JSON object a line, and answers each with a line:

    {"do": "open", "relay": "n1", "port": 2001, "target": 6379, "rewrite": {"6379": "2001"}}
    {"do": "set", "relay": "n1", "to": "hold", "from": "pass", "delay": 0.2}
    {"do": "reset", "relay": "n1"}

`to` is the direction from the node to Redis. `hold` keeps all bytes, and lets them go on when it ends, as a network does whose packets are lost and
sent again: also those of connections that have been closed meanwhile. `swallow` reads them and throws them away, so that the node's connection is
half open. `rewrite` replaces texts of the same length in what comes from Redis: addresses of other servers, which have their own relays.
"""
import asyncio
import json
import socket
import struct
import sys

PASS, HOLD, SWALLOW = 'pass', 'hold', 'swallow'
PIECE = 1 << 16


class Gate:
    """One direction of all connections of a relay."""

    def __init__(self):
        self.mode, self.delay, self.opened = PASS, 0.0, asyncio.Event()
        self.opened.set()

    def set(self, mode, delay):
        self.mode, self.delay = mode, delay
        self.opened.clear() if mode == HOLD else self.opened.set()


class Relay:
    def __init__(self):
        self.gates = {'to': Gate(), 'from': Gate()}
        self.writers, self.servers = set(), []

    async def listen(self, port, target, rewrite):
        async def accept(reader, writer):
            await self.join(reader, writer, target, rewrite)
        self.servers.append(await asyncio.start_server(accept, '127.0.0.1', port, backlog=1024))

    async def join(self, reader, writer, target, rewrite):
        try:
            theirs, out = await asyncio.open_connection('127.0.0.1', target)
        except OSError:
            abort(writer)
            return
        both = {writer, out}
        self.writers |= both
        await asyncio.gather(pump(reader, out, self.gates['to'], {}), pump(theirs, writer, self.gates['from'], rewrite))
        self.writers -= both

    def reset(self):
        for writer in list(self.writers):
            abort(writer)


def abort(writer):
    """Closes with a reset."""
    known = writer.get_extra_info('socket')
    if known is not None and not writer.is_closing():
        known.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    writer.transport.abort()


async def pump(reader, writer, gate, rewrite):
    """From one side to the other, each piece after the delay of its time; then the end."""
    pieces, loop = asyncio.Queue(64), asyncio.get_running_loop()

    async def write():
        while (piece := await pieces.get()) is not None:
            due, data = piece
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            await gate.opened.wait()
            if gate.mode != SWALLOW and not writer.is_closing():
                writer.write(data)
                await writer.drain()
    writing = asyncio.create_task(write())
    try:
        async for data in whole(reader, rewrite):
            await pieces.put((loop.time() + gate.delay, data))
    except OSError:
        pass
    await pieces.put(None)
    try:
        await writing
        await gate.opened.wait()
    except OSError:
        pass
    abort(writer) if gate.mode == PASS and reader.exception() else writer.close()


async def whole(reader, rewrite):
    """What comes, with its texts replaced; then only whole lines, so that no text is cut in two."""
    waiting = b''
    while data := await reader.read(PIECE):
        waiting += data
        if rewrite and not waiting.endswith(b'\r\n'):
            continue
        for old, new in rewrite.items():
            waiting = waiting.replace(old.encode(), new.encode())
        yield waiting
        waiting = b''


async def carry_out(relays, command):
    relay = relays.setdefault(command['relay'], Relay())
    if command['do'] == 'open':
        await relay.listen(command['port'], command['target'], command['rewrite'])
    elif command['do'] == 'set':
        for direction, gate in relay.gates.items():
            gate.set(command[direction], command['delay'])
    else:
        relay.reset()


async def main():
    loop, relays, commands = asyncio.get_running_loop(), {}, asyncio.StreamReader()
    loop.set_exception_handler(lambda *_: None)  # of peers that have gone
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        await carry_out(relays, json.loads(line))
        print('done', flush=True)


if __name__ == '__main__':
    asyncio.run(main())
