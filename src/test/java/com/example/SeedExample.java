package com.example;

// example begins
import dev.hawser.api.OnClose;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.WebSocketServer;
import dev.hawser.api.HandshakeRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class SeedExample {

	// The client's handshake succeeded. A method and no OnOpen bean: the handshake below defers it.
	private static void open(HandshakeRequest request) {
		System.out.println(request.fd() + " has shaken hands");
	}

	// The handshake in our own hands
	@Bean
	OnHandShake handshake(WebSocketServer server) {
		return (request, response) -> {
			// Here a client may be turned away: it has no token, its login has expired
			if (request.query("banned").isPresent()) {
				response.end();
				return;
			}

			// The key's format
			String key = request.header("Sec-WebSocket-Key").orElse("");
			if (!key.matches("^[+/0-9A-Za-z]{21}[AQgw]==$") || Base64.getDecoder().decode(key).length != 16) {
				response.end();
				return;
			}
			System.out.println(key);

			Map<String, String> headers = new LinkedHashMap<>();
			headers.put("Upgrade", "websocket");
			headers.put("Connection", "Upgrade");
			headers.put("Sec-WebSocket-Accept", accept(key));
			headers.put("Sec-WebSocket-Version", "13");
			request.header("Sec-WebSocket-Protocol").ifPresent(offered -> headers.put("Sec-WebSocket-Protocol", offered));
			headers.forEach(response::header);

			server.defer(() -> open(request));
			response.status(101); // nothing else accepts
			response.end();
		};
	}

	// The key and the fixed string behind it, hashed with SHA-1, in base64
	public static String accept(String key) throws Exception {
		byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
		return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
	}

	// A client has sent a message
	@Bean
	OnMessage message() {
		return (server, frame) -> {
			System.out.println(frame.fd() + " sent: " + frame.text() + ", opcode: " + frame.opcode().code() + ", fin: "
					+ frame.finish());
			server.push(frame.fd(), "this is server");
		};
	}

	// A client is gone
	@Bean
	OnClose close() {
		return (server, fd, status, initiator) -> System.out.println("client " + fd + " closed");
	}
}
// example ends
