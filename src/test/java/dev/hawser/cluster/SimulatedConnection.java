package dev.hawser.cluster;

import dev.hawser.webhook.EventStore.Kept;
import java.nio.charset.StandardCharsets;

/** A connection whose end a backend is to be told, as far as a store sees it: open, or with a disconnected that has an id. */
final class SimulatedConnection implements Kept {
	/** Id of what an heir tells of a connection that was open. */
	static final String LOST = "1000";
	private static final String OPEN = "open";

	private final String name;
	/** Id of the disconnected; {@link #OPEN} before there is one. */
	private String due;
	private boolean handedOver;

	SimulatedConnection(String name) {
		this(name, OPEN);
	}

	private SimulatedConnection(String name, String due) {
		this.name = name;
		this.due = due;
	}

	/** As a dead node has left it. */
	static SimulatedConnection left(String name, byte[] content) {
		String due = new String(content, StandardCharsets.UTF_8);
		return new SimulatedConnection(name, due.equals(OPEN) ? LOST : due);
	}

	@Override
	public String name() {
		return name;
	}

	@Override
	public byte[] content() {
		return due.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public void handedOver() {
		handedOver = true;
	}

	boolean isHandedOver() {
		return handedOver;
	}

	void ends(String id) {
		due = id;
	}

	String due() {
		return due;
	}

	boolean isOpen() {
		return due.equals(OPEN);
	}
}
