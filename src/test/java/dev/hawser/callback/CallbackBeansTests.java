package dev.hawser.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.Frame;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnClose;
import dev.hawser.api.OnHandShake;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.execution.CallbackKind;
import dev.hawser.testing.ReadsLog;
import dev.hawser.testing.RunningHawser;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;

/** Which callback beans fit together, and the messages when they do not. */
@ReadsLog
class CallbackBeansTests {

	static class OpenOnly {
		@Bean
		OnOpen onOpen() {
			return (server, request) -> {
			};
		}
	}

	static class CloseOnly {
		@Bean
		OnClose onClose() {
			return (server, fd, status, initiator) -> {
			};
		}
	}

	static class HandShakeOnly {
		@Bean
		OnHandShake onHandShake() {
			return (request, response) -> response.accept();
		}
	}

	static class MessageOnly {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}
	}

	static class MessageAndClose extends CloseOnly {
		@Bean
		OnMessage onMessage() {
			return (server, frame) -> {
			};
		}
	}

	static class TwoMessages extends MessageOnly {
		@Bean
		OnMessage another() {
			return (server, frame) -> {
			};
		}
	}

	static class HandShakeAndOpen extends MessageOnly {
		@Bean
		OnHandShake onHandShake() {
			return (request, response) -> response.accept();
		}

		@Bean
		@NonBlocking
		OnOpen onOpen() {
			return (server, request) -> {
			};
		}
	}

	@NonBlocking
	static class Quick implements OnMessage {
		@Override
		public void onMessage(WebSocketServer server, Frame frame) {
		}
	}

	static class NonBlockingClass {
		@Bean
		OnMessage onMessage() {
			return new Quick();
		}
	}

	static class NonBlockingMethod extends MessageOnly {
		@Bean
		@NonBlocking
		OnOpen onOpen() {
			return (server, request) -> {
			};
		}
	}

	@Test
	void needsOnMessageAsSoonAsAnyOtherIsDeclared(CapturedOutput log) {
		for (Class<?> beans : new Class<?>[] { OpenOnly.class, CloseOnly.class, HandShakeOnly.class }) {
			assertThatThrownBy(() -> find(beans, "warn")).isInstanceOf(InvalidCallbacksException.class)
					.hasMessage("A callback is declared, but no OnMessage: what clients send would go nowhere.");
		}
		assertThatThrownBy(() -> RunningHawser.start(OpenOnly.class)).isNotNull();
		assertThat(log).contains("APPLICATION FAILED TO START",
				"A callback is declared, but no OnMessage: what clients send would go nowhere.",
				"Declare a bean of type dev.hawser.api.OnMessage.").doesNotContain("\tat ");
	}

	@Test
	void takesOneBeanOfEachTypeOnly(CapturedOutput log) {
		assertThatThrownBy(() -> RunningHawser.start(TwoMessages.class)).isNotNull();
		assertThat(log).contains("APPLICATION FAILED TO START", "There are 2 beans of type OnMessage:", "onMessage", "another",
				"Declare one of them; it may call the others.").doesNotContain("\tat ");
	}

	@Test
	void refusesOnOpenBesideOnHandShakeWhereThatIsAsked(CapturedOutput log) {
		assertThatThrownBy(() -> RunningHawser.start(HandShakeAndOpen.class, "hawser.callbacks.handshake-with-open=reject")).isNotNull();
		assertThat(log).contains("APPLICATION FAILED TO START",
				"Both OnHandShake and OnOpen are declared: OnOpen will not be called by itself.",
				"hawser.callbacks.handshake-with-open=warn").doesNotContain("\tat ");
	}

	@Test
	void findsNothingWhenNoneIsDeclared() {
		assertThat(find(Object.class, "warn")).isNull();
	}

	@Test
	void findsNonBlockingOnClassesAndBeanMethods() {
		assertThat(found(NonBlockingClass.class, "warn").nonBlocking()).contains(CallbackKind.MESSAGE);
		assertThat(found(NonBlockingMethod.class, "warn").nonBlocking()).contains(CallbackKind.OPEN)
				.doesNotContain(CallbackKind.MESSAGE);
		assertThat(found(MessageOnly.class, "warn").nonBlocking()).doesNotContain(CallbackKind.MESSAGE);
	}

	/**
	 * A task that OnHandShake defers runs in the place of OnOpen. The OnOpen that is never called promised not to block, but the task did
	 * not.
	 */
	@Test
	void ignoresThatAnUnusedOnOpenIsNonBlocking() {
		assertThat(found(HandShakeAndOpen.class, "warn").nonBlocking()).doesNotContain(CallbackKind.OPEN);
	}

	/** A callback that does not exist cannot block. */
	@Test
	void countsAMissingOnCloseAsNonBlocking() {
		assertThat(found(MessageOnly.class, "warn").nonBlocking()).contains(CallbackKind.CLOSE);
		assertThat(found(MessageAndClose.class, "warn").nonBlocking()).doesNotContain(CallbackKind.CLOSE);
	}

	@Test
	@DisplayName("8 dynamic_property, different: an event is a type, so its bean may have any name, but there is one of each")
	void findsCallbacksByType() {
		OnMessage onMessage = (server, frame) -> {
		};
		OnClose onClose = (server, fd, status, initiator) -> {
		};
		CallbackSettings settings = new CallbackSettings(false, CallbackSettings.HandshakeWithOpen.WARN, false, false, false);
		Callbacks found = Objects
				.requireNonNull(new BeanCallbackSource(new StaticListableBeanFactory(Map.of("oNmEsSaGe", onMessage, "42", onClose)),
						settings).find("default"));
		assertThat(found.onMessage()).isSameAs(onMessage);
		assertThat(found.onClose()).isSameAs(onClose);
		BeanCallbackSource twice = new BeanCallbackSource(new StaticListableBeanFactory(Map.of("one", onMessage, "two", onMessage)),
				settings);
		assertThatThrownBy(() -> twice.find("default")).hasMessageContaining("2 beans of type OnMessage");
	}

	private static @Nullable Callbacks find(Class<?> beans, String handshakeWithOpen) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(beans)) {
			return new BeanCallbackSource(context.getBeanFactory(), new CallbackSettings(false,
					CallbackSettings.HandshakeWithOpen.valueOf(handshakeWithOpen.toUpperCase(Locale.ROOT)), false, false, false))
					.find("default");
		}
	}

	private static Callbacks found(Class<?> beans, String handshakeWithOpen) {
		return Objects.requireNonNull(find(beans, handshakeWithOpen));
	}
}
