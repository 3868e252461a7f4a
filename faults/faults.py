"""The table of faults that faults/run makes (FAULTS), in this order; those of one server follow each other, and its end comes last."""
from by_backends import unruly_backend
from by_clients import blocked_callbacks, churn, resets, slow_readers
from by_issuers import issuers
from by_machine import files_used_up, half_open, no_clock, no_way_to_drop, pause, small_heap, stepping_clock, stuck_log
from by_operators import reload_storm, stop
from invariants import STOPPED, TOLD
from running import Fault

FAULTS = {
    'churn': Fault(churn),
    'churn over HTTP/2': Fault(churn, kinds=('HTTP/2',)),
    'issuers that misbehave': Fault(issuers),
    'a pause': Fault(pause),
    'blocked callbacks': Fault(blocked_callbacks, share=0.5),
    'connects that reset': Fault(resets, share=0.5),
    'half-open peers': Fault(half_open, missing=no_way_to_drop, share=0.5),
    'slow readers': Fault(slow_readers),
    'open files used up': Fault(files_used_up, share=0.5),
    'a reload storm': Fault(reload_storm, share=0.5),
    'a stop in a storm': Fault(stop, kinds=('HTTP/1.1', 'HTTP/2'), invariants=STOPPED),
    'churn over TLS': Fault(churn, 'TLS', ('TLS', 'HTTP/2 over TLS')),
    'a small heap': Fault(small_heap, 'small heap'),
    'a stuck log': Fault(stuck_log, 'piped log'),
    'a stepping clock': Fault(stepping_clock, 'own clock', missing=no_clock),
    'an unruly backend': Fault(unruly_backend, 'calling', invariants=TOLD),
}
