package dev.hawser.connection.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.SendResult;
import dev.hawser.connection.execution.ConnectionLock;
import dev.hawser.connection.limit.MemoryBudget;
import dev.hawser.protocol.Opcode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records what an outbox reports. */
final class RecordingOwner implements Outbox.Owner {
	final ConnectionLock lock = new ConnectionLock();
	final List<IOException> failures = new ArrayList<>();
	final List<Object> told = new ArrayList<>();
	final MemoryBudget memory = MemoryBudget.unlimited();
	final MemoryBudget.Account account = memory.open(() -> {
		throw new AssertionError("There is memory enough");
	});

	@Override
	public void broken(IOException cause) {
		assertThat(lock.isHeldByCurrentThread()).isTrue();
		failures.add(cause);
	}

	@Override
	public void sent(Opcode opcode, int payload, @Nullable Object content) {
		told.add(opcode + " " + payload);
	}

	@Override
	public void refused(SendResult result) {
		told.add(result);
	}

	@Override
	public void dropped(int messages) {
		assertThat(lock.isHeldByCurrentThread()).isFalse();
		told.add("dropped " + messages);
	}
}
