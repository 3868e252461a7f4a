package dev.hawser.application.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** The command line of the jar: {@code java -jar hawser.jar <verb>}. Runs before Spring starts, and reads configuration files only if needed. */
public final class Verbs {
	private static final List<String> NAMES = List.of("token", "connect", "send", "connections", "close", "drain", "reload", "dead-letters",
			"check-config", "health", "check", "completion");
	private static final List<String> HELP = List.of("-h", "--help", "-V", "--version");
	/** A property of the server: {@code --server.port=9000}. */
	private static final Pattern PROPERTY = Pattern.compile("--[A-Za-z][A-Za-z0-9-]*(\\.[^=\\s]+)+=.*", Pattern.DOTALL);
	private static final String END_OF_OPTIONS = "--";

	private Verbs() {
	}

	/** Whether these arguments are for a verb; if not, they start the server. */
	public static boolean areIn(String[] arguments) {
		return arguments.length > 0 && (!arguments[0].startsWith("-") || HELP.contains(arguments[0]));
	}

	/**
	 * Runs the verb with the process's own streams and variables.
	 *
	 * @param rooms the configuration class that imports all rooms
	 * @return the exit code
	 */
	public static int run(String[] arguments, Class<?> rooms) {
		// The log of a start would be set up by the first class that has a logger, which takes longer than most verbs.
		System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
		System.setProperty("slf4j.internal.verbosity", "ERROR");
		System.setProperty("org.apache.commons.logging.LogFactory", "org.apache.commons.logging.impl.Slf4jLogFactory"); // not Log4j's
		// Spring Boot's loader would look for Groovy in every library.
		System.setProperty("picocli.disable.closures", "true");
		return run(List.of(arguments), System.getenv(), new Streams(System.in, System.out, System.err), rooms);
	}

	/** Standard input, output and error output. */
	record Streams(InputStream in, OutputStream out, OutputStream err) {
	}

	static int run(List<String> arguments, Map<String, String> variables, Streams streams, Class<?> rooms) {
		List<String> properties = new ArrayList<>();
		List<String> others = new ArrayList<>();
		for (String argument : arguments) {
			(!others.contains(END_OF_OPTIONS) && PROPERTY.matcher(argument).matches() ? properties : others).add(argument);
		}
		PrintWriter out = new PrintWriter(streams.out(), true, StandardCharsets.UTF_8);
		PrintWriter err = new PrintWriter(streams.err(), true, StandardCharsets.UTF_8);
		Invocation call = new Invocation(properties, variables, streams.in(), out, err);
		try {
			return commandLine(others.getFirst(), call, rooms).execute(others.toArray(String[]::new));
		}
		finally {
			out.flush();
			err.flush();
		}
	}

	/** A command line with one verb, since making all of them takes time; with all verbs if there is none of this name. */
	private static CommandLine commandLine(String verb, Invocation call, Class<?> rooms) {
		CommandLine commands = NAMES.contains(verb) && !verb.equals("completion") ? withVerbs(List.of(verb), call, rooms)
				: all(call, rooms);
		return commands.setOut(call.out()).setErr(call.err()).setExpandAtFiles(false)
				.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
				.setParameterExceptionHandler((wrong, _) -> {
					call.remark(sentence(wrong));
					return CommandFailure.WRONG_USAGE;
				}).setExecutionExceptionHandler((failure, _, _) -> {
					call.remark(failure instanceof CommandFailure ? String.valueOf(failure.getMessage()) : "Failed: " + failure);
					return failure instanceof CommandFailure known ? known.exitCode() : CommandFailure.SAID_NO;
				});
	}

	/** All verbs, for help and completion. */
	static CommandLine all(Invocation call, Class<?> rooms) {
		return withVerbs(NAMES, call, rooms);
	}

	private static CommandLine withVerbs(List<String> names, Invocation call, Class<?> rooms) {
		CommandLine commands = new CommandLine(new AllVerbs());
		for (String name : names) {
			commands.addSubcommand(name, verb(name, call, rooms));
		}
		return commands.registerConverter(Duration.class, DurationText::parse);
	}

	private static Object verb(String name, Invocation call, Class<?> rooms) {
		return switch (name) {
			case "token" -> new TokenCommand(call);
			case "connect" -> new ConnectCommand(call);
			case "send" -> new SendCommand(call);
			case "connections" -> new ConnectionsCommand(call);
			case "close" -> new CloseCommand(call);
			case "drain" -> new DrainCommand(call);
			case "reload" -> new ReloadCommand(call);
			case "dead-letters" -> new DeadLettersCommand(call);
			case "check-config" -> new CheckConfigCommand(call, rooms);
			case "health" -> new HealthCommand(call);
			case "check" -> new CheckCommand(call);
			case "completion" -> new CompletionCommand(call, () -> all(call, rooms));
			default -> throw new IllegalArgumentException(name);
		};
	}

	private static String sentence(CommandLine.ParameterException wrong) {
		CommandLine at = wrong.getCommandLine();
		if (at.getParent() == null && wrong instanceof CommandLine.UnmatchedArgumentException unmatched
				&& !unmatched.getUnmatched().getFirst().startsWith("-")) {
			String given = unmatched.getUnmatched().getFirst();
			return "There is no verb '" + given + "'; the nearest is '" + nearest(given) + "'. " + help(at);
		}
		String message = String.valueOf(wrong.getMessage()).replaceAll("\\s+", " ").strip();
		return message + (message.endsWith(".") ? " " : ". ") + help(at);
	}

	private static String help(CommandLine at) {
		return "'" + at.getCommandSpec().qualifiedName() + " --help' explains it.";
	}

	private static String nearest(String given) {
		return NAMES.stream().min(Comparator.comparingInt(name -> distance(given, name))).orElseThrow();
	}

	/** How many letters must be inserted, removed or replaced to make one word of the other (Levenshtein). */
	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		Arrays.setAll(row, column -> column);
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}
}
