package dev.hawser.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.CloseInitiator;
import dev.hawser.connection.CloseHandshake.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.socket.CloseStatus;

class CloseHandshakeTests {
	private static final CloseStatus OURS = new CloseStatus(1001, "ours");
	private static final CloseStatus LATER = new CloseStatus(1011, "later");
	private static final CloseStatus THEIRS = new CloseStatus(4000, "theirs");

	/** How to bring a new handshake into each state. */
	enum State {
		OPEN, WE_CLOSED, THEY_CLOSED, ENDED_BY_THEM, ENDED_BY_US, COMPLETED_AFTER_OURS;

		CloseHandshake make() {
			CloseHandshake handshake = new CloseHandshake();
			switch (this) {
				case OPEN -> {
				}
				case WE_CLOSED -> handshake.begin(OURS);
				case THEY_CLOSED -> {
					handshake.peerClosed(THEIRS);
					handshake.complete();
				}
				case ENDED_BY_THEM -> handshake.complete();
				case ENDED_BY_US -> {
					handshake.abandoned();
					handshake.complete();
				}
				case COMPLETED_AFTER_OURS -> {
					handshake.begin(OURS);
					handshake.complete();
				}
			}
			return handshake;
		}
	}

	enum Event {
		WE_CLOSE, THEY_CLOSE, ABANDON, COMPLETE;

		/** Applies the event, and returns whether the caller must act. */
		boolean happensTo(CloseHandshake handshake) {
			return switch (this) {
				case WE_CLOSE -> handshake.begin(LATER);
				case THEY_CLOSE -> handshake.peerClosed(new CloseStatus(3000));
				case ABANDON -> {
					handshake.abandoned();
					yield false;
				}
				case COMPLETE -> handshake.complete();
			};
		}
	}

	static Object[] table() {
		return new Object[] {
				//  state                      event             to do  phase after       code  by
				row(State.OPEN, Event.WE_CLOSE, true, Phase.CLOSE_SENT, 1011, CloseInitiator.SERVER),
				row(State.OPEN, Event.THEY_CLOSE, true, Phase.OPEN, 3000, CloseInitiator.CLIENT),
				row(State.OPEN, Event.ABANDON, false, Phase.OPEN, 1006, CloseInitiator.SERVER),
				row(State.OPEN, Event.COMPLETE, true, Phase.COMPLETE, 1006, CloseInitiator.CLIENT),
				row(State.WE_CLOSED, Event.WE_CLOSE, false, Phase.CLOSE_SENT, 1001, CloseInitiator.SERVER),
				row(State.WE_CLOSED, Event.THEY_CLOSE, false, Phase.CLOSE_SENT, 1001, CloseInitiator.SERVER),
				row(State.WE_CLOSED, Event.ABANDON, false, Phase.CLOSE_SENT, 1001, CloseInitiator.SERVER),
				row(State.WE_CLOSED, Event.COMPLETE, true, Phase.COMPLETE, 1001, CloseInitiator.SERVER),
				row(State.THEY_CLOSED, Event.WE_CLOSE, false, Phase.COMPLETE, 4000, CloseInitiator.CLIENT),
				row(State.THEY_CLOSED, Event.THEY_CLOSE, false, Phase.COMPLETE, 4000, CloseInitiator.CLIENT),
				row(State.THEY_CLOSED, Event.ABANDON, false, Phase.COMPLETE, 4000, CloseInitiator.CLIENT),
				row(State.THEY_CLOSED, Event.COMPLETE, false, Phase.COMPLETE, 4000, CloseInitiator.CLIENT),
				row(State.ENDED_BY_THEM, Event.WE_CLOSE, false, Phase.COMPLETE, 1006, CloseInitiator.CLIENT),
				row(State.ENDED_BY_THEM, Event.ABANDON, false, Phase.COMPLETE, 1006, CloseInitiator.CLIENT),
				row(State.ENDED_BY_THEM, Event.COMPLETE, false, Phase.COMPLETE, 1006, CloseInitiator.CLIENT),
				row(State.ENDED_BY_US, Event.THEY_CLOSE, false, Phase.COMPLETE, 1006, CloseInitiator.SERVER),
				row(State.ENDED_BY_US, Event.COMPLETE, false, Phase.COMPLETE, 1006, CloseInitiator.SERVER),
				row(State.COMPLETED_AFTER_OURS, Event.THEY_CLOSE, false, Phase.COMPLETE, 1001, CloseInitiator.SERVER),
				row(State.COMPLETED_AFTER_OURS, Event.COMPLETE, false, Phase.COMPLETE, 1001, CloseInitiator.SERVER) };
	}

	private static Arguments row(State state, Event event, boolean toDo, Phase phase, int code, CloseInitiator initiator) {
		return Arguments.of(state, event, toDo, phase, code, initiator);
	}

	@ParameterizedTest(name = "{0}, {1}: {2} {3} {4} {5}")
	@MethodSource("table")
	void goesThroughItsStates(State state, Event event, boolean toDo, Phase phase, int code, CloseInitiator initiator) {
		CloseHandshake handshake = state.make();
		assertThat(event.happensTo(handshake)).as("whether there is something to do").isEqualTo(toDo);
		assertThat(handshake.phase()).isEqualTo(phase);
		assertThat(handshake.status().getCode()).isEqualTo(code);
		assertThat(handshake.initiator()).isEqualTo(initiator);
	}

	@Test
	void isHeardOutWhenThePeerHasClosedAndOwesNoPong() {
		CloseHandshake handshake = new CloseHandshake();
		assertThat(handshake.heardOut()).isFalse();
		handshake.pinged();
		handshake.peerClosed(THEIRS);
		assertThat(handshake.heardOut()).as("with a pong to come").isFalse();
		handshake.ponged();
		assertThat(handshake.heardOut()).isTrue();
	}

	@Test
	void isHeardOutWhenThePeerAnswersOurClose() {
		CloseHandshake handshake = new CloseHandshake();
		handshake.begin(OURS);
		assertThat(handshake.heardOut()).isFalse();
		handshake.peerClosed(THEIRS);
		assertThat(handshake.heardOut()).isTrue();
	}
}
