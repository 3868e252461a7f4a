package dev.hawser.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeKeyTests {

	@Test
	void answersTheRfcsSampleKey() {
		assertThat(HandshakeKey.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	}

	@Test
	void acceptsTheBase64OfAnySixteenBytes() {
		Random random = new Random(4);
		byte[] nonce = new byte[16];
		for (int i = 0; i < 1000; i++) {
			random.nextBytes(nonce);
			assertThat(HandshakeKey.isValid(Base64.getEncoder().encodeToString(nonce))).isTrue();
		}
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAA===",
			"AAAAAAAAAAAAAAAAAAAAAB==", "AAAAAAAAAAAAAAAAAAAAAA==\n", " AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAA==x",
			"AAAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAA-AAAAAAAAAAA==", "AAAAAAAAAA_AAAAAAAAAAA==",
			"AAAAAAAAAAAAAAAAAAAAAAAAAA==", "dGhlIHNhbXBsZQ==" })
	void refusesWhatIsNotSixteenBytesInBase64(String key) {
		assertThat(HandshakeKey.isValid(key)).isFalse();
	}
}
