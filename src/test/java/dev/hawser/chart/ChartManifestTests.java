package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** Which values lead to which manifests. */
class ChartManifestTests {
	private static final ObjectMapper JSON = new ObjectMapper();
	private static final Chart.Manifests DEFAULTS = Chart.HAWSER.render("");
	private static final Chart.Manifests EVERYTHING = Chart.HAWSER.render(Chart.EVERYTHING);
	private static final String DEPLOYMENT = "Deployment/demo-hawser";

	@Test
	void hasTheseObjectsByDefault() {
		assertThat(DEFAULTS.names()).containsExactly("ConfigMap/demo-hawser", DEPLOYMENT, "NetworkPolicy/demo-hawser",
				"Pod/demo-hawser-test", "PodDisruptionBudget/demo-hawser", "Service/demo-hawser", "Service/demo-hawser-operations",
				"Service/demo-hawser-pods", "ServiceAccount/demo-hawser");
	}

	@Test
	void hasTheseObjectsAtMost() {
		assertThat(EVERYTHING.names()).containsExactly("ConfigMap/demo-hawser", "ConfigMap/demo-hawser-dashboard", DEPLOYMENT,
				"HTTPRoute/demo-hawser", "HorizontalPodAutoscaler/demo-hawser", "Ingress/demo-hawser", "NetworkPolicy/demo-hawser",
				"Pod/demo-hawser-test", "PodDisruptionBudget/demo-hawser", "PrometheusRule/demo-hawser", "Service/demo-hawser",
				"Service/demo-hawser-operations", "Service/demo-hawser-pods", "ServiceAccount/demo-hawser", "ServiceMonitor/demo-hawser");
	}

