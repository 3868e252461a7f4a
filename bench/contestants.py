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
# Variants of Hawser: the options that differ
NON_BLOCKING, BLOCKING = 'hawser', 'hawser-blocking'
VARIANTS = {NON_BLOCKING: (), BLOCKING: ('--bench.blocking=true',)}
# All connections of the load generator belong to one user, so the limit is on, but too high to matter
HAWSER_OPTIONS = ('--hawser.connection.limits.per-user=50000',)
# Peers: the options after the jar, and a larger heap for those that cannot hold 19,000 idle connections in the usual one
NETTY, SPRING_JETTY, SPRING_TOMCAT = 'netty', 'spring-jetty', 'spring-tomcat'
PEER_OPTIONS = {
    NETTY: ('{port}',),
    SPRING_JETTY: ('--server.address=127.0.0.1', '--server.port={port}'),
    # By default Tomcat accepts 8,192 connections, and lets the others wait
    SPRING_TOMCAT: ('--server.address=127.0.0.1', '--server.port={port}', f'--server.tomcat.max-connections={2 * IDLE_CONNECTIONS}'),
}
IDLE_HEAP = {SPRING_TOMCAT: ('-Xms6g', '-Xmx6g')}


class Contestant(NamedTuple):
    name: str
    variant: str  # or the peer
    build: str  # of Hawser: its name in the tables
    selectors: str  # of Hawser: how many, if the command line says so
    server: Callable  # makes the server with a given heap

    def idle_heap(self):
        return IDLE_HEAP.get(self.variant, HEAP)


# --- builds ---

def build_load_generator():
    WORK.mkdir(exist_ok=True)
    tool('gcc', '-O2', '-o', LOAD, BENCH / 'wsload.c')


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
    return Contestant(name, variant, build, selectors,
                      lambda heap: Hawser(log_file(name), *options, jar=folder / 'hawser.jar', jvm=heap, name=name))


def peer(name):
    def server(heap):
        [port] = free_ports(1)
        options = [option.replace('{port}', str(port)) for option in PEER_OPTIONS[name]]
        jar = PEERS / name / 'target' / f'{name}.jar'
        return Server(name, [find_jdk() / 'bin' / 'java', *heap, '-jar', jar, *options], port, log_file(name))
    return Contestant(name, name, '', '', server)


def log_file(name):
    return WORK / 'logs' / f'{name.replace(" ", "-")}.log'


def say(words):
    print(words, file=sys.stderr, flush=True)
