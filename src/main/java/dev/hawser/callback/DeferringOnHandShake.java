package dev.hawser.callback;

import dev.hawser.api.HandshakeRequest;
import dev.hawser.api.HandshakeResponse;
import dev.hawser.api.OnHandShake;
import dev.hawser.connection.execution.Deferred;
import dev.hawser.handshake.Handshake;
import java.util.ArrayList;
import java.util.List;

/** Lets an {@link OnHandShake} decide, and keeps the tasks that it defers until the connection is open. */
final class DeferringOnHandShake implements OnHandShake {
	private final OnHandShake onHandShake;

	DeferringOnHandShake(OnHandShake onHandShake) {
		this.onHandShake = onHandShake;
	}

	@Override
	public void onHandShake(HandshakeRequest request, HandshakeResponse response) throws Exception {
		List<Runnable> deferred = new ArrayList<>(1);
		Deferred.collect(deferred, () -> onHandShake.onHandShake(request, response));
		((Handshake) request).deferred(deferred);
	}
}
