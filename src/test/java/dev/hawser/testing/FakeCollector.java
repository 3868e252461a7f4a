package dev.hawser.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Takes traces as an OpenTelemetry collector does, over HTTP in protobuf, and keeps them. */
public final class FakeCollector implements AutoCloseable {
	private final HttpServer http;
	private final List<Span> spans = new CopyOnWriteArrayList<>();

	private FakeCollector(HttpServer http) {
		this.http = http;
	}

	public static FakeCollector start() throws IOException {
		FakeCollector collector = new FakeCollector(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
		collector.http.createContext("/v1/traces", collector::take);
		collector.http.start();
		return collector;
	}

	/** The properties that make a server send here, soon. */
	public String[] properties() {
		return new String[] { "management.opentelemetry.tracing.export.otlp.endpoint=" + url() + "/v1/traces",
				"management.opentelemetry.tracing.export.schedule-delay=50ms" };
	}

	/** The URL of this collector, without the path for traces. */
	public String url() {
		return "http://127.0.0.1:" + http.getAddress().getPort();
	}

	private void take(HttpExchange exchange) throws IOException {
		try (exchange) {
			for (Message resource : new Message(exchange.getRequestBody().readAllBytes()).messages(1)) {
				resource.messages(2).stream().flatMap(scope -> scope.messages(2).stream()).map(Span::of).forEach(spans::add);
			}
			exchange.sendResponseHeaders(200, -1);
		}
	}

	/** The spans that have come. */
	public List<Span> spans() {
		return List.copyOf(spans);
	}

	public List<Span> spansOf(String traceId) {
		return spans.stream().filter(span -> span.traceId.equals(traceId)).toList();
	}

	@Override
	public void close() {
		http.stop(0);
	}

	/**
	 * One span; ids in hexadecimal.
	 *
	 * @param kind   2 for a server's
	 * @param failed whether its status is an error
	 */
	public record Span(String traceId, String id, String parent, String name, long kind, boolean failed, Map<String, String> tags) {
		private static Span of(Message span) {
			Map<String, String> tags = new TreeMap<>();
			span.messages(9).forEach(tag -> tags.put(tag.text(1), tag.messages(2).getFirst().value()));
			return new Span(span.hex(1), span.hex(2), span.hex(4), span.text(5), span.number(6),
					span.messages(15).stream().anyMatch(status -> status.number(3) == 2), tags);
		}
	}

	/** A message of protobuf; reads only what the tests need. */
	private static final class Message {
		private final List<Map.Entry<Integer, Object>> fields = new ArrayList<>();

		Message(byte[] bytes) {
			ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
			while (in.hasRemaining()) {
				long key = varint(in);
				Object value = switch ((int) (key & 7)) {
					case 0 -> varint(in);
					case 1 -> in.getLong();
					case 2 -> bytes(in, (int) varint(in));
					case 5 -> (long) in.getInt();
					default -> throw new IllegalArgumentException("wire type of " + key);
				};
				fields.add(Map.entry((int) (key >> 3), value));
			}
		}

		private static long varint(ByteBuffer in) {
			long value = 0;
			for (int shift = 0;; shift += 7) {
				byte next = in.get();
				value |= (long) (next & 127) << shift;
				if (next >= 0) {
					return value;
				}
			}
		}

		private static byte[] bytes(ByteBuffer in, int length) {
			byte[] bytes = new byte[length];
			in.get(bytes);
			return bytes;
		}

		private Stream<Object> all(int field) {
			return fields.stream().filter(one -> one.getKey() == field).map(Map.Entry::getValue);
		}

		private Optional<byte[]> bytes(int field) {
			return all(field).map(byte[].class::cast).findFirst();
		}

		List<Message> messages(int field) {
			return all(field).map(bytes -> new Message((byte[]) bytes)).toList();
		}

		String hex(int field) {
			return bytes(field).map(HexFormat.of()::formatHex).orElse("");
		}

		String text(int field) {
			return bytes(field).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
		}

		long number(int field) {
			return all(field).map(Long.class::cast).findFirst().orElse(0L);
		}

		/** The value of a tag: a text or a number. */
		String value() {
			return bytes(1).isPresent() ? text(1) : Long.toString(number(3));
		}
	}
}
