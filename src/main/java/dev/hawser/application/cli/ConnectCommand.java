package dev.hawser.application.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A client for the terminal and for scripts. */
@Command(name = "connect", description = { "Connect as a client: send each line of the input, and show each frame with time and size.",
		"A line that begins with a slash is a command: /ping [TEXT], /close [CODE [REASON]], /help; //TEXT sends /TEXT." },
		footer = { "",
				"Example:", "  java -jar hawser.jar connect --user ann" })
final class ConnectCommand extends Verb {
	@Mixin
	private HubOptions at = new HubOptions();

	@Mixin
	private TokenOptions tokens = new TokenOptions();

	@Option(names = "--subprotocol", paramLabel = "NAME", description = "Offer this subprotocol; may be repeated.")
	private List<String> subprotocols = List.of();

	@Option(names = "--origin", paramLabel = "ORIGIN", description = "Say that the page of this origin connects.")
	private @Nullable String origin;

	@Option(names = "--binary", description = "Send lines as binary messages.")
	private boolean binary;

	@Option(names = "--wait", paramLabel = "TIME", defaultValue = "1s",
			description = "When the input has ended, close as soon as nothing has come"
					+ " for this time; 1s by default.")
	private Duration wait = Duration.ZERO;

	@Option(names = "--messages", paramLabel = "NUMBER", defaultValue = "0", description = "Close after so many messages have come.")
	private int messages;

	static final class Form {
		@Option(names = "--plain", description = "Write only the messages that come, one in a line.")
		private boolean plain;

		@Option(names = "--json", description = "Write each frame as JSON, one in a line.")
		private boolean json;
	}

	@ArgGroup(exclusive = true, multiplicity = "0..1")
	private Form form = new Form();

	ConnectCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		String target = at.url(here());
		FrameLog log = form.json ? FrameLog.json(here()) : form.plain ? FrameLog.plain(here()) : FrameLog.forPeople(here());
		Dialogue dialogue = new Dialogue(log, new Dialogue.Habits(binary, wait, messages));
		ClientSocket.Offer offer = new ClientSocket.Offer(HubOptions.uri(target), tokens.token(here(), at.hub(), target), subprotocols,
				origin == null ? Map.of() : Map.of("Origin", origin));
		long start = System.nanoTime();
		try (ClientSocket open = ClientSocket.open(offer, dialogue)) {
			log.opened(ClientSocket.since(start), open.socket().getSubprotocol());
			return dialogue.run(open.socket(), here().in());
		}
	}
}
