"""One fault that is being made: what it may use, and what it has to say."""
import asyncio
import contextlib
from typing import Callable, NamedTuple

from clients import Client, chat
from invariants import SURVIVED
from links import LINKS
from wire import Payloads

BYSTANDERS = 12
BYSTANDER_SECONDS = 30  # that a bystander may wait for an answer: more than any machine's own delays, less than for ever


class Run:
    def __init__(self, server, book, seconds, rng):
        self.server, self.book, self.seconds, self.rng = server, book, seconds, rng
        self.payloads = Payloads(rng)
        self.complaints, self.facts = [], {}  # facts: of the evidence
        self.opened_links = []

    def links(self, kind, **options):
        links = LINKS[kind]('127.0.0.1', self.server.port, **options)
        self.opened_links.append(links)
        return links

    def client(self, links, hub='default', token=None, checked=True, **facts):
        return Client(self.book.new(**facts), links, hub, token, checked)

    def complain(self, sentence):
        self.complaints.append(sentence)

    @contextlib.asynccontextmanager
    async def bystanders(self, hubs=('default', 'quick'), seconds=BYSTANDER_SECONDS, **facts):
        """Clients that have no part in the fault: they talk all the time, are answered in time, and are never closed."""
        self.facts['slowest'] = seconds
        until, links = asyncio.Event(), self.links(self.server.newcomer)
        talking = [asyncio.create_task(chat(self.client(links, hubs[i % len(hubs)], bystander=True, **facts), self.payloads, until))
                   for i in range(BYSTANDERS)]
        try:
            yield talking
        finally:
            until.set()
            await asyncio.gather(*talking)

    @contextlib.asynccontextmanager
    async def repeated(self, what, at_a_time):
        """Does it over and over, so many at a time, until the block is through."""
        over = False

        async def again():
            while not over:
                await what()
        tasks = [asyncio.create_task(again()) for _ in range(at_a_time)]
        try:
            yield
        finally:
            over = True
            await asyncio.gather(*tasks)

    async def until(self, check, seconds, otherwise):
        """Waits for check(), which may be a coroutine function; complains if it is not true in time."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            result = check()
            if asyncio.iscoroutine(result):
                result = await result
            if result:
                return True
            if asyncio.get_running_loop().time() > deadline:
                self.complain(otherwise())
                return False
            await asyncio.sleep(0.1)

    async def close(self):
        for links in self.opened_links:
            await links.close()


class Fault(NamedTuple):
    """A row of the table."""
    make: Callable  # async, gets the run and the kinds of clients; returns in words what the load was
    server: str = 'plain'
    kinds: tuple = ('HTTP/1.1',)
    invariants: tuple = SURVIVED
    share: float = 1  # of the time
    missing: Callable = lambda alone: None  # why it cannot be made here; alone: in a network of its own
