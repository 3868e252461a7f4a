package dev.hawser.application.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the push API says of a delivery, in its header: {@code partial; connections=2; refused=1}. */
record DeliveryText(String outcome, Map<String, Long> numbers) {

	static DeliveryText of(HttpCalls.Answer answer) {
		String header = answer.header("Hawser-Delivery");
		String[] parts = (header == null ? "unknown" : header).split(";", -1);
		Map<String, Long> numbers = new LinkedHashMap<>();
		for (int i = 1; i < parts.length; i++) {
			String[] pair = parts[i].strip().split("=", 2);
			numbers.put(pair[0], Long.valueOf(pair[1]));
		}
		return new DeliveryText(parts[0].strip(), numbers);
	}

	/** 0 when all that were meant have taken it; 1 when it was refused, or nothing was there. */
	int exitCode() {
		return switch (outcome) {
			case "delivered", "handed-over" -> 0;
			default -> CommandFailure.SAID_NO;
		};
	}

	void show(Invocation here, boolean asJson) {
		if (asJson) {
			Map<String, Object> json = new LinkedHashMap<>(Map.of("delivery", outcome));
			json.putAll(numbers);
			here.sayJson(json);
		}
		else {
			here.say(sentence());
		}
	}

	private String sentence() {
		long connections = numbers.getOrDefault("connections", 0L);
		long refused = numbers.getOrDefault("refused", 0L);
		return switch (outcome) {
			case "delivered" -> "Done for " + connections + " connections.";
			case "handed-over" -> "Handed over to " + numbers.getOrDefault("nodes", 0L) + " other nodes; done for " + connections
					+ " connections here.";
			case "nobody" -> "No connection is meant: nothing was done.";
			case "partial", "refused" -> "Done for " + connections + " connections; " + refused + " have refused it, because of a limit.";
			default -> "It is not known whether it was done.";
		};
	}
}
