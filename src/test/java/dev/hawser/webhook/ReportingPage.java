package dev.hawser.webhook;

import com.sun.net.httpserver.HttpServer;
import dev.hawser.testing.Chromium;
import dev.hawser.testing.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A page on a server of its own, and what its script sends to {@code /report}. */
final class ReportingPage implements AutoCloseable {
	private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
	private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

	ReportingPage() throws IOException {
		server.start();
	}

	/** The origin of the page, as the browser names it. */
	String origin() {
		return "http://localhost:" + server.getAddress().getPort();
	}

	/** Runs the script in a page, and returns the first report. */
	String reportOf(String script) throws Exception {
		byte[] page = ("<!doctype html><meta charset=utf-8><script>" + script + "</script>").getBytes(StandardCharsets.UTF_8);
		server.createContext("/", exchange -> {
			exchange.getResponseHeaders().set("Content-Type", "text/html");
			exchange.sendResponseHeaders(200, page.length);
			exchange.getResponseBody().write(page);
			exchange.close();
		});
		server.createContext("/report", exchange -> {
			reports.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		try (Program chromium = Chromium.open(origin() + "/")) {
			String report = reports.poll(180, TimeUnit.SECONDS);
			return report != null ? report : "No report from the page; the browser wrote:\n" + chromium.output();
		}
	}

	@Override
	public void close() {
		server.stop(0);
	}
}
