package dev.hawser.application.cli;

import dev.hawser.application.settings.StandaloneConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What one call of the command line was given, and where it writes. Used by one thread, apart from {@link #say}. */
final class Invocation {
	private final List<String> properties;
	private final Map<String, String> variables;
	private final InputStream in;
	private final PrintWriter out;
	private final PrintWriter err;
	private final @Nullable PlainSettings plain;
	private @Nullable StandaloneConfiguration configuration;

	/**
	 * @param properties the arguments that are properties of the server, such as {@code --server.port=9000}
	 * @param variables  the environment variables
	 */
	Invocation(List<String> properties, Map<String, String> variables, InputStream in, PrintWriter out, PrintWriter err) {
		this.properties = properties;
		this.variables = variables;
		this.in = in;
		this.out = out;
		this.err = err;
		this.plain = PlainSettings.of(properties, variables);
	}

	/** The server's configuration, which is read when the first verb needs it. */
	StandaloneConfiguration configuration() {
		if (configuration == null) {
			configuration = read(properties);
		}
		return configuration;
	}

	/** The configuration of a start with one more property. */
	StandaloneConfiguration configurationWith(String property) {
		return read(Stream.concat(properties.stream(), Stream.of(property)).toList());
	}

	private StandaloneConfiguration read(List<String> arguments) {
		try {
			return StandaloneConfiguration.read(arguments, variables);
		}
		catch (IllegalArgumentException e) {
			throw CommandFailure.saidNo(String.valueOf(e.getMessage()));
		}
	}

	/** The value of a property of the server; null when it is not set. */
	@Nullable
	String setting(String property) {
		try {
			return plain != null ? plain.get(property) : configuration().get(property);
		}
		catch (IllegalArgumentException e) {
			throw CommandFailure.saidNo(String.valueOf(e.getMessage()));
		}
	}

	/** The values of a property that is a list. */
	List<String> settings(String property) {
		return plain != null ? plain.list(property) : configuration().list(property);
	}

	/** Whether a property below this name is set. */
	boolean hasSettings(String prefix) {
		return plain != null ? plain.has(prefix) : configuration().has(prefix);
	}

	String setting(String property, String usual) {
		String value = setting(property);
		return value == null ? usual : value;
	}

	@Nullable
	String variable(String name) {
		return variables.get(name);
	}

	InputStream in() {
		return in;
	}

	PrintWriter out() {
		return out;
	}

	PrintWriter err() {
		return err;
	}

	/** Writes a line of the result. Any thread may call this. */
	void say(String line) {
		out.println(line);
		out.flush();
	}

	/** Writes a line that is no part of the result. Any thread may call this. */
	void remark(String line) {
		err.println(line);
		err.flush();
	}

	/** Writes the result for programs. */
	void sayJson(Object result) {
		say(JsonMapper.shared().writeValueAsString(result));
	}

	/** The content of a file with a secret, without the line break at its end. */
	static String secretIn(String file) {
		try {
			return withoutLineBreak(Files.readString(Path.of(file)));
		}
		catch (NoSuchFileException e) {
			throw CommandFailure.wrongUsage("There is no file " + file + '.');
		}
		catch (IOException | InvalidPathException e) {
			throw CommandFailure.wrongUsage("The file " + file + " cannot be read.");
		}
	}

	/** The server, too, drops the line break of a file with a single line. */
	static String withoutLineBreak(String secret) {
		List<String> lines = secret.lines().toList();
		return lines.size() == 1 ? lines.getFirst() : secret;
	}
}
