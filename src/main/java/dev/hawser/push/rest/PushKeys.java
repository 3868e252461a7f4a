package dev.hawser.push.rest;

import dev.hawser.settings.ReloadParticipant;
import dev.hawser.settings.Section;
import dev.hawser.settings.Settings;
import dev.hawser.token.DevelopmentToken;
import dev.hawser.token.InvalidTokenException;
import dev.hawser.token.SharedKey;
import dev.hawser.token.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys in force and the URLs that their tokens may name; a reload replaces them. Safe for any thread. */
final class PushKeys implements ReloadParticipant {
	static final Section<PushSettings> SECTION = Section.ofServer("push", PushSettings.class);
	static final Section<ClientUrlSettings> CLIENT_URL = Section.ofServer("", ClientUrlSettings.class);
	/** Reason of a token that no key has signed. */
	static final String INVALID = "token-invalid";

	private final DevelopmentToken.Secret development;
	private volatile InForce inForce;

	/** @param publicUrls the base URLs of the push API and of clients, where they are set */
	private record InForce(PushSettings settings, List<PushKey> keys, List<String> publicUrls, @Nullable String clientUrl,
			KnownTokens known) {
	}

	/** A token that one of the keys has signed. */
	record Signed(PushKey by, VerifiedToken token) {
	}

	/** @param development whether this is a development start, in which a key is made when there is none */
	PushKeys(Settings settings, DevelopmentToken.Secret development) {
		this.development = development.generated() == null ? development : new DevelopmentToken.Secret(DevelopmentToken.newSecret());
		this.inForce = read(settings, List.of());
	}

	@Override
	public Section<?> section() {
		return SECTION;
	}

	@Override
	public Change prepare(Settings fresh) {
		InForce next = read(fresh, inForce.keys());
		return () -> inForce = next;
	}

	/** The values of {@link #CLIENT_URL} change together with the keys. */
	ReloadParticipant ofClientUrl() {
		return new ReloadParticipant() {
			@Override
			public Section<?> section() {
				return CLIENT_URL;
			}

			@Override
			public Change prepare(Settings fresh) {
				return () -> {
				};
			}
		};
	}

	private InForce read(Settings settings, List<PushKey> before) {
		PushSettings push = settings.of(SECTION);
		List<PushKey> keys = new ArrayList<>();
		for (PushSettings.Key each : push.hasKey() ? push.allKeys() : made()) {
			// a key that has not changed keeps its quota, which is not full again after a reload
			keys.add(before.stream().filter(old -> old.settings().equals(each) && inForce.settings().clockSkew().equals(push.clockSkew()))
					.findFirst().orElseGet(() -> PushKey.of(each, push.clockSkew())));
		}
		return new InForce(push, List.copyOf(keys),
				Stream.of(push.publicUrl(), settings.of(CLIENT_URL).publicUrl()).filter(Objects::nonNull).toList(),
				settings.of(CLIENT_URL).publicUrl(), new KnownTokens());
	}

	private List<PushSettings.Key> made() {
		String generated = development.generated();
		return generated == null ? List.of() : List.of(new PushSettings.Key("development", generated, List.of(), List.of(), 0));
	}

	/** The key that was made for a development start, as long as no other is configured; null without one. */
	@Nullable
	String madeKey() {
		return inForce.settings().hasKey() ? null : development.generated();
	}

	/** The keys themselves, in their order. */
	List<SharedKey> all() {
		return inForce.keys().stream().map(PushKey::key).toList();
	}

	/** Whether there is a push API. */
	boolean any() {
		return !inForce.keys().isEmpty();
	}

	/** The settings in force. */
	PushSettings settings() {
		return inForce.settings();
	}

	/** The URL that a request was sent to, without its query, as callers know it. */
	String urlOf(HttpServletRequest request) {
		String known = inForce.settings().publicUrl();
		return (known == null ? PublicUrl.of(request) : PublicUrl.withoutSlash(known)) + pathOf(request);
	}

