"""The servers that bench/run compares: builds of Hawser, each with its callbacks, and the peers."""
import contextlib
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from typing import Callable, NamedTuple

from server import ROOT, Hawser, Server, find_jdk, free_ports, maven, tool

BENCH = pathlib.Path(__file__).resolve().parent
WORK = BENCH / 'target'
PEERS = BENCH / 'peers'
LOAD = WORK / 'wsload'
CALLBACKS = pathlib.Path('bench', 'callbacks')
WHAT_RUNS_ONLY = ('-Dmaven.test.skip=true', '-Dlicense.skipAddThirdParty=true', '-Dcyclonedx.skip=true')
HEAP = ('-Xms1g', '-Xmx1g')  # the same size from the start, so that the process grows only by its connections, not by garbage
IDLE_CONNECTIONS = 19000
# The libraries that the load generator can do without: the header, what to link with, and Debian's package
LIBRARIES = {'TLS': ('openssl/ssl.h', ('-lssl', '-lcrypto'), 'libssl-dev'), 'DEFLATE': ('zlib.h', ('-lz',), 'zlib1g-dev')}
KEYS = WORK / 'keys.p12'
CERTIFICATE = WORK / 'certificate.pem'
PASSWORD = 'benchmark'  # of a key that is made for each run, and that certifies a loopback address

# Setups: what all servers of a scenario are started with
PLAIN, TLS, HTTP2, HTTP2_CLEAR, DEFLATE, TAKEOVER = 'plain', 'tls', 'http2', 'http2-clear', 'deflate', 'takeover'
SETUPS = (PLAIN, TLS, HTTP2, HTTP2_CLEAR, DEFLATE, TAKEOVER)
SETUP_NEEDS = {TLS: 'TLS', HTTP2: 'TLS', DEFLATE: 'DEFLATE', TAKEOVER: 'DEFLATE'}
HAWSER_TLS = (f'--server.ssl.key-store=file:{KEYS}', f'--server.ssl.key-store-password={PASSWORD}')
HAWSER_SETUPS = {
    TLS: HAWSER_TLS, HTTP2: HAWSER_TLS,
    DEFLATE: ('--hawser.connection.compression.enabled=true',),
    TAKEOVER: ('--hawser.connection.compression.enabled=true', '--hawser.connection.compression.server-context-takeover=true',
               '--hawser.connection.compression.client-context-takeover=true'),
}
NETTY_SETUPS = {TLS: (f'tls={KEYS}',), HTTP2: (f'tls={KEYS}', 'http2'), HTTP2_CLEAR: ('http2',), DEFLATE: ('deflate',),
                TAKEOVER: ('takeover',)}

# Variants of Hawser: the options of the server and of the JVM that differ
NON_BLOCKING, BLOCKING, IMAGE = 'hawser', 'hawser-blocking', 'hawser-image'
VARIANTS = {NON_BLOCKING: (), BLOCKING: ('--bench.blocking=true',), IMAGE: ()}
VARIANT_JVM = {IMAGE: ('-XX:+UseCompactObjectHeaders',)}  # as in image/jvm.options
# All connections of the load generator belong to one user, so the limit is on, but too high to matter
HAWSER_OPTIONS = ('--hawser.connection.limits.per-user=50000',)
# Peers: the options after the jar, and a larger heap for those that cannot hold 19,000 idle connections in the usual one
NETTY, NETTY_NATIVE, SPRING_JETTY, SPRING_TOMCAT = 'netty', 'netty-native', 'spring-jetty', 'spring-tomcat'
PEER_OPTIONS = {
    NETTY: ('{port}',),
    NETTY_NATIVE: ('{port}', 'native'),
    SPRING_JETTY: ('--server.address=127.0.0.1', '--server.port={port}'),
    # By default Tomcat accepts 8,192 connections, and lets the others wait
    SPRING_TOMCAT: ('--server.address=127.0.0.1', '--server.port={port}', f'--server.tomcat.max-connections={2 * IDLE_CONNECTIONS}'),
}
PEER_SETUPS = {NETTY: NETTY_SETUPS, NETTY_NATIVE: NETTY_SETUPS}
PEER_JAR = {NETTY_NATIVE: NETTY}  # of the others, it has their name
IDLE_HEAP = {SPRING_TOMCAT: ('-Xms6g', '-Xmx6g')}


class Contestant(NamedTuple):
    name: str
    variant: str  # or the peer
    build: str  # of Hawser: its name in the tables
    selectors: str  # of Hawser: how many, if the command line says so
    server: Callable  # makes the server with a given heap and setup

    def idle_heap(self):
        return IDLE_HEAP.get(self.variant, HEAP)


# --- builds ---

def build_load_generator():
    WORK.mkdir(exist_ok=True)
    there = [name for name in LIBRARIES if not missing_package(name)]
    tool('gcc', '-O2', *(f'-D{name}' for name in there), '-o', LOAD, BENCH / 'wsload.c', *(flag for name in there for flag in LIBRARIES[name][1]))


