package dev.hawser.push.rest;

import dev.hawser.api.Clients;
import dev.hawser.api.WebSocketServer;
import dev.hawser.settings.SettingCheck;
import dev.hawser.token.SharedKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Who may push over HTTP, and where. Without a key there is no push API, except in a development start, which makes a key.
 *
 * @param key                key for every hub and everything, of at least 32 bytes; short form of keys for a single key
 * @param keys               keys of the push API; several while keys rotate, or when not every caller may do everything
 * @param onClientPort       whether the clients' port has the push API too, besides the operations' port; in a development start it
 *     does unless this is false
 * @param publicUrl          URL under which callers know the push API, such as https://push.example.com; tokens may name it as their
 *     audience
 * @param clockSkew          largest difference between the clocks of callers and server that is tolerated
 * @param failuresPerAddress most requests per second from one address that show no good token; further ones are answered with 429; 0
 *     for no limit
 * @param atOnce             most requests of the push API that are under way at the same time; further ones are answered with 503
 * @param mostInBatch        most messages in one request that sends a batch
 * @param mostInPage         most connections in one page of a list
 * @param longestGroupName   most characters of the name of a group in requests and in the tokens that callers sign for clients
 * @param idempotency        what is remembered of requests with an Idempotency-Key
 */
@ConfigurationProperties("hawser.push")
record PushSettings(@Nullable String key, @DefaultValue List<Key> keys, @Nullable Boolean onClientPort, @Nullable String publicUrl,
		@DefaultValue("5m") Duration clockSkew, @DefaultValue("10") int failuresPerAddress, @DefaultValue("256") int atOnce,
		@DefaultValue("1000") int mostInBatch, @DefaultValue("200") int mostInPage, @DefaultValue("1024") int longestGroupName,
		@DefaultValue Idempotency idempotency) {
	private static final String PREFIX = "hawser.push";
	private static final SettingCheck CHECK = new SettingCheck(PREFIX);
	private static final List<String> VERBS = Stream.of(Verb.values()).map(Verb::name).toList();
	private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,63}");

	PushSettings {
		keys = List.copyOf(keys);
		CHECK.notNegative("clock-skew", clockSkew, "the default is 5m");
		CHECK.notNegative("failures-per-address", failuresPerAddress, "0 turns it off");
		CHECK.positive("at-once", atOnce, "the default is 256");
		CHECK.positive("most-in-batch", mostInBatch, "the default is 1000");
		CHECK.require(mostInPage > 0 && mostInPage <= Clients.MAX_PAGE, "most-in-page must be 1 to " + Clients.MAX_PAGE + '.');
		CHECK.require(longestGroupName > 0 && longestGroupName <= WebSocketServer.MAX_GROUP_NAME,
				"longest-group-name must be 1 to " + WebSocketServer.MAX_GROUP_NAME + '.');
		PublicUrl.check(CHECK, "public-url", publicUrl);
		if (key != null) {
			checkSecret("key", key);
		}
		checkKeys(key, keys);
	}

	/**
	 * What is remembered of requests with an Idempotency-Key, so that a repeated request is not carried out again.
	 *
	 * @param entries most answers that are remembered
	 * @param size    most memory that they take
	 * @param time    how long an answer is remembered
	 */
	record Idempotency(@DefaultValue("10000") int entries, @DefaultValue("16MB") DataSize size, @DefaultValue("10m") Duration time) {
		private static final SettingCheck CHECK = new SettingCheck(PREFIX + ".idempotency");

		Idempotency {
			CHECK.positive("entries", entries, "the default is 10000");
			CHECK.positive("time", time, "the default is 10m");
			CHECK.require(size.toBytes() > 0, "size must be positive; the default is 16MB.");
		}
	}

	/**
	 * A key of the push API.
	 *
	 * @param id                name of the key in logs and metrics: 1 to 63 letters, digits, dots, dashes or underscores; its number in
	 *     the list when it is not set
	 * @param secret            the key itself, of at least 32 bytes; callers sign tokens with it
	 * @param hubs              hubs that the key is for; when empty, all
	 * @param verbs             what the key may be used for: send, close, read, membership, permission, token; when empty, everything
	 * @param requestsPerSecond most requests per second with the key; further ones are answered with 429; 0 for no limit
	 */
	record Key(@Nullable String id, @Nullable String secret, @DefaultValue List<String> hubs, @DefaultValue List<String> verbs,
			@DefaultValue("0") int requestsPerSecond) {

		Key {
			hubs = hubs.stream().filter(hub -> !hub.isBlank()).toList();
			verbs = verbs.stream().filter(verb -> !verb.isBlank()).map(verb -> verb.toUpperCase(Locale.ROOT)).toList();
		}

		/** Without the secret. */
		@Override
		public String toString() {
			return "Key[" + id + ']';
		}
	}

	/** All keys, each with its id. */
	List<Key> allKeys() {
		List<Key> all = new ArrayList<>();
		if (key != null) {
			all.add(new Key("key", key, List.of(), List.of(), 0));
		}
		for (int i = 0; i < keys.size(); i++) {
			Key each = keys.get(i);
			all.add(each.id() != null ? each
					: new Key(Integer.toString(i), each.secret(), each.hubs(), each.verbs(), each.requestsPerSecond()));
		}
		return all;
	}

	boolean hasKey() {
		return key != null || !keys.isEmpty();
	}

	private static void checkKeys(@Nullable String single, List<Key> keys) {
		Set<String> secrets = new HashSet<>();
		Set<String> ids = new HashSet<>();
		if (single != null) {
			secrets.add(single);
		}
		for (int i = 0; i < keys.size(); i++) {
			Key key = keys.get(i);
			String name = "keys[" + i + ']';
			CHECK.require(key.secret() != null, name + ".secret is missing: make one with 'openssl rand -base64 48'.");
			checkSecret(name + ".secret", String.valueOf(key.secret()));
			CHECK.require(secrets.add(String.valueOf(key.secret())),
					name + ".secret is the secret of another key: which of the two is used could not be told.");
			CHECK.require(key.id() == null || (ID.matcher(key.id()).matches() && ids.add(key.id())),
					name + ".id must be 1 to 63 letters, digits, dots, dashes or underscores, and no other key's.");
			CHECK.require(VERBS.containsAll(key.verbs()),
					name + ".verbs may name " + String.join(", ", VERBS).toLowerCase(Locale.ROOT) + " and nothing else.");
			new SettingCheck(PREFIX + '.' + name).notNegative("requests-per-second", key.requestsPerSecond(), "0 turns it off");
		}
	}

	private static void checkSecret(String name, String secret) {
		CHECK.require(secret.getBytes(StandardCharsets.UTF_8).length >= SharedKey.SHORTEST, name + " must have at least "
				+ SharedKey.SHORTEST + " bytes: make one with 'openssl rand -base64 48', or leave the property out to have no push API.");
	}

	/** Without secrets. */
	@Override
	public String toString() {
		return "PushSettings[keys=" + allKeys() + ']';
	}
}
