package bench;

import dev.hawser.api.Frame;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Echo and broadcast as a user of Hawser writes them, once as a callback that may block and once as one that does not. */
@Configuration(proxyBeanMethods = false)
class BenchCallbacks {

	@Bean
	@ConditionalOnProperty(name = "bench.blocking", havingValue = "true")
	OnMessage blocking() {
		return BenchCallbacks::answer;
	}

	@Bean
	@NonBlocking
	@ConditionalOnProperty(name = "bench.callbacks", havingValue = "echo", matchIfMissing = true)
	@ConditionalOnProperty(name = "bench.blocking", havingValue = "false", matchIfMissing = true)
	OnMessage nonBlocking() {
		return BenchCallbacks::answer;
	}

	private static void answer(WebSocketServer server, Frame frame) {
		if (frame.isText() && frame.text().startsWith("BCAST:")) {
			server.broadcast(Frame.text(0, frame.text()));
		}
		else if (frame.isText()) {
			server.push(frame.fd(), frame.text());
		}
		else {
			server.push(frame.fd(), frame);
		}
	}
}