def missing_package(library):
    """Debian's package that the load generator needs for TLS or compression, or None if its header is there."""
    header, _, package = LIBRARIES[library]
    found = subprocess.run(['gcc', '-fsyntax-only', '-include', header, '-x', 'c', '/dev/null'], capture_output=True)
    return None if found.returncode == 0 else package


def make_keys():
    """A key of its own for each run, and its certificate; the client checks it."""
    keytool = find_jdk() / 'bin' / 'keytool'
    KEYS.unlink(missing_ok=True)
    stores = ('-alias', 'bench', '-keystore', KEYS, '-storepass', PASSWORD)
    tool(keytool, '-genkeypair', *stores, '-storetype', 'PKCS12', '-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', 'CN=localhost',
         '-ext', 'san=dns:localhost', '-validity', '30')
    tool(keytool, '-exportcert', '-rfc', *stores, '-file', CERTIFICATE)


def build_peers():
    say('Building the peers')
    tool(ROOT / 'mvnw', '-q', '-B', '-ntp', 'package', folder=PEERS, seconds=1800)


def build_this_tree():
    say('Building Hawser')
    maven('-DskipTests', 'package')
    extract(ROOT, this_tree())


def this_tree():
    return WORK / 'hawser'


def build_commit(commit):
    """Builds Hawser of a commit in a work tree that is then removed, and keeps the build. Returns its folder and the short name of the commit."""
    sha = tool('git', 'rev-parse', '--verify', f'{commit}^{{commit}}', folder=ROOT)
    built = WORK / 'commits' / sha
    if not built.exists():
        say(f'Building Hawser as of {sha[:7]}')
        with work_tree(sha) as source:
            maven(*WHAT_RUNS_ONLY, 'package', source=source)
            extract(source, built)
    return built, sha[:7]


@contextlib.contextmanager
def work_tree(sha):
    folder = pathlib.Path(tempfile.mkdtemp(prefix='hawser-bench-'))
    try:
        tool('git', 'worktree', 'add', '--quiet', '--detach', folder / 'source', sha, folder=ROOT)
        yield folder / 'source'
    finally:
        subprocess.run(['git', 'worktree', 'remove', '--force', folder / 'source'], cwd=ROOT, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def extract(source, destination):
    """The jar of a source tree as a folder, with the callbacks of that tree, compiled against the classes of that jar."""
    jdk = find_jdk()
    callbacks = sorted((source / CALLBACKS).rglob('*.java'))
    if not callbacks:
        sys.exit(f'There are no callbacks for the measurement: {source / CALLBACKS} has no Java files')
    with tempfile.TemporaryDirectory(prefix='hawser-bench-') as folder:
        home = pathlib.Path(folder, 'hawser')
        tool(jdk / 'bin' / 'java', '-Djarmode=tools', '-jar', source / 'target' / 'hawser.jar', 'extract', '--destination', home)
        classes = pathlib.Path(folder, 'classes')
        tool(jdk / 'bin' / 'javac', '-proc:none', '-d', classes, '-cp', os.pathsep.join([f'{home}/hawser.jar', f'{home}/lib/*']),
             *callbacks)
        (home / 'callbacks').mkdir()
        tool(jdk / 'bin' / 'jar', '--create', '--file', home / 'callbacks' / 'bench.jar', '-C', classes, '.')
        shutil.rmtree(destination, ignore_errors=True)
        shutil.move(home, destination)


# --- contestants ---

def contestants(builds, selectors):
    """
    All servers that can take part. builds: the folders of Hawser's builds by their names in the tables; selectors: numbers of selectors,
    or one empty text, which leaves the number to Jetty.
    """
    ours = [hawser(variant, build, folder, number)
            for variant, number, (build, folder) in itertools.product(VARIANTS, selectors, builds.items())]
    return ours + [peer(name) for name in PEER_OPTIONS]


def hawser(variant, build, folder, selectors):
    name = ' '.join(filter(None, (variant, selectors and f'{selectors} selectors', build)))
    options = [*HAWSER_OPTIONS, *VARIANTS[variant]]
    if selectors:
        options.append(f'--server.jetty.threads.selectors={selectors}')

    def server(heap, setup):
        return Hawser(log_file(name), *options, *HAWSER_SETUPS.get(setup, ()), jar=folder / 'hawser.jar',
                      jvm=[*heap, *VARIANT_JVM.get(variant, ())], name=name)
    return Contestant(name, variant, build, selectors, server)


def peer(name):
    def server(heap, setup):
        [port] = free_ports(1)
        options = [option.replace('{port}', str(port)) for option in PEER_OPTIONS[name]]
        options += PEER_SETUPS[name].get(setup, ()) if name in PEER_SETUPS else ()
        module = PEER_JAR.get(name, name)
        jar = PEERS / module / 'target' / f'{module}.jar'
        return Server(name, [find_jdk() / 'bin' / 'java', *heap, '-jar', jar, *options], port, log_file(name))
    return Contestant(name, name, '', '', server)


def log_file(name):
    return WORK / 'logs' / f'{name.replace(" ", "-")}.log'


def say(words):
    print(words, file=sys.stderr, flush=True)
