"""Code for the programs in bench, conformance, faults and image: finds JDK 25, builds the server, starts it, calls it, stops it.

    with Hawser(folder / 'server.log', '--hawser.handshake.token.required=false') as hawser:
        hawser.url()                            # ws://127.0.0.1:21907/ws, once the server is ready
        hawser.operations('/actuator/health')   # (200, '{"status":"UP"}')

A program of another folder imports it like this, and leaves no __pycache__ behind:

    sys.dont_write_bytecode = True
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'bench'))
    from server import Hawser, find_jdk  # noqa: E402

Every wait has a deadline. A failure ends the program with a sentence, and with the end of the log where that explains it. All servers that
were started are stopped first.
"""
import contextlib
import glob
import http.client
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
JAR = ROOT / 'target' / 'hawser.jar'
JAVA_VERSION = 25
JDK_PLACES = ('/usr/lib/jvm/*', '/opt/java/*', '~/.sdkman/candidates/java/*', '~/.jdks/*',
              '/Library/Java/JavaVirtualMachines/*/Contents/Home')
BUILD_SECONDS = 30 * 60
START_SECONDS = 120
LOG_SECONDS = 60
STOP_SECONDS = 60  # more than hawser.drain.window and hawser.drain.timeout, 20 s and 10 s
LOG_END = 60  # lines
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the loopback address is reached without a proxy


# --- programs and builds ---

def clean_up_when_terminated():
    """Makes SIGTERM end this program like an exception: servers are stopped, and temporary folders are removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def tool(*command, seconds=300, folder=None):
    """Runs a program and returns what it printed. If the program fails, this one ends with its output."""
    words = [str(word) for word in command]
    try:
        result = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        sys.exit(f'{" ".join(words)} has not ended after {seconds} s')
    if result.returncode:
        sys.exit(f'{" ".join(words)} ended with {result.returncode}:\n{result.stdout}{result.stderr}')
    return result.stdout.strip()


def find_jdk():
    """The folder of a JDK 25: the one in JAVA_HOME or JAVA25_HOME, the one on the PATH, or the first one in the usual places."""
    homes = [os.environ.get('JAVA_HOME'), os.environ.get(f'JAVA{JAVA_VERSION}_HOME')]
    on_path = shutil.which('javac')
    homes += [pathlib.Path(on_path).resolve().parent.parent] if on_path else []
    for place in JDK_PLACES:
        homes += sorted(glob.glob(os.path.expanduser(place)))
    for home in map(pathlib.Path, filter(None, homes)):
        release = home / 'release'
        if (home / 'bin' / 'javac').exists() and release.is_file() and f'JAVA_VERSION="{JAVA_VERSION}' in release.read_text():
            return home
    sys.exit(f'No JDK {JAVA_VERSION} found: install one, or name it in JAVA_HOME')


def maven(*arguments, source=ROOT):
    """Runs the Maven of a source tree in it."""
    tool(source / 'mvnw', '-q', '-B', '-ntp', *arguments, seconds=BUILD_SECONDS, folder=source)


def built_jar():
    """target/hawser.jar; builds it first if a source is newer."""
    sources = [ROOT / 'pom.xml', *(ROOT / 'src' / 'main').rglob('*')]
    if not JAR.exists() or written(JAR) < max(path.stat().st_mtime for path in sources):
        print('Building the server', flush=True)
        maven('-DskipTests', 'package')
    return JAR


def existing_jar():
    """target/hawser.jar, for a program that must not build: as root it would leave files that only root can replace."""
    if not JAR.exists():
        sys.exit('Build the server first: ./mvnw package')
    return JAR


def written(jar):
    """The build sets a jar's modification time to the one that is fixed in the pom; the change time cannot be set."""
    return jar.stat().st_ctime


# --- waiting ---

def await_(check, seconds, otherwise, every=0.1):
    """
    Calls check() until its result counts as true, and returns that result. Ends the program, with the sentence that otherwise() returns,
    when the time is over.
    """
    deadline = time.monotonic() + seconds
    while not (result := check()):
        if time.monotonic() > deadline:
            sys.exit(otherwise())
        time.sleep(every)
    return result


