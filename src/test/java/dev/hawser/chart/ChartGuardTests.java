package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Likely mistakes of an operator are refused before anything is installed, with a sentence that names the value and what to do. */
class ChartGuardTests {
	private static final String OPEN = " would be readable in a ConfigMap: put it into ";

	@ParameterizedTest(name = "{1}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"{server: {port: 80}}                       | server.port belongs to the chart, which needs 9501: set service.port",
			"{server.port: 80}                          | server.port belongs to the chart, which needs 9501: set service.port",
			"{Server.PORT: 80}                          | Server.PORT belongs to the chart, which needs 9501: set service.port",
			"{management: {server: {port: 1}}}          | management.server.port belongs to the chart, which needs 9502: set operations",
			"{management.server: {port: 9501}}          | management.server.port belongs to the chart, which needs 9502: set operations",
			"{hawser: {drain: {window: 1s}}}            | hawser.drain.window belongs to the chart, which adds its times up: set drain.",
			"{hawser.drain.window: 5m}                  | hawser.drain.window belongs to the chart, which adds its times up: set drain.",
			"{hawser.drain: {time-out: 5m}}             | hawser.drain.time-out belongs to the chart, which adds its times up: set drain",
			"{hawser.node: a}                           | hawser.node belongs to the chart, which names each node after its pod: leave",
			"{hawser: {reloadInterval: 5s}}             | hawser.reloadInterval belongs to the chart, which restarts pods that do not",
			"{server.address: 127.0.0.1}                | server.address would keep out the probes, which ask for /actuator/health",
			"{management.server.ssl.bundle: a}          | management.server.ssl.bundle would keep out the probes",
			"{management.server.base-path: /a}          | management.server.base-path would keep out the probes",
			"{management.endpoints.web.basePath: /a}    | management.endpoints.web.basePath would keep out the probes",
			"{management.endpoints.web.exposure.include: info} | management.endpoints.web.exposure leaves out health, which the probes",
			"{management.endpoints.web.exposure: {include: [health, info], exclude: health}} | management.endpoints.web.exposure leaves out",
			"{management: {endpoint.health.probes: {enabled: false}}} | management.endpoint.health.probes.enabled removes the endpoints",
			"{server: 80}                               | server has to be a map of properties",
			"{hawser: [a]}                              | hawser[0] has to be a map of properties",
			"{handshake: {allowed-origins: a}}          | handshake.allowed-origins has no effect here: put it below hawser.",
			"{HAWSER_HANDSHAKE_REQUIREORIGIN: true}     | HAWSER_HANDSHAKE_REQUIREORIGIN is the name of a variable, which application",
			"{application.yaml: \"hawser.operations.key: hunter2\"} | application.yaml has no effect, since config is that file",
			"{hawser: {handshake: {token: {secret: hunter2}}}}       | hawser.handshake.token.secret OPEN a Secret and name that in existing",
			"{hawser.handshake.token.secret: hunter2}                | hawser.handshake.token.secret OPEN a Secret and name that in existing",
			"{hawser.hand_shake: {TOKEN.Secret: hunter2}}            | hawser.hand_shake.TOKEN.Secret OPEN a Secret and name that in existing",
			"{hawser: {operations: {key: hunter2}}}                  | hawser.operations.key OPEN existingSecret and name its key in operations",
			"{hawser.operations.key: hunter2}                        | hawser.operations.key OPEN existingSecret and name its key in operations",
			"{hawser: {operations.key: 12345678}}                    | hawser.operations.key OPEN existingSecret and name its key in operations",
			"{hawser: {operationsKey: hunter2}}                      | hawser.operationsKey OPEN existingSecret and name its key in operations",
			"{HAWSER_OPERATIONS_KEY: hunter2}                        | HAWSER_OPERATIONS_KEY OPEN existingSecret and name its key in operations",
			"{\"hawser[operations][key]\": hunter2}                  | hawser[operations][key] OPEN existingSecret and name its key in operations",
			"{hawser: {handshake: {token: {introspection: {client-secret: hunter2}}}}}"
					+ " | client-secret OPEN existingSecret, and add secretProperties: {hawser.handshake.token.introspection.client-secret: <its key",
			"{hawser.handshake.token: {introspection.clientSecret: hunter2}} | hawser.handshake.token.introspection.clientSecret OPEN exist",
			"{hawser.handshake.token.keys: [{id: a, secret: hunter2}]} | hawser.handshake.token.keys[0].secret OPEN existingSecret, add secret"
					+ "Properties: {my-secret: <its key there>}, and write ${my-secret} here",
			"{hawser.hubs.chat.handshake.token.secret: hunter2}      | hawser.hubs.chat.handshake.token.secret OPEN existingSecret, and add",
			"{server: {ssl: {key-store-password: hunter2}}}          | server.ssl.key-store-password OPEN existingSecret, and add secretProp",
			"{server.ssl.keyStorePassword: hunter2}                  | server.ssl.keyStorePassword OPEN existingSecret, and add secretProp",
			"{server.ssl.key-store-password: \"${A:hunter2}\"}       | server.ssl.key-store-password OPEN existingSecret, and add secretProp",
			"{a.url: \"redis://:hunter2@redis:6379\"}                | a.url OPEN existingSecret, add secretProperties: {my-secret:",
			"{a.b: \"-----BEGIN PRIVATE KEY-----\\nhunter2\"}        | a.b OPEN existingSecret, add secretProperties: {my-secret:",
			"{management.opentelemetry.tracing.export.otlp.headers: {Authorization: \"Bearer hunter2\"}} | headers.Authorization OPEN existing",
			"{management.opentelemetry.tracing.export.otlp.headers.x-api-key: hunter2} | headers.x-api-key OPEN existing" })
	void refusesInTheConfiguration(String config, String sentence) {
		assertThatThrownBy(() -> Chart.HAWSER.render("config: " + config)).hasMessageContaining("config.")
				.hasMessageContaining(sentence.replace(" OPEN ", OPEN)).hasMessageNotContaining("hunter2");
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"no key at all | {existingSecret: \"\"} | Nothing says who signs tokens, and each pod would make a key that no other knows: name",
			"empty issuer  | {existingSecret: \"\", config: {hawser.handshake.token.issuer: \"\"}} | Nothing says who signs tokens, and",
			"no key of one hub | {existingSecret: \"\", config: {hawser: {handshake.token.required: false, hubs.chat.handshake.token.required: true}}}"
					+ " | Nothing says who signs tokens of the hub chat, and",
			"key of another hub | {existingSecret: \"\", config: {hawser.hubs.chat.handshake.token.issuer: \"https://i\"}} | Nothing says who signs",
			"many development keys | {existingSecret: \"\", tokenKeys: development} | key of its own, which no other pod knows: set replicas: 1, and",
			"more later    | {existingSecret: \"\", tokenKeys: development, replicas: 1, autoscaling: {enabled: true}} | set replicas: 1, and leave",
			"key of what   | {existingSecret: \"\", existingSecretKey: k} | existingSecretKey names a key inside existingSecret: name that Secret",
			"operators' of what | {existingSecret: \"\", operationsSecretKey: k} | operationsSecretKey names a key inside existingSecret: name",
			"property of what | {existingSecret: \"\", secretProperties: {a: k}} | secretProperties names a key inside existingSecret: name that",
			"two signers   | {existingSecretKey: k, config: {hawser.handshake.token.jwks.url: \"https://i\"}}"
					+ " | config.hawser.handshake.token.jwks.url and existingSecretKey do not go together",
			"two signers, one in a variable | {existingSecretKey: k, extraEnv: [{name: HAWSER_HANDSHAKE_TOKEN_INTROSPECTION_URL, value: \"https://i\"}]}"
					+ " | extraEnv.HAWSER_HANDSHAKE_TOKEN_INTROSPECTION_URL and existingSecretKey do not go together",
			"idle Secret   | config: {hawser.handshake.token.issuer: \"https://i\"} | existingSecret is not used, since config.hawser.handshake.token.issuer"
					+ " says who signs tokens: leave it out, or name what it has in existingSecretKey",
			"idle Secret of an own verifier | tokenKeys: application | existingSecret is not used, since tokenKeys: application says",
			"pushes of what | {existingSecret: \"\", pushSecretKey: k} | pushSecretKey names a key inside existingSecret: name",
			"two push keys | {pushSecretKey: o, config: {hawser.push.key: \"${A}\"}} | config.hawser.push.key and pushSecretKey set the same property: leave one",
			"open push key | config: {hawser.push.key: abc} | put it into existingSecret and name its key in pushSecretKey",
			"no push key   | tokenKeys: push | there is none: name it in pushSecretKey",
			"two places    | {operationsSecretKey: o, config: {hawser.operations.key: \"${A}\"}}"
					+ " | config.hawser.operations.key and operationsSecretKey set the same property: leave one",
			"two places, once more | {secretProperties: {a.b: k}, config: {a: {B: c}}} | config.a.B and secretProperties.a.b set the same",
			"two spellings | config: {hawser.connection: {max-message-size: 1MB, maxMessageSize: 2MB}} | config sets one property twice, as",
			"part of a list | secretProperties: {\"hawser.handshake.token.keys[0].secret\": k} | is in a list, which must stand in one place",
			"port as a secret | secretProperties: {server.port: k} | secretProperties.server.port belongs to the chart, which needs 9501",
			"port in a variable | extraEnv: [{name: SERVER_PORT, value: \"80\"}] | extraEnv.SERVER_PORT belongs to the chart, which needs 9501",
			"port of the JVM | extraEnv: [{name: JAVA_TOOL_OPTIONS, value: \"-Xss1m -Dserver.port=80\"}] | extraEnv.JAVA_TOOL_OPTIONS -Dserver.port",
			"drain in a variable | extraEnv: [{name: HAWSER_DRAIN_WINDOW, value: 5m}] | extraEnv.HAWSER_DRAIN_WINDOW belongs to the chart, which",
			"name in a variable | extraEnv: [{name: HAWSER_NODE, value: a}] | extraEnv.HAWSER_NODE belongs to the chart, which names each node",
			"import in a variable | extraEnv: [{name: SPRING_CONFIG_IMPORT, value: a}] | extraEnv.SPRING_CONFIG_IMPORT belongs to the chart, which",
			"all in a variable | extraEnv: [{name: SPRING_APPLICATION_JSON, value: \"{}\"}] | sets properties that the chart does not see: write the",
			"secret in a variable | extraEnv: [{name: HAWSER_OPERATIONS_KEY, value: hunter2}] | would be readable in a Deployment: put it into existing",
			"client's secret in a variable | extraEnv: [{name: HAWSER_HANDSHAKE_TOKEN_INTROSPECTION_CLIENT_SECRET, value: hunter2}]"
					+ " | would be readable in a Deployment: take it from a Secret with valueFrom",
			"secret of the JVM | extraEnv: [{name: JDK_JAVA_OPTIONS, value: -Dhawser.operations.key=hunter2}] | would be readable in a Deployment: put it",
			"volume of the chart | extraVolumes: [{name: config}] | extraVolumes has a second volume 'config': config, tmp, secrets and data",
			"volume twice  | extraVolumes: [{name: a}, {name: a}] | extraVolumes has a second volume 'a'",
			"no such volume | extraVolumeMounts: [{name: a, mountPath: /b}] | extraVolumeMounts names a volume 'a' that extraVolumes does not have",
			"server hidden | {extraVolumes: [{name: a}], extraVolumeMounts: [{name: a, mountPath: /app/}]} | would hide what is in /app/: choose" })
	void refuses(String label, String values, String sentence) {
		assertThatThrownBy(() -> Chart.HAWSER.render(values)).hasMessageContaining(sentence).hasMessageNotContaining("hunter2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.ssl.key-store-password: \"${KEYSTORE_PASSWORD}\"", "a.authorization: \"Bearer ${TOKEN}\"",
			"a.url: \"redis://:${PASSWORD}@redis:6379\"", "a.url: \"https://login.example.com:8443/keys\"", "a.hide-secret: true",
			"spring.ssl.bundle.pem.web.keystore.private-key: file:/etc/tls/tls.key", "hawser.handshake.token.cookie: access_token",
			"callbacks.greeting: hello", "MY_VALUE: 5", "management.endpoints.web.exposure.include: [health, info]",
			"spring.config.import: configtree:/etc/more/" })
	void takes(String property) {
		String yaml = Chart.HAWSER.render("config: {" + property + "}").get("ConfigMap/demo-hawser").at("/data/application.yaml").asText();
		assertThat(yaml).contains(property.split(": ", -1)[0]);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "config: {hawser.handshake.token.required: false}", "config: {hawser: {handshake: {token: {issuer: https://i}}}}",
					"config: {hawser.hubs: {chat.handshake.token.issuer: https://i, default.handshake.token.required: false}}",
					"config: {hawser.handshake.token.keys: [{id: a, public-key: /etc/a.pem}]}", "tokenKeys: application",
					"{tokenKeys: development, replicas: 1}", "extraEnv: [{name: HAWSER_HANDSHAKE_TOKEN_JWKS_URL, value: https://i}]",
					"extraEnv: [{name: HAWSER_HANDSHAKE_TOKEN_SECRET, valueFrom: {secretKeyRef: {name: a, key: b}}}]" })
	void needsNoSecretWhereSomethingElseSaysWhoSignsTokens(String values) {
		String yaml = values.startsWith("{") ? values.replace("{tokenKeys", "{existingSecret: \"\", tokenKeys")
				: values + "\nexistingSecret: \"\"";
		assertThat(Chart.HAWSER.render(yaml).names()).contains("Deployment/demo-hawser");
	}

	@Test
	void takesSecretsFromTheEnvironment() {
		String yaml = Chart.HAWSER.render("config: {server: {ssl: {key-store-password: \"${KEYSTORE_PASSWORD}\"}}}")
				.get("ConfigMap/demo-hawser").at("/data/application.yaml").asText();
		assertThat(yaml).contains("key-store-password: ${KEYSTORE_PASSWORD}");
	}

	@Test
	void keepsWhatTheOperatorWroteAsItIs() {
		assertThat(Chart.HAWSER.render("config: {hawser.handshake: {allowed-origins: \"*\"}}").get("ConfigMap/demo-hawser")
				.at("/data/application.yaml").asText()).contains("hawser.handshake:\n  allowed-origins: '*'\n");
	}
}