	/**
	 * The URLs at which clients connect to a hub, as the audience of their tokens.
	 *
	 * @param port the clients' port, for clients that know the host by the name that this request came with
	 */
	List<String> clientUrls(HttpServletRequest request, int port, String hub) {
		String known = inForce.clientUrl();
		Stream<String> bases = known == null ? Stream.of("http", "https").map(scheme -> PublicUrl.of(scheme, request.getServerName(), port))
				: Stream.of(PublicUrl.withoutSlash(known));
		return bases.map(base -> base + "/client/hubs/" + hub).toList();
	}

	private static String pathOf(HttpServletRequest request) {
		return request.getRequestURI().substring(request.getContextPath().length());
	}

	/** Whether the clients' port has the push API. */
	boolean areForClientPort() {
		Boolean wanted = inForce.settings().onClientPort();
		return any() && (wanted == null ? madeKey() != null : wanted);
	}

	/** Most requests per second from one address that show no good token; 0 for no limit. */
	int failuresPerAddress() {
		return inForce.settings().failuresPerAddress();
	}

	/**
	 * Lets in a request with a token that one of the keys has signed for its URL.
	 *
	 * @param own   the URL below which the server itself was asked
	 * @param path  what follows, still encoded
	 * @param query null for none
	 * @throws InvalidTokenException when the token is not good for this request
	 */
	Signed admit(String token, String own, String path, @Nullable String query) throws InvalidTokenException {
		KnownTokens tokens = inForce.known(); // those of before a reload are not looked at again
		KnownTokens.Key key = KnownTokens.key(token, query == null ? own + path : own + path + '?' + query);
		Signed known = tokens.find(key);
		if (known != null) {
			known.by().key().verifyAgain(known.token());
			return known;
		}
		Signed signed = verify(token);
		if (!audience(own, query == null ? List.of(path) : List.of(path, path + '?' + query)).isNamedIn(signed.token().audience())) {
			throw new InvalidTokenException("token-audience", "The token's 'aud' is not the URL of this request; behind a proxy that"
					+ " changes the URL, set hawser.push.public-url.");
		}
		tokens.add(key, signed);
		return signed;
	}

	/** The URLs that tokens may name: the two public base URLs, and that which the request itself was sent to. */
	Audience audience(String own, List<String> targets) {
		return new Audience(Stream.concat(inForce.publicUrls().stream(), Stream.of(own)).toList(), targets);
	}

	/**
	 * The token, and the key that has signed it.
	 *
	 * @throws InvalidTokenException when no key has signed it ({@link #INVALID}), or it is not valid now
	 */
	Signed verify(String token) throws InvalidTokenException {
		InvalidTokenException refusal = null;
		for (PushKey key : inForce.keys()) {
			try {
				return new Signed(key, key.verify(token));
			}
			catch (InvalidTokenException e) {
				if (refusal == null || refusal.reason().equals(INVALID)) {
					refusal = e;
				}
			}
		}
		throw refusal != null ? refusal : new InvalidTokenException(INVALID, "The token's signature is not ours.");
	}

	/**
	 * As {@link #verify}, but null when no key has signed the token.
	 *
	 * @throws InvalidTokenException when a key has signed the token, and it is not valid now
	 */
	@Nullable
	Signed find(String token) throws InvalidTokenException {
		try {
			return any() ? verify(token) : null;
		}
		catch (InvalidTokenException e) {
			if (e.reason().equals(INVALID)) {
				return null;
			}
			throw e;
		}
	}

	/** Largest difference between clocks that is tolerated. */
	Duration clockSkew() {
		return inForce.settings().clockSkew();
	}

	/** Checks that keys are for hubs that exist. */
	static void checkHubs(Settings settings) {
		Set<String> hubs = settings.hubs();
		List<PushSettings.Key> keys = settings.of(SECTION).keys();
		for (int i = 0; i < keys.size(); i++) {
			for (String hub : keys.get(i).hubs()) {
				if (hubs.stream().noneMatch(hub::equalsIgnoreCase)) {
					throw new IllegalArgumentException("hawser.push.keys[" + i + "].hubs names the hub '" + hub
							+ "', which is not below hawser.hubs: add the hub, or correct its name.");
				}
			}
		}
	}
}
