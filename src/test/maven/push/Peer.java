import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client with the subprotocol {@code json.webpubsub.azure.v1}, in which it writes by hand. It gives up after a minute. */
final class Peer implements WebSocket.Listener, AutoCloseable {
	private static final HttpClient HTTP = HttpClient.newHttpClient();
	private static final Pattern MESSAGE = Pattern
			.compile("\\{\"type\":\"message\",\"from\":\"(\\w+)\".*?\"dataType\":\"(\\w+)\",\"data\":(.*?)(,\"metadata\":(.*))?}");

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
	private final StringBuilder part = new StringBuilder();
	private final WebSocket socket;
	private final String id;
	private int requests;

	Peer(String url) throws Exception {
		socket = HTTP.newWebSocketBuilder().subprotocols("json.webpubsub.azure.v1").buildAsync(URI.create(url), this)
				.get(1, TimeUnit.MINUTES);
		Matcher connected = Pattern.compile(".*\"event\":\"connected\".*\"connectionId\":\"([^\"]+)\".*").matcher(next());
		Sdk.check(true, connected.matches());
		id = connected.group(1);
	}

	String id() {
		return id;
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		part.append(data);
		if (last) {
			received.add(part.toString());
			part.setLength(0);
		}
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
		received.add("closed " + code + " " + reason);
		return null;
	}

	private String next() throws InterruptedException {
		String next = received.poll(1, TimeUnit.MINUTES);
		if (next == null) {
			throw new AssertionError("nothing came within a minute");
		}
		return next;
	}

	/** From whom, the data's type, the data, and the metadata if there is any; or the end. */
	void expect(String... messages) throws InterruptedException {
		for (String expected : messages) {
			String json = next();
			Matcher message = MESSAGE.matcher(json);
			String seen = message.matches()
					? String.join(" ", message.group(1), message.group(2), message.group(3))
							+ (message.group(5) == null ? "" : " " + message.group(5))
					: json.replaceFirst("\\{.*\"event\":\"disconnected\",\"message\":\"(.*)\"}", "disconnected $1");
			Sdk.check(expected, seen);
		}
	}

	/** What becomes of a request: success, or the name of the error. */
	String request(String type, String group) throws InterruptedException {
		requests++;
		socket.sendText(
				"{\"type\":\"" + type + "\",\"group\":\"" + group + "\",\"dataType\":\"text\",\"data\":\"hi\",\"ackId\":" + requests + "}",
				true).join();
		String ack = next();
		Matcher error = Pattern
				.compile("\\{\"type\":\"ack\",\"ackId\":" + requests + ",\"success\":false,\"error\":\\{\"name\":\"(\\w+)\".*")
				.matcher(ack);
		return error.matches() ? error.group(1) : ack.contains("\"success\":true") ? "success" : ack;
	}

	/** Without a word. */
	@Override
	public void close() {
		socket.abort();
	}
}
