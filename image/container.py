"""A container that image/run starts, and a client of its server. The client uses the container's own network, so no port is published."""
import base64
import ctypes
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import uuid

from server import await_, tool  # image/run has added the folder to the path

START_SECONDS = 120
STOP_SECONDS = 60
CLIENTS, OPERATIONS = 9501, 9502
CLONE_NEWNET = 0x40000000
HARDENED = ('--read-only', '--tmpfs=/tmp:rw,size=64m,mode=1777', '--cap-drop=all', '--security-opt=no-new-privileges', '--memory=512m',
            '--memory-swap=512m', '--cpus=1', '--pids-limit=256', '--network=none')


class Container:
    def __init__(self, image, *options):
        self.name = f'hawser-{uuid.uuid4().hex[:12]}'
        self.command = ['podman', 'run', '--detach', '--pull=never', '--name', self.name, *options, image]

    def __enter__(self):
        # Without systemd, podman warns that no timer will run the health check, but starts the container.
        result = subprocess.run(self.command, capture_output=True, text=True, timeout=60)
        self.pid = int(tool('podman', 'inspect', '--format', '{{.State.Pid}}', self.name))
        if not self.pid:
            sys.exit(f'The container did not start:\n{result.stderr}{self.logs()}')
        return self

    def __exit__(self, *_):
        subprocess.run(['podman', 'rm', '--force', '--time=0', self.name], capture_output=True, timeout=60)

    def logs(self):
        return subprocess.run(['podman', 'logs', self.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=60).stdout

    def url(self):
        """The path with the development token, once the server has said that it is ready."""
        def ready():
            if tool('podman', 'inspect', '--format', '{{.State.Running}}', self.name) != 'true':
                sys.exit(f'The server ended at its start:\n{self.logs()}')
            return re.search(r'WebSocket: ws://localhost:9501(/ws\?\S+)', self.logs())
        return await_(ready, START_SECONDS, lambda: f'The server did not start:\n{self.logs()}')[1]

    def status(self):
        lines = pathlib.Path(f'/proc/{self.pid}/status').read_text().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(':') for line in lines)}

    def root_is_read_only(self):
        mounts = (line.split() for line in pathlib.Path(f'/proc/{self.pid}/mountinfo').read_text().splitlines())
        return [mount[5].split(',')[0] for mount in mounts if mount[4] == '/'] == ['ro']

    def health_check(self):
        return subprocess.run(['podman', 'healthcheck', 'run', self.name], capture_output=True, timeout=60).returncode

    def terminate(self):
        tool('podman', 'kill', '--signal=TERM', self.name)

    def exit_code(self):
        return int(tool('podman', 'wait', self.name, seconds=STOP_SECONDS))

    def connect(self, port):
        """Opens the socket in the container's network, since a socket belongs to the network in which it is made."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open('/proc/self/ns/net') as own, open(f'/proc/{self.pid}/ns/net') as theirs:
            if libc.setns(theirs.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), 'cannot enter the network of the container')
            try:
                return socket.create_connection(('127.0.0.1', port), timeout=30)
            finally:
                libc.setns(own.fileno(), CLONE_NEWNET)

    def operations(self, path):
        """Status and body from the operations' port, or from the clients' port if operations have no port of their own."""
        try:
            connection = self.connect(OPERATIONS)
        except ConnectionRefusedError:
            connection = self.connect(CLIENTS)
        with connection:
            connection.sendall(f'GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'.encode())
            answer = connection.makefile('rb').read().decode()
        return int(answer.split()[1]), answer

    def websocket(self, path):
        return WebSocket(self.connect(CLIENTS), path)


class WebSocket:
    """A minimal client, for one short message or close frame at a time."""

    def __init__(self, connection, path):
        self.connection = connection
        self.stream = connection.makefile('rb')
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall((f'GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                            f'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n').encode())
        status = self.stream.readline().decode()
        if ' 101 ' not in status:
            sys.exit(f'No WebSocket: {status}')
        while self.stream.readline().strip():
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def ask(self, text):
        self.send(1, text.encode())
        return self.receive()

    def send(self, opcode, payload):
        mask = os.urandom(4)
        self.connection.sendall(bytes([0x80 | opcode, 0x80 | len(payload)]) + mask
                                + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def receive(self):
        """A text, the code of a close frame, or None when the connection has ended without a close frame."""
        start = self.stream.read(2)
        if len(start) < 2:
            return None
        head, length = start
        payload = self.stream.read(length)
        return struct.unpack('!H', payload[:2])[0] if head & 15 == 8 else payload.decode()

    def answer_close(self, code):
        self.send(8, struct.pack('!H', code))
