package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad values are refused before anything is installed, with a sentence that names the value. */
class ChartSchemaTests {
	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"unknown value            | replicaCount: 3                           | additional properties 'replicaCount' not allowed",
			"misspelt value           | service: {prot: 1}                        | at '/service': additional properties 'prot' not allowed",
			"port as a word           | service: {port: high}                     | at '/service/port': got string, want integer",
			"port as text             | service: {port: \"9501\"}                 | at '/service/port': got string, want integer",
			"port too high            | operationsService: {port: 70000}          | at '/operationsService/port': maximum: got 70,000, want 65,535",
			"kind of Service          | service: {type: ExternalName}             | at '/service/type': value must be one of 'ClusterIP', 'NodePort'",
			"negative replicas        | replicas: -1                              | at '/replicas': minimum: got -1, want 0",
			"switch as text           | ingress: {enabled: \"yes\"}               | at '/ingress/enabled': got string, want boolean",
			"Ingress without a host   | ingress: {enabled: true}                  | at '/ingress/hosts': minItems: got 0, want 1",
			"host with a scheme       | ingress: {hosts: [\"https://a\"]}         | at '/ingress/hosts/0': 'https://a' does not match pattern",
			"path without a slash     | ingress: {path: ws}                       | at '/ingress/path': 'ws' does not match pattern",
			"route without a gateway  | httpRoute: {enabled: true}                | at '/httpRoute/parentRefs': minItems: got 0, want 1",
			"gateway without a name   | httpRoute: {parentRefs: [{namespace: a}]} | at '/httpRoute/parentRefs/0': missing property 'name'",
			"timeout without a unit   | httpRoute: {requestTimeout: \"5\"}        | at '/httpRoute/requestTimeout': '5' does not match pattern",
			"drain as a duration      | drain: {windowSeconds: 20s}               | at '/drain/windowSeconds': got string, want integer",
			"negative drain           | drain: {preStopSeconds: -1}               | at '/drain/preStopSeconds': minimum: got -1, want 0",
			"no digest                | image: {digest: latest}                   | at '/image/digest': 'latest' does not match pattern",
			"no image                 | image: {repository: \"\"}                 | at '/image/repository': minLength: got 0, want 1",
			"configuration as text    | config: \"hawser.node=a\"                 | at '/config': got string, want object",
			"variables as a map       | extraEnv: {A: b}                          | at '/extraEnv': got object, want array",
			"variable without a name  | extraEnv: [{value: b}]                    | at '/extraEnv/0': missing property 'name'",
			"variable as a number     | extraEnv: [{name: A, value: 5}]           | at '/extraEnv/0/value': got number, want string",
			"label as a switch        | podLabels: {a: true}                      | at '/podLabels/a': got boolean, want string",
			"budget in words          | podDisruptionBudget: {maxUnavailable: a}  | at '/podDisruptionBudget/maxUnavailable': 'a' does not match",
			"spread                   | topologySpread: {zones: always}           | at '/topologySpread/zones': value must be one of 'DoNotSchedule'",
			"everyone to operations   | networkPolicy: {operations: []}           | at '/networkPolicy/operations': minItems: got 0, want 1",
			"unknown alert            | prometheusRule: {disabled: [Down]}        | at '/prometheusRule/disabled/0': value must be one of 'HawserDown'",
			"secret by a path         | secretProperties: {a/b: c}                | at '': 'a/b' does not match pattern",
			"secret's key with a slash | secretProperties: {a: b/c}               | at '/secretProperties/a': 'b/c' does not match pattern",
			"keys of neither kind     | tokenKeys: none                           | at '/tokenKeys': value must be one of 'configured', 'devel",
			"reload without a unit    | reloadInterval: \"10\"                     | at '/reloadInterval': '10' does not match pattern",
			"reload all the time      | reloadInterval: 0s                        | at '/reloadInterval': '0s' does not match pattern",
			"container without image  | initContainers: [{name: a}]               | at '/initContainers/0': missing property 'image'",
			"containers as a map      | initContainers: {name: a}                 | at '/initContainers': got object, want array",
			"nothing to scale by      | autoscaling: {enabled: true, cpuPercent: 0} | autoscaling has nothing to go by",
			"fewest above most        | autoscaling: {enabled: true, minReplicas: 11} | minReplicas (11) must not be above autoscaling.maxReplicas (10)" })
	void refuses(String label, String values, String sentence) {
		assertThatThrownBy(() -> Chart.HAWSER.render(values)).hasMessageContaining(sentence)
				.hasMessageNotContaining("hunter2");
	}

	@Test
	void knowsEveryValueThatTheChartHas() throws Exception {
		assertThat(strange(Chart.HAWSER)).isEmpty();
	}

	@Test
	void wouldMissNoValue(@TempDir Path folder) throws Exception {
		Chart broken = Chart.HAWSER.broken(folder, "values.yaml", "replicas: 2", "replicas: 2\nreplicaCount: 2");
		assertThat(strange(broken)).containsExactly("values.yaml has /replicaCount, the schema does not");
	}

	/** Values that only one of the two files has. */
	private static List<String> strange(Chart chart) throws Exception {
		List<String> strange = new ArrayList<>();
		compare(chart.values(), new ObjectMapper().readTree(chart.read("values.schema.json")), "", strange);
		return strange;
	}

	private static void compare(JsonNode values, JsonNode schema, String at, List<String> strange) {
		JsonNode properties = schema.path("properties");
		if (properties.isMissingNode()) {
			return;
		}
		assertThat(schema.path("additionalProperties").asBoolean(true)).as("%s takes anything", at).isFalse();
		values.fieldNames().forEachRemaining(name -> {
			if (!properties.has(name)) {
				strange.add("values.yaml has " + at + "/" + name + ", the schema does not");
			}
		});
		properties.properties().forEach(property -> {
			if (values.has(property.getKey())) {
				compare(values.get(property.getKey()), property.getValue(), at + "/" + property.getKey(), strange);
			}
			else if (!OPTIONAL.contains(at + "/" + property.getKey())) {
				strange.add("The schema has " + at + "/" + property.getKey() + ", values.yaml does not");
			}
		});
	}

	/** Kubernetes' own fields in values that are passed on, and what Helm itself may add. */
	private static final List<String> OPTIONAL = List.of("/global", "/resources/claims", "/affinity/nodeAffinity",
			"/affinity/podAffinity", "/affinity/podAntiAffinity");
}
