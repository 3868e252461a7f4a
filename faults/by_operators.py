"""Faults that operators make: reloads, and the stop."""
import asyncio
import http.client

from book import CALLED
from clients import chat
from world import KEY

RELOADERS = 4
STORM = 120
AT_ONCE = 8  # messages of a client under way
MILLIS = 200  # that a callback may take
STOP_SECONDS = 60
GOOD = ('hawser:\n  handshake:\n    allowed-origins: https://a.example.com\n',
        'hawser:\n  handshake:\n    allowed-origins: https://b.example.com\n  connection:\n    idle-timeout: 1h\n')
BAD = ('', 'hawser:\n  handshake:\n    allowed-origins: "https://a.exam', 'hawser:\n  connection:\n    idle-timeout: soon\n',
       'hawser:\n  conection: {}\n')


def reload(server):
    """The status of the answer."""
    connection = http.client.HTTPConnection('127.0.0.1', server.operations_port, timeout=60)
    try:
        connection.request('POST', '/actuator/reload', headers={'Authorization': f'Bearer {KEY}'})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


async def reload_storm(run, kinds):
    """Reloads of good and of broken files, several at a time, under traffic that notices nothing."""
    file = run.server.folder / 'application.yaml'
    statuses = {}
    run.facts['errors'] = 'The changed configuration is refused'

    def write(text):
        fresh = file.with_suffix('.new')
        fresh.write_text(text)
        fresh.rename(file)

    async def one():
        write(run.rng.choice(GOOD + BAD))
        status = await asyncio.to_thread(reload, run.server)
        statuses[status] = statuses.get(status, 0) + 1

    async with run.bystanders():
        async with run.repeated(one, RELOADERS):
            await asyncio.sleep(run.seconds)
        write(GOOD[0])
        last = await asyncio.to_thread(reload, run.server)
    if set(statuses) - {200, 422} or last != 200:
        run.complain(f'reloads were answered with {statuses}, and the last one, of a good file, with {last}')
    return f'{sum(statuses.values())} reloads, of which {statuses.get(422, 0)} refused'


async def stop(run, kinds):
    """
    SIGTERM under traffic, with callbacks that take their time. Each client is told 1012; a message that OnMessage got has its answer before that, and others, which the
    server had not read, have none. Nobody gets in any more.
    """
    facts = {'promise': CALLED, 'allowed_codes': (1012,)}
    links = [run.links(kind) for kind in kinds]
    over = asyncio.Event()

    async def storm(number):
        client = run.client(links[number % len(links)], ('default', 'quick')[number % 2], **facts)
        if not await client.open():
            return run.complain(f'{client.entry.name} could not connect')
        naps = client.hub == 'default'
        while not client.over.is_set() and not client.closing:
            if naps and run.rng.random() < 0.3:
                await client.say(f'!nap {run.rng.randrange(MILLIS)}')
            if not await client.send(*run.payloads.next(20_000)):
                break
            await client.all_answered(waiting=AT_ONCE)
        await client.is_over(STOP_SECONDS)

    async def comers():
        while not over.is_set():
            await chat(run.client(links[0], **facts), run.payloads, over, pause=0)
            await asyncio.sleep(0.01)

    async def signal():
        await asyncio.sleep(run.seconds)
        run.server.process.terminate()
        await run.until(lambda: not run.server.is_running(), STOP_SECONDS, lambda: f'the process still runs after {STOP_SECONDS} s')
        over.set()
    await asyncio.gather(signal(), comers(), *(storm(number) for number in range(STORM)))
    unread = sum(entry.sent - run.server.journal.read().get(entry.name, entry).messages for entry in run.book.entries if entry.opened)
    return f'{run.book.opened()} connections, {run.book.sent()} messages, {unread} of them not read before the close'
