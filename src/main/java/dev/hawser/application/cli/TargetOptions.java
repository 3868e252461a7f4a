package dev.hawser.application.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whom a push is for: exactly one of these options. */
final class TargetOptions {
	@Option(names = "--connection", paramLabel = "ID", required = true, description = "The connection with this connectionId.")
	private @Nullable String connection;

	@Option(names = "--user", paramLabel = "NAME", required = true, description = "All connections of this user.")
	private @Nullable String user;

	@Option(names = "--group", paramLabel = "NAME", required = true, description = "All members of this group.")
	private @Nullable String group;

	@Option(names = "--all", required = true, description = "All connections of the hub.")
	@SuppressWarnings("UnusedVariable") // it is the other three that are asked for
	private boolean all;

	/** Whether only one connection can be meant. */
	boolean isConnection() {
		return connection != null;
	}

	/** The path below the hub, with a slash at its end unless it is empty. */
	String path() {
		return connection != null ? "connections/" + PushOptions.encoded(connection) + '/'
				: user != null ? "users/" + PushOptions.encoded(user) + '/'
						: group != null ? "groups/" + PushOptions.encoded(group) + '/' : "";
	}
}
