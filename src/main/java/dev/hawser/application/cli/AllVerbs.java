package dev.hawser.application.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line without a verb: shows which verbs there are. */
@Command(name = "java -jar hawser.jar", usageHelpWidth = 110, optionListHeading = "%nOptions:%n", commandListHeading = "%nVerbs:%n",
		synopsisSubcommandLabel = "<verb>",
		description = { "Looks after a running Hawser server. Without a verb the server is started." },
		versionProvider = AllVerbs.Version.class, footer = { "",
				"Each verb reads the configuration that a server started here would read: application.yaml in . and ./config,",
				"environment variables, and properties such as --spring.config.location=FILE or --server.port=9000.", "",
				"Example:", "  java -jar hawser.jar connect --help" })
final class AllVerbs implements Runnable {
	@Spec
	private CommandSpec spec = CommandSpec.create();

	@Option(names = { "-h", "--help" }, usageHelp = true, description = "Show this text.")
	@SuppressWarnings("UnusedVariable") // picocli looks at the annotation
	private boolean help;

	@Option(names = { "-V", "--version" }, versionHelp = true, description = "Show the version.")
	@SuppressWarnings("UnusedVariable") // as above
	private boolean version;

	@Override
	public void run() {
		throw new ParameterException(spec.commandLine(), "Name a verb.");
	}

	static final class Version implements CommandLine.IVersionProvider {
		@Override
		public String[] getVersion() {
			String version = AllVerbs.class.getPackage().getImplementationVersion();
			return new String[] { "Hawser " + (version == null ? "" : version) };
		}
	}
}
