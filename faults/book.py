"""What the checker knows: each connection with all that was sent on it and came back, and what the server's callbacks saw of it."""
import dataclasses
import pathlib
from collections import deque

ALL, CALLED, NOTHING = 'all', 'called', 'nothing'  # which of a connection's messages must have been answered


@dataclasses.dataclass
class Entry:
    """One connection, in the eyes of its client."""
    name: str
    opened: bool = False
    refused: bool = False  # a client that was told no, or hung up on, before a 101
    sent: int = 0
    answered: int = 0
    promise: str = ALL
    wrong: list = dataclasses.field(default_factory=list)
    code: int | None = None  # of the server's close frame
    allowed_codes: tuple = (1000, None)
    slowest: float = 0.0  # seconds
    bystander: bool = False  # has no part in the fault
    expected: deque = dataclasses.field(default_factory=deque)
    policy: str = ''  # of its hub's webhooks, for a message that is lost
    reported: int = 0  # messages that its client was told are lost
    cut: bool = False  # was open when the server was killed
    life: int = 0  # of how many lives of the server it saw the last

    @property
    def must_open(self):
        """Whether OnOpen must have run: not for a client that may have reset its connection as soon as it had it."""
        return self.opened and (self.promise != NOTHING or self.answered > 0)

    @property
    def lost(self):
        return self.sent - self.answered


@dataclasses.dataclass
class Seen:
    """The same connection, in the eyes of the server's callbacks."""
    opens: int = 0
    closes: int = 0
    messages: int = 0
    answered: int = 0
    wrong: list = dataclasses.field(default_factory=list)


class Book:
    """The connections of one fault."""

    def __init__(self, fault):
        self.fault = fault
        self.entries = []

    def new(self, **facts):
        entry = Entry(f'{self.fault}-{len(self.entries) + 1}', **facts)
        self.entries.append(entry)
        return entry

    def opened(self):
        return sum(entry.opened for entry in self.entries)

    def sent(self):
        return sum(entry.sent for entry in self.entries)

    def lost(self):
        return sum(entry.lost for entry in self.entries)


class Journal:
    """The file that callbacks/FaultCallbacks.java writes; read from where the last fault ended."""

    def __init__(self, file):
        self.file = pathlib.Path(file)
        self.at = 0
        self.seen = {}

    def begin(self):
        """Forgets what has been seen so far."""
        self.read()
        self.seen = {}

    def read(self):
        """What has happened to each connection since begin(), by its name."""
        if not self.file.exists():
            return self.seen
        with self.file.open('rb') as file:
            file.seek(self.at)
            whole, _, _ = file.read().rpartition(b'\n')
        if whole:
            self.at += len(whole) + 1
            for line in whole.decode().split('\n'):
                self.take(line)
        return self.seen

    def take(self, line):
        event, name, rest = (line + ' ').split(' ', 2)
        seen = self.seen.setdefault(name, Seen())
        if event == 'open':
            seen.opens += 1
            if seen.closes:
                seen.wrong.append('OnOpen came after OnClose')
        elif event == 'close':
            seen.closes += 1
            messages, answered = rest.split()[:2]
            seen.messages, seen.answered = int(messages), int(answered)
        else:
            seen.wrong.append(rest.strip())
