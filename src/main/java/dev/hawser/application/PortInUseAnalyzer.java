package dev.hawser.application;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Says which of the two ports another program has, and which property gives this server another one. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PortInUseAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {
	private static final String OPERATIONS = "management.server.port";

	private final Environment environment;

	PortInUseAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
		String port = String.valueOf(cause.getPort());
		boolean ofOperations = port.equals(environment.getProperty(OPERATIONS)) && !port.equals(environment.getProperty("server.port"));
		return new FailureAnalysis(
				"Port " + port + ", for the " + (ofOperations ? "operations" : "clients")
						+ " of this server, is in use by another program.",
				"Stop that program, or choose another port: --" + (ofOperations ? OPERATIONS : "server.port")
						+ "=<port>. A second server on one machine needs both --server.port and --" + OPERATIONS + ".",
				cause);
	}
}
