package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.testing.HawserJar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the jar says about the libraries in it. The pom lists the allowed licences, and the build checks them. */
class SupplyChainIT {
	/** Where Spring Boot looks for the bill of materials. */
	private static final String BILL = "META-INF/sbom/application.cdx.json";
	private static final String FOLDER = "BOOT-INF/lib/";
	/** Spring Boot's tool that extracts the jar; it is added after all other libraries have been listed. */
	private static final String TOOL = "spring-boot-jarmode-tools-";

	@Test
	void theBillOfMaterialsNamesEveryLibraryAndItsLicence() throws IOException {
		try (JarFile jar = new JarFile(HawserJar.JAR.toFile())) {
			assertThat(jar.getManifest().getMainAttributes().getValue("Sbom-Location")).isEqualTo(BILL);
			List<JsonNode> components = components(jar);
			assertThat(components.stream().map(component -> text(component, "name") + '-' + text(component, "version") + ".jar"))
					.containsAll(libraries(jar));
			assertThat(components).allSatisfy(component -> assertThat(component.get("licenses")).isNotEmpty());
		}
	}

	@Test
	void theListOfLicencesNamesEveryLibrary() throws IOException {
		try (JarFile jar = new JarFile(HawserJar.JAR.toFile())) {
			String list = read(jar, "META-INF/THIRD-PARTY.txt");
			assertThat(components(jar)).allSatisfy(component -> assertThat(list)
					.contains('(' + text(component, "group") + ':' + text(component, "name") + ':' + text(component, "version") + ' '));
		}
	}

	private static List<String> libraries(JarFile jar) {
		List<String> libraries = jar.stream().map(ZipEntry::getName).filter(name -> name.startsWith(FOLDER) && name.endsWith(".jar"))
				.map(name -> name.substring(FOLDER.length())).filter(name -> !name.startsWith(TOOL)).toList();
		assertThat(libraries).hasSizeGreaterThan(50);
		return libraries;
	}

	private static List<JsonNode> components(JarFile jar) throws IOException {
		return List.copyOf(JsonMapper.shared().readTree(read(jar, BILL)).get("components").values());
	}

	private static String text(JsonNode component, String field) {
		return component.get(field).asString();
	}

	private static String read(JarFile jar, String name) throws IOException {
		ZipEntry entry = jar.getEntry(name);
		assertThat(entry).as("%s in the jar; Maven leaves it out when it works offline", name).isNotNull();
		try (InputStream content = jar.getInputStream(entry)) {
			return new String(content.readAllBytes(), StandardCharsets.UTF_8);
		}
	}
}