	/** Label, values, object and path in it, what is there as JSON; empty: nothing. */
	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, emptyValue = "", value = {
			"two pods             | {} | Deployment/demo-hawser /spec/replicas | 2",
			"more pods            | replicas: 5 | Deployment/demo-hawser /spec/replicas | 5",
			"autoscaled pods      | autoscaling: {enabled: true, minReplicas: 3} | Deployment/demo-hawser /spec/replicas | 3",
			"no pod goes first    | {} | Deployment/demo-hawser /spec/strategy/rollingUpdate | {\"maxSurge\": 1, \"maxUnavailable\": 0}",
			"image                | {} | BOX/image | \"hawser:0.1.0-SNAPSHOT\"",
			"image of a registry  | image: {repository: r.example.com/h, tag: \"2\"} | BOX/image | \"r.example.com/h:2\"",
			"image by digest | image: {digest: sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}"
					+ " | BOX/image | \"hawser@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
			"grace period         | {} | POD/terminationGracePeriodSeconds | 65",
			"longer drain         | drain: {windowSeconds: 120} | POD/terminationGracePeriodSeconds | 165",
			"no drain at all      | drain: {preStopSeconds: 0, windowSeconds: 0, timeoutSeconds: 0, marginSeconds: 0}"
					+ " | POD/terminationGracePeriodSeconds | 0",
			"sleep before SIGTERM | drain: {preStopSeconds: 7} | BOX/lifecycle | {\"preStop\": {\"sleep\": {\"seconds\": 7}}}",
			"no sleep             | drain: {preStopSeconds: 0} | BOX/lifecycle | ",
			"startup probe        | {} | BOX/startupProbe/httpGet | {\"path\": \"/actuator/health/liveness\", \"port\": \"operations\"}",
			"liveness probe       | {} | BOX/livenessProbe/httpGet | {\"path\": \"/actuator/health/liveness\", \"port\": \"operations\"}",
			"readiness probe      | {} | BOX/readinessProbe/httpGet | {\"path\": \"/actuator/health/readiness\", \"port\": \"operations\"}",
			"slower probe         | probes: {startup: {failureThreshold: 90}} | BOX/startupProbe/failureThreshold | 90",
			"two ports            | {} | BOX/ports | [{\"name\": \"websocket\", \"containerPort\": 9501},"
					+ " {\"name\": \"operations\", \"containerPort\": 9502}]",
			"read-only root       | {} | BOX/securityContext | {\"allowPrivilegeEscalation\": false, \"readOnlyRootFilesystem\": true,"
					+ " \"capabilities\": {\"drop\": [\"ALL\"]}}",
			"restricted pod       | {} | POD/securityContext | {\"runAsNonRoot\": true, \"runAsUser\": 10001, \"runAsGroup\": 10001,"
					+ " \"fsGroup\": 10001, \"seccompProfile\": {\"type\": \"RuntimeDefault\"}}",
			"user of the platform | podSecurityContext: {runAsUser: null, runAsGroup: null, fsGroup: null} | POD/securityContext"
					+ " | {\"runAsNonRoot\": true, \"seccompProfile\": {\"type\": \"RuntimeDefault\"}}",
			"no token mounted     | {} | POD/automountServiceAccountToken | false",
			"no links             | {} | POD/enableServiceLinks | false",
			"spread over zones    | topologySpread: {nodes: \"\"} | POD/topologySpreadConstraints/0/topologyKey | \"topology.kubernetes.io/zone\"",
			"spread by force      | topologySpread: {nodes: DoNotSchedule} | POD/topologySpreadConstraints/1/whenUnsatisfiable | \"DoNotSchedule\"",
			"no spread            | topologySpread: {nodes: \"\", zones: \"\"} | POD/topologySpreadConstraints | ",
			"account              | {} | POD/serviceAccountName | \"demo-hawser\"",
			"account of yours     | serviceAccount: {create: false, name: mine} | POD/serviceAccountName | \"mine\"",
			"no account           | serviceAccount: {create: false} | POD/serviceAccountName | \"default\"",
			"no account, object   | serviceAccount: {create: false} | ServiceAccount/demo-hawser /kind | ",
			"callbacks            | {extraVolumes: [{name: c, emptyDir: {}}], extraVolumeMounts: [{name: c, mountPath: /app/callbacks}]}"
					+ " | BOX/volumeMounts/3/mountPath | \"/app/callbacks\"",
			"name                 | fullnameOverride: chat | Service/chat-operations /spec/type | \"ClusterIP\"",
			"public port          | {} | Service/demo-hawser /spec/ports | [{\"name\": \"websocket\", \"port\": 9501,"
					+ " \"targetPort\": \"websocket\", \"appProtocol\": \"kubernetes.io/ws\"}]",
			"port for a mesh      | service: {appProtocol: http} | Service/demo-hawser /spec/ports/0/appProtocol | \"http\"",
			"port without name    | service: {appProtocol: \"\"} | Service/demo-hawser /spec/ports/0/appProtocol | ",
			"load balancer        | service: {type: LoadBalancer, port: 443} | Service/demo-hawser /spec/ports/0/port | 443",
			"operations stay in   | service: {type: LoadBalancer} | Service/demo-hawser-operations /spec/type | \"ClusterIP\"",
			"operations port      | {} | Service/demo-hawser-operations /spec/ports/0 | {\"name\": \"operations\", \"port\": 9502,"
					+ " \"targetPort\": \"operations\", \"appProtocol\": \"http\"}",
			"patient Ingress      | ingress: {enabled: true, hosts: [a.io]} | Ingress/demo-hawser /metadata/annotations"
					+ " | {\"nginx.ingress.kubernetes.io/proxy-read-timeout\": \"3600\", \"nginx.ingress.kubernetes.io/proxy-send-timeout\": \"3600\"}",
			"Ingress to clients' port | ingress: {enabled: true, hosts: [a.io]} | Ingress/demo-hawser /spec/rules | [{\"host\": \"a.io\","
					+ " \"http\": {\"paths\": [{\"path\": \"/\", \"pathType\": \"Prefix\","
					+ " \"backend\": {\"service\": {\"name\": \"demo-hawser\", \"port\": {\"name\": \"websocket\"}}}}]}}]",
			"Ingress with TLS     | ingress: {enabled: true, hosts: [a.io], tlsSecret: t} | Ingress/demo-hawser /spec/tls"
					+ " | [{\"secretName\": \"t\", \"hosts\": [\"a.io\"]}]",
			"route                | httpRoute: {enabled: true, parentRefs: [{name: g}]} | HTTPRoute/demo-hawser /spec"
					+ " | {\"parentRefs\": [{\"name\": \"g\"}], \"rules\": [{\"matches\": [{\"path\": {\"type\": \"PathPrefix\", \"value\": \"/\"}}],"
					+ " \"backendRefs\": [{\"name\": \"demo-hawser\", \"port\": 9501}]}]}",
			"patient route        | httpRoute: {enabled: true, parentRefs: [{name: g}], requestTimeout: 0s}"
					+ " | HTTPRoute/demo-hawser /spec/rules/0/timeouts | {\"request\": \"0s\"}",
			"scale by CPU         | autoscaling: {enabled: true} | HorizontalPodAutoscaler/demo-hawser /spec/metrics"
					+ " | [{\"type\": \"Resource\", \"resource\": {\"name\": \"cpu\", \"target\": {\"type\": \"Utilization\", \"averageUtilization\": 70}}}]",
			"scale by connections | autoscaling: {enabled: true, cpuPercent: 0, connections: 5000}"
					+ " | HorizontalPodAutoscaler/demo-hawser /spec/metrics | [{\"type\": \"Pods\", \"pods\":"
					+ " {\"metric\": {\"name\": \"hawser_connections\"}, \"target\": {\"type\": \"AverageValue\", \"averageValue\": \"5000\"}}}]",
			"slow scale-down      | autoscaling: {enabled: true} | HorizontalPodAutoscaler/demo-hawser /spec/behavior/scaleDown"
					+ " | {\"stabilizationWindowSeconds\": 300, \"policies\": [{\"type\": \"Pods\", \"value\": 1, \"periodSeconds\": 180}]}",
			"one eviction         | {} | PodDisruptionBudget/demo-hawser /spec/maxUnavailable | 1",
			"some evictions       | podDisruptionBudget: {maxUnavailable: 25%} | PodDisruptionBudget/demo-hawser /spec/maxUnavailable | \"25%\"",
			"no budget            | podDisruptionBudget: {enabled: false} | PodDisruptionBudget/demo-hawser /kind | ",
			"everyone may connect | {} | NetworkPolicy/demo-hawser /spec/ingress/0 | {\"ports\": [{\"port\": \"websocket\"}]}",
			"operations for pods  | {} | NetworkPolicy/demo-hawser /spec/ingress/1"
					+ " | {\"ports\": [{\"port\": \"operations\"}], \"from\": [{\"namespaceSelector\": {}}]}",
			"free to call out     | {} | NetworkPolicy/demo-hawser /spec/policyTypes | [\"Ingress\"]",
			"not free to call out | networkPolicy: {egress: [{}]} | NetworkPolicy/demo-hawser /spec/policyTypes | [\"Ingress\", \"Egress\"]",
			"test among few clients | networkPolicy: {clients: [{podSelector: {}}]}"
					+ " | NetworkPolicy/demo-hawser /spec/ingress/0/from/1/podSelector/matchLabels/app.kubernetes.io~1component | \"test\"",
			"scrape               | serviceMonitor: {enabled: true} | ServiceMonitor/demo-hawser /spec/endpoints"
					+ " | [{\"port\": \"operations\", \"path\": \"/actuator/prometheus\", \"interval\": \"15s\"}]",
			"label for Prometheus | serviceMonitor: {enabled: true, labels: {release: p}} | ServiceMonitor/demo-hawser /metadata/labels/release | \"p\"",
			"alerts of this release | prometheusRule: {enabled: true} | PrometheusRule/demo-hawser /spec/groups/0/rules/0/expr"
					+ " | \"up{namespace=\\\"live\\\",job=\\\"demo-hawser-operations\\\"} == 0\"",
			"fewer alerts         | prometheusRule: {enabled: true, disabled: [HawserDown]} | PrometheusRule/demo-hawser"
					+ " /spec/groups/0/rules/0/alert | \"HawserAbsent\"",
			"dashboard            | dashboard: {enabled: true} | ConfigMap/demo-hawser-dashboard /metadata/labels/grafana_dashboard | \"1\"",
			"test is a test       | {} | Pod/demo-hawser-test /metadata/annotations/helm.sh~1hooked | \"test\"",
			"test upgrades        | test: {path: /chat} | Pod/demo-hawser-test /spec/containers/0/command"
					+ " | [\"java\", \"-jar\", \"/app/hawser.jar\", \"check\", \"ws://demo-hawser:9501/chat\", \"--user=helm-test\"]",
			"test's own token     | {existingSecret: \"\", tokenKeys: application, test: {tokenSecret: t}}"
					+ " | Pod/demo-hawser-test /spec/containers/0/env/0/valueFrom/secretKeyRef/name | \"t\"",
			"test's key           | existingSecret: s | Pod/demo-hawser-test /spec/containers/0/env/0 | {\"name\": \"HAWSER_HANDSHAKE_TOKEN_SECRET\","
					+ " \"valueFrom\": {\"secretKeyRef\": {\"name\": \"s\", \"key\": \"token-secret\"}}}",
			"test's audience, dotted | config: {hawser.handshake: {token.audience: a}} | Pod/demo-hawser-test /spec/containers/0/env/1/value"
					+ " | \"a\"",
			"addresses of all pods | {} | Service/demo-hawser-pods /spec | {\"type\": \"ClusterIP\", \"clusterIP\": \"None\","
					+ " \"publishNotReadyAddresses\": true, \"selector\": {\"app.kubernetes.io/name\": \"hawser\","
					+ " \"app.kubernetes.io/instance\": \"demo\", \"app.kubernetes.io/component\": \"server\"}, \"ports\": [{\"name\":"
					+ " \"operations\", \"port\": 9502, \"targetPort\": \"operations\", \"appProtocol\": \"http\"}]}",
			"test's audience      | {existingSecret: s, config: {hawser: {handshake: {token: {audience: [a, b]}}}}}"
					+ " | Pod/demo-hawser-test /spec/containers/0/env/1/value | \"a,b\"" })
	void renders(String label, String values, String where, String expected) throws Exception {
		assertThat(Chart.HAWSER.render(values).at(where)).isEqualTo(JSON.readTree(expected == null ? "" : expected));
	}

	@Test
	void writesTheConfigurationAsApplicationYaml() {
		String yaml = Chart.HAWSER.render("config: {hawser: {connection: {max-message-size: 10485760}}, logging: {level: {root: warn}}}")
				.get("ConfigMap/demo-hawser").at("/data/application.yaml").asText();
		assertThat(new Yaml().<Object>load(yaml)).isEqualTo(Map.of(
				"hawser", Map.of("connection", Map.of("max-message-size", 10485760), "drain", Map.of("window", "20s", "timeout", "30s")),
				"logging", Map.of("level", Map.of("root", "warn")),
				"management", Map.of("server", Map.of("port", 9502)),
				"server", Map.of("port", 9501)));
	}

	@Test
	void replacesPodsWhenTheConfigurationChangesAndNotOtherwise() {
		assertThat(checksum("")).isEqualTo(checksum("replicas: 4"))
				.isNotEqualTo(checksum("config: {hawser: {request: {header-count: 7}}}"))
				.isNotEqualTo(checksum("config: {hawser: {handshake: {allowed-origins: \"*\"}}}"))
				.isNotEqualTo(checksum("drain: {windowSeconds: 21}")).hasSize(64);
	}

	private static String checksum(String values) {
		return Chart.HAWSER.render(values).get(DEPLOYMENT).at("/spec/template/metadata/annotations/checksum~1config").asText();
	}

	/** Services, budget and policy find the server's pods by labels; the test's pod must not be among them. */
	@Test
	void selectsTheServersPodsAndNoOthers() {
		JsonNode server = EVERYTHING.get(DEPLOYMENT).at("/spec/template/metadata/labels");
		JsonNode test = EVERYTHING.get("Pod/demo-hawser-test").at("/metadata/labels");
		for (JsonNode selector : List.of(EVERYTHING.get(DEPLOYMENT).at("/spec/selector/matchLabels"),
				EVERYTHING.get("Service/demo-hawser").at("/spec/selector"),
				EVERYTHING.get("Service/demo-hawser-operations").at("/spec/selector"),
				EVERYTHING.get("Service/demo-hawser-pods").at("/spec/selector"),
				EVERYTHING.get("PodDisruptionBudget/demo-hawser").at("/spec/selector/matchLabels"),
				EVERYTHING.get("NetworkPolicy/demo-hawser").at("/spec/podSelector/matchLabels"))) {
			assertThat(selects(selector, server)).isTrue();
			assertThat(selects(selector, test)).isFalse();
		}
		JsonNode scraped = EVERYTHING.get("ServiceMonitor/demo-hawser").at("/spec/selector/matchLabels");
		assertThat(selects(scraped, EVERYTHING.get("Service/demo-hawser-operations").at("/metadata/labels"))).isTrue();
		assertThat(selects(scraped, EVERYTHING.get("Service/demo-hawser").at("/metadata/labels"))).isFalse();
		assertThat(selects(scraped, EVERYTHING.get("Service/demo-hawser-pods").at("/metadata/labels"))).as("scraped twice").isFalse();
	}

	private static boolean selects(JsonNode selector, JsonNode labels) {
		assertThat(selector).isNotEmpty();
		return selector.properties().stream().allMatch(label -> label.getValue().equals(labels.path(label.getKey())));
	}

	@Test
	void wouldSeeAChange(@TempDir Path folder) throws Exception {
		Chart broken = Chart.HAWSER.broken(folder.resolve("hawser"), "templates/_pod.tpl", " .marginSeconds", "");
		assertThat(broken.render("").get(DEPLOYMENT).at("/spec/template/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(55);
	}

	@Test
	void shipsTheDashboardAsItIs() throws Exception {
		assertThat(JSON.readTree(EVERYTHING.get("ConfigMap/demo-hawser-dashboard").at("/data/hawser.json").asText()))
				.isEqualTo(JSON.readTree(Chart.HAWSER.read("files/dashboard.json")));
		List<JsonNode> panels = JSON.readTree(Chart.HAWSER.read("files/dashboard.json")).path("panels").valueStream().toList();
		assertThat(panels).hasSizeGreaterThan(20).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
		assertThat(panels).extracting(panel -> panel.path("gridPos")).doesNotHaveDuplicates();
	}

	@Test
	void showsEveryMetricOfSeveralNodesOnTheDashboard() throws Exception {
		List<String> metrics = Pattern.compile("`(hawser_cluster_[a-z_]+)").matcher(Files.readString(Path.of("docs/scaling.md"))).results()
				.map(found -> found.group(1)).distinct().toList();
		assertThat(metrics).hasSizeGreaterThan(10);
		assertThat(JSON.readTree(Chart.HAWSER.read("files/dashboard.json")).findValuesAsText("expr").toString()).contains(metrics);
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"no secret   | {existingSecret: \"\", tokenKeys: development, replicas: 1}               | WARNING: tokenKeys is development",
			"each pod    | {}                                                                    | demo-hawser-pods.live:9502 has the addresses of all",
			"no host     | existingSecret: s                                                     | helm test demo --namespace live",
			"hosts       | ingress: {enabled: true, hosts: [a.io]}                               | and to ws://a.io/ws outside",
			"TLS         | ingress: {enabled: true, hosts: [a.io], tlsSecret: t}                 | and to wss://a.io/ws outside",
			"drain       | drain: {windowSeconds: 60}                                            | A pod that stops has 105 seconds" })
	void saysWhatToDoNext(String label, String values, String sentence) {
		assertThat(Chart.HAWSER.install(values)).contains(sentence);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "existingSecret: s", "config: {hawser: {handshake: {token: {required: false}}}}",
					"{existingSecret: \"\", config: {hawser: {handshake: {token: {required: false}}}}}",
					"{existingSecret: \"\", tokenKeys: application}" })
	void doesNotWarnOfAMissingSecretThatIsNotMissing(String values) {
		assertThat(Chart.HAWSER.install(values)).doesNotContain("WARNING");
	}

	@Test
	void installsTheVersionThatThisIs() throws Exception {
		String pom = Files.readString(Path.of("pom.xml"));
		String version = pom.replaceFirst("(?s).*<artifactId>hawser</artifactId>\\s*<version>([^<]*)<.*", "$1");
		assertThat(new Yaml().<Map<String, Object>>load(Chart.HAWSER.read("Chart.yaml"))).containsEntry("appVersion", version);
	}
}
