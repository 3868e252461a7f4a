package dev.hawser.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.HubTokens;
import dev.hawser.token.TokenSettings;
import dev.hawser.token.TokenVerifier;
import dev.hawser.token.VerifiedToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Which verifiers are made, kept and closed when the policies of hubs are replaced. */
class HandshakePoliciesTests {
	private static final Section<HandshakeSettings> SECTION = Section.ofServerAndHubs("handshake", HandshakeSettings.class);
	private static final String GONE = "https://gone.example";

	private final List<Fetching> made = new ArrayList<>();

	/** Stands for a verifier that fetches its keys, and records whether it is closed. */
	private static final class Fetching implements TokenVerifier {
		private final String url;
		private boolean closed;

		Fetching(String url) {
			this.url = url;
		}

		@Override
		public VerifiedToken verify(String token) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean mayBlock() {
			return true;
		}

		@Override
		public void close() {
			assertThat(closed).as("%s is closed twice", url).isFalse();
			closed = true;
		}
	}

	/** The settings of hubs of these names, each with keys from one URL. */
	private record OfHubs(Map<String, String> urls) implements Settings {
		@Override
		public <T> T of(Section<T> section) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> T ofHub(String hub, Section<T> section) {
			return new Binder(new MapConfigurationPropertySource(Map.of("token.jwks.url", urls.get(hub)))).bind("", section.type()).get();
		}

		@Override
		public Set<String> hubs() {
			return urls.keySet();
		}
	}

	private static Settings hubs(String... namesAndUrls) {
		Map<String, String> urls = new TreeMap<>();
		for (int i = 0; i < namesAndUrls.length; i += 2) {
			urls.put(namesAndUrls[i], namesAndUrls[i + 1]);
		}
		return new OfHubs(urls);
	}

	private HandshakePolicies policies(Settings settings) {
		return new HandshakePolicies(SECTION, settings,
				new TokenSources(null, new DevelopmentToken.Secret(null), this::make, _ -> HubTokens.OfHub.NONE));
	}

	private TokenVerifier make(TokenSettings settings) {
		String url = String.valueOf(settings.jwks().url());
		if (url.equals(GONE)) {
			throw new IllegalArgumentException("the key is gone");
		}
		made.add(new Fetching(url));
		return made.getLast();
	}

	private List<String> open() {
		return made.stream().filter(verifier -> !verifier.closed).map(verifier -> verifier.url).toList();
	}

	@Test
	void closesNewVerifiersWhenALaterHubFails() {
		HandshakePolicies policies = policies(hubs("a", "https://a", "b", "https://b"));
		assertThatThrownBy(() -> policies.prepare(hubs("a", "https://new", "b", GONE))).hasMessage("the key is gone");
		assertThat(open()).containsExactly("https://a", "https://b");
		assertThat(policies.of("a").verifier()).isSameAs(made.getFirst());
	}

	@Test
	void closesNewVerifiersWhenTheStartFails() {
		assertThatThrownBy(() -> policies(hubs("a", "https://a", "b", GONE))).hasMessage("the key is gone");
		assertThat(open()).isEmpty();
	}

	@Test
	void closesNewVerifiersThatAreDiscarded() {
		HandshakePolicies policies = policies(hubs("a", "https://a", "b", "https://b"));
		policies.prepare(hubs("a", "https://new", "b", "https://b")).discard();
		assertThat(open()).containsExactly("https://a", "https://b");
	}

	@Test
	void closesReplacedVerifiersAndKeepsUnchangedOnes() {
		HandshakePolicies policies = policies(hubs("a", "https://a", "b", "https://b"));
		ReloadParticipant.Change change = policies.prepare(hubs("a", "https://new", "b", "https://b"));
		assertThat(open()).containsExactly("https://a", "https://b", "https://new");
		change.commit();
		assertThat(open()).containsExactly("https://b", "https://new");
		assertThat(policies.of("a").settings().token().jwks().url()).isEqualTo("https://new");
		policies.close();
		assertThat(open()).isEmpty();
	}

	@Test
	void leavesTheVerifierOfARemovedHubAlone() {
		HandshakePolicies policies = policies(hubs("a", "https://a", "b", "https://b"));
		policies.prepare(hubs("a", "https://a")).commit();
		assertThat(open()).containsExactly("https://a", "https://b");
		assertThat(policies.of("b").verifier()).isSameAs(made.get(1));
	}
}
