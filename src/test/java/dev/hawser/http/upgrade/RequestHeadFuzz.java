package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.http.HeadLimits;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * Fuzz target: what a client may send first. {@link RequestHead} may leave anything to Jetty's parser, but what it reads itself it
 * must understand as Jetty does at its strictest, up to the same byte; and it never throws.
 */
public final class RequestHeadFuzz {
	private static final HeadLimits LIMITS = new HeadLimits(1000, 20);

	private RequestHeadFuzz() {
	}

	/** Called by the fuzzer for each input. */
	public static void fuzzerTestOneInput(byte[] input) {
		check(input);
	}

	/** Checks one input, and returns the head that was read; null when the request is left to Jetty. */
	static @Nullable RequestHead check(byte[] input) {
		ByteBuffer in = ByteBuffer.wrap(input);
		RequestHead head = RequestHead.read(in, LIMITS);
		if (head == null) {
			assertThat(in.position()).as("position").isZero();
			return null;
		}
		Heard heard = new Heard();
		HttpParser parser = new HttpParser(heard, LIMITS.bytes(), HttpCompliance.STRICT);
		ByteBuffer again = ByteBuffer.wrap(input);
		while (!heard.whole && again.hasRemaining()) {
			parser.parseNext(again);
		}
		assertThat(heard.whole).as("Jetty has a request: %s", heard).isTrue();
		assertThat(heard.line).isEqualTo("GET " + head.target() + " HTTP/1.1");
		assertThat(head.headers().stream().map(RequestHeadFuzz::text).toList()).isEqualTo(heard.headers);
		assertThat(head.headers().size()).isLessThanOrEqualTo(LIMITS.count());
		assertThat(in.position()).as("end of the head").isEqualTo(again.position()).isLessThanOrEqualTo(LIMITS.bytes());
		assertThat(new HostPort(head.host()).toString()).isEqualTo(head.host());
		assertThat(head.uri()).isEqualTo("http://" + head.host() + head.target()).startsWith("http://" + head.host() + head.path());
		if (head.isSurelyUri()) {
			assertThat(URI.create(head.uri()).getRawPath()).isEqualTo(head.path());
		}
		return head;
	}

	/** Ignores upper and lower case: where a value begins like one that Jetty knows, Jetty keeps its own spelling. */
	private static String text(HttpField field) {
		return (field.getHeader() + " " + field.getName() + ": " + field.getValue()).toLowerCase(Locale.ROOT);
	}

	private static final class Heard implements HttpParser.RequestHandler {
		private final List<String> headers = new ArrayList<>();
		private @Nullable String line;
		private boolean whole;

		@Override
		public void startRequest(String method, String uri, HttpVersion version) {
			line = method + ' ' + uri + ' ' + version;
		}

		@Override
		public void parsedHeader(HttpField field) {
			headers.add(text(field));
		}

		@Override
		public boolean headerComplete() {
			return false;
		}

		@Override
		public boolean content(ByteBuffer item) {
			throw new AssertionError("Jetty sees a body: " + StandardCharsets.ISO_8859_1.decode(item));
		}

		@Override
		public boolean contentComplete() {
			return false;
		}

		@Override
		public boolean messageComplete() {
			whole = true;
			return true;
		}

		@Override
		public void earlyEOF() {
			throw new AssertionError("Jetty misses something");
		}

		@Override
		public String toString() {
			return line + " " + headers;
		}
	}
}
