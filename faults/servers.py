"""The servers of faults/run (SERVERS): how each is started."""
import asyncio
import mmap
import os
import subprocess
import threading
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection

from backend import Backend
from by_backends import CLOSES, DROPS, TELLS
from server import free_ports, tool
from world import FAULTS, PASSWORD, SETTLE_SECONDS, WORK, Server, key_store

[ISSUER_PORT] = free_ports(1)


def plain(jar):
    return Server('plain', jar, (
        '--hawser.hubs.opaque.path=/opaque', '--hawser.hubs.opaque.handshake.token.required=true',
        '--hawser.hubs.opaque.handshake.token.timeout=1s',
        f'--hawser.hubs.opaque.handshake.token.introspection.url=http://127.0.0.1:{ISSUER_PORT}/introspect',
        '--hawser.hubs.opaque.handshake.token.introspection.client-id=hawser',
        '--hawser.hubs.opaque.handshake.token.introspection.client-secret=a-secret-of-the-faults',
        '--hawser.hubs.keys.path=/keys', '--hawser.hubs.keys.handshake.token.required=true',
        '--hawser.hubs.keys.handshake.token.timeout=1s',
        f'--hawser.hubs.keys.handshake.token.jwks.url=http://127.0.0.1:{ISSUER_PORT}/keys',
        '--hawser.hubs.keys.handshake.token.jwks.refresh-interval=1s'))


def tls(jar):
    server = Server('TLS', jar, ('--server.ssl.key-store-type=PKCS12', f'--server.ssl.key-store=file:{key_store()}',
                                 f'--server.ssl.key-store-password={PASSWORD}', '--hawser.request.sni-check=false'))
    server.newcomer = 'TLS'
    return server


def small_heap(jar):
    return Server('small heap', jar, jvm=('-Xmx128m',))


class PipedLog(Server):
    """Prints into a pipe, which is read until stick()."""

    def start(self):
        ours, its = os.pipe()
        self.flowing = threading.Event()
        self.flowing.set()
        self.process = subprocess.Popen(self.command, cwd=self.log_file.parent, stdout=its, stderr=subprocess.STDOUT)
        os.close(its)
        threading.Thread(target=self.copy, args=(ours,), daemon=True).start()
        return self

    def copy(self, pipe):
        with self.log_file.open('wb') as log, os.fdopen(pipe, 'rb', 0) as printed:
            while data := printed.read(65536):
                log.write(data)
                log.flush()
                self.flowing.wait()

    def stick(self):
        self.flowing.clear()

    def unstick(self):
        self.flowing.set()

    def stop(self, seconds=60):
        self.unstick()
        return super().stop(seconds)


def piped_log(jar):
    return PipedLog('piped log', jar, ('--logging.level.dev.hawser=DEBUG',))


class OwnClock(Server):
    """Its time of day is off by as many seconds as step() says."""

    def __init__(self, name, jar):
        library, offset = WORK / 'clock.so', WORK / 'clock'
        tool('cc', '-shared', '-fPIC', '-O2', '-o', library, FAULTS / 'clock.c', '-ldl')
        offset.write_bytes(b'0' + bytes(15))
        with offset.open('r+b') as file:
            self.offset = mmap.mmap(file.fileno(), 16)
        super().__init__(name, jar, wrapper=('env', f'LD_PRELOAD={library}', f'FAULTS_CLOCK={offset}'))

    def step(self, seconds):
        self.offset[:] = str(seconds).encode().ljust(16, b'\0')

    def clock_difference(self):
        """Seconds that its clock is ahead of ours, by the date of an answer."""
        connection = HTTPConnection('127.0.0.1', self.port, timeout=60)
        try:
            connection.request('GET', '/nothing')
            answer = connection.getresponse()
            answer.read()
            return (parsedate_to_datetime(answer.headers['Date']) - datetime.now(timezone.utc)).total_seconds()
        finally:
            connection.close()


class Calling(Server):
    """Calls a backend in the place of callbacks. What it prints in all its lives is in one log."""
    has_callbacks = False

    def __init__(self, name, jar):
        [port] = free_ports(1)
        self.backend, self.life, self.file_bound = Backend(port, unruly=(CLOSES, TELLS, DROPS)), 0, 0
        policies = {'default': 'close', CLOSES: 'close', TELLS: 'error', DROPS: 'drop'}
        super().__init__(name, jar, [f'--hawser.webhooks.folder={WORK / name / "store"}',
                                     *(option for hub, policy in policies.items() for option in self.hub(hub, policy, port))])

    @staticmethod
    def hub(name, policy, port):
        entry = f'--hawser.hubs.{name}.webhooks[0]'
        return [f'{entry}.url=http://127.0.0.1:{port}/{{event}}', f'{entry}.on-failure={policy}', f'{entry}.timeout=5s', f'{entry}.retries=2',
                f'{entry}.retry-delay=100ms']

    def start(self):
        self.life += 1
        self.backend.life = self.life
        with self.log_file.open('a') as log:
            self.process = subprocess.Popen(self.command, cwd=self.log_file.parent, stdout=log, stderr=subprocess.STDOUT)
        return self

    def start_again(self):
        self.start().await_ready()

    def figures(self):
        found = super().figures()
        self.file_bound = self.file_bound or found.files
        return found

    async def await_calm(self, run):
        """Waits until every backend takes events again: until then messages fail that the backend would take."""
        def calm():
            return not self.metric('hawser_webhooks_down') and not self.metric('hawser_webhooks_undelivered')
        await run.until(lambda: asyncio.to_thread(calm), SETTLE_SECONDS, lambda: 'the backends are not called again')

    async def settle(self, book, seconds=2 * SETTLE_SECONDS):
        """Waits until no connection is left, the backend knows of all ends, and idle connections to it are closed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            opened = {entry.name for entry in book.entries if entry.opened}
            waiting = [one for one in list(self.backend.told.values())
                       if one.accepted and not one.ended and (one.client in opened or one.life == self.life)]
            if not waiting and not await asyncio.to_thread(self.connections) and self.files() <= (self.file_bound or self.files()):
                return
            await asyncio.sleep(0.2)


SERVERS = {'plain': plain, 'TLS': tls, 'small heap': small_heap, 'piped log': piped_log, 'own clock': lambda jar: OwnClock('own clock', jar),
           'calling': lambda jar: Calling('calling', jar)}
