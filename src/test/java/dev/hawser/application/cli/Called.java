package dev.hawser.application.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a verb did that was called in this JVM. */
record Called(int exitCode, String out, String err) {

	static Called with(String... arguments) {
		return with(Map.of(), "", arguments);
	}

	static Called with(Map<String, String> variables, String input, String... arguments) {
		return with(variables, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), arguments);
	}

	static Called with(Map<String, String> variables, InputStream input, String... arguments) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		ByteArrayOutputStream err = new ByteArrayOutputStream();
		int exitCode = Verbs.run(List.of(arguments), variables, new Verbs.Streams(input, out, err), rooms());
		return new Called(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
	}

	/** The configuration that the server passes. */
	static Class<?> rooms() {
		try {
			return Class.forName("dev.hawser.application.HawserConfiguration");
		}
		catch (ClassNotFoundException e) {
			throw new AssertionError(e);
		}
	}

	/** The arguments with others behind them. */
	static String[] more(String[] arguments, String... others) {
		return Stream.concat(Stream.of(arguments), Stream.of(others)).toArray(String[]::new);
	}

	JsonNode json() {
		return JsonMapper.shared().readTree(out);
	}
}
