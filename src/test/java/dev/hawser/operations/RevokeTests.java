package dev.hawser.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.hawser.testing.Echo;
import dev.hawser.testing.RawClient;
import dev.hawser.testing.RawClient.Response;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import dev.hawser.testing.RunningHawser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator closes the connections of a user or of a token. */
class RevokeTests {
	private static RunningHawser server;

	@BeforeAll
	static void start() {
		server = RunningHawser.startSecure(Echo.class, "hawser.operations.key=" + OperatorAccessContract.KEY);
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private static RawClient connect(String user, String tokenId) throws Exception {
		SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), new JWTClaimsSet.Builder().subject(user).jwtID(tokenId)
				.audience("hawser").expirationTime(Date.from(Instant.now().plusSeconds(600))).build());
		token.sign(new MACSigner(RunningHawser.SECRET));
		RawClient client = RawClient.connect(server.port()).upgrade("/ws", "Authorization: Bearer " + token.serialize());
		client.send(RawFrame.text("established")).message();
		return client;
	}

	private static Response revoke(String body, String... more) throws Exception {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		String[] lines = { "POST /actuator/revoke HTTP/1.1", "Host: localhost", "Content-Type: application/json",
				"Content-Length: " + bytes.length };
		try (RawClient client = RawClient.connect(server.operationsPort())
				.send((String.join("\r\n", lines) + "\r\n" + String.join("\r\n", more) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8),
						bytes)) {
			return client.response();
		}
	}

	private static Response revokeAsOperator(String body) throws Exception {
		return revoke(body, "Authorization: Bearer " + OperatorAccessContract.KEY);
	}

	private static void expectRevoked(RawClient client) throws Exception {
		ReceivedFrame close = client.message();
		assertThat(close.closeCode()).isEqualTo(4403);
		assertThat(close.closeReason()).isEqualTo("revoked");
	}

	private static void expectOpen(RawClient client) throws Exception {
		assertThat(client.send(RawFrame.text("still here")).message().text()).isEqualTo("still here");
	}

	@Test
	void closesAllConnectionsOfAUser() throws Exception {
		try (RawClient one = connect("alice", "a1"); RawClient two = connect("alice", "a2"); RawClient other = connect("bob", "b")) {
			assertThat(revokeAsOperator("{\"user\":\"alice\"}").body()).isEqualTo("{\"closed\":2}");
			expectRevoked(one);
			expectRevoked(two);
			expectOpen(other);
		}
	}

	@Test
	void closesAllConnectionsOfAToken() throws Exception {
		try (RawClient one = connect("carol", "c1"); RawClient other = connect("carol", "c2")) {
			assertThat(revokeAsOperator("{\"tokenId\":\"c1\"}").body()).isEqualTo("{\"closed\":1}");
			expectRevoked(one);
			expectOpen(other);
		}
	}

	@Test
	void closesNothingForAnUnknownUserOrToken() throws Exception {
		assertThat(revokeAsOperator("{\"user\":\"nobody\"}").body()).isEqualTo("{\"closed\":0}");
		assertThat(revokeAsOperator("{\"tokenId\":\"none\"}").body()).isEqualTo("{\"closed\":0}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"user\":\"\"}", "{\"user\":\"dave\",\"tokenId\":\"d\"}", "{\"usr\":\"dave\"}", "[]", "dave", "{" })
	void requiresOneUserOrOneToken(String body) throws Exception {
		try (RawClient client = connect("dave", "d")) {
			RawClient.Response refusal = revokeAsOperator(body);
			assertThat(refusal.status()).isEqualTo(400);
			if (body.startsWith("{\"")) {
				assertThat(refusal.body()).contains("Name either the user or the tokenId");
			}
			expectOpen(client);
		}
	}

	@Test
	void isForOperatorsOnly() throws Exception {
		try (RawClient client = connect("erin", "e")) {
			assertThat(revoke("{\"user\":\"erin\"}", "Authorization: Bearer " + RunningHawser.token()).status()).isEqualTo(401);
			expectOpen(client);
		}
	}
}