def free_ports(count):
    """
    Different ports on which nothing listens. They lie below those that the kernel gives to clients, so that no connection takes one
    before the server does, nor while the server is stopped to be started again.
    """
    kernel = pathlib.Path('/proc/sys/net/ipv4/ip_local_port_range')
    first_of_clients = int(kernel.read_text().split()[0]) if kernel.exists() else 32768
    ports = []
    for port in random.sample(range(10000, max(first_of_clients, 20000)), 1000):
        try:
            socket.create_server(('127.0.0.1', port)).close()
            ports.append(port)
        except OSError:  # taken
            continue
        if len(ports) == count:
            return ports
    sys.exit(f'There are no {count} free ports')


# --- servers ---

class Server:
    """A process that listens on a port of the loopback address; ready when it accepts a connection there. `with` starts and stops it."""

    def __init__(self, name, command, port, log):
        """log: the file for what the server prints; the server runs in the folder of that file."""
        self.name, self.command, self.port, self.log_file = name, [str(word) for word in command], port, pathlib.Path(log)
        self.process = None

    def __enter__(self):
        self.start()
        try:
            return self.await_ready()
        except BaseException:
            self.kill()
            raise

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Returns at once. After stop() or kill() it starts a new process with the same ports and an empty log."""
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open('w') as log:
            self.process = subprocess.Popen(self.command, cwd=self.log_file.parent, stdout=log, stderr=subprocess.STDOUT)
        return self

    def await_ready(self, seconds=START_SECONDS, every=0.1):
        def ready():
            if not self.is_running():
                sys.exit(f'{self.name} ended at its start with {self.process.returncode}:\n{self.log_end()}')
            return self.is_ready()
        await_(ready, seconds, lambda: f'{self.name} was not ready after {seconds} s:\n{self.log_end()}', every)
        return self

    def is_ready(self):
        try:
            socket.create_connection(('127.0.0.1', self.port), 5).close()
            return True
        except OSError:
            return False

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self):
        return self.process.pid

    def stop(self, seconds=STOP_SECONDS):
        """Sends SIGTERM, and SIGKILL if the process does not end in time. Returns the exit code, which is -9 after SIGKILL."""
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait(STOP_SECONDS)

    def kill(self):
        """Ends the process as if the machine failed: without close frames and callbacks."""
        self.process.kill()
        return self.process.wait(STOP_SECONDS)

    def log(self):
        """What the process has printed so far."""
        return self.log_file.read_text(errors='replace')

    def log_end(self):
        return '\n'.join(self.log().splitlines()[-LOG_END:])

    def await_log(self, pattern, seconds=LOG_SECONDS):
        """The first match of a regular expression in the log, as soon as there is one."""
        return await_(lambda: re.search(pattern, self.log()), seconds,
                      lambda: f'{self.name} has not printed "{pattern}" in {seconds} s:\n{self.log_end()}')


class Hawser(Server):
    """The server's jar with its two ports; ready when its readiness probe succeeds."""

    def __init__(self, log, *options, jar=JAR, java=None, jvm=('-Xmx512m',), name='Hawser'):
        """options: the server's options, as on its command line; jvm: options of the JVM; java: the program, by default that of find_jdk()."""
        port, self.operations_port = free_ports(2)
        java = java or find_jdk() / 'bin' / 'java'
        super().__init__(name, [java, *jvm, '-jar', pathlib.Path(jar).resolve(), '--server.address=127.0.0.1', f'--server.port={port}',
                                '--management.server.address=127.0.0.1', f'--management.server.port={self.operations_port}', *options],
                         port, log)

    def is_ready(self):
        try:
            return self.operations('/actuator/health/readiness')[0] == 200
        except (OSError, http.client.HTTPException):  # not listening yet
            return False

    def operations(self, path, seconds=10):
        """Status and body of the answer of the operations' port."""
        try:
            with HTTP.open(f'http://127.0.0.1:{self.operations_port}{path}', timeout=seconds) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            with e:
                return e.code, e.read().decode()

    def url(self):
        """The URL that the server has printed, with a token if the server has made one for development."""
        said = self.await_log(r'(wss?)://localhost:\d+(/[^\s?"]*(?:\?access_token=[\w.-]+)?)')
        return f'{said[1]}://127.0.0.1:{self.port}{said[2]}'


@contextlib.contextmanager
def all_running(servers):
    """Starts the servers, as many at a time as there are processors, each with a deadline; stops all at the end."""
    with contextlib.ExitStack() as started:
        waiting = list(servers)
        while waiting:
            now = [waiting.pop(0) for _ in range(min(os.cpu_count(), len(waiting)))]
            for server in now:
                started.callback(server.start().stop)
            for server in now:
                server.await_ready()
        yield
