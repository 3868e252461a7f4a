package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.connection.limit.LimitSettings.OverRatePolicy;
import dev.hawser.connection.ConnectionSettings.CallbackThreads;
import dev.hawser.connection.ConnectionSettings.SlowConsumerPolicy;
import dev.hawser.settings.Section;
import dev.hawser.testing.ReadsLog;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The names and defaults of all properties, and the messages about bad values. */
@ReadsLog
class ConfigurationTests {

	/** Changing a line here changes what users rely on: docs/configuration.md and the change log must say so. */
	private static Map<String, Object> defaults() {
		Map<String, Object> all = new TreeMap<>();
		all.put("hawser.callbacks.deliver-close-frames", false);
		all.put("hawser.callbacks.deliver-ping-frames", false);
		all.put("hawser.callbacks.deliver-pong-frames", false);
		all.put("hawser.callbacks.echo", false);
		all.put("hawser.callbacks.handshake-with-open", "WARN");
		all.put("hawser.console.view-key", "null");
		all.put("hawser.console.enabled", true);
		all.put("hawser.console.idle-logout", Duration.ofMinutes(30));
		all.put("hawser.console.show-payloads", false);
		all.put("hawser.client-address.proxy-protocol", false);
		all.put("hawser.client-address.trusted-proxies", List.of());
		all.put("hawser.cluster.prefix", "hawser:");
		all.put("hawser.connection.callback-threads", CallbackThreads.ADAPTIVE);
		all.put("hawser.connection.close-timeout", Duration.ofSeconds(5));
		all.put("hawser.connection.compression.client-context-takeover", false);
		all.put("hawser.connection.compression.enabled", false);
		all.put("hawser.connection.compression.max-inflated-size", DataSize.ofMegabytes(1));
		all.put("hawser.connection.compression.server-context-takeover", false);
		all.put("hawser.connection.compression.threshold", DataSize.ofKilobytes(1));
		all.put("hawser.connection.idle-timeout", Duration.ZERO);
		all.put("hawser.connection.limits.bytes-per-second", DataSize.ofBytes(0));
		all.put("hawser.connection.limits.connections", 50_000);
		all.put("hawser.connection.limits.handshakes-per-address", 0);
		all.put("hawser.connection.limits.handshakes-per-second", 0);
		all.put("hawser.connection.limits.messages-per-second", 0);
		all.put("hawser.connection.limits.over-rate", OverRatePolicy.DELAY);
		all.put("hawser.connection.limits.groups", 1000);
		all.put("hawser.connection.limits.per-address", 0);
		all.put("hawser.connection.limits.per-user", 100);
		all.put("hawser.connection.max-message-size", DataSize.ofMegabytes(1));
		all.put("hawser.connection.outbox-size", DataSize.ofMegabytes(1));
		all.put("hawser.connection.ping-interval", Duration.ofSeconds(25));
		all.put("hawser.connection.pong-timeout", Duration.ofSeconds(20));
		all.put("hawser.connection.slow-consumer", SlowConsumerPolicy.CLOSE);
		all.put("hawser.drain.delay", Duration.ZERO);
		all.put("hawser.drain.timeout", Duration.ofSeconds(30));
		all.put("hawser.drain.window", Duration.ofSeconds(20));
		all.put("hawser.handshake.allowed-origins", List.of());
		all.put("hawser.handshake.require-origin", false);
		all.put("hawser.handshake.subprotocols", List.of());
		all.put("hawser.request.timeout", Duration.ofSeconds(10));
		all.put("hawser.handshake.token.algorithms", List.of());
		all.put("hawser.handshake.token.allow-http", false);
		all.put("hawser.handshake.token.audience", List.of("hawser"));
		all.put("hawser.handshake.token.clock-skew", Duration.ofSeconds(30));
		all.put("hawser.handshake.token.close-expired", true);
		all.put("hawser.handshake.token.cookie", "access_token");
		all.put("hawser.handshake.token.expiry-grace", Duration.ZERO);
		all.put("hawser.hubs", Map.of());
		all.put("hawser.handshake.token.introspection.cache-size", 10000);
		all.put("hawser.handshake.token.introspection.cache-time", Duration.ofMinutes(1));
		all.put("hawser.handshake.token.introspection.client-id", "null");
		all.put("hawser.handshake.token.introspection.client-secret", "null");
		all.put("hawser.handshake.token.introspection.url", "null");
		all.put("hawser.handshake.token.issuer", "null");
		all.put("hawser.handshake.token.jwks.outage-tolerance", Duration.ofHours(1));
		all.put("hawser.handshake.token.jwks.refresh-interval", Duration.ofMinutes(5));
		all.put("hawser.handshake.token.jwks.url", "null");
		all.put("hawser.handshake.token.keys", List.of());
		all.put("hawser.handshake.token.timeout", Duration.ofSeconds(5));
		all.put("hawser.handshake.token.required", true);
		all.put("hawser.handshake.token.secret", "null");
		all.put("hawser.reload-interval", Duration.ZERO);
		all.put("hawser.reliable.messages", 1000);
		all.put("hawser.reliable.size", DataSize.ofMegabytes(16));
		all.put("hawser.reliable.window", Duration.ofSeconds(30));
		all.put("hawser.request.header-count", 100);
		all.put("hawser.request.header-size", DataSize.ofKilobytes(8));
		all.put("hawser.request.body-size", DataSize.ofMegabytes(1));
		all.put("hawser.request.body-timeout", Duration.ofSeconds(30));
		all.put("hawser.request.sni-check", true);
		all.put("hawser.handshake.subprotocol-length", DataSize.ofKilobytes(4));
		all.put("hawser.webhooks.max-age", Duration.ofHours(1));
		all.put("hawser.webhooks.folder", "null");
		all.put("hawser.webhooks.max-size", DataSize.ofMegabytes(256));
		all.put("hawser.webhooks.dead-letters-size", DataSize.ofMegabytes(32));
		all.put("hawser.webhooks.max-undelivered", 100_000);
		all.put("hawser.memory.budget", "40%");
		all.put("hawser.node", "null");
		all.put("hawser.operations.key", "null");
		all.put("hawser.operations.stand-still", Duration.ofSeconds(10));
		all.put("hawser.public-url", "null");
		all.put("hawser.push.at-once", 256);
		all.put("hawser.push.clock-skew", Duration.ofMinutes(5));
		all.put("hawser.push.failures-per-address", 10);
		all.put("hawser.push.idempotency.entries", 10_000);
		all.put("hawser.push.idempotency.size", DataSize.ofMegabytes(16));
		all.put("hawser.push.idempotency.time", Duration.ofMinutes(10));
		all.put("hawser.push.key", "null");
		all.put("hawser.push.keys", List.of());
		all.put("hawser.push.most-in-batch", 1000);
		all.put("hawser.push.most-in-page", 200);
		all.put("hawser.push.longest-group-name", 1024);
		all.put("hawser.push.on-client-port", "null");
		all.put("hawser.push.public-url", "null");
		return all;
	}

