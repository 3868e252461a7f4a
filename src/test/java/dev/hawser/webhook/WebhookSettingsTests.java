package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.OnMessage;
import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;

/** What stops the start. */
@ReadsLog
class WebhookSettingsTests {
	private static final String ENTRY = "hawser.hubs.chat.webhooks[0].";

	static class WithBean {
		@Bean
		OnMessage onMessage() {
			return (_, _) -> {
			};
		}
	}

	private static String failure(CapturedOutput log, Class<?> callbacks, String... properties) {
		assertThatThrownBy(() -> RunningHawser.start(callbacks, properties).close()).isNotNull();
		String report = log.getAll().substring(log.getAll().indexOf("APPLICATION FAILED TO START"));
		assertThat(report).doesNotContain("\tat ", "hunter");
		return report.substring(report.indexOf("Description:") + 12).replaceAll("(?s)Action:.*", "").strip();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			url         | ftp://hunter.example/                     | must be an http or https URL with a host.
			url         | hunter                                    | must be an http or https URL with a host.
			url         | http://{hub}.hunter.example/              | must not have {hub} or {event} in its host: they may stand in the path and the query.
			url         | http://hunter.example:{event}/            | must not have {hub} or {event} in its host: they may stand in the path and the query.
			url         | https://hunter.example/{user}             | is not a URL in which only {hub} and {event} are filled in.
			url         | https://hunter:2@hunter.example/          | must have no user and no fragment: put a key into the query, or use secrets.
			url         | https://hunter.example/#top               | must have no user and no fragment: put a key into the query, or use secrets.
			events      | connect,hunter!                           | must name events, such as connect, connected, disconnected and message, or * for all.
			secrets     | hunter2                                   | must have at least 24 bytes each: make one with 'openssl rand -base64 32'.
			secrets     | whsec_hunter2-hunter2-hunter2             | has an entry that begins with whsec_ and is not base64 after it.
			origin      | hunter 2                                  | must be a host name, such as chat.example.com.
			timeout     | 0s                                        | must be at least 1ms, but is 0ms; the default is 10s.
			retries     | -1                                        | must not be negative, but is -1; 0 turns repetitions off.
			retry-delay | 0s                                        | must be at least 1ms, but is 0ms; the default is 500ms.
			answer-size | 0                                         | must be between 1B and 16MB, but is 0B; the default is 1MB.
			max-calls   | 0                                         | must be at least 1, but is 0; the default is 1000.
			max-waiting | -1                                        | must not be negative, but is -1; with 0 no call waits.
			max-wait    | 0s                                        | must be at least 1ms, but is 0ms; the default is 10s.
			ssl-bundle  | hunter                                    | names a bundle that is not below spring.ssl.bundle.
			""")
	void saysInOneSentenceWhatIsWrong(String name, String value, String sentence, CapturedOutput log) {
		String url = ENTRY + "url=https://backend.example/";
		assertThat(failure(log, NoCallbacks.class, name.equals("url") ? ENTRY + "url=" + value : url, ENTRY + name + "=" + value))
				.isEqualTo(ENTRY + name + " " + sentence);
	}

	@Test
	void needsTlsForABundle(CapturedOutput log) {
		assertThat(failure(log, NoCallbacks.class, ENTRY + "url=http://backend.example/", ENTRY + "ssl-bundle=web"))
				.isEqualTo(ENTRY + "ssl-bundle is for a url with https only.");
	}

	@Test
	void keepsHubsApartByMoreThanTheCaseOfLetters(CapturedOutput log) {
		assertThat(failure(log, NoCallbacks.class, "hawser.hubs.Chat.path=/a", "hawser.hubs.chat.path=/b")).isEqualTo(
				"hawser.hubs.chat differs from the name of another hub, or of the hub default, in the case of letters only: give it another name.");
	}

	@Test
	void needsAUrl(CapturedOutput log) {
		assertThat(failure(log, NoCallbacks.class, ENTRY + "events=*"))
				.isEqualTo(ENTRY + "url is missing: name the backend, as in https://backend.example.com/hawser/{event}.");
	}

	@Test
	void knowsNoOtherProperty(CapturedOutput log) {
		assertThat(failure(log, NoCallbacks.class, ENTRY + "url=https://backend.example/", ENTRY + "retry=hunter"))
				.startsWith(ENTRY + "retry is no property of Hawser");
	}

	@Test
	void refusesBeansBesideWebhooks(CapturedOutput log) {
		assertThat(failure(log, WithBean.class, ENTRY + "url=https://backend.example/"))
				.isEqualTo("hawser.hubs.chat.webhooks has a backend, but there are callback beans for that hub too.");
	}

	@Test
	void refusesNoneBesideWebhooks(CapturedOutput log) {
		assertThat(failure(log, NoCallbacks.class, ENTRY + "url=https://backend.example/", "hawser.hubs.chat.callbacks=none"))
				.isEqualTo("hawser.hubs.chat.webhooks has a backend, but hawser.hubs.chat.callbacks is none.");
	}
}
