package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ReadsLog
class LogCountsTests {
	private static final Logger LOG = LoggerFactory.getLogger(LogCountsTests.class);

	static class Nothing {
	}

	@Test
	void countsTheEntriesOfEachLevelThatAreLogged() {
		try (RunningHawser server = RunningHawser.start(Nothing.class)) {
			double errors = count(server, "error");
			double debugs = count(server, "debug");
			LOG.error("on purpose");
			LOG.error("on {}", "purpose", new IllegalStateException("on purpose"));
			LOG.debug("not logged");
			assertThat(count(server, "error")).isEqualTo(errors + 2);
			assertThat(count(server, "debug")).isEqualTo(debugs);
		}
	}

	/** With two filters, Jetty's checks of the log's level took a fifth of the time of an echo over HTTP/2. */
	@Test
	void addsOneFilterToTheLogOnly() {
		try (RunningHawser server = RunningHawser.start(Nothing.class)) {
			assertThat(((LoggerContext) LoggerFactory.getILoggerFactory()).getTurboFilterList()).hasSize(1);
			assertThat(server.bean(MeterRegistry.class).get("logback.events").functionCounters()).hasSize(5);
		}
	}

	private static double count(RunningHawser server, String level) {
		return server.bean(MeterRegistry.class).get("logback.events").tag("level", level).functionCounter().count();
	}
}
