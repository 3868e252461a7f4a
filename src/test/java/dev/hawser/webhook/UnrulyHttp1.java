package dev.hawser.webhook;

import dev.hawser.webhook.UnrulyBackend.Exchange;
import dev.hawser.webhook.UnrulyBackend.Line;
import dev.hawser.webhook.UnrulyBackend.Sending;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A connection of HTTP/1.1 to a backend that misbehaves. Answers are in chunks. */
final class UnrulyHttp1 implements Line {
	private final Socket socket;
	private final InputStream in;
	private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
	private final Consumer<Exchange> taker;
	private boolean gathers;

	UnrulyHttp1(Socket socket, InputStream in, Consumer<Exchange> taker) {
		this.socket = socket;
		this.in = in;
		this.taker = taker;
	}

	/** Ends when the client hangs up. */
	void serve() throws IOException {
		StringBuilder head = new StringBuilder();
		for (int next = in.read(); next >= 0; next = in.read()) {
			head.append((char) next);
			if (head.indexOf("\r\n\r\n") >= 0) {
				int length = Integer.parseInt("0" + head.toString().replaceAll("(?is).*\r\ncontent-length: *(\\d+).*|.*", "$1"));
				taker.accept(new Request(new String(in.readNBytes(length), StandardCharsets.UTF_8)));
				head.setLength(0);
			}
		}
	}

	private void send(String text) throws IOException {
		send(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	private void send(byte[] bytes) throws IOException {
		gathered.writeBytes(bytes);
		if (!gathers) {
			socket.getOutputStream().write(gathered.toByteArray());
			gathered.reset();
		}
	}

	@Override
	public void gather(Sending sending) throws IOException, InterruptedException {
		gathers = true;
		sending.send();
		gathers = false;
		send(new byte[0]);
	}

	@Override
	public void reset() throws IOException {
		if (!socket.isClosed()) {
			socket.setSoLinger(true, 0);
			socket.close();
		}
	}

	@Override
	public void fallSilent() throws InterruptedException {
		new CountDownLatch(1).await();
	}

	@Override
	public void awaitRead() {
		// what comes before a reset is read first
	}

	@Override
	public void talkNonsense() throws IOException {
		send("I know no protocol\r\n\r\n");
	}

	private final class Request implements Exchange {
		private final String body;

		Request(String body) {
			this.body = body;
		}

		@Override
		public Line line() {
			return UnrulyHttp1.this;
		}

		@Override
		public String body() {
			return body;
		}

		@Override
		public void begin(int status, String... headers) throws IOException {
			StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " So\r\nTransfer-Encoding: chunked\r\n");
			for (int i = 0; i < headers.length; i += 2) {
				head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
			}
			send(head.append("\r\n").toString());
		}

		@Override
		public void write(byte[] part) throws IOException {
			send(Integer.toHexString(part.length) + "\r\n");
			send(part);
			send("\r\n");
		}

		@Override
		public void end(byte[] part) throws IOException {
			if (part.length > 0) {
				write(part);
			}
			send("0\r\n\r\n");
		}

		@Override
		public void refuse() throws IOException {
			socket.close();
		}
	}
}
