"""How long a client waits for what must happen."""
import asyncio

PATIENCE = 60  # seconds
WAITING = 1 << 17  # bytes that may wait in this process for a peer that does not read


async def drained(writer):
    """Waits while too much waits to be written; a peer that reads nothing for all that time is an error."""
    if writer.transport.get_write_buffer_size() > WAITING:
        await asyncio.wait_for(writer.drain(), PATIENCE)
