package dev.hawser.protocol;

import org.openjdk.jmh.infra.Blackhole;
import org.springframework.web.socket.CloseStatus;

/** Takes the messages of a reader, and does nothing with them. */
record ConsumedMessages(Blackhole blackhole) implements MessageHandler {
	@Override
	public void text(String text, int size) {
		blackhole.consume(text);
	}

	@Override
	public void binary(byte[] data) {
		blackhole.consume(data);
	}

	@Override
	public void ping(byte[] data) {
		blackhole.consume(data);
	}

	@Override
	public void pong(byte[] data) {
		blackhole.consume(data);
	}

	@Override
	public void close(CloseStatus status) {
		blackhole.consume(status);
	}
}
