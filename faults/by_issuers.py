"""Faults of those that the server asks about tokens: an introspection endpoint and a key server that misbehave by turns."""
import asyncio
import json
import time

from book import NOTHING
from patience import PATIENCE
from servers import ISSUER_PORT

STRANGERS = 24
SOCKETS = 64  # that the server may have open to one issuer
KEYS = json.dumps({'keys': [{'kty': 'OKP', 'crv': 'Ed25519', 'kid': 'k', 'alg': 'EdDSA', 'use': 'sig',
                             'x': '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'}]})


def answer(body, status='200 OK'):
    return f'HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}'.encode()


def genuine(path):
    claims = {'active': True, 'sub': 'ann', 'aud': 'hawser', 'exp': int(time.time()) + 3600}
    return answer(KEYS if path == '/keys' else json.dumps(claims))


async def hang(reader, writer, path):
    await reader.read()


async def endless_headers(reader, writer, path):
    writer.write(b'HTTP/1.1 200 OK\r\n')
    while not writer.is_closing():
        writer.write(b'X-More: ' + b'x' * 4000 + b'\r\n')
        await writer.drain()


async def endless_body(reader, writer, path):
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
    while not writer.is_closing():
        writer.write(b'1000\r\n' + b' ' * 4096 + b'\r\n')
        await writer.drain()


async def early_hints_and_a_hang_up(reader, writer, path):
    writer.write(b'HTTP/1.1 103 Early Hints\r\n\r\n' * 9)


async def reset(reader, writer, path):
    writer.transport.abort()


async def server_error(reader, writer, path):
    writer.write(answer('{"error":"so"}', '500 Internal Server Error'))


async def nonsense(reader, writer, path):
    writer.write(b'\0\x01\x02 this is no HTTP\r\n\r\n' * 100)


async def half_an_answer(reader, writer, path):
    writer.write(genuine(path)[:-10])


async def slow_bytes(reader, writer, path):
    for byte in genuine(path):
        writer.write(bytes([byte]))
        await asyncio.sleep(0.1)


MISBEHAVIOURS = (hang, endless_headers, endless_body, early_hints_and_a_hang_up, reset, server_error, nonsense, half_an_answer, slow_bytes)


class Issuer:
    """Answers as it is told to, at first by turns."""

    def __init__(self):
        self.asked, self.good = 0, False
        self.serving = set()

    async def serve(self, reader, writer):
        self.serving.add(asyncio.current_task())
        try:
            head = await reader.readuntil(b'\r\n\r\n')
            path = head.split(b' ', 2)[1].decode()
            self.asked += 1
            if self.good:
                writer.write(genuine(path))
            else:
                await MISBEHAVIOURS[self.asked % len(MISBEHAVIOURS)](reader, writer, path)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self.serving.discard(asyncio.current_task())
            writer.transport.abort()

    async def end(self):
        serving = list(self.serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving)


async def issuers(run, kinds):
    """
    Strangers with made-up tokens at a hub whose issuer is asked about each, and at one whose keys are fetched. They are refused in
    time; nobody else notices; memory and sockets are bounded; and when the issuers are well again, so is the door.
    """
    links, issuer = run.links(kinds[0]), Issuer()
    listening = await asyncio.start_server(issuer.serve, '127.0.0.1', ISSUER_PORT)
    before, most, slowest = run.server.files(), 0, 0.0

    async def stranger():
        nonlocal slowest
        started = time.monotonic()
        hub = run.rng.choice(('opaque', 'keys'))
        token = f'token-{run.rng.random()}' if hub == 'opaque' else 'eyJhbGciOiJFZERTQSIsImtpZCI6ImsifQ.e30.AA'
        client = run.client(links, hub, token, promise=NOTHING)
        if await client.open():
            await client.close()  # asked just when the issuer took its time and told the truth
        slowest = max(slowest, time.monotonic() - started)

    async def watch():
        nonlocal most
        most = max(most, run.server.files())
        await asyncio.sleep(0.1)
    try:
        async with run.bystanders():
            async with run.repeated(stranger, STRANGERS), run.repeated(watch, 1):
                await asyncio.sleep(run.seconds)
            issuer.good = True

            async def let_in():
                client = run.client(links, 'opaque', f'token-{run.rng.random()}')
                return await client.open() and await client.close() is None
            await run.until(let_in, PATIENCE, lambda: 'a good token was not let in when the issuer was well again')
    finally:
        listening.close()
        await issuer.end()
    if slowest > PATIENCE / 2:
        run.complain(f'a stranger waited {slowest:.0f} s')
    if most - before > STRANGERS + 2 * SOCKETS + 40:
        run.complain(f'{most - before} more files were open')
    return f'{issuer.asked} questions answered badly, {len(run.book.entries)} handshakes, at most {most - before} more files'
