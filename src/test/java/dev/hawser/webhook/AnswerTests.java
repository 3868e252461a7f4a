package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a backend's answer. */
class AnswerTests {
	private static final Instant NOW = Instant.parse("2031-05-04T03:02:00Z");
	private static final Duration LONGEST = Duration.ofHours(1);

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			0                               |                               | 0
			7                               |                               | 7
			3600                            |                               | 3600
			3601                            |                               | 3600
			999999999                       |                               | 3600
			99999999999999999999999999      |                               | 3600
			-7                              |                               | 0
			7.5                             |                               | 0
			soon                            |                               | 0
			Sun, 04 May 2031 03:02:09 GMT   |                               | 9
			Sunday, 04-May-31 03:02:09 GMT  |                               | 9
			Sun May  4 03:02:09 2031        |                               | 9
			Sun, 04 May 2031 09:02:09 GMT   |                               | 3600
			Sun, 04 May 2031 03:01:09 GMT   |                               | 0
			Sun, 04 May 2031 03:02:09 GMT   | Sun, 04 May 2031 03:02:04 GMT | 5
			Sun, 04 May 2031 03:02:09 GMT   | yesterday                     | 9
			""")
	void waitsAsLongAsTheBackendAsksFor(String retryAfter, @Nullable String date, long seconds) {
		HttpFields.Mutable fields = HttpFields.build().put("Retry-After", retryAfter);
		if (date != null) {
			fields.put("Date", date);
		}
		assertThat(new Answer(503, fields, new byte[0]).retryAfter(NOW, LONGEST)).isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@CsvSource({ "text/plain, text/plain", "Text/Plain; charset=utf-8, text/plain", "application/json;x=y, application/json", "'', ''" })
	void knowsTheMediaTypeWithoutItsParameters(String header, String type) {
		assertThat(new Answer(200, HttpFields.build().put("Content-Type", header), new byte[0]).mediaType()).isEqualTo(type);
	}
}
