"""The ways in which clients of faults/run reach the server (LINKS). What they open reads, writes, and ends like a socket."""
import asyncio
import socket
import ssl
import struct

import wire
from http2 import Http2
from patience import PATIENCE, drained

STREAMS = 16  # on one HTTP/2 connection


class Socket:
    """A TCP connection, with or without TLS."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def write(self, data):
        if self.writer.is_closing():
            raise ConnectionResetError('the connection is over')
        self.writer.write(data)
        await drained(self.writer)

    async def read(self):
        """Bytes; none at the end of the connection, whatever ended it."""
        try:
            return await self.reader.read(65536)
        except OSError:
            return b''

    def half_close(self):
        if self.writer.can_write_eof():
            self.writer.write_eof()
        else:  # TLS
            self.writer.close()

    def reset(self):
        if self.writer.is_closing():
            return
        self.writer.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.writer.transport.abort()

    async def close(self):
        self.writer.transport.abort() if self.reader.at_eof() else self.writer.close()


def trusting(*protocols):
    """The server's certificate was made for this run."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(protocols)
    return context


async def upgraded(streams, path, headers):
    """The socket after a 101, and what came behind it; or None."""
    link = Socket(*streams)
    await link.write(wire.handshake(path, headers))
    try:
        head = await asyncio.wait_for(link.reader.readuntil(b'\r\n\r\n'), PATIENCE)
    except (OSError, asyncio.IncompleteReadError):
        head = b''
    if not head.startswith(b'HTTP/1.1 101'):
        await link.close()
        return None
    return link


class Links:
    """What one kind of client shares while a fault lasts."""

    def __init__(self, host, port, source=None):
        self.host, self.port = host, port
        self.source = source and (source, 0)
        self.shared = []

    async def connect(self, **options):
        return await asyncio.open_connection(self.host, self.port, local_addr=self.source, limit=1 << 20, **options)

    async def close(self):
        for connection in self.shared:
            await connection.close()


class Plain(Links):
    """HTTP/1.1."""

    async def open(self, path, headers=()):
        return await upgraded(await self.connect(), path, headers)


class Tls(Links):
    """HTTP/1.1 over TLS."""

    async def open(self, path, headers=()):
        return await upgraded(await self.connect(ssl=trusting('http/1.1')), path, headers)


class OverHttp2(Links):
    """Streams of HTTP/2 connections in cleartext, a few on each (RFC 8441)."""
    scheme, tls = 'http', {}

    async def open(self, path, headers=()):
        fit = next((known for known in self.shared if not known.over and len(known.streams) < STREAMS), None)
        if fit is None:
            fit = Http2(*await self.connect(**self.options()), self.scheme)
            self.shared.append(fit)
        fields = [tuple(header.lower().split(': ', 1)) if ': ' in header else header for header in headers]
        return await asyncio.wait_for(fit.open(path, fields), PATIENCE)

    def options(self):
        return {}


class OverHttp2Tls(OverHttp2):
    """The same over TLS."""
    scheme = 'https'

    def options(self):
        return {'ssl': trusting('h2')}


LINKS = {'HTTP/1.1': Plain, 'TLS': Tls, 'HTTP/2': OverHttp2, 'HTTP/2 over TLS': OverHttp2Tls}
