package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the API would accept what the chart renders, as far as this can be checked without a cluster. */
class ChartValidityTests {
	@TempDir
	private Path folder;

	@Test
	void passesLint() {
		LintResult result = new Helm(Chart.HAWSER.folder()).lint().strict().call();
		assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
	}

	@Test
	void failsLintWithABrokenTemplate() throws Exception {
		Chart broken = Chart.HAWSER.broken(folder, "templates/pdb.yaml", "{{- end }}", "");
		LintResult result = new Helm(broken.folder()).lint().strict().call();
		assertThat(result.isFailed()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("values")
	void rendersOnlyWhatTheApiKnows(String label, String values) {
		Chart.Manifests manifests = Chart.HAWSER.render(values);
		assertThat(manifests.names()).doesNotHaveDuplicates();
		for (JsonNode manifest : manifests.all()) {
			assertThat(ManifestCheck.faults(manifest)).as(Chart.Manifests.name(manifest)).isEmpty();
			assertThat(manifest.at("/metadata/namespace").asText()).as(Chart.Manifests.name(manifest)).isEqualTo("live");
		}
	}

	static Stream<Arguments> values() {
		return Stream.of(Arguments.of("defaults", ""), Arguments.of("everything", Chart.EVERYTHING),
				Arguments.of("next to nothing", """
						existingSecret: ""
						tokenKeys: application
						drain: {preStopSeconds: 0}
						service: {appProtocol: ""}
						podDisruptionBudget: {enabled: false}
						topologySpread: {zones: "", nodes: ""}
						serviceAccount: {create: false}
						networkPolicy: {enabled: false}
						"""));
	}

	@ParameterizedTest
	@MethodSource("faults")
	void findsAPlantedFault(String file, String find, String replacement, String fault) throws Exception {
		Chart broken = Chart.HAWSER.broken(folder, file, find, replacement);
		List<String> faults = broken.render(Chart.EVERYTHING).all().stream().flatMap(manifest -> ManifestCheck.faults(manifest).stream())
				.toList();
		assertThat(faults).anySatisfy(found -> assertThat(found).contains(fault));
	}

	static Stream<Arguments> faults() {
		String deployment = "templates/workload.yaml";
		return Stream.of(
				Arguments.of(deployment, "readinessProbe:", "readynessProbe:", "unknown: /spec/template/spec/containers/0/readynessProbe"),
				Arguments.of(deployment, "apps/v1", "apps/v1beta1", "No such kind: apps/v1beta1/Deployment"),
				Arguments.of(deployment, "containerPort: 9501", "containerPort: \"9501\"",
						"mistyped: /spec/template/spec/containers/0/ports"),
				Arguments.of(deployment, "containerPort: 9501", "containerPort: high", "mistyped: "),
				Arguments.of(deployment, "mountPath: /tmp", "readOnly: false", "The required field `mountPath` is not found"),
				Arguments.of(deployment, "        - name: hawser\n          image:", "        - image:", "The required field `name`"),
				Arguments.of(deployment, "name: tmp\n              mountPath", "name: 5\n              mountPath", "mistyped: "),
				Arguments.of(deployment, "secretName:", "name:", "unknown: /spec/template/spec/volumes/2/secret/name"),
				Arguments.of(deployment, "fieldRef:", "fieldref:", "unknown: /spec/template/spec/containers/0/env/0/valueFrom/fieldref"),
				Arguments.of("templates/services.yaml", "publishNotReadyAddresses: true", "publishNotReadyAddresses: always", "mistyped: "),
				Arguments.of("templates/services.yaml", "targetPort:", "targetport:", "unknown: /spec/ports/0/targetport"),
				Arguments.of("templates/services.yaml", "port: {{ .Values.service.port }}", "protocol: TCP", "The required field `port`"),
				Arguments.of("templates/hpa.yaml", "averageValue:", "average:", "/spec/metrics/1/pods/target/average"),
				Arguments.of("templates/pdb.yaml", "name: {{ include \"hawser.name\" . }}", "annotations: {}", "missing: metadata/name"),
				Arguments.of("templates/networkpolicy.yaml", "policyTypes:", "policyType:", "unknown: /spec/policyType"),
				Arguments.of("templates/ingress.yaml", "pathType: Prefix", "", "The required field `pathType`"),
				Arguments.of("templates/configmap.yaml", "data:", "data:\n  number: 5", "mistyped: /data/number"),
				Arguments.of("templates/serviceaccount.yaml", "automountServiceAccountToken: false",
						"automountServiceAccountToken: \"false\"", "mistyped: /automountServiceAccountToken"),
				Arguments.of("templates/tests/upgrade.yaml", "restartPolicy:", "restart:", "unknown: /spec/restart"),
				Arguments.of("templates/httproute.yaml", "backendRefs:", "backends:", "unknown: /spec/rules/0/backends"),
				Arguments.of("templates/httproute.yaml", "        - name: {{ include \"hawser.name\" . }}\n          port",
						"        - port",
						"missing: spec/rules/*/backendRefs/*/name"),
				Arguments.of("templates/httproute.yaml", "port: {{ .Values.service.port }}", "port: \"{{ .Values.service.port }}\"",
						"mistyped: /spec/rules/0/backendRefs/0/port"),
				Arguments.of("templates/servicemonitor.yaml", "interval:", "every:", "unknown: /spec/endpoints/0/every"),
				Arguments.of("templates/servicemonitor.yaml", "    - port: operations\n      path", "    - path",
						"missing: spec/endpoints/*/port"),
				Arguments.of("files/alerts.yaml", "expr: up{", "expression: up{", "missing: spec/groups/*/rules/*/expr"),
				Arguments.of("files/alerts.yaml", "for: 2m", "during: 2m", "unknown: /spec/groups/0/rules/0/during"));
	}
}
