package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.HawserJar;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the packaged server says when it is configured wrongly, and that it does not start. */
class BadConfigurationIT {

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', textBlock = """
			unknown property   | hawser.connection.max-mesage-size=1MB      | hawser.connection.max-mesage-size is no property of Hawser
			empty secret       | hawser.handshake.token.secret=             | hawser.handshake.token.secret must have at least 32 bytes
			short secret       | hawser.handshake.token.secret=to-be-hidden | hawser.handshake.token.secret must have at least 32 bytes
			negative limit     | hawser.connection.outbox-size=-1B          | hawser.connection.outbox-size must be between 1B and 256MB
			value of no policy | hawser.connection.slow-consumer=to-be-hidden | hawser.connection.slow-consumer has a value that is no
			""")
	void stopsTheStartWithOneSentence(String label, String property, String sentence) throws Exception {
		try (HawserJar hawser = HawserJar.start(property)) {
			assertThat(hawser.program().exitCode()).isEqualTo(1);
			String log = hawser.program().output();
			assertThat(log).containsOnlyOnce(sentence).doesNotContain("to-be-hidden");
			assertThat(log).as("only the sentence").doesNotContain("Exception").doesNotContain("\tat ");
		}
	}
}
