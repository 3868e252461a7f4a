package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.WebSocketServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer to a handshake takes and refuses. */
abstract class HandshakeResponseContract {

	/** An answer to a client that offers these subprotocols. */
	abstract HandshakeResponse answering(List<String> offered);

	/** The status of the answer that {@link #answering} made last. */
	abstract int status();

	@Test
	void rejectsUnlessToldOtherwise() {
		answering(List.of()).end();
		assertThat(status()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(ints = { 101, 200, 401, 599 })
	void takesStatusesThatCanAnswer(int code) {
		answering(List.of()).status(code).end();
		assertThat(status()).isEqualTo(code);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 100, 102, 199, 600 })
	void refusesStatusesThatCannotAnswer(int code) {
		assertThatIllegalArgumentException().isThrownBy(() -> answering(List.of()).status(code))
				.withMessageContaining("use 101, or 200 to 599");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\rb", "a\nb", "a\0b" })
	void refusesLineBreaksInHeaders(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> answering(List.of()).header("X-Name", text));
		assertThatIllegalArgumentException().isThrownBy(() -> answering(List.of()).header(text, "value"));
	}

	@Test
	void refusesSubprotocolsThatTheClientDoesNotOffer() {
		answering(List.of("chat")).subprotocol("chat").accept();
		assertThat(status()).isEqualTo(101);
		assertThatIllegalArgumentException().isThrownBy(() -> answering(List.of("chat")).subprotocol("other"))
				.withMessageContaining("was not offered");
	}

	@Test
	void isFinalAfterItsEnd() {
		HandshakeResponse response = answering(List.of("chat"));
		response.end("no");
		assertThatIllegalStateException().isThrownBy(() -> response.status(101));
		assertThatIllegalStateException().isThrownBy(() -> response.header("X-Name", "value"));
		assertThatIllegalStateException().isThrownBy(() -> response.subprotocol("chat"));
		assertThatIllegalStateException().isThrownBy(response::end);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, WebSocketServer.MAX_GROUP_NAME + 1 })
	void refusesABadNameOfAGroup(int length) {
		HandshakeResponse response = answering(List.of());
		assertThatIllegalArgumentException().isThrownBy(() -> response.groups(List.of("fine", "x".repeat(length))));
	}

	@ParameterizedTest
	@ValueSource(strings = { ".", "..", "a\0", "a\nb", " ", "\ud800" })
	void refusesNamesThatNobodyCanPushTo(String name) {
		HandshakeResponse response = answering(List.of());
		assertThatIllegalArgumentException().isThrownBy(() -> response.user(name));
		assertThatIllegalArgumentException().isThrownBy(() -> response.groups(List.of(name)));
		response.user("").roles(List.of("..")).accept();
		assertThat(status()).isEqualTo(101);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a\n", "\ud800" })
	void refusesABadRole(String role) {
		HandshakeResponse response = answering(List.of());
		assertThatIllegalArgumentException().isThrownBy(() -> response.roles(List.of("fine", role)));
	}

	@Test
	void saysNothingAboutTheConnectionOnceItIsComplete() {
		HandshakeResponse response = answering(List.of());
		response.user("alice").groups(List.of("a")).roles(List.of("b")).attribute("c", 1).keepClaims("sub").accept();
		assertThatIllegalStateException().isThrownBy(() -> response.user("mallory"));
		assertThatIllegalStateException().isThrownBy(() -> response.groups(List.of("d")));
		assertThatIllegalStateException().isThrownBy(() -> response.roles(List.of("d")));
		assertThatIllegalStateException().isThrownBy(() -> response.attribute("d", 1));
		assertThatIllegalStateException().isThrownBy(() -> response.keepClaims("d"));
	}
}
