package dev.hawser.callback;

import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.OnHandShake;
import dev.hawser.connection.execution.Deferred;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets an {@link OnHandShake} decide, and keeps what it defers until the connection is open. */
public final class DeferringOnHandShake implements OnHandShake {
	private static final String ATTRIBUTE = DeferringOnHandShake.class.getName();

	private final OnHandShake onHandShake;

	public DeferringOnHandShake(OnHandShake onHandShake) {
		this.onHandShake = onHandShake;
	}

	@Override
	public void onHandShake(HandshakeRequest request, HandshakeResponse response) throws Exception {
		List<Runnable> deferred = new ArrayList<>(1);
		Deferred.collect(deferred, () -> onHandShake.onHandShake(request, response));
		request.attributes().put(ATTRIBUTE, deferred);
	}

	/** Takes what an {@code OnHandShake} deferred out of the attributes of the connection that it led to. */
	@SuppressWarnings("unchecked") // put there above
	static List<Runnable> takeDeferred(Map<String, Object> attributes) {
		Object deferred = attributes.remove(ATTRIBUTE);
		return deferred == null ? List.of() : (List<Runnable>) deferred;
	}
}