	@Test
	void hasTheseNamesAndDefaults() throws Exception {
		Map<String, Object> expected = defaults();
		expected.remove("hawser.hubs");
		assertThat(read(Map.of())).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "hawser-7d9c5b6f4-x2v9q", "hawser-7d9c5b6f4-x2v9q.live.pod", "ip-10-0-0-1.eu.internal", "node_1" })
	void takesTheNamesOfPodsAndHostsForNodes(String name) throws Exception {
		assertThat(read(Map.of("hawser.node", name))).containsEntry("hawser.node", name);
		String long253 = (name + "-").repeat(253).substring(0, 252) + "x";
		assertThat(read(Map.of("hawser.node", long253))).containsEntry("hawser.node", long253);
	}

	@Test
	void describesEveryPropertyToAnIde() throws Exception {
		Map<String, Object> stated = new TreeMap<>();
		Map<String, String> withDefault = new TreeMap<>();
		for (JsonNode property : metadata()) {
			String name = property.path("name").asString();
			assertThat(property.path("description").asString()).as(name).isNotBlank();
			stated.put(name, property);
			if (property.path("defaultValue").isArray()) {
				property.path("defaultValue").forEach(value -> withDefault.put(name, value.asString()));
			}
			else if (property.has("defaultValue")) {
				withDefault.put(name, property.path("defaultValue").asString());
			}
		}
		assertThat(stated.keySet()).isEqualTo(defaults().keySet());
		assertThat(read(withDefault)).as("the defaults shown are the defaults meant").isEqualTo(read(Map.of()));
	}

	/** Without what Actuator adds for each endpoint. */
	private static List<JsonNode> metadata() throws Exception {
		try (InputStream json = ConfigurationTests.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			JsonNode all = JsonMapper.shared().readTree(Objects.requireNonNull(json)).path("properties");
			return all.valueStream().filter(property -> property.path("name").asString().startsWith("hawser.")).toList();
		}
	}

	/** An IDE knows what may stand below a hub by the type of the map's values. */
	@Test
	void describesEverySectionOfAHubToAnIde() throws Exception {
		String type = metadata().stream().filter(property -> property.path("name").asString().equals("hawser.hubs")).findFirst()
				.orElseThrow()
				.path("type").asString();
		Class<?> hub = Class.forName(type.replaceAll("java.util.Map<java.lang.String,(.*)>", "$1"));
		Map<String, Class<?>> shown = Stream.of(hub.getRecordComponents())
				.collect(Collectors.toMap(RecordComponent::getName, RecordComponent::getType));
		Map<String, Class<?>> declared = new TreeMap<>();
		try (ReadConfiguration configuration = ReadConfiguration.of()) {
			for (Section<?> section : configuration.sections()) {
				if (section.reach() != Section.Reach.SERVER && !section.name().isEmpty()) {
					declared.put(section.name(), section.type());
				}
				else if (section.reach() == Section.Reach.HUBS) {
					Stream.of(section.type().getRecordComponents()).forEach(one -> declared.put(one.getName(), one.getType()));
				}
			}
		}
		assertThat(shown).isEqualTo(declared);
	}

	private static Map<String, Object> read(Map<String, String> properties) throws Exception {
		Map<String, Object> all = new TreeMap<>();
		String[] arguments = properties.entrySet().stream().map(one -> "--" + one.getKey() + "=" + one.getValue()).toArray(String[]::new);
		try (ReadConfiguration configuration = ReadConfiguration.of(arguments)) {
			for (Section<?> section : configuration.sections()) {
				if (section.reach() != Section.Reach.HUBS) {
					collect(section.name().isEmpty() ? "hawser" : "hawser." + section.name(), configuration.of(section.type()), all);
				}
			}
		}
		return all;
	}

	private static void collect(String prefix, Object settings, Map<String, Object> into) throws Exception {
		for (RecordComponent component : settings.getClass().getRecordComponents()) {
			component.getAccessor().setAccessible(true);
			@Nullable
			Object value = component.getAccessor().invoke(settings);
			String name = prefix + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			if (value instanceof Record nested) {
				collect(name, nested, into);
			}
			else {
				into.put(name, value == null ? "null" : name.endsWith(".handshake-with-open") ? value.toString() : value);
			}
		}
	}

	// Bad values.

	static Stream<Arguments> bad() {
		String minus = "must not be negative";
		String size = "must be between 1B and 256MB";
		return Stream.of(
				row("unknown", "hawser.foo", "hunter2", "hawser.foo is no property of Hawser"),
				row("unknown, nested", "hawser.handshake.token.secert", "hunter2-hunter2", "hawser.handshake.token.secert is no property"),
				row("unknown group", "hawser.conection.max-message-size", "17MB", "hawser.conection.max-message-size is no property"),
				row("unknown below a value", "hawser.node.name", "hunter2", "hawser.node.name is no property"),
				row("secret empty", "hawser.handshake.token.secret", "", "hawser.handshake.token.secret must have at least 32 bytes"),
				row("secret of spaces", "hawser.handshake.token.secret", "   ", "hawser.handshake.token.secret must have at least 32"),
				row("secret short", "hawser.handshake.token.secret", "hunter2-hunter2-hunter2-hunter2",
						"hawser.handshake.token.secret must have at least 32 bytes"),
				row("key without an id", "hawser.handshake.token.keys[0].id", "", "hawser.handshake.token.keys[0].id is missing"),
				row("issuer empty", "hawser.handshake.token.issuer", "", "hawser.handshake.token.issuer must not be empty"),
				row("issuer without TLS", "hawser.handshake.token.issuer", "http://hunter.example",
						"hawser.handshake.token.issuer must be an https URL"),
				row("keys from nowhere", "hawser.handshake.token.jwks.url", "hunter2",
						"hawser.handshake.token.jwks.url must be an https URL"),
				row("keys from no URL", "hawser.handshake.token.jwks.url", "https://hunter{2}",
						"hawser.handshake.token.jwks.url is not a URL"),
				row("keys fetched all the time", "hawser.handshake.token.jwks.refresh-interval", "1ms",
						"hawser.handshake.token.jwks.refresh-interval must be at least 1s"),
				row("outage tolerance negative", "hawser.handshake.token.jwks.outage-tolerance", "-1s",
						"hawser.handshake.token.jwks.outage-tolerance must not be negative"),
				row("introspection without a password", "hawser.handshake.token.introspection.url", "https://hunter.example",
						"hawser.handshake.token.introspection.url needs introspection.client-id"),
				row("introspection cached for less than nothing", "hawser.handshake.token.introspection.cache-time", "-1s",
						"hawser.handshake.token.introspection.cache-time must be from 0s to 365d"),
				row("introspection cached for ever", "hawser.handshake.token.introspection.cache-time", "366d",
						"hawser.handshake.token.introspection.cache-time must be from 0s to 365d"),
				row("no introspections cached", "hawser.handshake.token.introspection.cache-size", "0",
						"hawser.handshake.token.introspection.cache-size must be at least 1"),
				row("timeout zero", "hawser.handshake.token.timeout", "0", "hawser.handshake.token.timeout must be at least 1ms"),
				row("algorithm none", "hawser.handshake.token.algorithms", "none", "hawser.handshake.token.algorithms may name ES256,"),
				row("cookie without a name", "hawser.handshake.token.cookie", "", "hawser.handshake.token.cookie must not be empty"),
				row("clock skew negative", "hawser.handshake.token.clock-skew", "-1s", "hawser.handshake.token.clock-skew " + minus),
				row("expiry grace negative", "hawser.handshake.token.expiry-grace", "-1s", "hawser.handshake.token.expiry-grace " + minus),
				row("origin with a path", "hawser.handshake.allowed-origins", "https://hunter.example/",
						"hawser.handshake.allowed-origins"),
				row("wildcard inside a name", "hawser.handshake.allowed-origins", "https://*hunter.example",
						"has an entry that is no origin"),
				row("wildcard for a whole zone", "hawser.handshake.allowed-origins", "https://*.hunter", "is no domain of its own"),
				row("limit negative", "hawser.connection.limits.per-user", "-1", "hawser.connection.limits.per-user " + minus),
				row("no rate policy", "hawser.connection.limits.over-rate", "hunter2",
						"hawser.connection.limits.over-rate has a value that is"),
				row("bearer as a subprotocol", "hawser.handshake.subprotocols", "chat,Bearer", "must not contain 'bearer'"),
				row("handshake timeout zero", "hawser.request.timeout", "0s", "hawser.request.timeout must be at least 1ms"),
				row("message size negative", "hawser.connection.max-message-size", "-1B", "max-message-size " + size),
				row("message size zero", "hawser.connection.max-message-size", "0", "max-message-size " + size),
				row("message size beyond the most", "hawser.connection.max-message-size", "257MB", "max-message-size " + size),
				row("outbox negative", "hawser.connection.outbox-size", "-1KB", "hawser.connection.outbox-size " + size),
				row("pings negative", "hawser.connection.ping-interval", "-25s", "hawser.connection.ping-interval " + minus),
				row("pong timeout zero", "hawser.connection.pong-timeout", "0", "hawser.connection.pong-timeout must be at least 1ms"),
				row("idle timeout negative", "hawser.connection.idle-timeout", "-1s", "hawser.connection.idle-timeout " + minus),
				row("close timeout zero", "hawser.connection.close-timeout", "0s", "hawser.connection.close-timeout must be at least"),
				row("operator key short", "hawser.operations.key", "hunter2", "hawser.operations.key must have at least 32 bytes"),
				row("operator key of no header", "hawser.operations.key", "hunter2 hunter2 hunter2 hunter2 hunter2", "visible ASCII"),
				row("stand-still negative", "hawser.operations.stand-still", "-1s", "hawser.operations.stand-still " + minus),
				row("drain delay negative", "hawser.drain.delay", "-1s", "hawser.drain.delay " + minus),
				row("drain window negative", "hawser.drain.window", "-1s", "hawser.drain.window " + minus),
				row("drain timeout negative", "hawser.drain.timeout", "-1s", "hawser.drain.timeout " + minus),
				row("reload interval negative", "hawser.reload-interval", "-1s", "hawser.reload-interval " + minus),
				row("away before the start", "hawser.reliable.window", "-1s", "hawser.reliable.window " + minus),
				row("away for too long", "hawser.reliable.window", "61m", "hawser.reliable.window must be at most 1h"),
				row("no unconfirmed message", "hawser.reliable.messages", "0", "hawser.reliable.messages must be at least 1"),
				row("hardly any unconfirmed bytes", "hawser.reliable.size", "1B", "hawser.reliable.size must be between 1KB and 256MB"),
				row("memory without a unit", "hawser.memory.budget", "500000000",
						"hawser.memory.budget must be a share of the heap from 1%"),
				row("all of the memory", "hawser.memory.budget", "100%", "or a size of at least 1MB with its unit; the default is 40%"),
				row("hardly any memory", "hawser.memory.budget", "1023KB", "hawser.memory.budget must be a share of the heap from 1%"),
				row("prefix with a brace", "hawser.cluster.prefix", "hunter{2}", "hawser.cluster.prefix must be 1 to 64 letters"),
				row("no memory size", "hawser.memory.budget", "hunter2", "hawser.memory.budget must be a share of the heap from 1%"),
				row("node with a slash", "hawser.node", "hunter/2", "hawser.node must be 1 to 253 letters"),
				row("node too long", "hawser.node", "hunter2-".repeat(32), "hawser.node must be 1 to 253 letters"),
				row("PROXY header without proxies", "hawser.client-address.proxy-protocol", "true",
						"needs the addresses of the proxies in"),
				row("head too small", "hawser.request.header-size", "1000B", "hawser.request.header-size must be between 1KB and 1MB"),
				row("head too large", "hawser.request.header-size", "2MB", "hawser.request.header-size must be between 1KB and 1MB"),
				row("no headers", "hawser.request.header-count", "0", "hawser.request.header-count must be at least 1"),
				row("subprotocols negative", "hawser.handshake.subprotocol-length", "-1B", "hawser.handshake.subprotocol-length " + minus),
				row("proxy by name", "hawser.client-address.trusted-proxies", "10.0.0.1,hunter.example", "must list IP addresses and CIDR"),
				row("range with bits to spare", "hawser.client-address.trusted-proxies", "10.0.0.1/8", "must list IP addresses and CIDR"),
				row("range too narrow", "hawser.client-address.trusted-proxies", "10.0.0.0/33", "must list IP addresses and CIDR"),
				row("range of nothing", "hawser.client-address.trusted-proxies", "2001:db8::/hunter", "must list IP addresses and CIDR"),
				row("placeholder of nothing", "hawser.handshake.token.secret", "${HUNTER_hunter2_hunter2_hunter2_hunter2}",
						"hawser.handshake.token.secret has a placeholder ${...} that no property, variable or file fills"),
				row("placeholder of a hub", "hawser.hubs.chat.handshake.token.secret", "${HUNTER_hunter2_hunter2_hunter2_hunter2}",
						"hawser.hubs.chat.handshake.token.secret has a placeholder ${...} that no property, variable or file fills"),
				row("time without a unit", "hawser.connection.ping-interval", "25",
						"hawser.connection.ping-interval is a number alone: a time needs its unit, such as 500ms, 25s or 5m"),
				row("size without a unit", "hawser.request.header-size", "8192",
						"hawser.request.header-size is a number alone: a size needs its unit, such as 512B, 64KB or 1MB"),
				row("time of a hub without a unit", "hawser.hubs.chat.handshake.token.clock-skew", "30",
						"hawser.hubs.chat.handshake.token.clock-skew is a number alone"),
				row("time without a unit in a variable", "hawser.drain.window", "${hunter.window:20}",
						"hawser.drain.window is a number alone"),
				row("no folder for events", "hawser.webhooks.folder", "", "hawser.webhooks.folder must not be empty"),
				row("a tiny file of events", "hawser.webhooks.max-size", "1KB", "hawser.webhooks.max-size must be between 1MB and 1TB"),
				row("few dead letters", "hawser.webhooks.dead-letters-size", "1KB",
						"hawser.webhooks.dead-letters-size must be between 1MB and 1TB"),
				row("events undelivered negative", "hawser.webhooks.max-undelivered", "-1", "hawser.webhooks.max-undelivered " + minus),
				row("events undelivered for no time", "hawser.webhooks.max-age", "0s", "hawser.webhooks.max-age must be at least 1ms"),
				row("no size", "hawser.connection.max-message-size", "hunter2",
						"hawser.connection.max-message-size has a value that is no"),
				row("no duration", "hawser.connection.ping-interval", "hunter2", "hawser.connection.ping-interval has a value that is no"),
				row("no boolean", "hawser.handshake.token.required", "hunter2", "hawser.handshake.token.required has a value that is no"),
				row("no policy", "hawser.connection.slow-consumer", "hunter2", "hawser.connection.slow-consumer has a value that is no"));
	}

	private static Arguments row(String label, String name, String value, String sentence) {
		return Arguments.of(label, name, value, sentence);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("bad")
	void stopsTheStartWithOneSentence(String label, String name, String value, String sentence, CapturedOutput log) {
		assertThatThrownBy(() -> ReadConfiguration.of("--" + name + "=" + value).close()).isNotNull();
		String report = log.getAll().substring(log.getAll().indexOf("APPLICATION FAILED TO START"));
		assertThat(report).contains(sentence).doesNotContain("\tat ", "hunter");
		String description = report.substring(report.indexOf("Description:") + 12).replaceAll("(?s)Action:.*", "").strip();
		assertThat(description.lines()).as("one sentence: %s", description).hasSize(1);
		assertThat(description).contains(name).endsWith(".");
	}
}
