package dev.hawser.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/** Gives a process on this machine what the kubelet would give the container: variables and mounted files, {@code /app} elsewhere. */
final class PodFiles {
	/** A name as the ReplicaSet's controller makes it. */
	static final String POD = "demo-hawser-7d9c5b6f4-x2v9q";

	private final Path app;
	private int versions;

	PodFiles(Path app) {
		this.app = app;
	}

	/** Variables of the container. Those that come from elsewhere are known for the pod's name alone. */
	Map<String, String> environment(Chart.Manifests manifests) {
		Map<String, String> environment = new HashMap<>();
		for (JsonNode variable : manifests.at("BOX/env")) {
			boolean isName = variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("metadata.name");
			environment.put(variable.path("name").asText(), isName ? POD : variable.path("value").asText().replace("/app/", app + "/"));
		}
		return environment;
	}

	/** Mounts the ConfigMap and the Secret, or brings what is mounted up to date. */
	void mount(Chart.Manifests manifests, Map<String, String> secret) throws IOException {
		for (JsonNode mount : manifests.at("BOX/volumeMounts")) {
			JsonNode volume = manifests.at("POD/volumes").valueStream().filter(one -> one.path("name").equals(mount.path("name")))
					.findFirst().orElseThrow();
			Map<String, String> files = new HashMap<>();
			String configMap = volume.at("/configMap/name").asText();
			manifests.get("ConfigMap/" + configMap).path("data").properties()
					.forEach(file -> files.put(file.getKey(), file.getValue().asText()));
			volume.at("/secret/items").forEach(item -> files.put(item.path("path").asText(), secret.get(item.path("key").asText())));
			if (!files.isEmpty()) {
				write(app.resolve(Path.of("/app").relativize(Path.of(mount.path("mountPath").asText()))), files);
			}
		}
	}

	/** Like the kubelet: files are links through {@code ..data}, and this folder is replaced as a whole. */
	private void write(Path folder, Map<String, String> files) throws IOException {
		Path version = Files.createDirectories(folder.resolve("..2031_" + versions++));
		for (Map.Entry<String, String> file : files.entrySet()) {
			Files.writeString(version.resolve(file.getKey()), file.getValue());
			Path link = folder.resolve(file.getKey());
			if (!Files.exists(link)) {
				Files.createSymbolicLink(link, Path.of("..data", file.getKey()));
			}
		}
		Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), version.getFileName());
		Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
	}
}
