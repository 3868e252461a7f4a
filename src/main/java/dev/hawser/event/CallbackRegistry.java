package dev.hawser.event;

import dev.hawser.connection.CallbackKind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/** Finds the application's callback beans and checks that they make sense together. */
public final class CallbackRegistry {
	private static final Logger LOG = LoggerFactory.getLogger(CallbackRegistry.class);

	private final ListableBeanFactory beans;
	private final CallbackSettings settings;

	public CallbackRegistry(ListableBeanFactory beans, CallbackSettings settings) {
		this.beans = beans;
		this.settings = settings;
	}

	/** The callbacks to use; those of the demonstration when none is declared. */
	public Callbacks find() {
		Set<CallbackKind> nonBlocking = EnumSet.noneOf(CallbackKind.class);
		OnHandShake onHandShake = only(OnHandShake.class, null, nonBlocking);
		OnOpen onOpen = only(OnOpen.class, CallbackKind.OPEN, nonBlocking);
		OnMessage onMessage = only(OnMessage.class, CallbackKind.MESSAGE, nonBlocking);
		OnClose onClose = only(OnClose.class, null, nonBlocking);
		if (onMessage == null) {
			if (onHandShake == null && onOpen == null && onClose == null) {
				LOG.info("No callback beans found: the built-in demonstration echoes every message");
				return Callbacks.echo();
			}
			throw new InvalidCallbacksException("A callback is declared, but no OnMessage: what clients send would go nowhere.",
					"Declare a bean of type " + OnMessage.class.getName() + ".");
		}
		if (onHandShake != null) {
			checkHandShake(onOpen);
			nonBlocking.remove(CallbackKind.OPEN); // what OnHandShake defers has not promised never to block
		}
		else if (onOpen == null) {
			nonBlocking.add(CallbackKind.OPEN); // nothing to call
		}
		if (onClose == null) {
			nonBlocking.add(CallbackKind.CLOSE); // nothing to call
		}
		return new Callbacks(onHandShake, onOpen, onMessage, onClose, nonBlocking);
	}

	private void checkHandShake(@Nullable OnOpen onOpen) {
		LOG.info("OnHandShake decides who may connect; the built-in token and origin checks only advise it"
				+ " (HandshakeRequest.rejection)");
		if (onOpen == null) {
			return;
		}
		String both = "Both OnHandShake and OnOpen are declared: OnOpen will not be called by itself.";
		switch (settings.handshakeWithOpen()) {
			case WARN -> LOG.warn("{} Run its logic with server.defer(...) in OnHandShake.", both);
			case REJECT -> throw new InvalidCallbacksException(both, "Remove one of them and run the open logic with"
					+ " server.defer(...) in OnHandShake, or set hawser.callbacks.handshake-with-open=warn.");
		}
	}

	private <T> @Nullable T only(Class<T> type, @Nullable CallbackKind kind, Set<CallbackKind> nonBlocking) {
		String[] names = beans.getBeanNamesForType(type);
		if (names.length == 0) {
			return null;
		}
		if (names.length > 1) {
			throw new InvalidCallbacksException("There are " + names.length + " beans of type " + type.getSimpleName() + ": "
					+ String.join(", ", names) + ".", "Declare one; it may call the others.");
		}
		if (kind != null && beans.findAnnotationOnBean(names[0], NonBlocking.class) != null) {
			nonBlocking.add(kind);
		}
		return beans.getBean(names[0], type);
	}
}
