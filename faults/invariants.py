"""What must hold after a fault (INVARIANTS): each a check of the evidence, with a way to spoil good evidence that it must notice."""
import dataclasses
import re
from typing import Callable, NamedTuple

from backend import Call, Told
from book import ALL, CALLED, NOTHING, Entry, Seen

SHOWN = 3  # of many connections with the same trouble


@dataclasses.dataclass
class Figures:
    """What the process holds in one moment."""
    rss: int = 0  # bytes
    heap: int = 0  # bytes after a collection
    files: int = 0
    connections: float = 0


@dataclasses.dataclass
class Evidence:
    entries: list
    seen: dict  # by the connection's name
    before: Figures
    after: Figures
    running: bool = True
    exit_code: int | None = None
    liveness: int = 200
    readiness: int = 200
    newcomer: bool = True  # a client that came afterwards was served
    log: str = ''  # what was logged meanwhile
    errors: str = ''  # pattern of those that the fault warrants
    heap_bound: int = 32 << 20  # bytes that the heap may have grown by
    rss_limit: int = 0  # bytes; 0 for none
    most_rss: int = 0  # bytes, while the fault lasted
    rss_bound: int = 0  # bytes, for most_rss; 0 for none
    told: dict = dataclasses.field(default_factory=dict)  # what a backend was told of each connection, by its id
    life: int = 0  # how often the server has been started
    counted: float = 0  # messages that the server, since its last start, has counted as lost where no client is told
    slowest: float = 0  # seconds that a bystander may wait for an answer; 0 for any
    complaints: list = dataclasses.field(default_factory=list)  # what the fault itself found


class Invariant(NamedTuple):
    check: Callable  # yields sentences; none when it holds
    spoil: Callable  # spoils evidence so that check must say something


def exact(evidence):
    for entry in evidence.entries:
        yield from entry.wrong


def answered(evidence):
    for entry in evidence.entries:
        if entry.opened and entry.promise == ALL and entry.lost:
            yield f'{entry.name} sent {entry.sent} messages and got {entry.answered} answers'


def called(evidence):
    """A message that OnMessage got has its answer with the client, also where the server has closed the connection."""
    for entry in evidence.entries:
        seen = evidence.seen.get(entry.name)
        if entry.opened and entry.promise == CALLED and seen and not entry.answered == seen.answered == seen.messages:
            yield f'{entry.name}: OnMessage ran {seen.messages} times, answered {seen.answered}, and its client got {entry.answered}'


def balanced(evidence):
    for entry in evidence.entries:
        seen = evidence.seen.get(entry.name, Seen())
        if (entry.must_open or (entry.opened and (seen.opens or seen.closes))) and (seen.opens, seen.closes) != (1, 1):
            yield f'{entry.name} had {seen.opens} OnOpen and {seen.closes} OnClose'
    known = {entry.name for entry in evidence.entries}
    for name, seen in evidence.seen.items():
        if name not in known or seen.opens != seen.closes:
            if name not in known or not any(entry.name == name and entry.opened for entry in evidence.entries):
                yield f'{name}, which never opened, had {seen.opens} OnOpen and {seen.closes} OnClose'


def orderly(evidence):
    for name, seen in evidence.seen.items():
        for sentence in seen.wrong:
            yield f'{name}: {sentence}'


def codes(evidence):
    for entry in evidence.entries:
        if entry.opened and entry.code not in entry.allowed_codes:
            yield f'{entry.name} was closed with {entry.code}'


def alive(evidence):
    if not evidence.running:
        yield f'the process has ended with {evidence.exit_code}'
    elif (evidence.liveness, evidence.readiness) != (200, 200):
        yield f'liveness says {evidence.liveness}, readiness {evidence.readiness}'


def stopped(evidence):
    if evidence.running or evidence.exit_code not in (0, 143):
        yield 'the process still runs' if evidence.running else f'the process has ended with {evidence.exit_code}'


def served(evidence):
    if not evidence.newcomer:
        yield 'a client that came afterwards was not served'


def empty(evidence):
    if evidence.after.connections:
        yield f'{evidence.after.connections:.0f} connections are still counted'


def memory(evidence):
    grown = evidence.after.heap - evidence.before.heap
    if grown > evidence.heap_bound:
        yield f'the heap has grown by {grown >> 20} MB'
    if evidence.rss_limit and evidence.after.rss > evidence.rss_limit:
        yield f'the process takes {evidence.after.rss >> 20} MB'


