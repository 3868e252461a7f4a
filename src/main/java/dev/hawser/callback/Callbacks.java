package dev.hawser.callback;

import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnGroup;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.handshake.ApplicationDecision;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks of a hub, after all checks.
 *
 * @param decision    decides about handshakes; null when the built-in checks decide
 * @param onOpen      called after the 101, and after the tasks that the decision has deferred
 * @param nonBlocking the kinds that never block: declared {@link NonBlocking}, or without a callback
 */
public record Callbacks(@Nullable ApplicationDecision decision, @Nullable OnOpen onOpen, OnMessage onMessage,
		@Nullable OnGroup onGroup, @Nullable OnClose onClose, Set<CallbackKind> nonBlocking) {

	/** Callbacks with an {@code OnMessage} only, and none of them blocks. */
	static Callbacks onMessageOnly(OnMessage onMessage) {
		return new Callbacks(null, null, onMessage, null, null, EnumSet.allOf(CallbackKind.class));
	}

	/** Callbacks that may all block, of which the first decides about handshakes that the built-in checks accept. */
	public static Callbacks afterTheChecks(OnHandShake onHandShake, OnOpen onOpen, OnMessage onMessage, OnGroup onGroup,
			OnClose onClose) {
		return new Callbacks(decision(onHandShake, ApplicationDecision.Turn.AFTER_THE_CHECKS), onOpen, onMessage, onGroup, onClose,
				EnumSet.noneOf(CallbackKind.class));
	}

	/** A decision that may defer tasks until the connection is open. */
	public static ApplicationDecision decision(OnHandShake callback, ApplicationDecision.Turn turn) {
		return new ApplicationDecision(new DeferringOnHandShake(callback), turn);
	}
}
