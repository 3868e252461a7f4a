package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Pods that keep a volume: a StatefulSet in place of the Deployment, and what goes with it. */
class ChartPersistenceTests {
	private static final ObjectMapper JSON = new ObjectMapper();
	private static final String ON = "persistence: {enabled: true}";
	private static final String SET = "StatefulSet/demo-hawser";
	private static final String DEPLOYMENT = "Deployment/demo-hawser";
	private static final String EVERYTHING = Chart.EVERYTHING + """
			persistence: {enabled: true, size: 5Gi, storageClass: fast, accessModes: [ReadWriteOncePod], mountPath: /data/hawser,
			  whenScaled: Delete, whenDeleted: Delete, annotations: {a: b}}
			""";

	@Test
	void hasAStatefulSetInPlaceOfTheDeployment() {
		assertThat(Chart.HAWSER.render(ON).names()).contains(SET).doesNotContain(DEPLOYMENT)
				.hasSameSizeAs(Chart.HAWSER.render("").names());
		assertThat(Chart.HAWSER.render("").names()).contains(DEPLOYMENT).doesNotContain(SET);
	}

	/** Label, values, path in the StatefulSet, what is there as JSON; empty: nothing. */
	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, emptyValue = "", value = {
			"two pods        | enabled: true | /spec/replicas | 2",
			"all at once     | enabled: true | /spec/podManagementPolicy | \"Parallel\"",
			"one by one      | enabled: true | /spec/updateStrategy | {\"type\": \"RollingUpdate\"}",
			"no strategy of Deployments | enabled: true | /spec/strategy | ",
			"names in DNS    | enabled: true | /spec/serviceName | \"demo-hawser-pods\"",
			"claims stay     | enabled: true | /spec/persistentVolumeClaimRetentionPolicy | {\"whenScaled\": \"Retain\", \"whenDeleted\": \"Retain\"}",
			"claims go       | {enabled: true, whenScaled: Delete} | /spec/persistentVolumeClaimRetentionPolicy/whenScaled | \"Delete\"",
			"one claim       | enabled: true | /spec/volumeClaimTemplates/1 | ",
			"claim           | enabled: true | /spec/volumeClaimTemplates/0/spec"
					+ " | {\"accessModes\": [\"ReadWriteOnce\"], \"resources\": {\"requests\": {\"storage\": \"1Gi\"}}}",
			"class           | {enabled: true, storageClass: fast} | /spec/volumeClaimTemplates/0/spec/storageClassName | \"fast\"",
			"mode            | {enabled: true, accessModes: [ReadWriteOncePod]} | /spec/volumeClaimTemplates/0/spec/accessModes | [\"ReadWriteOncePod\"]",
			"annotations     | {enabled: true, annotations: {a: b}} | /spec/volumeClaimTemplates/0/metadata/annotations | {\"a\": \"b\"}",
			"no annotations  | enabled: true | /spec/volumeClaimTemplates/0/metadata/annotations | ",
			"mount           | enabled: true | CONTAINER/volumeMounts/3 | {\"name\": \"data\", \"mountPath\": \"/app/data\"}",
			"mount elsewhere | {enabled: true, mountPath: /data} | CONTAINER/volumeMounts/3/mountPath | \"/data\"",
			"group that may write | enabled: true | /spec/template/spec/securityContext/fsGroup | 10001" })
	void has(String label, String persistence, String path, String expected) throws Exception {
		String values = persistence.startsWith("{") ? persistence : "{" + persistence + "}";
		assertThat(Chart.HAWSER.render("persistence: " + values).get(SET).at(path.replace("CONTAINER", "/spec/template/spec/containers/0")))
				.isEqualTo(JSON.readTree(expected == null ? "" : expected));
	}

	@ParameterizedTest
	@ValueSource(strings = { ON, EVERYTHING })
	void rendersOnlyWhatTheApiKnows(String values) {
		for (JsonNode manifest : Chart.HAWSER.render(values).all()) {
			assertThat(ManifestCheck.faults(manifest)).as(Chart.Manifests.name(manifest)).isEmpty();
		}
	}

	@Test
	void wouldNotRenderWhatTheApiDoesNotKnow() {
		JsonNode set = Chart.HAWSER.render(ON).get(SET).deepCopy();
		((ObjectNode) set.path("spec")).put("serviceNames", "a");
		assertThat(ManifestCheck.faults(set)).anyMatch(fault -> fault.contains("/spec/serviceNames"))
				.anyMatch(fault -> fault.startsWith("refused"));
	}

	/** Apart from the volume, and from the label by which pods of one version know each other, the pods are those of the Deployment. */
	@Test
	void hasThePodsOfTheDeployment() {
		ObjectNode ofSet = pod(EVERYTHING, SET);
		ObjectNode ofDeployment = pod(Chart.EVERYTHING, DEPLOYMENT);
		ArrayNode mounts = (ArrayNode) ofSet.at("/spec/containers/0/volumeMounts");
		assertThat(mounts.remove(3).path("name").asText()).isEqualTo("data");
		for (int i = 0; i < 2; i++) {
			JsonNode spread = ofSet.at("/spec/topologySpreadConstraints/" + i);
			assertThat(spread.path("matchLabelKeys").toString()).isEqualTo("[\"controller-revision-hash\"]");
			((ObjectNode) spread).set("matchLabelKeys", ofDeployment.at("/spec/topologySpreadConstraints/" + i + "/matchLabelKeys"));
		}
		assertThat(ofSet).isEqualTo(ofDeployment);
	}

	private static ObjectNode pod(String values, String workload) {
		ObjectNode pod = Chart.HAWSER.render(values).get(workload).at("/spec/template").deepCopy();
		((ObjectNode) pod.at("/metadata/annotations")).remove("checksum/config");
		return pod;
	}

	@Test
	void isFoundByAutoscalerBudgetPolicyAndServices() {
		Chart.Manifests manifests = Chart.HAWSER.render(EVERYTHING);
		assertThat(manifests.at("HorizontalPodAutoscaler/demo-hawser /spec/scaleTargetRef").toString())
				.isEqualTo("{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"name\":\"demo-hawser\"}");
		assertThat(Chart.HAWSER.render("autoscaling: {enabled: true}").at("HorizontalPodAutoscaler/demo-hawser /spec/scaleTargetRef/kind")
				.asText()).isEqualTo("Deployment");
		JsonNode labels = manifests.get(SET).at("/spec/template/metadata/labels");
		for (JsonNode selector : List.of(manifests.get(SET).at("/spec/selector/matchLabels"),
				manifests.at("PodDisruptionBudget/demo-hawser /spec/selector/matchLabels"),
				manifests.at("NetworkPolicy/demo-hawser /spec/podSelector/matchLabels"),
				manifests.at("Service/demo-hawser /spec/selector"), manifests.at("Service/demo-hawser-pods /spec/selector"))) {
			assertThat(selector.properties()).isNotEmpty()
					.allSatisfy(label -> assertThat(labels.path(label.getKey())).isEqualTo(label.getValue()));
		}
		assertThat(manifests.at("Service/demo-hawser-pods /spec/clusterIP").asText()).as("gives the pods their names").isEqualTo("None");
	}

	@Test
	void putsTheFolderOnTheVolume() {
		String yaml = Chart.HAWSER.render("""
				persistence: {enabled: true, mountPath: /data}
				config: {hawser.webhooks.max-age: 2h, hawser: {webhooks: {max-size: 512MB}}}
				""").at("ConfigMap/demo-hawser /data/application.yaml").asText();
		Map<String, Object> all = new Yaml().load(yaml);
		assertThat(all).containsEntry("hawser.webhooks.max-age", "2h");
		assertThat(all.get("hawser")).asString().contains("webhooks={folder=/data, max-size=512MB}");
		assertThat(Chart.HAWSER.render("").at("ConfigMap/demo-hawser /data/application.yaml").asText()).doesNotContain("folder");
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"folder elsewhere | CONFIG {hawser: {webhooks: {folder: /tmp}}} | config.hawser.webhooks.folder belongs to the chart, which puts the folder on the",
			"folder, dotted   | CONFIG {Hawser.WebHooks.folder: /tmp}       | config.Hawser.WebHooks.folder belongs to the chart",
			"over the server  | persistence: {enabled: true, mountPath: /app/} | persistence.mountPath would hide what is in /app/: choose another one",
			"over callbacks   | persistence: {enabled: true, mountPath: /app/callbacks} | persistence.mountPath would hide what is in /app/callbacks",
			"second volume    | extraVolumes: [{name: data}] | extraVolumes has a second volume 'data'",
			"mount over it    | {persistence: {enabled: true}, extraVolumes: [{name: a}], extraVolumeMounts: [{name: a, mountPath: /app/data}]}"
					+ " | would hide what is in /app/data",
			"relative path    | persistence: {mountPath: data}      | at '/persistence/mountPath': 'data' does not match pattern",
			"size in words    | persistence: {size: big}            | at '/persistence/size': 'big' does not match pattern",
			"no mode          | persistence: {accessModes: []}      | at '/persistence/accessModes': minItems: got 0, want 1",
			"reading only     | persistence: {accessModes: [ReadOnlyMany]} | at '/persistence/accessModes/0': value must be one of",
			"policy           | persistence: {whenScaled: Keep}     | at '/persistence/whenScaled': value must be one of 'Retain', 'Delete'" })
	void refuses(String label, String values, String sentence) {
		String all = values.replace("CONFIG ", "persistence: {enabled: true}\nconfig: ");
		assertThatThrownBy(() -> Chart.HAWSER.render(all)).hasMessageContaining(sentence);
	}

	@Test
	void takesAFolderOfTheOperatorsWithoutPersistence() {
		assertThat(Chart.HAWSER.render("config: {hawser.webhooks.folder: /tmp/webhooks}").at("ConfigMap/demo-hawser /data/application.yaml")
				.asText()).contains("hawser.webhooks.folder: /tmp/webhooks");
	}

	@Test
	void saysWhereTheEventsAre() {
		assertThat(Chart.HAWSER.install(ON)).contains("on a claim of its own, data-demo-hawser-0 and so on, at /app/data",
				"leaves the claim; what waits on it is delivered when the pod comes back");
		assertThat(Chart.HAWSER.install("persistence: {enabled: true, whenScaled: Delete}")).contains("deletes the claim, with what waits");
		assertThat(Chart.HAWSER.install("")).doesNotContain("claim");
	}
}
