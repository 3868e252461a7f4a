package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerts, by their unit tests in {@code helm/tests/alerts.yaml}. */
class AlertTests {
	private static final Path RULES = Path.of("helm", "hawser", "files", "alerts.yaml");
	private static final Path UNIT_TESTS = Path.of("helm", "tests", "alerts.yaml");

	@TempDir
	private Path folder;

	/** Checked before each test and not once: a class that is left out as a whole would not be counted as skipped. */
	@BeforeEach
	void needsPromtool() {
		Promtool.assumeInstalled();
	}

	static Stream<JsonNode> rules() throws Exception {
		return Chart.Manifests.parse(Files.readString(RULES)).all().getFirst().findValue("rules").valueStream();
	}

	@Test
	void areValid() throws Exception {
		assertThat(Promtool.run("check", "rules", RULES.toString()))
				.satisfies(verdict -> assertThat(verdict.code()).as(verdict.output()).isZero());
	}

	@Test
	void areValidAsTheChartInstallsThem() throws Exception {
		JsonNode spec = Chart.HAWSER.render("prometheusRule: {enabled: true}").get("PrometheusRule/demo-hawser").path("spec");
		Path installed = Files.writeString(folder.resolve("installed.yaml"), spec.toString());
		assertThat(Promtool.run("check", "rules", installed.toString()))
				.satisfies(verdict -> assertThat(verdict.code()).as(verdict.output()).isZero());
		assertThat(spec.toString()).contains("job=\\\"demo-hawser-operations\\\"").doesNotContain("job=\\\"hawser\\\"");
		assertThat(spec.findValuesAsText("alert")).hasSameSizeAs(rules().toList());
	}

	@Test
	void fireWhenTheyShould() throws Exception {
		assertThat(Promtool.run("test", "rules", UNIT_TESTS.toString()))
				.satisfies(verdict -> assertThat(verdict.code()).as(verdict.output()).isZero());
	}

	@ParameterizedTest
	@MethodSource("rules")
	void sayWhatIsWrongAndWhatToDo(JsonNode rule) {
		assertThat(rule.at("/annotations/summary").asText()).endsWith(".");
		assertThat(rule.at("/annotations/runbook").asText()).hasSizeGreaterThan(60);
		assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
		assertThat(rule.path("for").asText()).isNotEmpty();
	}

	@ParameterizedTest
	@MethodSource("rules")
	void canBeLeftOut(JsonNode rule) {
		String name = rule.path("alert").asText();
		assertThat(Chart.HAWSER.render("prometheusRule: {enabled: true, disabled: [" + name + "]}").get("PrometheusRule/demo-hawser")
				.findValuesAsText("alert")).isNotEmpty().doesNotContain(name);
	}

	/** One way to break each alert. */
	static Stream<Arguments> faults() {
		return Stream.of(
				Arguments.of("HawserDown", "== 0\n", "== 2\n"),
				Arguments.of("HawserDown, too early", "for: 2m", "for: 1m"),
				Arguments.of("HawserAbsent", "absent(up{job=\"hawser\"})", "absent(up{job=\"another\"})"),
				Arguments.of("HawserHandshakesFailing", "> 0.05", "> 0.5"),
				Arguments.of("HawserHandshakesFailing, of the verifier", "reason=\"verifier\"", "reason=\"verify\""),
				Arguments.of("HawserHandshakesFailing, too often", "> 0.05", "> 0.001"),
				Arguments.of("HawserHandshakesRejected", "outcome=\"rejected\"", "outcome=\"refused\""),
				Arguments.of("HawserHandshakesRejected, too often", "stopping|draining", "draining"),
				Arguments.of("HawserHandshakesRejected, for one client", " > 0.1\n        for: 10m\n        labels: {severity: warning}\n"
						+ "        annotations:\n          summary: \"{{ $value | humanizePercentage }} of the handshakes",
						" > 0.001\n        for: 10m\n        labels: {severity: warning}\n"
								+ "        annotations:\n          summary: \"{{ $value | humanizePercentage }} of the handshakes"),
				Arguments.of("HawserConnectionsDropped", "< 0.5 *", "< 0.3 *"),
				Arguments.of("HawserConnectionsDropped, of a few", ">= 100", ">= 10"),
				Arguments.of("HawserAbnormalCloses", "code=~\"1006|1011|1013\"", "code=~\"1006|1011\""),
				Arguments.of("HawserCallbacksSlow", "0.99", "0.5"),
				Arguments.of("HawserBackendDown", "(hawser_webhooks_down{job=\"hawser\"}) > 0",
						"(hawser_webhooks_down{job=\"hawser\"}) > 1"),
				Arguments.of("HawserDeadLetters", "(hawser_webhooks_dead_total{job=\"hawser\"}[15m])) > 0",
						"(hawser_webhooks_dead_total{job=\"hawser\"}[15m])) > 2"),
				Arguments.of("HawserEventsLost", "(hawser_webhooks_lost_total{job=\"hawser\"}[15m])) > 0",
						"(hawser_webhooks_lost_total{job=\"hawser\"}[15m])) > 2"),
				Arguments.of("HawserEventStoreDown", "hawser_webhooks_store_down{job=\"hawser\"} == 1",
						"hawser_webhooks_store_down{job=\"hawser\"} == 2"),
				Arguments.of("HawserSendsRefused", "> 0.01", "> 0.1"),
				Arguments.of("HawserSendsRefused, of unknown connections", "overflowed|too-large", "overflowed|not-found"),
				Arguments.of("HawserPushesFailing", "outcome=\"failed\"}[5m]))\n          / sum by (namespace, job) (rate(hawser_push",
						"outcome=\"done\"}[5m]))\n          / sum by (namespace, job) (rate(hawser_push"),
				Arguments.of("HawserPushCallersRefused", "token-.*|address|hub|quota", "address|hub|quota"),
				Arguments.of("HawserPushCallersRefused, every one", "or rate(hawser_push_requests", "+ rate(hawser_push_requests"),
				Arguments.of("HawserNearConnectionLimit", "> 0.85", "> 0.95"),
				Arguments.of("HawserNearConnectionLimit, without a limit", " > 0) > 0.85", ") < 0.85"),
				Arguments.of("HawserMemoryShort", "hawser_memory_ended_total", "hawser_memory_started_total"),
				Arguments.of("HawserMemoryShort, too early", "[10m])) > 0\n        for: 1m", "[10m])) > 0\n        for: 0m"),
				Arguments.of("HawserDrainingLong", "hawser_draining{job=\"hawser\"} == 1", "hawser_draining{job=\"hawser\"} == 2"),
				Arguments.of("HawserLogStuck", "[10m])) > 0\n", "[10m])) > 5000\n"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("faults")
	void wouldNotPassBroken(String label, String find, String replacement) throws Exception {
		String rules = Files.readString(RULES);
		assertThat(rules).contains(find);
		Files.writeString(folder.resolve("rules.yaml"), rules.replace(find, replacement));
		Path tests = Files.writeString(folder.resolve("tests.yaml"),
				Files.readString(UNIT_TESTS).replace("../hawser/files/alerts.yaml", "rules.yaml"));
		Promtool.Verdict verdict = Promtool.run("test", "rules", tests.toString());
		assertThat(verdict.code()).as(verdict.output()).isNotZero();
		assertThat(verdict.output()).contains("alertname: " + label.replaceFirst(",.*", ""));
	}
}
