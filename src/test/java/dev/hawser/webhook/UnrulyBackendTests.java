package dev.hawser.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.testing.NoCallbacks;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import dev.hawser.webhook.UnrulyBackend.Line;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a message, and of the call beside it, when a backend misbehaves over HTTP/1.1 and HTTP/2. */
class UnrulyBackendTests {
	private static final String TIMEOUT = "3s";
	private static final String FIRST_OR_BROKEN = "fine, or broken";
	private static final Duration BEFORE_THE_TIMEOUT = Duration.ofSeconds(1);

	private static @Nullable RunningHawser server;
	/** One for each hub. */
	private static final Map<Misdeed, UnrulyBackend> BACKENDS = new EnumMap<>(Misdeed.class);

	/** What the backend does, and what the client hears, whether as the reply or as the reason of the failure. Each has a hub. */
	enum Misdeed {
		HANGS("hangs", false, TIMEOUT, 5, "timeout", 1),
		HANGS_2("hangs", true, TIMEOUT, 5, "timeout", 1),
		FALLS_SILENT_2("falls silent", true, TIMEOUT, 0, "timeout", 1),
		RESETS("resets twice", false, "60s", 5, "fine", 3),
		RESETS_2("resets twice", true, "60s", 5, "fine", 3),
		REFUSES_2("refuses twice", true, "60s", 5, "fine", 3),
		RESETS_IN_THE_MIDDLE("resets in the middle", false, "60s", 5, "broken", 1),
		RESETS_IN_THE_MIDDLE_2("resets in the middle", true, "60s", 5, "broken", 1),
		ENDS_IN_THE_MIDDLE("ends in the middle", false, "60s", 5, "broken", 1),
		ENDS_IN_THE_MIDDLE_2("ends in the middle", true, "60s", 5, "broken", 1),
		FAILS_TEN_TIMES("500 ten times", false, "60s", 10, "fine", 11),
		FAILS_TEN_TIMES_2("500 ten times", true, "60s", 10, "fine", 11),
		SLOW_BYTES("slow bytes", false, TIMEOUT, 5, "timeout", 1),
		SLOW_BYTES_2("slow bytes", true, TIMEOUT, 5, "timeout", 1),
		ANOTHER_TYPE("another type", false, "60s", 5, "invalid", 1),
		ANOTHER_TYPE_2("another type", true, "60s", 5, "invalid", 1),
		TOO_LARGE("20 MB", false, "60s", 5, "large", 1),
		TOO_LARGE_2("20 MB", true, "60s", 5, "large", 1),
		ANSWERS_TWICE("answers twice", false, "60s", 0, "fine", 1),
		/** The first answer counts, or the call fails where the second one came too soon. */
		ANSWERS_TWICE_2("answers twice", true, "60s", 5, FIRST_OR_BROKEN, 1),
		ANSWERS_TWICE_LATER_2("answers twice, later", true, "60s", 5, FIRST_OR_BROKEN, 1),
		BODY_TWICE_2("a body twice", true, "60s", 5, FIRST_OR_BROKEN, 1),
		HEAD_TWICE_2("a head twice", true, "60s", 5, "broken", 1),
		BODY_WITHOUT_A_HEAD_2("a body without a head", true, "60s", 5, "broken", 1),
		TOO_LONG_2("too long", true, "60s", 5, "broken", 1),
		TOO_SHORT_2("too short", true, "60s", 5, "broken", 1),
		REDIRECTS("redirects", false, "60s", 5, "status", 1),
		REDIRECTS_2("redirects", true, "60s", 5, "status", 1),
		NONSENSE("nonsense", false, "60s", 5, "broken", 1),
		DIES("dies", false, "60s", 9, "fine", 2),
		DIES_2("dies", true, "60s", 9, "fine", 2);

		private final String message;
		private final boolean http2;
		private final String timeout;
		private final int retries;
		private final String heard;
		private final int calls;

		Misdeed(String message, boolean http2, String timeout, int retries, String heard, int calls) {
			this.message = message;
			this.http2 = http2;
			this.timeout = timeout;
			this.retries = retries;
			this.heard = heard;
			this.calls = calls;
		}

		UnrulyBackend backend() {
			return Objects.requireNonNull(BACKENDS.get(this));
		}

		String hub() {
			return name().toLowerCase(Locale.ROOT).replace("_", "");
		}

		RawClient connect() throws Exception {
			return RawClient.connect(Objects.requireNonNull(server).port()).upgrade("/client/hubs/" + hub());
		}