def files(evidence):
    if evidence.after.files > evidence.before.files + 10:
        yield f'{evidence.before.files} files were open before, {evidence.after.files} are now'


def quiet(evidence):
    """No error in the log that the fault does not warrant, and no stack trace at all."""
    for line in re.findall(r'^.*(?:\n\s+at \S+\(|\bERROR\b).*$', evidence.log, re.MULTILINE):
        if not evidence.errors or not re.search(evidence.errors, line):
            yield f'the log has "{line.strip()[:200]}"'


def prompt(evidence):
    for entry in evidence.entries:
        if entry.bystander and evidence.slowest and entry.slowest > evidence.slowest:
            yield f'{entry.name} waited {entry.slowest:.1f} s for an answer'


def bounded(evidence):
    if evidence.rss_bound and evidence.most_rss > evidence.rss_bound:
        yield f'the process took {evidence.most_rss >> 20} MB meanwhile'


def told(evidence):
    """A backend gets the events of each connection in their order, and never two at a time."""
    for connection in evidence.told.values():
        yield from connection.faults()


def ended(evidence):
    """
    A backend that accepted a connect gets a disconnected. Excepted is a connect that was under way when the server was killed: the server had not
    stored it, and the client never got its 101.
    """
    opened = {entry.name for entry in evidence.entries if entry.opened}
    for connection in evidence.told.values():
        if connection.accepted and not connection.ended and (connection.client in opened or connection.life == evidence.life):
            yield f'{connection.client} had a connect and no disconnected'
    heard = {connection.client for connection in evidence.told.values() if connection.accepted}
    for name in sorted(opened - heard) if evidence.told else ():
        yield f'{name} opened, and the backend was not asked'


def reported(evidence):
    """A message without an answer is one that its client was told of, as the policy says, or one that the kill took."""
    for entry in evidence.entries:
        if not entry.opened or not entry.policy:
            continue
        silent = entry.lost - entry.reported
        if entry.cut:
            if entry.policy != 'drops' and silent > 1:
                yield f'{entry.name}, which was cut, has {silent} messages without an answer'
        elif silent != (entry.policy == 'closes' and entry.code == 1011):
            yield f'{entry.name} ({entry.policy}) ended with {entry.code} and {silent} messages without an answer'
    dropped = sum(entry.reported for entry in evidence.entries if entry.policy == 'drops' and entry.life == evidence.life)
    if evidence.told and dropped != evidence.counted:
        yield f'{dropped} messages were dropped, and {evidence.counted:.0f} counted'


def said(evidence):
    yield from evidence.complaints


# --- spoiling ---

def a_wrong_answer(evidence):
    evidence.entries[0].wrong.append('answer 2 is not message 2')


def a_lost_answer(evidence):
    evidence.entries[0].answered -= 1


def a_called_one_lost(evidence):
    evidence.entries[1].answered -= 1


def a_second_close(evidence):
    evidence.seen['a'].closes += 1


def a_sentence(evidence):
    evidence.seen['a'].wrong.append('OnMessage ran twice at the same time')


def a_code(evidence):
    evidence.entries[0].code = 1011


def a_death(evidence):
    evidence.running, evidence.exit_code = False, 3


def a_late_answer(evidence):
    evidence.slowest = 5
    evidence.entries[0].bystander, evidence.entries[0].slowest = True, 9.0


def an_event_out_of_order(evidence):
    evidence.told['c'].begins(a_call(1, 'message', b'c 9 '))


def two_at_a_time(evidence):
    evidence.told['c'].active.ended_at = 0.0
    evidence.told['c'].begins(a_call(4, 'message', b'c 9 '))


def no_disconnected(evidence):
    evidence.told['c'].ended = ''


def a_loss_in_silence(evidence):
    evidence.entries[2].sent += 1


def a_drop_that_is_not_counted(evidence):
    evidence.counted -= 1


def set_to(**facts):
    def spoil(evidence):
        for path, value in facts.items():
            *way, last = path.split('__')
            target = evidence
            for step in way:
                target = getattr(target, step)
            setattr(target, last, value)
    return spoil


