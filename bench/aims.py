"""The aims: figures of Hawser as ratios to another server of the same run, or as they are; docs/performance.md explains them."""
from typing import NamedTuple, Optional

from contestants import BLOCKING, IMAGE, NETTY, NON_BLOCKING


class Aim(NamedTuple):
    scenario: str
    figure: int  # of the scenario
    ours: str  # a variant of Hawser
    other: Optional[str]  # what it is divided by: a peer or a variant; None: the figure itself
    at_most: float

    def takes(self):
        return {self.ours, self.other} - {None}


AIMS = (
    Aim('echo1', 0, NON_BLOCKING, NETTY, 0.66),
    Aim('echo16', 0, NON_BLOCKING, NETTY, 0.39),
    Aim('echo16k', 0, NON_BLOCKING, NETTY, 0.17),
    Aim('fanout', 0, NON_BLOCKING, NETTY, 0.80),
    Aim('handshake', 0, NON_BLOCKING, NETTY, 0.73),
    Aim('echo1', 0, BLOCKING, NON_BLOCKING, 1.3),
    Aim('echo16', 0, BLOCKING, NON_BLOCKING, 1.2),
    Aim('echo16k', 0, BLOCKING, NON_BLOCKING, 1.2),
    Aim('echo16k-binary', 0, BLOCKING, NON_BLOCKING, 1.2),
    Aim('tls1', 0, NON_BLOCKING, NETTY, 1),
    Aim('tls16', 0, NON_BLOCKING, NETTY, 1),
    Aim('http2', 0, NON_BLOCKING, NETTY, 1),
    Aim('deflate', 0, NON_BLOCKING, NETTY, 0.95),
    Aim('takeover', 0, NON_BLOCKING, NETTY, 0.95),
    Aim('rate10k', 2, NON_BLOCKING, NETTY, 1.2),
    Aim('rate50k', 2, NON_BLOCKING, NETTY, 1.2),
    Aim('idle', 1, NON_BLOCKING, None, 1900),
    Aim('idle', 1, IMAGE, None, 1650),
    Aim('idle', 2, NON_BLOCKING, None, 0.7),
)


def takes_part(scenario):
    """The variants and peers that the aims of a scenario need."""
    return set().union(*(aim.takes() for aim in AIMS if aim.scenario == scenario))
