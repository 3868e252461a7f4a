"""Faults of the machine: pauses, lost packets, a lack of files or memory, a log that is stuck, a clock that jumps."""
import asyncio
import os
import resource
import shutil
import signal
import subprocess

import wire
from book import NOTHING
from by_clients import ended
from clients import live

PAUSE_SECONDS = 5  # more than the hub "watched" gives to a ping and its answer
TALKERS = 40
SILENT = 40
SILENT_ADDRESS = '127.0.0.77'
SILENT_SECONDS = 60  # at most until they are given up; the hub "watched" takes about three
FILES_LEFT = 15
CROWD = 200
HOARDERS = 200
HOARD = 950_000  # bytes of an unfinished message


# --- pauses ---

async def pause(run, kinds):
    """
    The process is stopped for longer than a ping may stay unanswered (SIGSTOP, a virtual machine that moves). Clients that send all
    along are not closed for that.
    """
    links, over = run.links(kinds[0]), asyncio.Event()

    async def talk():
        client = run.client(links, 'watched', allowed_codes=(1000,))
        if not await client.open():
            return run.complain(f'{client.entry.name} could not connect')
        while not over.is_set():
            if not await client.send(*run.payloads.next(500)):
                return run.complain(f'{client.entry.name} was closed with {client.entry.code}')
            await asyncio.sleep(0.1)
        await client.all_answered()
        await client.close()

    talking = [asyncio.create_task(talk()) for _ in range(TALKERS)]
    pauses, until = 0, asyncio.get_running_loop().time() + run.seconds
    while pauses == 0 or asyncio.get_running_loop().time() + PAUSE_SECONDS + 2 < until:
        await asyncio.sleep(1)
        os.kill(run.server.pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            os.kill(run.server.pid, signal.SIGCONT)
        await asyncio.sleep(1)
        pauses += 1
    over.set()
    await asyncio.gather(*talking)
    return f'{pauses} pauses of {PAUSE_SECONDS} s, {TALKERS} clients that send every 0.1 s'


# --- lost packets ---

def no_way_to_drop(alone):
    if not alone:
        return 'packets are dropped in a network of its own only'
    return None if shutil.which('iptables') else 'there is no iptables'


def drop(action):
    for end in ('--source', '--destination'):
        subprocess.run(['iptables', '--wait', action, 'INPUT', end, SILENT_ADDRESS, '--jump', 'DROP'], check=True, capture_output=True,
                       timeout=60)


async def half_open(run, kinds):
    """Peers of whom nothing comes any more, not even an end: each is found out by its silence, and its OnClose runs."""
    links = run.links(kinds[0], source=SILENT_ADDRESS)
    rounds, until = 0, asyncio.get_running_loop().time() + run.seconds
    async with run.bystanders(('default', 'watched')):
        while rounds == 0 or asyncio.get_running_loop().time() < until:
            silent = [run.client(links, 'watched', promise=NOTHING, allowed_codes=(None, 1001)) for _ in range(SILENT)]
            await asyncio.gather(*(live(client, run.rng, run.payloads, 1, lambda client: client.all_answered(), 1000)
                                   for client in silent))
            await asyncio.to_thread(drop, '--append')
            try:
                await run.until(lambda: all(client.entry.refused or ended(run, client.entry.name) for client in silent), SILENT_SECONDS,
                                lambda: f'silent peers were still there after {SILENT_SECONDS} s')
                await asyncio.sleep(6)  # hawser.connection.close-timeout, after which the socket goes
            finally:
                await asyncio.to_thread(drop, '--delete')
            for client in silent:
                if client.link:
                    client.link.reset()
                    await client.is_over()
            rounds += 1
    return f'{rounds * SILENT} peers that fell silent'


# --- files ---

async def files_used_up(run, kinds):
    """The process may open no more files: newcomers are hung up on, those that are connected notice nothing, and it recovers."""
    links, server = run.links(kinds[0]), run.server
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    logged, until = len(server.log()), asyncio.get_running_loop().time() + run.seconds
    tried = refused = 0
    async with run.bystanders() as talking:
        await run.until(lambda: run.book.opened() >= len(talking), 60, lambda: 'the bystanders could not connect')
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (server.files() + FILES_LEFT, hard))
        try:
            while tried == 0 or asyncio.get_running_loop().time() < until:
                crowd = [run.client(links, promise=NOTHING) for _ in range(CROWD)]
                await asyncio.gather(*(client.open() for client in crowd))
                tried += CROWD
                refused += sum(client.entry.refused for client in crowd)
                await asyncio.gather(*(client.close() for client in crowd if client.entry.opened))
        finally:
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (soft, hard))
    if not refused:
        run.complain('nobody was refused: the files were not used up')
    if len(server.log()) - logged > 20_000 + 1000 * run.seconds:
        run.complain(f'{len(server.log()) - logged} bytes were logged')
    return f'{tried} newcomers, of whom {refused} found no file left'


