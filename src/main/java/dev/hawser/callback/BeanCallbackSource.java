package dev.hawser.callback;

import dev.hawser.api.ForHub;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnGroup;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.handshake.ApplicationDecision.Turn;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Finds the application's callback beans and checks that they fit together. A hub has the beans that are declared for it, otherwise
 * the beans without a {@link ForHub}.
 */
final class BeanCallbackSource implements CallbackSource {
	private static final Logger LOG = LoggerFactory.getLogger(BeanCallbackSource.class);
	private static final List<Class<?>> TYPES = List.of(OnHandShake.class, OnOpen.class, OnMessage.class, OnGroup.class, OnClose.class);

	private final ListableBeanFactory beans;
	private final CallbackSettings settings;

	BeanCallbackSource(ListableBeanFactory beans, CallbackSettings settings) {
		this.beans = beans;
		this.settings = settings;
	}

	@Override
	public @Nullable Callbacks find(String hub) {
		return declared(isDeclaredFor(hub) ? hub : null);
	}

	/** Checks that every callback is for a hub that exists. */
	void check(Set<String> hubs) {
		for (Class<?> type : TYPES) {
			for (String name : beans.getBeanNamesForType(type)) {
				String hub = hubOf(name);
				if (hub != null && !hubs.contains(hub)) {
					throw new InvalidCallbacksException("The callback " + name + " is for the hub '" + hub + "', which does not exist.",
							"Add hawser.hubs." + hub + ", or correct the @ForHub annotation.");
				}
			}
		}
	}

	boolean isDeclaredFor(String hub) {
		return TYPES.stream().flatMap(type -> Stream.of(beans.getBeanNamesForType(type))).anyMatch(name -> hub.equals(hubOf(name)));
	}

	private @Nullable String hubOf(String bean) {
		ForHub hub = beans.findAnnotationOnBean(bean, ForHub.class);
		return hub == null ? null : hub.value();
	}

	/** @param declared the hub in the callbacks' {@link ForHub}; null for callbacks without one */
	private @Nullable Callbacks declared(@Nullable String declared) {
		Set<CallbackKind> nonBlocking = EnumSet.noneOf(CallbackKind.class);
		OnHandShake onHandShake = only(OnHandShake.class, declared, null, nonBlocking);
		OnOpen onOpen = only(OnOpen.class, declared, CallbackKind.OPEN, nonBlocking);
		OnMessage onMessage = only(OnMessage.class, declared, CallbackKind.MESSAGE, nonBlocking);
		OnGroup onGroup = only(OnGroup.class, declared, null, nonBlocking);
		OnClose onClose = only(OnClose.class, declared, null, nonBlocking);
		if (onMessage == null) {
			if (onHandShake == null && onOpen == null && onGroup == null && onClose == null) {
				return null;
			}
			if (declared != null) {
				throw new InvalidCallbacksException(
						"There are callbacks for the hub '" + declared + "', but no OnMessage for it: what its clients"
								+ " send would go nowhere.",
						"Declare a bean of type " + OnMessage.class.getName() + " with @ForHub(\"" + declared
								+ "\"); those without @ForHub do not serve a hub that has callbacks of its own.");
			}
			throw new InvalidCallbacksException("A callback is declared, but no OnMessage: what clients send would go nowhere.",
					"Declare a bean of type " + OnMessage.class.getName() + ".");
		}
		if (onHandShake != null) {
			checkHandShake(onOpen);
			nonBlocking.remove(CallbackKind.OPEN); // tasks that OnHandShake defers may block
		}
		else if (onOpen == null) {
			nonBlocking.add(CallbackKind.OPEN); // nothing to call
		}
		if (onClose == null && onGroup == null) {
			nonBlocking.add(CallbackKind.CLOSE); // nothing to call
		}
		return onHandShake == null ? new Callbacks(null, onOpen, onMessage, onGroup, onClose, nonBlocking)
				: new Callbacks(Callbacks.decision(onHandShake, Turn.INSTEAD_OF_THE_CHECKS), null, onMessage, onGroup,
						onClose, nonBlocking);
	}

	private void checkHandShake(@Nullable OnOpen onOpen) {
		LOG.info("OnHandShake decides which clients may connect; the built-in token and origin checks only advise it"
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

	private <T> @Nullable T only(Class<T> type, @Nullable String declared, @Nullable CallbackKind kind, Set<CallbackKind> nonBlocking) {
		String[] names = Stream.of(beans.getBeanNamesForType(type)).filter(name -> Objects.equals(hubOf(name), declared))
				.toArray(String[]::new);
		if (names.length == 0) {
			return null;
		}
		if (names.length > 1) {
			throw new InvalidCallbacksException("There are " + names.length + " beans of type " + type.getSimpleName() + ": "
					+ String.join(", ", names) + ".", "Declare one of them; it may call the others.");
		}
		if (kind != null && beans.findAnnotationOnBean(names[0], NonBlocking.class) != null) {
			nonBlocking.add(kind);
		}
		return beans.getBean(names[0], type);
	}
}
