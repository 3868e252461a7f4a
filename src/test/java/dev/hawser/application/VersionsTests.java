package dev.hawser.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Which version of a library or plugin is used stands in one place: Spring Boot's version, or the properties of the pom. */
class VersionsTests {
	private static final XPath XPATH = XPathFactory.newInstance().newXPath();
	/** A version that is neither a property nor, in the POM of the API, a placeholder that the build replaces. */
	private static final String ELSEWHERE = "//version[parent::dependency or parent::plugin or parent::path or parent::extension]"
			+ "[not(starts-with(normalize-space(), '${') or starts-with(normalize-space(), '@'))]";

	/** Hawser's pom and those of its fuzzers, benchmarks and conformance suite. */
	static List<Path> poms() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of(""), 4)) {
			List<Path> poms = files.filter(file -> file.endsWith("pom.xml") && !file.toString().contains("target")).sorted().toList();
			assertThat(poms).contains(Path.of("pom.xml"), Path.of("fuzz/pom.xml"));
			return poms;
		}
	}

	@ParameterizedTest
	@MethodSource("poms")
	void areProperties(Path pom) throws Exception {
		assertThat(find(pom, ELSEWHERE)).as("versions outside of <properties>").isEmpty();
	}

	@Test
	void areTheSameInAllPoms() throws Exception {
		Map<String, Set<String>> versions = new HashMap<>();
		for (Path pom : poms()) {
			for (Node property : nodes(pom, "/project/properties/*[contains(name(), 'version')]")) {
				versions.computeIfAbsent(property.getNodeName(), _ -> new TreeSet<>()).add(property.getTextContent());
			}
			versions.computeIfAbsent("spring-boot", _ -> new TreeSet<>())
					.addAll(find(pom, "/project/parent[artifactId = 'spring-boot-starter-parent']/version"));
		}
		assertThat(versions).containsKeys("spring-boot", "maven-toolchains-plugin.version")
				.allSatisfy((property, values) -> assertThat(values).as(property).hasSize(1));
	}

	private static List<String> find(Path pom, String expression) throws Exception {
		return nodes(pom, expression).stream().map(Node::getTextContent).toList();
	}

	private static List<Node> nodes(Path pom, String expression) throws Exception {
		Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
		NodeList nodes = (NodeList) XPATH.evaluate(expression, document, XPathConstants.NODESET);
		return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).toList();
	}
}
