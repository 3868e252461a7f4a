"""A node of another version, and programs that are no nodes: they write into the table of nodes and into inboxes."""
import asyncio

from .redis import Refused

NEXT_VERSION, FAR_VERSION = 2, 9
BEATS = 8
NAME = 'n9-foreign'
TABLE = 'hawser:nodes:{nodes}'


def number(value):
    """LEB128."""
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7f
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def text(value):
    return number(len(value)) + value


def batch(version, source, link, *letters):
    return b'HW' + bytes([version]) + text(source) + number(link) + number(len(letters)) + b''.join(text(letter) for letter in letters)


def strange_entries():
    """What no node of this version writes."""
    yield 'd', batch(NEXT_VERSION, NAME.encode(), 1, b'\x01')
    yield 'd', batch(FAR_VERSION, NAME.encode(), 2, b'\x01')
    yield 'd', batch(1, NAME.encode(), 1, b'\x7f\x01\x02')  # a letter of an unknown kind
    yield 'd', batch(1, NAME.encode(), 2, b'\x01')[:-1]  # cut
    yield 'd', b'HW'
    yield 'd', b''
    yield 'd', bytes(range(256))
    yield 'other', b'of another program'


async def speak_another_version(making):
    """It beats for some seconds, as a node whose version differs by one or by more, and falls silent: it is buried."""
    version = making.rng.choice((NEXT_VERSION, FAR_VERSION))
    skipped = [await making.do(node.metric, 'hawser_cluster_skipped_total') for node in making.world.nodes if node.is_running()]
    inboxes = [known['self'] for node in making.world.nodes if node.is_running() and (known := await making.do(node.known))]
    for beat in range(BEATS):
        await call(making, 'HSET', TABLE, NAME, f'{beat}|{version}|up|0')
        for inbox in inboxes:
            for field, entry in strange_entries():
                await call(making, 'XADD', f'hawser:in:{{{inbox}}}', '*', field, entry)
        await asyncio.sleep(1)
    after = [await making.do(node.metric, 'hawser_cluster_skipped_total') for node in making.world.nodes if node.is_running()]
    if version == FAR_VERSION:
        await call(making, 'HDEL', TABLE, NAME)  # no node buries it
    if sum(after) <= sum(skipped):
        making.complaints.append('the nodes have not counted what they cannot read')
    return f'a node of version {version}, and {BEATS * len(inboxes) * len(list(strange_entries()))} entries that cannot be read'


async def call(making, *words):
    """Of the server that has the key. While Redis is away, nothing."""
    for server in making.redis.servers:
        try:
            return await making.do(server.call, *words)
        except (OSError, Refused):
            continue
