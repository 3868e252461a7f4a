package dev.hawser.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;

/** The chart in {@code helm/hawser}, or another one in its place, and what Helm makes of it. */
record Chart(Path folder) {
	static final Chart HAWSER = new Chart(Path.of("helm", "hawser").toAbsolutePath());
	/** The version of the cluster that Helm is told. By default Helm assumes a version that is too old for the chart. */
	private static final String KUBERNETES = "1.35.0";
	private static final ObjectMapper JSON = new ObjectMapper();

	/** Every optional object switched on, most settings set. */
	static final String EVERYTHING = """
			existingSecret: hawser-token
			image: {repository: registry.example.com/hawser, tag: "1", pullPolicy: Always}
			imagePullSecrets: [{name: registry}]
			config: {hawser: {handshake: {token: {audience: [one, two]}}, connection: {max-message-size: 10485760}}}
			operationsSecretKey: operations-key
			secretProperties: {server.ssl.key-store-password: keystore}
			reloadInterval: 10s
			initContainers: [{name: jars, image: registry.example.com/jars, volumeMounts: [{name: callbacks, mountPath: /to}]}]
			extraEnv: [{name: JAVA_TOOL_OPTIONS, value: -Xss512k}]
			extraVolumes: [{name: callbacks, configMap: {name: callbacks}}]
			extraVolumeMounts: [{name: callbacks, mountPath: /app/callbacks}]
			service: {type: LoadBalancer, annotations: {a: b}}
			operationsService: {annotations: {a: b}}
			ingress: {enabled: true, className: nginx, hosts: [ws.example.com], tlsSecret: certificate}
			httpRoute:
			  {enabled: true, parentRefs: [{name: public}], hostnames: [ws.example.com], requestTimeout: 0s, annotations: {a: b}}
			autoscaling: {enabled: true, connections: 5000}
			nodeSelector: {disk: ssd}
			tolerations: [{key: a, operator: Exists}]
			affinity: {nodeAffinity: {}}
			priorityClassName: high
			podAnnotations: {a: b}
			podLabels: {a: b}
			serviceAccount: {annotations: {a: b}}
			networkPolicy: {clients: [{podSelector: {}}], egress: [{}]}
			serviceMonitor: {enabled: true, labels: {release: prometheus}}
			prometheusRule: {enabled: true, labels: {release: prometheus}}
			dashboard: {enabled: true, annotations: {a: b}}
			test: {tokenSecret: test-token}
			""";

	/**
	 * What `helm template` makes of the chart, for the release {@code demo} in the namespace {@code live}, with the Secret
	 * {@code hawser-token} unless the values say otherwise. Helm keeps hooks to itself here; so the test's pod is rendered with the
	 * annotation {@code helm.sh/hooked} in place of {@code helm.sh/hook}.
	 */
	Manifests render(String values) {
		return Manifests.parse(withValues(values, (copy, file) -> {
			Chart open = broken(copy, "templates/tests/upgrade.yaml", "helm.sh/hook: ", "helm.sh/hooked: ");
			return new Helm(open.folder).template().withName("demo").withNamespace("live").withKubeVersion(KUBERNETES)
					.withValuesFile(secret(file)).withValuesFile(file).call();
		}));
	}

	/** The notes that `helm install` prints at its end. */
	String install(String values) {
		return withValues(values, (_, file) -> new Helm(folder).install().withName("demo").withNamespace("live")
				.withKubeVersion(KUBERNETES).clientOnly().dryRun().withValuesFile(secret(file)).withValuesFile(file).call().getOutput());
	}

	/** Values that come before those of a test. */
	private static Path secret(Path values) throws IOException {
		return Files.writeString(values.resolveSibling("secret.yaml"), "existingSecret: hawser-token");
	}

	private interface WithFile {
		String call(Path scratch, Path values) throws IOException;
	}

	private static String withValues(String values, WithFile call) {
		try {
			Path scratch = Files.createTempDirectory("chart");
			try {
				return call.call(scratch.resolve("hawser"), Files.writeString(scratch.resolve("values.yaml"), values));
			}
			finally {
				FileSystemUtils.deleteRecursively(scratch);
			}
		}
		catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The default values of the chart. */
	JsonNode values() throws IOException {
		return JSON.valueToTree(new Yaml().<Map<String, Object>>load(read("values.yaml")));
	}

	String read(String file) throws IOException {
		return Files.readString(folder.resolve(file));
	}

	/** A copy with one file changed, to prove that a check sees the change. */
	Chart broken(Path copy, String file, String find, String replacement) throws IOException {
		try (var files = Files.walk(folder)) {
			for (Path from : files.filter(Files::isRegularFile).toList()) {
				Path to = copy.resolve(folder.relativize(from).toString());
				Files.createDirectories(to.getParent());
				Files.copy(from, to);
			}
		}
		String text = read(file);
		if (!text.contains(find)) {
			throw new IllegalArgumentException(file + " has no '" + find + "' to break");
		}
		Files.writeString(copy.resolve(file), text.replace(find, replacement));
		return new Chart(copy);
	}

	/** Rendered objects, by {@code Kind/name}. */
	record Manifests(List<JsonNode> all) {
		static Manifests parse(String yaml) {
			List<JsonNode> all = new ArrayList<>();
			for (Object document : new Yaml().loadAll(yaml)) {
				if (document != null) {
					all.add(JSON.valueToTree(document));
				}
			}
			return new Manifests(all);
		}

		List<String> names() {
			return all.stream().map(Manifests::name).sorted().toList();
		}

		static String name(JsonNode manifest) {
			return manifest.path("kind").asText() + "/" + manifest.at("/metadata/name").asText();
		}

		/** What is at `Kind/name /path`; POD stands for the pod of the Deployment, BOX for the container in it. */
		JsonNode at(String where) {
			String[] place = where.replace("BOX", "POD/containers/0").replace("POD", "Deployment/demo-hawser /spec/template/spec")
					.split(" +", -1);
			return get(place[0]).at(place[1]);
		}

		/** The object with this name, or a missing node. */
		JsonNode get(String name) {
			return all.stream().filter(manifest -> name(manifest).equals(name)).findFirst()
					.orElseGet(() -> JSON.createObjectNode().path("none"));
		}
	}
}