		/** Whether the connection that it was called on goes down with the call. */
		boolean endsTheConnection() {
			return message.startsWith("resets") || message.equals("dies") || message.equals("falls silent");
		}

		long counted() {
			return Objects.requireNonNull(server).bean(MeterRegistry.class).get("hawser.webhooks").tag("hub", hub())
					.tag("outcome", heard).timer().count();
		}

		List<String> settings() {
			String entry = "hawser.hubs." + hub() + ".webhooks[0].";
			return List.of(entry + "url=" + backend().url(), entry + "events=message", entry + "handler-check=false",
					entry + "http2=" + http2, entry + "timeout=" + timeout, entry + "retries=" + retries, entry + "retry-delay=1ms",
					entry + "on-failure=error");
		}
	}

	@BeforeAll
	static void start() throws Exception {
		List<String> settings = new ArrayList<>();
		for (Misdeed misdeed : Misdeed.values()) {
			BACKENDS.put(misdeed, new UnrulyBackend());
			settings.addAll(misdeed.settings());
		}
		server = RunningHawser.start(NoCallbacks.class, settings.toArray(String[]::new));
	}

	@AfterAll
	static void stop() throws Exception {
		if (server != null) {
			server.close();
		}
		for (UnrulyBackend backend : BACKENDS.values()) {
			backend.close();
		}
		BACKENDS.clear();
	}

	@ParameterizedTest
	@EnumSource
	void fails(Misdeed misdeed) throws Exception {
		UnrulyBackend backend = misdeed.backend();
		try (RawClient client = misdeed.connect(); RawClient beside = misdeed.connect()) {
			assertThat(client.send(RawFrame.text("fine")).message().text()).isEqualTo("fine");
			client.send(RawFrame.text(misdeed.message));
			await().until(() -> backend.times(misdeed.message) > 0);
			if (misdeed.timeout.equals(TIMEOUT)) {
				goOnBefore(misdeed);
			}
			beside.send(RawFrame.text("wait"));
			if (misdeed.message.equals("dies")) {
				await().until(backend::isDead);
				backend.revive();
			}
			if (misdeed.heard.equals(FIRST_OR_BROKEN)) {
				assertThat(client.message().text()).isIn("fine", failure("broken"));
			}
			else {
				assertThat(client.message().text()).isIn(misdeed.heard, failure(misdeed.heard));
			}
			assertThat(backend.times(misdeed.message)).isEqualTo(misdeed.calls);
			if (!misdeed.message.equals("falls silent")) {
				await().until(() -> backend.times("wait") > 0); // or it would come after the release, and wait for ever
			}
			backend.release();
			if (misdeed.message.equals("falls silent")) {
				awaitAnswer(client);
				return;
			}
			assertThat(beside.message().text()).isEqualTo("waited");
			assertThat(client.send(RawFrame.text("next")).message().text()).isEqualTo("next");
			if (misdeed.http2 && !misdeed.endsTheConnection()) {
				Line line = backend.lines(misdeed.message).getFirst();
				assertThat(backend.lines("wait")).as("the call beside it is made once, on the same connection").containsExactly(line);
			}
			if (List.of("timeout", "broken", "invalid", "large").contains(misdeed.heard)) {
				assertThat(misdeed.counted()).as("the failure is counted as such").isOne();
			}
			assertThat(backend.times("")).as("calls of another kind").isZero();
		}
	}

	/** The others are answered while one call is not; that takes a part of the timeout. */
	private static void goOnBefore(Misdeed misdeed) throws Exception {
		if (misdeed.message.equals("falls silent")) {
			return;
		}
		try (RawClient other = misdeed.connect()) {
			for (long end = System.nanoTime() + BEFORE_THE_TIMEOUT.toNanos(); System.nanoTime() < end;) {
				assertThat(other.send(RawFrame.text("fine")).message().text()).isEqualTo("fine");
			}
		}
	}

	/** A connection that is dead without a word is found out, and another one takes its place. */
	private static void awaitAnswer(RawClient client) throws Exception {
		String answer = "";
		for (long end = System.nanoTime() + 60_000_000_000L; !answer.equals("next") && System.nanoTime() < end;) {
			answer = client.send(RawFrame.text("next")).message().text();
		}
		assertThat(answer).isEqualTo("next");
	}

	private static String failure(String reason) {
		return "{\"type\":\"error\",\"event\":\"message\",\"reason\":\"" + reason + "\"}";
	}
}
