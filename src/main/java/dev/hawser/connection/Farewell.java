package dev.hawser.connection;

import dev.hawser.protocol.OutgoingFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.springframework.web.socket.CloseStatus;

/** The last word to a socket that belongs to no connection, or to none any more: a close frame, between frames. */
final class Farewell {
	private final OutgoingFrame frame;

	Farewell(CloseStatus status) {
		this.frame = OutgoingFrame.close(status);
	}

	/**
	 * Sends the frame, ends the output, and closes the socket when the hub's close timeout is over. If the frame does not go out at once,
	 * the socket's receiver has to end the output when it is {@link Transport.Receiver#written written}.
	 */
	void say(Transport socket, Hub hub, TimerWheel timers) {
		ByteBuffer bytes = frame.encoded();
		timers.after(hub.settings().closeTimeout().toMillis(), socket::close);
		try {
			if (socket.flush(bytes)) {
				socket.shutdownOutput();
			}
			else {
				socket.write(bytes);
			}
		}
		catch (IOException e) {
			socket.close();
		}
	}
}
