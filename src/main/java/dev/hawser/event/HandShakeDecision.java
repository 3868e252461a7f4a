package dev.hawser.event;

import dev.hawser.handshake.HandshakeDecision;
import dev.hawser.handshake.HandshakeRequest;
import dev.hawser.handshake.HandshakeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets an {@link OnHandShake} decide, and keeps what it defers until the connection is open. */
public final class HandShakeDecision implements HandshakeDecision {
	private static final String ATTRIBUTE = HandShakeDecision.class.getName();
	private static final ScopedValue<List<Runnable>> DEFERRED = ScopedValue.newInstance();

	private final OnHandShake onHandShake;

	public HandShakeDecision(OnHandShake onHandShake) {
		this.onHandShake = onHandShake;
	}

	@Override
	public void decide(HandshakeRequest request, HandshakeResponse response) throws Exception {
		List<Runnable> deferred = new ArrayList<>(1);
		ScopedValue.where(DEFERRED, deferred).call(() -> {
			onHandShake.onHandShake(request, response);
			return null;
		});
		request.attributes().put(ATTRIBUTE, deferred);
	}

	/** Takes what an {@code OnHandShake} deferred out of the attributes of the connection that it led to. */
	@SuppressWarnings("unchecked") // put there above
	static List<Runnable> takeDeferred(Map<String, Object> attributes) {
		Object deferred = attributes.remove(ATTRIBUTE);
		return deferred == null ? List.of() : (List<Runnable>) deferred;
	}

	/** Adds the task if the calling thread is in an {@code OnHandShake}. */
	static boolean defer(Runnable task) {
		return DEFERRED.isBound() && DEFERRED.get().add(task);
	}
}
