package dev.hawser.callback;

import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.connection.execution.CallbackKind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks that the application declared, checked.
 *
 * @param nonBlocking which of them are declared {@link NonBlocking}, or are not there to block
 */
public record Callbacks(@Nullable OnHandShake onHandShake, @Nullable OnOpen onOpen, OnMessage onMessage,
		@Nullable OnClose onClose, Set<CallbackKind> nonBlocking) {

	/** What is called when an application declares none: every message comes back to its sender. */
	static Callbacks echo() {
		return new Callbacks(null, null, new EchoOnMessage(), null, EnumSet.allOf(CallbackKind.class));
	}
}
