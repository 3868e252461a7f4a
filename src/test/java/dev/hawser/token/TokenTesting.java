package dev.hawser.token;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Shared by the tests of tokens: a clock that stands still, settings from properties, and a good set of claims. */
final class TokenTesting {
	static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");
	static final InstantSource CLOCK = InstantSource.fixed(NOW);
	/** Good for one minute from {@link #NOW}. */
	static final String CLAIMS = "{\"sub\":\"alice\",\"aud\":\"hawser\",\"exp\":" + (NOW.getEpochSecond() + 60) + ",\"jti\":\"t1\"}";

	private TokenTesting() {
	}

	/** A time that a test moves by hand. */
	static final class MovableClock implements InstantSource {
		private volatile Instant now = NOW;

		@Override
		public Instant instant() {
			return now;
		}

		void pass(Duration time) {
			now = now.plus(time);
		}

		/** Sets it back, as an operator or NTP may do with the wall clock. */
		void setBack(Duration time) {
			now = now.minus(time);
		}
	}

	/** A verifier with one clock for everything. */
	static TokenVerifier verifier(TokenSettings settings, InstantSource clock) {
		return TokenVerifiers.of(settings, clock, clock);
	}

	/** Claims that stay good however far {@link MovableClock} goes. */
	static String claims(String issuer) {
		return "{\"sub\":\"alice\",\"aud\":\"hawser\",\"exp\":9999999999,\"iss\":\"" + issuer + "\",\"jti\":\"t1\"}";
	}

	/** Properties below {@code hawser.handshake.token}, each {@code name=value}, bound as Spring Boot does it. */
	static TokenSettings settings(String... properties) {
		Map<String, String> map = new HashMap<>();
		for (String property : properties) {
			int equals = property.indexOf('=');
			map.put("hawser.handshake.token." + property.substring(0, equals), property.substring(equals + 1));
		}
		return new Binder(new MapConfigurationPropertySource(map)).bindOrCreate("hawser.handshake.token", TokenSettings.class);
	}

	/** The message about bad settings. */
	static String complaintAbout(String... properties) {
		Throwable cause = catchThrowableOfType(Exception.class, () -> TokenVerifiers.of(settings(properties)).close());
		while (cause.getCause() != null && !(cause instanceof IllegalArgumentException)) {
			cause = cause.getCause();
		}
		return String.valueOf(cause.getMessage());
	}

	/** Why the token is refused; {@code ok} when it is not, {@code unavailable} when it cannot be checked. */
	static String verdict(TokenVerifier verifier, String token) {
		try {
			verifier.verify(token);
			return "ok";
		}
		catch (InvalidTokenException e) {
			return e.reason();
		}
		catch (VerifierUnavailableException e) {
			return "unavailable";
		}
	}
}
