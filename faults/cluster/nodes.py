"""One of three nodes, its clock, the relays between the nodes and Redis, and the tokens that nodes accept."""
import base64
import contextlib
import hashlib
import hmac
import json
import mmap
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

from server import HTTP, Hawser, free_ports, tool
from world import FAULTS
from world import KEY as OPERATORS_KEY

NODES = ('n1', 'n2', 'n3')
HUB = 'chat'
KEY = 'the-key-of-pushes-and-clients-of-faults-run'
PUBLIC_URL = 'http://cluster.example'
WINDOW_SECONDS = 8  # hawser.reliable.window
CALL_SECONDS = 5  # more than nodes wait for each other
JVM = ('-Xmx256m', '-XX:+UseSerialGC')


class Clocks:
    """Each process has a clock of its own that can be set, where there is a C compiler."""

    def __init__(self, folder):
        self.folder, self.steps = folder, {}
        self.library = None

    def wrapper(self, name):
        """Words before the command of this process."""
        if self.library is None:
            return ()
        file = self.folder / f'{name}.clock'
        file.write_bytes(b'0'.ljust(16, b'\0'))
        with file.open('r+b') as opened:
            self.steps[name] = mmap.mmap(opened.fileno(), 16)
        return ('env', f'LD_PRELOAD={self.library}', f'FAULTS_CLOCK={file}')

    def build(self):
        self.library = self.folder / 'clock.so'
        tool('cc', '-shared', '-fPIC', '-O2', '-o', self.library, FAULTS / 'clock.c', '-ldl')

    def step(self, name, seconds):
        """From now on the clock differs by so many seconds from the right time."""
        self.steps[name][:] = str(seconds).encode().ljust(16, b'\0')


class Relays:
    """The program relay.py, and what it does at the moment."""

    def __init__(self, folder):
        with (folder / 'relay.log').open('w') as log:
            self.process = subprocess.Popen([sys.executable, '-B', str(pathlib.Path(__file__).with_name('relay.py'))], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=log, text=True)

    def tell(self, relay, do, **facts):
        self.process.stdin.write(json.dumps({'do': do, 'relay': relay, **facts}) + '\n')
        self.process.stdin.flush()
        if self.process.stdout.readline() != 'done\n':
            sys.exit('The relay between the nodes and Redis has ended')

    def set(self, relay, to='pass', back='pass', delay=0.0):
        self.tell(relay, 'set', **{'to': to, 'from': back, 'delay': delay})

    def reset(self, relay):
        self.tell(relay, 'reset')

    def stop(self):
        self.process.kill()
        self.process.wait()


class Node(Hawser):
    """One of the three. What it prints in all its lives is in one log."""

    def __init__(self, name, jar, folder, clock, options):
        self.life = 0
        super().__init__(folder / f'{name}.log', f'--hawser.node={name}', *options, jar=jar, jvm=JVM, name=name)
        self.command = [*clock.wrapper(name), *self.command]
        self.standing = False

    @property
    def incarnation(self):
        """Names one of its lives."""
        return f'{self.name}#{self.life}'

    def start(self):
        self.life += 1
        with self.log_file.open('a') as log:
            self.process = subprocess.Popen(self.command, cwd=self.log_file.parent, stdout=log, stderr=subprocess.STDOUT)
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def known(self):
        """What it knows of the nodes; None when it does not answer."""
        with contextlib.suppress(OSError, ValueError):
            request = urllib.request.Request(f'http://127.0.0.1:{self.operations_port}/actuator/nodes')
            request.add_header('Authorization', f'Bearer {OPERATORS_KEY}')
            with HTTP.open(request, timeout=2) as answer:
                return json.loads(answer.read())

    def metric(self, name):
        _, text = self.operations('/actuator/prometheus')
        return sum(float(value) for value in re.findall(rf'^{name}(?:{{[^}}]*}})? ([\d.eE+-]+)$', text, re.MULTILINE))

    def call(self, method, path, body, headers):
        """Status, text and headers of an answer of the push API."""
        request = urllib.request.Request(f'http://127.0.0.1:{self.operations_port}/api/hubs/{HUB}{path}', method=method, data=body)
        request.add_header('Authorization', f'Bearer {signed({"aud": request.full_url, "exp": int(time.time()) + 600})}')
        request.add_header('Content-Type', 'text/plain')
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            with HTTP.open(request, timeout=CALL_SECONDS) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as e:
            with e:
                return e.code, e.read().decode(), e.headers


def rss(pid):
    """Bytes; 0 when there is no such process any more."""
    with contextlib.suppress(OSError, TypeError):
        found = re.search(r'VmRSS:\s+(\d+) kB', pathlib.Path(f'/proc/{pid}/status').read_text())
        return int(found[1]) << 10
    return 0


# --- tokens ---

def part(what):
    return base64.urlsafe_b64encode(json.dumps(what).encode() if isinstance(what, dict) else what).rstrip(b'=').decode()


def signed(claims):
    """A token, signed with the key of the push API."""
    text = f'{part({"alg": "HS256", "typ": "JWT"})}.{part(claims)}'
    return f'{text}.{part(hmac.digest(KEY.encode(), text.encode(), hashlib.sha256))}'


def client_token(user, group):
    return signed({'aud': f'{PUBLIC_URL}/client/hubs/{HUB}', 'exp': int(time.time()) + 6 * 3600, 'sub': user,
                   'role': ['webpubsub.sendToGroup', 'webpubsub.joinLeaveGroup'], 'webpubsub.group': [group]})
