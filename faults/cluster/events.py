"""The backend of the nodes, and what it was told of each connection."""
import dataclasses
import re
import time

from backend import Backend


@dataclasses.dataclass
class Heard:
    """One connection, in the eyes of the backend."""
    id: str
    session: str = ''  # the name that its client gave it
    at: float = 0.0  # of its connect
    accepted: bool = False
    ends: dict = dataclasses.field(default_factory=dict)  # of each disconnected, by its webhook-id: (number, reason)
    ended_before: int = 0  # how many of them came before this round
    last: int = -1
    bodies: dict = dataclasses.field(default_factory=dict)  # by the number of the event: its webhook-id, name and body
    wrong: list = dataclasses.field(default_factory=list)

    def hear(self, call):
        event = (call.webhook_id, call.name, call.body)
        known = self.bodies.setdefault(call.number, event)
        if known != event and 'disconnected' not in (known[1], call.name):
            self.wrong.append(f'event {call.number} was {known[1]} and then {call.name}, or had another body')
        if call.number < self.last and known is event and call.name != 'disconnected':
            self.wrong.append(f'event {call.number} ({call.name}) came after event {self.last}')
        if call.name == 'connected' and self.ends and known is event:
            self.wrong.append('connected came after disconnected')
        self.last = max(self.last, call.number)
        if call.name == 'connect':
            found = re.search(rb'"name":\["([^"]+)"', call.body)
            self.session, self.accepted, self.at = found[1].decode() if found else '', True, time.monotonic()
        elif call.name == 'disconnected':
            found = re.search(rb'"reason":"([^"]*)"', call.body)
            self.ends[call.webhook_id] = (call.number, found[1].decode() if found else '')


class Witness(Backend):
    """Takes every event at once."""

    def __init__(self, port):
        super().__init__(port)
        self.heard, self.before = {}, {}  # before: those that had ended when this round began

    def take(self, line, call, path):
        known = self.before.get(call.connection) or self.heard.setdefault(call.connection, Heard(call.connection))
        known.hear(call)
        line.answer(204)

    def all(self):
        return self.before | self.heard

    def next_round(self):
        """Forgets the connections that had ended before this round."""
        self.before = {name: heard for name, heard in self.heard.items() if heard.ends}
        for heard in self.before.values():
            heard.ended_before = len(heard.ends)
        self.heard = {name: heard for name, heard in self.heard.items() if not heard.ends}
