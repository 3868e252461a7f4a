package dev.hawser.application.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pushes one message. */
@Command(name = "send", description = "Send a message to a connection, a user, a group or a whole hub.", footer = { "", "Example:",
		"  java -jar hawser.jar send --user ann Hello" })
final class SendCommand extends Verb {
	enum Type {
		text("text/plain; charset=utf-8"), json("application/json"), binary("application/octet-stream");

		private final String mediaType;

		Type(String mediaType) {
			this.mediaType = mediaType;
		}
	}

	@ArgGroup(exclusive = true, multiplicity = "1")
	private TargetOptions target = new TargetOptions();

	@Mixin
	private PushOptions api = new PushOptions();

	@Option(names = "--type", paramLabel = "TYPE", defaultValue = "text", description = "${COMPLETION-CANDIDATES}; text by default.")
	private Type type = Type.text;

	@Option(names = "--file", paramLabel = "FILE", description = "Send what this file has.")
	private @Nullable Path file;

	@Option(names = "--filter", paramLabel = "CONDITION", defaultValue = "", description = "Only to those that match, such as \"userId ne"
			+ " 'ann'\".")
	private String filter = "";

	@Option(names = "--expires", paramLabel = "TIME",
			description = "Drop the message for clients for which it still waits after this time, such"
					+ " as 30s.")
	private @Nullable Duration expires;

	@Option(names = "--json", description = "Write the result as JSON.")
	private boolean json;

	@Parameters(arity = "0..1", paramLabel = "MESSAGE",
			description = "The message; without it, and without --file, standard input is sent.")
	private @Nullable String message;

	SendCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		String query = PushOptions.query(List.of(Map.entry("filter", filter),
				Map.entry("messageTtlSeconds", expires == null ? "" : Long.toString(Math.max(1, expires.toSeconds())))));
		DeliveryText delivery = DeliveryText.of(api.send(here(), "POST", target.path() + ":send", query,
				new PushOptions.Message(type.mediaType, content())));
		delivery.show(here(), json);
		return delivery.exitCode();
	}

	private byte[] content() {
		if (message != null && file != null) {
			throw CommandFailure.wrongUsage("Give a MESSAGE or a --file, not both.");
		}
		if (message != null) {
			return message.getBytes(StandardCharsets.UTF_8);
		}
		try (InputStream from = file == null ? here().in() : Files.newInputStream(file)) {
			return from.readAllBytes();
		}
		catch (IOException e) {
			throw CommandFailure.wrongUsage("The message cannot be read: " + e + ".");
		}
	}
}
