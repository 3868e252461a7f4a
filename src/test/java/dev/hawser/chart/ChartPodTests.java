package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod is given: its name, secrets as files, more containers; and which changes replace it. */
class ChartPodTests {
	private static final ObjectMapper JSON = new ObjectMapper();
	private static final String NODE = "{\"name\": \"HAWSER_NODE\", \"valueFrom\": {\"fieldRef\": {\"fieldPath\": \"metadata.name\"}}}";
	private static final String IMPORT = "{\"name\": \"SPRING_CONFIG_IMPORT\", \"value\": \"configtree:/app/secrets/\"}";
	private static final String TOKEN = "{\"key\": \"token-secret\", \"path\": \"hawser.handshake.token.secret\"}";
	private static final String PUSH = "{\"key\": \"p\", \"path\": \"hawser.push.key\"}";
	private static final String OPERATIONS = "{\"key\": \"o\", \"path\": \"hawser.operations.key\"}";

	/** Label, values, object and path in it, what is there as JSON; empty: nothing. */
	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, emptyValue = "", value = {
			"name without a secret | {existingSecret: \"\", tokenKeys: application} | BOX/env | [NODE]",
			"name and secret       | existingSecret: s | BOX/env | [NODE, IMPORT]",
			"variable              | extraEnv: [{name: A, value: b}] | BOX/env | [NODE, IMPORT, {\"name\": \"A\", \"value\": \"b\"}]",
			"no volume of secrets  | {existingSecret: \"\", tokenKeys: application} | POD/volumes/2 | ",
			"no mount of secrets   | {existingSecret: \"\", tokenKeys: application} | BOX/volumeMounts/2 | ",
			"volume of secrets     | existingSecret: s | POD/volumes/2 | {\"name\": \"secrets\","
					+ " \"secret\": {\"secretName\": \"s\", \"items\": [TOKEN]}}",
			"mount of secrets      | existingSecret: s | BOX/volumeMounts/2 | {\"name\": \"secrets\", \"mountPath\": \"/app/secrets\","
					+ " \"readOnly\": true}",
			"another key           | {existingSecret: s, existingSecretKey: k} | ITEMS/0/key | \"k\"",
			"operators' key        | {existingSecret: s, operationsSecretKey: o} | ITEMS | [TOKEN, OPERATIONS]",
			"more properties       | {existingSecret: s, secretProperties: {a.b-c: d}} | ITEMS | [TOKEN, {\"key\": \"d\", \"path\": \"a.b-c\"}]",
			"token's secret by property | {existingSecret: s, secretProperties: {hawser.handshake.token.secret: t}} | ITEMS"
					+ " | [{\"key\": \"t\", \"path\": \"hawser.handshake.token.secret\"}]",
			"operators' key, issuer | {operationsSecretKey: o, config: {hawser: {handshake: {token: {issuer: \"https://i\"}}}}}"
					+ " | ITEMS | [OPERATIONS]",
			"operators' key, JWK set | {operationsSecretKey: o, config: {hawser.handshake.token.jwks.url: \"https://i\"}}"
					+ " | ITEMS | [OPERATIONS]",
			"operators' key, keys  | {operationsSecretKey: o, config: {hawser.handshake.token: {keys: [{id: a, publicKey: b}]}}}"
					+ " | ITEMS | [OPERATIONS]",
			"operators' key, introspection | {operationsSecretKey: o, extraEnv: [{name: HAWSER_HANDSHAKE_TOKEN_INTROSPECTION_URL, value: \"https://i\"}]}"
					+ " | ITEMS | [OPERATIONS]",
			"operators' key, no token needed | {operationsSecretKey: o, config: {Hawser.Handshake: {TOKEN.required: false}}}"
					+ " | ITEMS | [OPERATIONS]",
			"push key              | {existingSecret: s, pushSecretKey: p} | ITEMS | [TOKEN, PUSH]",
			"push key alone        | {pushSecretKey: p, tokenKeys: push} | ITEMS | [PUSH]",
			"operators' key, own verifier | {operationsSecretKey: o, tokenKeys: application} | ITEMS | [OPERATIONS]",
			"a secret with an issuer's name in its tokens | {existingSecretKey: token-secret, operationsSecretKey: o,"
					+ " config: {hawser.handshake.token.issuer: \"https://i\"}} | ITEMS | [TOKEN, OPERATIONS]",
			"no key in the test of an issuer's tokens | {operationsSecretKey: o, config: {hawser.handshake.token.issuer: \"https://i\"}}"
					+ " | Pod/demo-hawser-test /spec/containers/0/env | ",
			"containers before     | initContainers: [{name: a, image: b}] | POD/initContainers | [{\"name\": \"a\", \"image\": \"b\"}]",
			"no containers before  | {} | POD/initContainers | " })
	void has(String label, String values, String where, String expected) throws Exception {
		JsonNode found = Chart.HAWSER.render(values).at(where.replace("ITEMS", "POD/volumes/2/secret/items"));
		assertThat(found).isEqualTo(JSON.readTree(expected == null ? "" : expected.replace("NODE", NODE).replace("IMPORT", IMPORT)
				.replace("TOKEN", TOKEN).replace("OPERATIONS", OPERATIONS).replace("PUSH", PUSH)));
	}

	/** Nothing of the Secret is in a variable of the server, where it would stay as it was at the start. */
	@Test
	void hasNoSecretInAVariable() {
		assertThat(Chart.HAWSER.render(Chart.EVERYTHING).at("BOX/env").findValues("secretKeyRef")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "config: {hawser: {handshake: {allowed-origins: [\"https://a.io\"]}}}",
			"config: {hawser.handshake.allowedOrigins: \"https://a.io\"}", "config: {HAWSER: {Connection.limits.per-user: 7}}",
			"config: {hawser.hubs.default.handshake.require-origin: true}" })
	void leavesPodsAloneThatReload(String values) {
		assertThat(checksum(values + "\nreloadInterval: 10s")).isEqualTo(checksum("reloadInterval: 10s")).hasSize(64);
		assertThat(checksum(values)).as("without reloading").isNotEqualTo(checksum(""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "config: {hawser: {request: {header-count: 7}}}", "config: {logging.level.root: warn}",
			"config: {hawser.hubs.chat.handshake.require-origin: true}", "config: {hawser.hubs.default.path: /chat}",
			"config: {hawser.callbacks.deliver-ping-frames: true}", "drain: {windowSeconds: 21}", "reloadInterval: 11s" })
	void replacesPodsForWhatIsReadAtTheStart(String values) {
		assertThat(checksum("reloadInterval: 10s\n" + values)).isNotEqualTo(checksum("reloadInterval: 10s"));
	}

	@Test
	void replacesNoPodForTheOriginsOfAHubThatWasThere() {
		String hub = "reloadInterval: 10s\nconfig: {hawser.hubs.chat.%s}";
		assertThat(checksum(hub.formatted("handshake.require-origin: true")))
				.isEqualTo(checksum(hub.formatted("connection.limits.per-user: 7")));
	}

	@Test
	void tellsTheServerToReload() {
		assertThat(List.of(configuration("reloadInterval: 10s").contains("reload-interval: 10s"),
				configuration("").contains("reload-interval"))).containsExactly(true, false);
	}

	private static String configuration(String values) {
		return Chart.HAWSER.render(values).at("ConfigMap/demo-hawser /data/application.yaml").asText();
	}

	private static String checksum(String values) {
		return Chart.HAWSER.render(values).at("Deployment/demo-hawser /spec/template/metadata/annotations/checksum~1config").asText();
	}
}
