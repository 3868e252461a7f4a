"""Which time the platform threads of a server wait for locks, recorded by JDK Flight Recorder; for the scenario "locks" of bench/run."""
import contextlib
import re
import tempfile

from server import find_jdk, tool

EVENTS = 'jdk.ThreadPark', 'jdk.JavaMonitorEnter'
SETTINGS = '<configuration version="2.0">' + ''.join(
    f'<event name="{event}"><setting name="enabled">true</setting><setting name="threshold">0 ns</setting>'
    '<setting name="stackTrace">false</setting></event>' for event in EVENTS) + '</configuration>'
UNITS = {'ns': 0.001, 'us': 1, 'ms': 1000, 's': 1e6}
# A thread that has nothing to do parks too, but on a condition, or on what is no lock
LOCK = re.compile(r'parkedClass = java\.util\.concurrent\.locks\.\w+\$(?:NonfairSync|FairSync)|monitorClass = ')


class Waits:
    count = 0
    microseconds = 0.0


@contextlib.contextmanager
def recorded(server):
    """The waits for locks while the block runs; they are known at its end."""
    waits, jdk = Waits(), find_jdk() / 'bin'
    with tempfile.TemporaryDirectory(prefix='hawser-bench-') as folder:
        settings, recording = f'{folder}/locks.jfc', f'{folder}/locks.jfr'
        with open(settings, 'w') as file:
            file.write(SETTINGS)
        tool(jdk / 'jcmd', server.pid, 'JFR.start', 'name=locks', f'settings={settings}')
        yield waits
        tool(jdk / 'jcmd', server.pid, 'JFR.stop', 'name=locks', f'filename={recording}')
        for event in tool(jdk / 'jfr', 'print', '--events', ','.join(EVENTS), recording).split('\n\n'):
            duration = re.search(r'duration = ([\d.]+) (\w+)', event)
            if duration and LOCK.search(event):
                waits.count += 1
                waits.microseconds += float(duration[1]) * UNITS[duration[2]]
