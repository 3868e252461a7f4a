package dev.hawser.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The table of values in the chart's README is made from the comments in values.yaml. After a change of the values run
 * {@code CHART_README=write ./mvnw test -Dtest=ChartReadmeTests}.
 */
class ChartReadmeTests {
	private static final String BEGIN = "<!-- made from values.yaml -->\n";

	private record Row(String name, String value, String comment) {
	}

	@Test
	void saysWhatTheValuesSay() throws Exception {
		String readme = Chart.HAWSER.read("README.md");
		String made = readme.substring(0, readme.indexOf(BEGIN) + BEGIN.length()) + table(Chart.HAWSER);
		if ("write".equals(System.getenv("CHART_README"))) {
			Files.writeString(Chart.HAWSER.folder().resolve("README.md"), made);
		}
		else {
			assertThat(readme).as("run CHART_README=write ./mvnw test -Dtest=ChartReadmeTests").isEqualTo(made);
		}
	}

	@Test
	void hasACommentOnEveryValue() throws Exception {
		assertThat(rows(Chart.HAWSER)).hasSizeGreaterThan(70).allSatisfy(row -> assertThat(row.comment()).as(row.name()).endsWith("."));
	}

	@Test
	void wouldSeeAnotherDefaultAndAValueWithoutAComment(@TempDir Path folder) throws Exception {
		Chart broken = Chart.HAWSER.broken(folder, "values.yaml", "# Number of pods while autoscaling is off.\nreplicas: 2", "replicas: 3");
		assertThat(Chart.HAWSER.read("README.md")).doesNotContain(table(broken));
		assertThat(rows(broken)).contains(new Row("replicas", "3", ""));
	}

	@Test
	void keepsTheValuesShort() throws Exception {
		assertThat(Chart.HAWSER.read("values.yaml").lines()).hasSizeLessThan(235);
	}

	private static String table(Chart chart) throws IOException {
		return rows(chart).stream().map(row -> "| `" + row.name() + "` | " + (row.value().isEmpty() ? "" : "`" + row.value() + "`") + " | "
				+ row.comment().replace("|", "\\|") + " |\n")
				.collect(Collectors.joining("", "| value | default | meaning |\n|---|---|---|\n", ""));
	}

	private static List<Row> rows(Chart chart) throws IOException {
		LoaderOptions options = new LoaderOptions();
		options.setProcessComments(true);
		Node root = new Yaml(options).compose(new StringReader(chart.read("values.yaml")));
		List<Row> rows = new ArrayList<>();
		collect((MappingNode) root, "", rows);
		return rows;
	}

	/** A map without a comment is a group of values, one with a comment is a value. */
	private static void collect(MappingNode group, String prefix, List<Row> rows) {
		for (NodeTuple entry : group.getValue()) {
			String name = prefix + ((ScalarNode) entry.getKeyNode()).getValue();
			String comment = comment(entry.getKeyNode());
			if (comment.isEmpty() && entry.getValueNode() instanceof MappingNode values) {
				collect(values, name + ".", rows);
			}
			else {
				rows.add(new Row(name, value(entry.getValueNode()), comment));
			}
		}
	}

	/** The lines of the comment right above; a blank line ends it. */
	private static String comment(Node key) {
		List<CommentLine> lines = key.getBlockComments() == null ? List.of() : key.getBlockComments();
		int from = 0;
		for (int i = 0; i < lines.size(); i++) {
			from = lines.get(i).getCommentType() == CommentType.BLANK_LINE ? i + 1 : from;
		}
		return lines.subList(from, lines.size()).stream().map(line -> line.getValue().strip()).collect(Collectors.joining(" "));
	}

	/** The value in YAML, on one line. */
	private static String value(Node node) {
		return switch (node) {
			case ScalarNode scalar -> scalar.getValue();
			case MappingNode map -> map.getValue().stream()
					.map(entry -> ((ScalarNode) entry.getKeyNode()).getValue() + ": " + value(entry.getValueNode()))
					.collect(Collectors.joining(", ", "{", "}"));
			case SequenceNode list -> list.getValue().stream().map(ChartReadmeTests::value)
					.collect(Collectors.joining(", ", "[", "]"));
			default -> throw new IllegalArgumentException(node.toString());
		};
	}
}
