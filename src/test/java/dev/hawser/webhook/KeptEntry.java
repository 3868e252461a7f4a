package dev.hawser.webhook;

/** An entry without a connection. */
record KeptEntry(Entry entry) implements EventStore.Kept {
	@Override
	public String name() {
		return entry.of().uniqueId();
	}

	@Override
	public byte[] content() {
		return entry.json();
	}

	@Override
	public void handedOver() {
		throw new AssertionError("No other node is there");
	}
}
