package dev.hawser.subprotocol;

import dev.hawser.testing.CertificateChain;
import dev.hawser.testing.Http2Client;
import dev.hawser.testing.Http2Stream;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One socket of a client with the reliable subprotocol, in TLS or as a stream of HTTP/2. */
abstract sealed class ReliableSocket {

	/** How a client reaches the server, and how its sockets break. */
	enum Way {
		/** TLS, ended by a reset of TCP. */
		TLS,
		/** A stream, ended by RST_STREAM. */
		HTTP2_CLEARTEXT,
		/** A stream, ended with its TCP connection. */
		HTTP2_CLEARTEXT_CUT,
		/** A stream in TLS, ended by RST_STREAM. */
		HTTP2_TLS;

		/** Makes a handshake and expects that it is accepted. */
		ReliableSocket open(int port, String target) throws Exception {
			return openAndSend(port, target);
		}

		/** The same; the frames are sent before the answer is there. */
		ReliableSocket openAndSend(int port, String target, RawFrame... frames) throws Exception {
			return switch (this) {
				case TLS -> new InTls(port, target, frames);
				case HTTP2_CLEARTEXT, HTTP2_CLEARTEXT_CUT -> new OnStream(Http2Client.connect(port), target, this, frames);
				case HTTP2_TLS -> new OnStream(Http2Client.connect(port, CertificateChain.make().trustStore()), target, this, frames);
			};
		}
	}

	abstract void send(byte[] bytes) throws Exception;

	final void send(RawFrame... frames) throws Exception {
		send(RawFrame.join(frames));
	}

	abstract ReceivedFrame message() throws IOException;

	/** Waits until the server has ended the socket, in whatever way. */
	abstract void awaitEnd() throws Exception;

	abstract void stopReading();

	/** Breaks it. */
	abstract void cut() throws IOException;

	/** Another socket on the same connection of HTTP/2. */
	ReliableSocket another(String target) throws Exception {
		throw new UnsupportedOperationException();
	}

	private static final class InTls extends ReliableSocket {
		private final Socket below;
		private final RawClient client;

		InTls(int port, String target, RawFrame... frames) throws Exception {
			below = new Socket(InetAddress.getLoopbackAddress(), port);
			client = RawClient.over(CertificateChain.make().trusting().getSocketFactory().createSocket(below, "localhost", port, true));
			String head = String.join("\r\n", RawClient.handshake(target, ReliablePeer.PROTOCOL)) + "\r\n\r\n";
			client.send(head.getBytes(StandardCharsets.ISO_8859_1), RawFrame.join(frames));
			if (client.response().status() != 101) {
				throw new IOException("No upgrade");
			}
		}

		@Override
		void send(byte[] bytes) throws IOException {
			client.send(bytes);
		}

		@Override
		ReceivedFrame message() throws IOException {
			return client.message();
		}

		@Override
		void awaitEnd() throws IOException {
			if (!client.ended()) {
				throw new IOException("There is more to read");
			}
		}

		@Override
		void stopReading() {
			// nothing reads unless a test asks for a message
		}

		@Override
		void cut() throws IOException {
			below.setSoLinger(true, 0);
			below.close();
		}
	}

	private static final class OnStream extends ReliableSocket {
		private final Http2Client client;
		private final Http2Stream stream;
		private final Way way;

		OnStream(Http2Client client, String target, Way way, RawFrame... frames) throws Exception {
			this.client = client;
			this.way = way;
			String[] protocol = ReliablePeer.PROTOCOL.split(": ", 2);
			this.stream = client.handshake(target, protocol);
			if (frames.length > 0) {
				stream.send(frames);
			}
			if (stream.status() != 200) {
				throw new IOException("No WebSocket: status " + stream.status());
			}
		}

		@Override
		ReliableSocket another(String target) throws Exception {
			return new OnStream(client, target, way);
		}

		@Override
		void send(byte[] bytes) throws Exception {
			stream.send(bytes);
		}

		@Override
		ReceivedFrame message() throws IOException {
			ReceivedFrame frame = stream.frame();
			while (frame.opcode() == 9) {
				frame = stream.frame();
			}
			return frame;
		}

		@Override
		void awaitEnd() throws Exception {
			boolean ended;
			try {
				ended = stream.ended();
			}
			catch (IOException e) {
				return; // reset
			}
			if (!ended) {
				throw new IOException("There is more to read");
			}
		}

		@Override
		void stopReading() {
			stream.stopReading();
		}

		@Override
		void cut() throws IOException {
			try {
				if (way != Way.HTTP2_CLEARTEXT_CUT) {
					stream.reset();
				}
			}
			catch (Exception e) {
				throw new IOException(e);
			}
			finally {
				client.close();
			}
		}
	}
}
