package dev.hawser.chart;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hawser.testing.Program;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Prometheus that scrapes one server every second, with the labels that a cluster would add. */
final class RunningPrometheus implements AutoCloseable {
	private static final ObjectMapper JSON = new ObjectMapper();
	private static final Pattern ADDRESS = Pattern.compile("address=127\\.0\\.0\\.1:([1-9]\\d*)");

	private final HttpClient client = HttpClient.newHttpClient();
	private final Program program;
	private final String api;
	private String time = "";

	private RunningPrometheus(Program program, int port) {
		this.program = program;
		this.api = "http://127.0.0.1:" + port + "/api/v1/";
	}

	static RunningPrometheus start(Path folder, int scraped) throws Exception {
		Files.writeString(folder.resolve("prometheus.yml"), String.format(Locale.ROOT, """
				scrape_configs:
				  - job_name: hawser
				    metrics_path: /actuator/prometheus
				    scrape_interval: 1s
				    scrape_timeout: 1s
				    static_configs:
				      - targets: ["127.0.0.1:%d"]
				        labels: {namespace: live, pod: hawser-0}
				""", scraped));
		Program program = Program.start(folder, Map.of(), "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
				"--web.listen-address=127.0.0.1:0");
		try {
			Matcher address = ADDRESS.matcher(program.line("msg=\"Listening on\""));
			if (!address.find()) {
				throw new IOException("No address in:\n" + program.output());
			}
			program.line("Server is ready to receive web requests"); // before that the API answers 503
			return new RunningPrometheus(program, Integer.parseInt(address.group(1)));
		}
		catch (Exception | AssertionError e) {
			program.close();
			throw e;
		}
	}

	/** The result of an expression now, or when the clock was stopped; empty when no series match. */
	JsonNode query(String expression) throws Exception {
		return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8) + time).path("result");
	}

	/** From now on evaluates everything at the time of the latest scrape that succeeded: a later one may fail. */
	void stopTheClock() {
		JsonNode scraped = await().until(() -> query("timestamp(up) and up == 1"), result -> !result.isEmpty());
		time = "&time=" + scraped.path(0).path("value").path(1).asText();
	}

	/** Names of all metrics that Prometheus knows. */
	Set<String> metrics() throws Exception {
		return names("label/__name__/values");
	}

	/** Names of all labels that Prometheus knows. */
	Set<String> labels() throws Exception {
		return names("labels");
	}

	private Set<String> names(String path) throws Exception {
		Set<String> names = new TreeSet<>();
		get(path).forEach(name -> names.add(name.asText()));
		return names;
	}

	private JsonNode get(String path) throws Exception {
		HttpResponse<String> response = client.send(HttpRequest.newBuilder(URI.create(api + path)).build(),
				HttpResponse.BodyHandlers.ofString());
		JsonNode answer = JSON.readTree(response.body());
		if (!answer.path("status").asText().equals("success")) {
			throw new IllegalArgumentException(path + ": " + answer.path("error").asText());
		}
		return answer.path("data");
	}

	@Override
	public void close() {
		client.close();
		program.close();
	}
}
