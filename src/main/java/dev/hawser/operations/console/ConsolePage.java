package dev.hawser.operations.console;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the page, from the jar. */
final class ConsolePage {
	private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8",
			"css", "text/css; charset=utf-8", "svg", "image/svg+xml");
	private static final Map<String, byte[]> FILES = Stream.of("index.html", "console.css", "console.js", "live.js", "connections.js",
			"events.js", "try.js", "icon.svg").collect(Collectors.toUnmodifiableMap(name -> name, ConsolePage::read));

	private ConsolePage() {
	}

	private static byte[] read(String name) {
		try (InputStream file = Objects.requireNonNull(ConsolePage.class.getResourceAsStream("/console/" + name), name)) {
			return file.readAllBytes();
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/**
	 * Answers with a file. False for a name that no file has.
	 *
	 * @param name      {@code index.html} and so on
	 * @param clientUrl where the page may open WebSockets, as a source of a Content-Security-Policy
	 */
	static boolean write(String name, String clientUrl, HttpServletResponse response) throws IOException {
		byte[] file = FILES.get(name);
		if (file == null) {
			return false;
		}
		response.setContentType(TYPES.get(name.substring(name.indexOf('.') + 1)));
		response.setHeader("Content-Security-Policy",
				"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' "
						+ clientUrl + "; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
		response.setContentLength(file.length);
		response.getOutputStream().write(file);
		return true;
	}
}