INVARIANTS = {
    'exact': Invariant(exact, a_wrong_answer),
    'answered': Invariant(answered, a_lost_answer),
    'called': Invariant(called, a_called_one_lost),
    'balanced': Invariant(balanced, a_second_close),
    'orderly': Invariant(orderly, a_sentence),
    'codes': Invariant(codes, a_code),
    'alive': Invariant(alive, a_death),
    'stopped': Invariant(stopped, set_to(running=True)),
    'served': Invariant(served, set_to(newcomer=False)),
    'empty': Invariant(empty, set_to(after__connections=1)),
    'memory': Invariant(memory, set_to(after__heap=1 << 30)),
    'files': Invariant(files, set_to(after__files=1000)),
    'quiet': Invariant(quiet, set_to(log='java.lang.IllegalStateException: so\n\tat dev.hawser.Some.thing(Some.java:1)\n')),
    'bounded': Invariant(bounded, set_to(most_rss=1 << 40)),
    'told': Invariant(told, an_event_out_of_order),
    'told one at a time': Invariant(told, two_at_a_time),
    'ended': Invariant(ended, no_disconnected),
    'reported': Invariant(reported, a_loss_in_silence),
    'counted': Invariant(reported, a_drop_that_is_not_counted),
    'prompt': Invariant(prompt, a_late_answer),
    'said': Invariant(said, set_to(complaints=['3 of 20 were not closed'])),
}

# After every fault that the process survives
SURVIVED = ('exact', 'answered', 'balanced', 'orderly', 'codes', 'alive', 'served', 'empty', 'memory', 'files', 'quiet', 'prompt', 'said')
STOPPED = ('exact', 'answered', 'called', 'balanced', 'orderly', 'codes', 'stopped', 'quiet', 'said')


# After a kill in between, with a backend in the place of callbacks
TOLD = ('exact', 'told', 'ended', 'reported', 'codes', 'alive', 'served', 'empty', 'memory', 'bounded', 'files', 'quiet', 'said')


def violations(evidence, names, invariants=INVARIANTS):
    """Sentences, each after the name of its invariant; of many of one kind the first few."""
    for name in names:
        found = list(invariants[name].check(evidence))
        for sentence in found[:SHOWN]:
            yield f'{name}: {sentence}'
        if len(found) > SHOWN:
            yield f'{name}: and {len(found) - SHOWN} more'


# --- a checker that cannot fail proves nothing ---

def a_call(number, name, body=b'{}'):
    """One that the backend has answered."""
    call = Call({'ce-eventname': name, 'ce-id': str(number), 'ce-connectionid': 'c'}, body, 0.0)
    call.ended_at = 1.0
    return call


def a_connection():
    """Connected, sent a message twice, and left."""
    connection = Told('c', 'c', accepted=True, ended='bye', life=1)
    for call in (a_call(0, 'connect'), a_call(1, 'connected'), a_call(2, 'message', b'c 1 '), a_call(2, 'message', b'c 1 '),
                 a_call(3, 'disconnected')):
        connection.ended = ''
        connection.begins(call)
    connection.ended = 'bye'
    return connection


def sample(stops):
    evidence = Evidence([Entry('a', opened=True, sent=3, answered=3, code=1000),
                         Entry('b', opened=True, sent=5, answered=3, promise=CALLED, code=1012, allowed_codes=(1012,)),
                         Entry('c', opened=True, sent=3, answered=2, reported=1, promise=NOTHING, policy='drops', life=1),
                         Entry('d', refused=True, policy='closes', life=1)],
                        {name: Seen(1, 1, 3, 3) for name in ('a', 'b', 'c')}, Figures(files=50), Figures(files=50), rss_bound=1 << 30,
                        told={'c': a_connection(), **{name: Told(name, name, accepted=True, ended='bye') for name in ('a', 'b')}},
                        counted=1, life=1)
    if stops:
        evidence.running, evidence.exit_code = False, 0
    return evidence


def blind_invariants(invariants=INVARIANTS, make=lambda name: sample(name == 'stopped')):
    """The names of those that see trouble where there is none, or none where there is. make: good evidence for an invariant."""
    for name, invariant in invariants.items():
        good, spoilt = make(name), make(name)
        invariant.spoil(spoilt)
        if list(invariant.check(good)) or not list(invariant.check(spoilt)):
            yield name