# --- memory ---

async def small_heap(run, kinds):
    """Two hundred unfinished messages of just under a megabyte each, in a heap of 128 MB: whoever holds most is ended, not the process."""
    links = run.links(kinds[0])
    rounds, until = 0, asyncio.get_running_loop().time() + run.seconds

    async def hoard():
        client = run.client(links, promise=NOTHING, checked=False, allowed_codes=(None, 1000, 1009, 1013))
        if await client.open():
            for piece in range(10):
                opcode = wire.BINARY if piece == 0 else wire.CONTINUATION
                if client.over.is_set() or not await client.write(wire.frame(opcode, bytes(HOARD // 10), fin=False)):
                    break
        return client

    async with run.bystanders():
        while rounds == 0 or asyncio.get_running_loop().time() < until:
            hoarders = await asyncio.gather(*(hoard() for _ in range(HOARDERS)))
            await asyncio.sleep(2)
            for client in hoarders:
                if client.link:
                    client.link.reset()
                    await client.is_over()
            rounds += 1
            if run.complaints or not run.server.is_running():
                break
    ended = sum(entry.code in (1009, 1013) for entry in run.book.entries)
    return f'{rounds * HOARDERS} unfinished messages of {HOARD // 1000} kB, {ended} ended for it'


# --- a log that is stuck ---

async def stuck_log(run, kinds):
    """Nobody reads what the process prints, with lines for each connection: messages and handshakes go on."""
    links = run.links(kinds[0])
    await asyncio.sleep(0)
    run.server.stick()
    try:
        async with run.bystanders():
            async with run.repeated(lambda: live(run.client(links), run.rng, run.payloads, 3, lambda client: client.close(), 1000), 10):
                await asyncio.sleep(run.seconds)
        liveness = await asyncio.to_thread(run.server.status, '/actuator/health/liveness')
        if liveness != 200:
            run.complain(f'liveness said {liveness}')
    finally:
        run.server.unstick()
    return f'{run.book.opened()} connections with lines in a log that is stuck'


# --- the clock ---

def no_clock(alone):
    return None if shutil.which('cc') else 'there is no C compiler for faults/clock.c'


async def stepping_clock(run, kinds):
    """The time of day jumps by hours and days, in both directions: nobody is closed, and newcomers are let in."""
    links = run.links(kinds[0])
    steps = (3600, -3600, 86400, -86400, 400 * 86400, 0)
    async with run.bystanders(('default', 'watched')):
        async with run.repeated(lambda: live(run.client(links, 'watched'), run.rng, run.payloads, 2, lambda client: client.close(), 1000), 4):
            for step in steps:
                run.server.step(step)
                await asyncio.sleep(run.seconds / len(steps))
                off = await asyncio.to_thread(run.server.clock_difference)
                if abs(off - step) > 60:
                    run.complain(f'the clock was to be off by {step} s, and is by {off:.0f} s')
    return f'{len(steps)} steps of up to 400 days, {run.book.opened()} connections'
