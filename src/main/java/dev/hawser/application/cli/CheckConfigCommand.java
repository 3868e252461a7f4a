package dev.hawser.application.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Validates a configuration without starting anything. */
@Command(name = "check-config", description = { "Read a configuration as a start would, and say all that is wrong with it.",
		"Nothing listens and nothing is opened. What only a start can find is not found: a key file or a certificate that cannot be read,",
		"callbacks, a port in use." }, footer = { "", "Example:", "  java -jar hawser.jar check-config application.yaml" })
final class CheckConfigCommand extends Verb {
	private final Class<?> rooms;

	@Parameters(arity = "0..1", paramLabel = "FILE", description = "The file; without it, the configuration that a start here would read.")
	private @Nullable Path file;

	@Option(names = "--json", description = "Write the mistakes as JSON.")
	private boolean json;

	CheckConfigCommand(Invocation call, Class<?> rooms) {
		super(call);
		this.rooms = rooms;
	}

	@Override
	public Integer call() {
		if (file != null && !Files.isRegularFile(file)) {
			throw CommandFailure.wrongUsage("There is no file " + file + '.');
		}
		List<String> mistakes = mistakes();
		if (json) {
			here().sayJson(Map.of("mistakes", mistakes));
		}
		else {
			mistakes.forEach(here()::say);
		}
		if (mistakes.isEmpty()) {
			here().remark("No mistake was found.");
		}
		return mistakes.isEmpty() ? 0 : CommandFailure.SAID_NO;
	}

	private List<String> mistakes() {
		try {
			return (file == null ? here().configuration()
					: here().configurationWith("--spring.config.location=optional:classpath:/,file:" + file.toAbsolutePath()))
					.mistakes(rooms);
		}
		catch (CommandFailure e) {
			return List.of(String.valueOf(e.getMessage())); // a file that cannot be read
		}
	}
}
