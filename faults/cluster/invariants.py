"""What must hold after a fault of three nodes (CLUSTER_INVARIANTS): each a check of the evidence, with a way to spoil good evidence."""
import dataclasses
import re

from invariants import Invariant

from .events import Heard
from .ledger import ACCEPTED, HEAL_SECONDS, JSON, RAW, RELIABLE, TOLD, Effect, Ledger

UNOPENED_SECONDS = 40  # in which a handshake that is not completed ends
STORING_SECONDS = 15  # within which a connection is stored that was accepted
MOST_NODE_RSS, MOST_REDIS_RSS = 700 << 20, 300 << 20


@dataclasses.dataclass
class ClusterEvidence:
    """One round."""
    ledger: Ledger
    heard: dict  # what the backend was told of each connection, by its id
    killed: list = dataclasses.field(default_factory=list)  # (name of a node, when)
    gone: list = dataclasses.field(default_factory=list)  # the same, of nodes that were killed or stopped
    now: float = 0.0
    untruths: list = dataclasses.field(default_factory=list)  # what nodes said at last, after all the time they have
    most_rss: dict = dataclasses.field(default_factory=dict)  # bytes, by the name of the process
    dead: list = dataclasses.field(default_factory=list)  # processes that ought to run and do not
    log: str = ''
    complaints: list = dataclasses.field(default_factory=list)


def sessions(evidence, *kinds):
    return [session for session in evidence.ledger.sessions.values() if session.kind in kinds]


def missing(evidence, *kinds):
    for session in sessions(evidence, *kinds):
        missed = list(evidence.ledger.missed(session))
        if missed:
            first = missed[0]
            state = 'open' if session.is_open else f'ended by {session.how}'
            since = ''.join(f', {first.at - effect.begin:.2f} s after "{effect.what}" began and {first.at - effect.end:.2f} s after its end'
                            for effect in evidence.ledger.effects)
            yield (f'{session.name} ({session.kind}, on {"/".join(sorted(session.nodes))}, {state}) missed {len(missed)} messages; the first '
                   f'is message {first.number} of sender {first.leg} on {first.node} to {first.place}, {first.state}, sent '
                   f'{first.at - session.began:.2f} s after the connection began{since}')


def everything(evidence):
    """Reliable clients have every message that was accepted, unless they were told to begin anew."""
    yield from missing(evidence, RELIABLE)


def bounded_loss(evidence):
    """Others miss nothing but what docs/scaling.md says."""
    yield from missing(evidence, RAW, JSON)


def once(evidence):
    """No message twice on one connection, and in order from each sender."""
    for session in evidence.ledger.sessions.values():
        yield from session.wrong


def ended(evidence):
    """A connection that the backend has accepted has one disconnected when it has ended, and none before."""
    for heard in evidence.heard.values():
        session = evidence.ledger.sessions.get(heard.session)
        if not heard.accepted:
            continue
        name = f'{heard.session} ({heard.id}{f", {session.kind}, {session.how or session.node}" if session else ""})'
        ends = f'{len(heard.ends)} disconnected ({", ".join(f"{number}: {why}" for number, why in heard.ends.values())})'
        if session is not None and session.is_open:
            if heard.ends and session.id in ('', heard.id):
                yield f'{name} is open, and the backend was told of {ends}'
        elif not heard.ends and not (session is None and may_be_under_way(evidence, heard)) and not is_lost(evidence, heard):
            yield f'{name} has ended, and the backend was not told'
        elif len(heard.ends) > max(1, heard.ended_before) and not any(effect.ends_twice for effect in evidence.ledger.effects):
            yield f'{name} had {ends}'
    asked = {heard.session for heard in evidence.heard.values()}
    for name, session in evidence.ledger.sessions.items():
        if session.is_open and session.began < evidence.now and name not in asked:
            yield f'{name} ({session.kind}, on {session.node}) is open, and the backend was not asked'


def may_be_under_way(evidence, heard):
    """Whether a handshake that was never completed need not have its end: it is young, or its node was killed before it had stored it."""
    return evidence.now - heard.at < UNOPENED_SECONDS or any(
        heard.id.startswith(node) and heard.at - 1 < when < heard.at + STORING_SECONDS for node, when in evidence.killed)


def is_lost(evidence, heard):
    """Redis has lost its data when the connection's node was no more, and no other had taken over what it owed: see docs/webhooks.md."""
    over = [when for node, when in evidence.gone if heard.id.startswith(node) and heard.at <= when]
    return any(effect.lost_since <= when <= effect.end + HEAL_SECONDS for effect in evidence.ledger.effects for when in over)


def told(evidence):
    """The backend hears of each connection in order, and a repetition is the same event."""
    for heard in evidence.heard.values():
        for sentence in heard.wrong:
            yield f'{heard.session} ({heard.id}): {sentence}'


