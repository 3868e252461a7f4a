package bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** The same echo and broadcast as a plain Spring WebSocket handler, on the container that is on the class path. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableWebSocket
public class SpringServer {
	private static final int LIMIT = 64 * 1024;

	public static void main(String[] args) {
		SpringApplication.run(SpringServer.class, args);
	}

	@Bean
	WebSocketConfigurer configurer() {
		return registry -> registry.addHandler(new Handler(), "/ws").setAllowedOriginPatterns("*");
	}

	private static final class Handler extends AbstractWebSocketHandler {
		private final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();

		@Override
		public void afterConnectionEstablished(WebSocketSession session) {
			session.setTextMessageSizeLimit(LIMIT);
			session.setBinaryMessageSizeLimit(LIMIT);
			sessions.add(session);
		}

		@Override
		protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
			if (message.getPayload().startsWith("BCAST:")) {
				for (WebSocketSession other : sessions) {
					other.sendMessage(message);
				}
			}
			else {
				session.sendMessage(message);
			}
		}

		@Override
		protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message) throws IOException {
			ByteBuffer payload = message.getPayload();
			session.sendMessage(new BinaryMessage(payload));
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			sessions.remove(session);
		}
	}
}
