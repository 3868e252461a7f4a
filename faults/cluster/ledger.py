"""What the checker knows: every message (Message), every connection in the eyes of its client (Session), and what faults excuse (Effect)."""
import dataclasses
import itertools
from typing import NamedTuple

OPEN, ACCEPTED, REFUSED, TOLD = 'open', 'accepted', 'refused', 'told'  # told: by a raw client, which gets no answer
RAW, JSON, RELIABLE = 'raw', 'JSON', 'reliable'
HEAL_SECONDS = 3  # after the end of what keeps nodes apart: two as docs/scaling.md says, and one of this machine's own
LEAST_BEFORE = 1  # seconds before a fault in which a message may still be under way
NEVER = float('inf')
MOST_WRONG = 5


@dataclasses.dataclass(slots=True)
class Message:
    leg: int  # of its sender: a socket, or a caller's requests to one node
    number: int
    place: str  # its group, or its user
    node: str  # where its sender was
    at: float
    state: str = OPEN
    repeated: bool = False  # its sender came back, and has sent it again
    cut: float = NEVER  # when its sender's connection ended, which may have taken it along


@dataclasses.dataclass(eq=False)
class Session:
    """One connection, from its 101 until its client has to begin anew."""
    name: str
    user: str
    kind: str
    group: str
    node: str
    began: float = NEVER  # when its 101 had come
    nodes: set = dataclasses.field(default_factory=set)  # a reliable one may move
    settled: float = NEVER  # when all nodes knew of its user and group
    ended: float = NEVER
    how: str = ''
    told: bool = False  # its client was told to begin anew
    id: str = ''
    came_back: int = 0
    got: set = dataclasses.field(default_factory=set)
    before: set = dataclasses.field(default_factory=set)  # got in the round before
    last: dict = dataclasses.field(default_factory=dict)
    wrong: list = dataclasses.field(default_factory=list)

    @property
    def is_open(self):
        return self.ended == NEVER

    def take(self, message):
        """A message has come. It must be the first time, and after all that its sender has sent to the same place before."""
        key, path = (message.leg, message.number), (message.leg, message.place)
        if key in self.got or key in self.before:
            self.complain(f'message {message.number} of sender {message.leg} came twice')
        elif message.number < self.last.get(path, 0) and not message.repeated:
            self.complain(f'message {message.number} of sender {message.leg} came after message {self.last[path]}')
        self.got.add(key)
        self.last[path] = max(message.number, self.last.get(path, 0))

    def complain(self, sentence):
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(f'{self.name} ({self.kind}, {"/".join(sorted(self.nodes))}): {sentence}')


class Effect(NamedTuple):
    """What a fault excuses: messages that raw and JSON clients miss while it lasts, and a second disconnected."""
    what: str
    begin: float
    end: float = NEVER
    nodes: frozenset = frozenset()  # pairs with one of these incarnations of nodes; without any, all pairs of different nodes
    ends_twice: bool = False
    lost_since: float = NEVER  # what a node that has ended since then has left in Redis may be lost

    def excuses(self, message, session):
        if not self.begin - LEAST_BEFORE <= message.at <= self.end + HEAL_SECONDS:
            return False
        if self.nodes:
            return message.node in self.nodes or bool(session.nodes & self.nodes)
        return session.nodes != {message.node}


class Ledger:
    """Of one round."""

    def __init__(self):
        self.before, self.messages, self.places, self.sessions, self.effects = {}, {}, {}, {}, []
        self.legs, self.names = itertools.count(1), itertools.count(1)

    def send(self, leg, number, place, node, now, state=OPEN):
        message = self.messages[leg, number] = Message(leg, number, place, node, now, state)
        self.places.setdefault(place, []).append(message)
        return message

    def take(self, session, leg, number):
        """A session has got a message."""
        message = self.messages.get((leg, number)) or self.before.get((leg, number))
        if message is None:
            session.complain(f'message {number} of sender {leg} was never sent, or long ago')
        elif message.place not in (session.group, session.user):
            session.complain(f'message {number} of sender {leg} was for {message.place}')
        else:
            session.take(message)

    def begin(self, user, kind, group, node):
        """A connection that is not there before its 101 has come."""
        session = Session(f'{user}.{next(self.names)}', user, kind, group, node)
        self.sessions[session.name] = session
        return session

    def next_round(self):
        """Keeps the sessions that go on, and nothing of what has been said."""
        self.before, self.messages, self.places, self.effects = self.messages, {}, {}, []
        self.sessions = {name: session for name, session in self.sessions.items() if session.is_open}
        for session in self.sessions.values():
            session.before, session.got, session.last, session.nodes = session.got, set(), {}, {session.node}

    def missed(self, session):
        """The messages that the session ought to have got."""
        for place in (session.group, session.user):
            for message in self.places.get(place, ()):
                if (message.leg, message.number) not in session.got and self.is_owed(message, session):
                    yield message

    def is_owed(self, message, session):
        if message.at <= session.settled or session.told:
            return False
        if not session.is_open and message.number >= session.last.get((message.leg, message.place), 0):
            return False  # it was sent about when the session ended
        if message.state not in (ACCEPTED, TOLD) or (message.state == TOLD and message.cut - message.at < HEAL_SECONDS):
            return False
        strictly = session.kind == RELIABLE and message.state == ACCEPTED
        return strictly or not any(effect.excuses(message, session) for effect in self.effects)