def true(evidence):
    yield from evidence.untruths


def bounded_memory(evidence):
    for name, size in evidence.most_rss.items():
        if size > (MOST_NODE_RSS if name.startswith('n') else MOST_REDIS_RSS):
            yield f'{name} took {size >> 20} MB'


def running(evidence):
    for name in evidence.dead:
        yield f'{name} does not run'


def quiet(evidence):
    """No error in the logs of the nodes, and no stack trace."""
    for line in re.findall(r'^.*(?:\n\s+at \S+\(|\bERROR\b).*$', evidence.log, re.MULTILINE):
        yield f'the log of a node has "{line.strip()[:300]}"'


def said(evidence):
    yield from evidence.complaints


# --- spoiling ---

def spoil_state(name):
    def spoil(evidence):
        evidence.ledger.sessions[name].got.pop()
    return spoil


def a_message_twice(evidence):
    session = evidence.ledger.sessions['a.1']
    evidence.ledger.take(session, 1, 2)


def a_message_late(evidence):
    session = evidence.ledger.sessions['a.1']
    session.got.discard((1, 1))
    evidence.ledger.take(session, 1, 1)


def a_second_end(evidence):
    evidence.heard['c-3'].ends['another'] = (4, '')


def no_end(evidence):
    evidence.heard['c-3'].ends.clear()


def no_end_of_a_stranger(evidence):
    evidence.heard['n1-9'] = Heard('n1-9', 'never-opened', 1.0, True)
    evidence.killed.append(('n1', 50.0))


def no_end_and_another_node(evidence):
    evidence.heard['c-3'].ends.clear()
    evidence.gone.append(('n1', 1.0))


def an_early_end(evidence):
    evidence.heard['c-1'].ends['one'] = (2, 'node lost')


def set_to(**facts):
    def spoil(evidence):
        for name, value in facts.items():
            setattr(evidence, name, value)
    return spoil


CLUSTER_INVARIANTS = {
    'everything': Invariant(everything, spoil_state('r.3')),
    'bounded loss': Invariant(bounded_loss, spoil_state('a.1')),
    'once': Invariant(once, a_message_twice),
    'in order': Invariant(once, a_message_late),
    'ended': Invariant(ended, no_end),
    'ended once': Invariant(ended, a_second_end),
    'ended without a client': Invariant(ended, no_end_of_a_stranger),
    'ended on a node that lives': Invariant(ended, no_end_and_another_node),
    'asked': Invariant(ended, lambda evidence: evidence.heard.pop('c-2')),
    'ended early': Invariant(ended, an_early_end),
    'told': Invariant(told, lambda evidence: evidence.heard['c-1'].wrong.append('event 1 came after event 2')),
    'true': Invariant(true, set_to(untruths=['n1 counts 3 of 4'])),
    'memory': Invariant(bounded_memory, set_to(most_rss={'n1': 2 << 30})),
    'running': Invariant(running, set_to(dead=['n2'])),
    'quiet': Invariant(quiet, set_to(log='java.lang.IllegalStateException: so\n\tat dev.hawser.Some.thing(Some.java:1)\n')),
    'said': Invariant(said, set_to(complaints=['the sentinels did nothing'])),
}
SPOILT_ONLY = ('in order', 'ended once', 'ended without a client', 'ended on a node that lives', 'asked', 'ended early')
CHECKED = tuple(name for name in CLUSTER_INVARIANTS if name not in SPOILT_ONLY)


def sample():
    """Two that are open, one that was closed; two messages each from a raw and a JSON client, all of which have come."""
    ledger = Ledger()
    for user, kind in (('a', RAW), ('b', RAW), ('r', RELIABLE)):
        session = ledger.begin(user, kind, 'g', 'n1#1')
        session.nodes, session.began, session.settled, session.id = {'n1#1'}, 0.0, 1.0, f'c-{len(ledger.sessions)}'
    for leg, state in ((1, ACCEPTED), (2, TOLD)):
        for number in (1, 2):
            ledger.send(leg, number, 'g', 'n2#1', 10.0 + number, state)
            for session in ledger.sessions.values():
                ledger.take(session, leg, number)
    ledger.effects.append(Effect('a fault', 2.0, 3.0))
    ledger.sessions['b.2'].ended, ledger.sessions['b.2'].how = 20.0, 'closed'
    heard = {f'c-{number}': Heard(f'c-{number}', name, 0.0, True, {'end': (2, '')} if name == 'b.2' else {})
             for number, name in ((1, 'a.1'), (3, 'b.2'), (2, 'r.3'))}
    return ClusterEvidence(ledger, heard, now=100.0, most_rss={'n1': 1 << 20})
