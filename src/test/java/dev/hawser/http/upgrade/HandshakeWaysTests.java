package dev.hawser.http.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RunningHawser;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A handshake is answered on a short way if it is plain, otherwise on a long one through Jetty's parser. Both must come to the same answer:
 * each random request is sent twice, the second time with a tab in a header that means nothing, which makes it go the long way.
 */
@Timeout(300)
class HandshakeWaysTests {
	private static final int REQUESTS = 400;
	private static final List<String> TARGETS = List.of("/ws", "/ws?TOKEN", "/ws?TOKEN&a=%20", "/ws?TOKEN&a=%zz", "/ws?access_token=x",
			"/client/hubs/default?TOKEN", "/ws/", "/WS?TOKEN", "/ws;a=b?TOKEN", "/nowhere", "/%77s?TOKEN", "/ws?TOKEN&a=[]", "//ws?TOKEN");
	private static final List<String> HOSTS = List.of("localhost", "localhost:9501", "LOCALHOST:9501", "chat_app:9501", "localhost:80",
			"[::1]:9501", "127.0.0.1:9501", "a.b.c", "a:b:c", "a@b", "localhost:99999", "localhost:", "-", "%41", "");
	private static final List<String> ORIGINS = List.of("http://localhost", "http://localhost:9501", "https://localhost",
			"HTTP://LocalHost:9501", "http://chat_app:9501", "http://[::1]:9501", "http://[0:0::1]:9501", "http://127.0.0.1:9501", "null",
			"file://", "app://-", "http://", "http://]", "http://a:port", "https://app.example.com", "https://x.app.example.com",
			"http://localhost@evil.example", "");
	private static final List<String> OTHERS = List.of("Connection: keep-alive", "Upgrade: h2c", "Sec-WebSocket-Version: 13",
			"Sec-WebSocket-Version: 8", "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: bearer, x", "Sec-WebSocket-Protocol: a b",
			"Sec-WebSocket-Key: short", "Sec-WebSocket-Extensions: permessage-deflate", "Cookie: access_token=x", "Cookie: ;;=",
			"Authorization: Bearer x", "Authorization: Basic x", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Host: app.example.com",
			"X-Forwarded-Proto: https", "Forwarded: for=192.0.2.1;host=chat_app", "Forwarded: ;;=\"", "Content-Length: 0",
			"Content-Length: 3",
			"Expect: 100-continue", "Accept: x", "User-Agent: \u00e4");

	private static <T> T oneOf(Random random, List<T> all) {
		return all.get(random.nextInt(all.size()));
	}

	private static List<String> request(Random random) {
		List<String> lines = new ArrayList<>(List.of(RawClient.handshake(oneOf(random, TARGETS).replace("TOKEN",
				"access_token=" + RunningHawser.token()))));
		if (random.nextInt(3) > 0) {
			lines.set(1, "Host: " + oneOf(random, HOSTS));
		}
		if (random.nextInt(3) > 0) {
			lines.add("Origin: " + oneOf(random, ORIGINS));
		}
		for (int i = random.nextInt(3); i > 0; i--) {
			lines.add(oneOf(random, OTHERS));
		}
		if (random.nextInt(8) == 0) {
			lines.remove(1 + random.nextInt(lines.size() - 1));
		}
		return lines;
	}

	private record Answer(int status, Map<String, String> headers, String body) {
		static Answer to(RunningHawser server, List<String> request, String more) throws Exception {
			List<String> lines = new ArrayList<>(request);
			lines.add(more);
			try (RawClient client = RawClient.connect(server.port()).request(lines.toArray(String[]::new))) {
				RawClient.Response response = client.response();
				Map<String, String> headers = new TreeMap<>(response.headers());
				headers.keySet().removeIf(name -> name.equals("date") || name.equals("hawser-connection-id"));
				return new Answer(response.status(), headers, response.body());
			}
			catch (SocketTimeoutException e) {
				throw new AssertionError("no answer to " + lines, e);
			}
		}
	}

	@Test
	void answerAlike() throws Exception {
		try (RunningHawser server = RunningHawser.startSecure(Echo.class, "hawser.client-address.trusted-proxies=127.0.0.1",
				"hawser.handshake.subprotocols=chat", "hawser.handshake.allowed-origins=https://*.example.com,app://*,file://",
				"hawser.connection.compression.enabled=true")) {
			Map<Integer, Integer> statuses = new TreeMap<>();
			for (int seed = 0; seed < REQUESTS; seed++) {
				List<String> request = request(new Random(seed));
				Answer plain = Answer.to(server, request, "X-Blank: x");
				assertThat(plain).as("seed %d: %s", seed, request).isEqualTo(Answer.to(server, request, "X-Blank:\tx"));
				assertThat(plain.status).as("seed %d: %s", seed, request).isNotEqualTo(500);
				statuses.merge(plain.status, 1, Integer::sum);
			}
			assertThat(statuses).as("of every kind").containsKeys(101, 400, 401, 403, 404, 426);
		}
	}
}
