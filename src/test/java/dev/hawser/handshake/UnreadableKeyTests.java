package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;

/** A key file that is not there stops the start, and the operator is told which property names which file. */
@ReadsLog
class UnreadableKeyTests {

	static class NoCallbacks {
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			hawser.handshake.token, hawser.handshake.token
			hawser.hubs.chat.handshake.token, hawser.hubs.chat.handshake.token
			""")
	void stopsTheStartWithOneSentence(String below, String named, CapturedOutput log) {
		assertThatThrownBy(() -> RunningHawser.start(NoCallbacks.class, "hawser.hubs.chat.path=/chat", below + ".keys[0].id=a",
				below + ".keys[0].public-key=/nowhere/key.pem").close()).isNotNull();
		String report = log.getAll().substring(log.getAll().indexOf("APPLICATION FAILED TO START"));
		assertThat(report.substring(report.indexOf("Description:") + 12).replaceAll("(?s)Action:.*", "").strip())
				.isEqualTo(named + ".keys[0].public-key names a file that cannot be read (/nowhere/key.pem).");
	}
}
