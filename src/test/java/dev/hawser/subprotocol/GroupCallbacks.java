package dev.hawser.subprotocol;

import dev.hawser.api.DataType;
import dev.hawser.api.Frame;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;

/** Lets each client be who it says it is, and answers its events as their names say. */
class GroupCallbacks {
	/** What OnMessage got, of all servers. */
	private static final BlockingQueue<Frame> FRAMES = new LinkedBlockingQueue<>();

	/** The next frame of this event. */
	static Frame frame(String event) throws InterruptedException {
		Frame frame;
		do {
			frame = FRAMES.poll(60, TimeUnit.SECONDS);
		}
		while (frame != null && !frame.event().equals(event));
		return Objects.requireNonNull(frame, "no event within a minute");
	}

	@Bean
	OnHandShake onHandShake() {
		return (request, response) -> {
			request.query("user").ifPresent(response::user);
			response.roles(request.query().getOrDefault("role", List.of())).groups(request.query().getOrDefault("join", List.of()))
					.accept();
		};
	}

	@Bean
	OnMessage onMessage() {
		return (server, frame) -> {
			FRAMES.add(frame);
			answer(server, frame);
		};
	}

	private static void answer(WebSocketServer server, Frame frame) {
		switch (frame.event()) {
			case "echo" -> server.reply(frame, frame);
			case "text" -> server.reply(frame, "a \"text\"\n");
			case "bytes" -> server.reply(frame, new byte[] { 1, 2, 3 });
			case "json" -> server.reply(frame, Frame.json("{\"a\": [1]}").withMetadata(Map.of("k", "v")));
			case "twice" -> {
				server.reply(frame, "first");
				server.reply(frame, server.reply(frame, "second").toString());
			}
			case "broken" -> server.reply(frame, Frame.json("{"));
			case "throw" -> throw new IllegalStateException("on purpose");
			default -> {
				if (frame.dataType() == DataType.TEXT && frame.text().equals("leave")) {
					server.disconnect(frame.fd(), 4000, "so be it");
				}
			}
		}
	}
}
