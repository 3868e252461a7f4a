package dev.hawser.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.OnClose;
import dev.hawser.api.OnGroup;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.RunningHawser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** What OnGroup is told, and when. */
class OnGroupTests {
	private static final BlockingQueue<String> CALLS = new LinkedBlockingQueue<>();

	static class Callbacks {
		@Bean
		OnHandShake onHandShake() {
			return (_, response) -> response.groups(Set.of("first")).accept();
		}

		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
				server.join(frame.fd(), "second");
				server.join(frame.fd(), "second");
				server.leave(frame.fd(), "first");
				server.leave(frame.fd(), "never");
				CALLS.add("message");
			};
		}

		@Bean
		OnGroup onGroup() {
			return new OnGroup() {
				@Override
				public void onJoined(WebSocketServer server, long fd, String group) {
					CALLS.add("joined " + group);
				}

				@Override
				public void onLeft(WebSocketServer server, long fd, String group) {
					CALLS.add("left " + group);
					throw new IllegalStateException("on purpose");
				}
			};
		}

		@Bean
		OnClose onClose() {
			return (_, _, _, _) -> CALLS.add("close");
		}
	}

	@Test
	void isToldOfEachChangeInItsOrder() throws Exception {
		try (RunningHawser server = RunningHawser.start(Callbacks.class)) {
			try (RawClient client = server.connect()) {
				client.send(RawFrame.text("x")).send(RawFrame.close(1000, ""));
				assertThat(client.message().opcode()).isEqualTo(8);
			}
			List<String> calls = new ArrayList<>();
			while (!calls.contains("close")) {
				calls.add(Objects.requireNonNull(CALLS.poll(60, TimeUnit.SECONDS), calls::toString));
			}
			assertThat(calls).containsExactly("joined first", "message", "joined second", "left first", "left second", "close");
		}
	}
}
