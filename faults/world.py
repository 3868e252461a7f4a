"""The server that the faults are made to: built jar, callbacks that keep a journal, and figures of its process."""
import asyncio
import contextlib
import http.client
import os
import pathlib
import re
import subprocess
import sys
import time

from book import Journal
from clients import Client
from invariants import Figures
from server import ROOT, Hawser, find_jdk, tool

FAULTS = pathlib.Path(__file__).resolve().parent
WORK = ROOT / 'target' / 'faults'
CALLBACKS = WORK / 'callbacks'
KEY = 'the-key-of-the-operators-in-faults-run'
PASSWORD = 'changeit'
SETTLE_SECONDS = 60
OPTIONS = (f'--hawser.operations.key={KEY}', '--hawser.handshake.token.required=false',
           '--hawser.connection.limits.per-user=0', '--hawser.drain.window=2s', '--hawser.drain.timeout=10s')
# One server for most faults: hubs that differ in what a fault needs of them.
HUBS = ('--hawser.hubs.quick.path=/quick',
        '--hawser.hubs.watched.path=/watched', '--hawser.hubs.watched.connection.ping-interval=1s',
        '--hawser.hubs.watched.connection.pong-timeout=1s')


def build_callbacks(jar):
    """The jar of the callbacks, compiled against the server's."""
    jdk = find_jdk()
    home, classes = WORK / 'hawser', WORK / 'classes'
    tool('rm', '-rf', home, classes, CALLBACKS)
    tool(jdk / 'bin' / 'java', '-Djarmode=tools', '-jar', jar, 'extract', '--destination', home)
    [server] = home.glob('*.jar')
    tool(jdk / 'bin' / 'javac', '-proc:none', '-d', classes, '-cp', os.pathsep.join([str(server), f'{home}/lib/*']),
         *sorted((FAULTS / 'callbacks').rglob('*.java')))
    CALLBACKS.mkdir()
    tool(jdk / 'bin' / 'jar', '--create', '--file', CALLBACKS / 'faults.jar', '-C', classes, '.')


def key_store():
    """A certificate for the servers that speak TLS."""
    store = WORK / 'hawser.p12'
    store.unlink(missing_ok=True)
    tool(find_jdk() / 'bin' / 'keytool', '-genkeypair', '-alias', 'hawser', '-dname', 'CN=localhost', '-ext', 'san=dns:localhost',
         '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '30', '-storetype', 'PKCS12', '-keystore', store, '-storepass', PASSWORD)
    return store


class Server(Hawser):
    """The server with the callbacks, its journal and its figures."""
    newcomer = 'HTTP/1.1'  # how clients reach it that have no part in a fault
    has_callbacks = True

    def __init__(self, name, jar, options=(), jvm=('-Xmx512m',), wrapper=()):
        """wrapper: words before the command that starts the JVM."""
        self.folder = WORK / name.replace(' ', '-')
        tool('rm', '-rf', self.folder)
        self.folder.mkdir(parents=True)
        journal = self.folder / 'journal.txt'
        self.journal = Journal(journal)
        super().__init__(self.folder / 'server.log', *OPTIONS, *self.callbacks(journal), *options, jar=jar,
                         jvm=(*jvm, f'-Dloader.path={CALLBACKS}') if self.has_callbacks else jvm, name=name)
        self.command = [*wrapper, *self.command]

    def callbacks(self, journal):
        return (*HUBS, f'--faults.journal={journal}') if self.has_callbacks else ()

    # --- figures ---

    def figures(self):
        self.collect()
        return Figures(self.rss(), int(self.metric('jvm_memory_used_bytes', 'area="heap"')), self.files(),
                       self.metric('hawser_connections'))

    def collect(self):
        """Has the garbage collected; a JVM that does not even do that is found out otherwise."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run([find_jdk() / 'bin' / 'jcmd', str(self.pid), 'GC.run'], capture_output=True, timeout=60)

    def rss(self):
        status = pathlib.Path(f'/proc/{self.pid}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+) kB', status)[1]) << 10

    def files(self):
        return len(os.listdir(f'/proc/{self.pid}/fd'))

    def metric(self, name, label=''):
        """The sum of a meter over its labels."""
        _, text = self.operations('/actuator/prometheus')
        found = re.findall(rf'^{name}(?:{{[^}}]*{re.escape(label)}[^}}]*}})? ([\d.eE+-]+)$', text, re.MULTILINE)
        return sum(map(float, found))

    def status(self, path):
        """The answer of a probe; 0 for none."""
        try:
            return self.operations(path)[0]
        except (OSError, http.client.HTTPException):
            return 0

    def connections(self):
        return self.metric('hawser_connections')

    # --- the end of a fault ---

    async def settle(self, book, seconds=SETTLE_SECONDS):
        """Waits until the server has no connections left and its callbacks have said so."""
        deadline = time.monotonic() + seconds
        opened = [entry.name for entry in book.entries if entry.must_open]
        while time.monotonic() < deadline:
            seen = self.journal.read()
            if all(name in seen and seen[name].closes for name in opened) and not await asyncio.to_thread(self.connections):
                return
            await asyncio.sleep(0.1)

    async def await_state(self, path, status, seconds=SETTLE_SECONDS):
        """The answer of a probe, the wanted one if it comes in time."""
        deadline = time.monotonic() + seconds
        while (now := await asyncio.to_thread(self.status, path)) != status and time.monotonic() < deadline and self.is_running():
            await asyncio.sleep(0.1)
        return now

    async def serves(self, links, book):
        """Whether a newcomer gets its echo."""
        client = Client(book.new(), links)
        if not await client.open():
            return False
        await client.say('hello')
        await client.all_answered()
        await client.close()
        return client.entry.answered == 1


def own_network(arguments):
    """
    Runs this program again in a network of its own, where ports are free, packets can be dropped, and nobody else is met. Returns
    only where that cannot be done, with the reason.
    """
    for command in (['unshare', '--net'], ['unshare', '--user', '--map-root-user', '--net']):
        try:
            tried = subprocess.run([*command, 'sh', '-c', 'ip link set lo up'], capture_output=True, timeout=30)
        except OSError:
            return 'there is no unshare'
        if tried.returncode == 0:
            os.execvp(command[0], [*command, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', sys.executable, *arguments])
    return tried.stderr.decode().strip() or 'a network of its own cannot be made'
