package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetters.Numbered;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /actuator/deadletters}: lists the events that were not delivered, sends them again, and discards them. */
@WebEndpoint(id = "deadletters")
final class DeadLettersEndpoint {
	private static final int PAGE = 50;
	private static final int LARGEST_PAGE = 1_000;
	private static final String ALL_HUBS = "*";
	private static final int ACCEPTED = 202;
	private static final int CONFLICT = 409;

	private final Letters letters;
	private final Resending resending;

	DeadLettersEndpoint(Letters letters, Resending resending) {
		this.letters = letters;
		this.resending = resending;
	}

	/**
	 * One letter, without the event's body.
	 *
	 * @param id        names it in the other calls
	 * @param webhookId the event's {@code webhook-id}, under which a backend may know it
	 * @param time      when the event happened
	 * @param since     when the server gave it up
	 * @param why       why the server gave it up
	 * @param last      what came of the last attempt; null when there was none
	 * @param attempts  how often delivery was tried
	 * @param size      bytes of the event's body
	 */
	public record Letter(String id, String hub, String event, String connectionId, String webhookId, Instant time, Instant since,
			String why, @Nullable String last, int attempts, int size) {
		static Letter of(Numbered one) {
			DeadLetter letter = one.letter();
			Event event = letter.event();
			return new Letter(Long.toString(one.id()), event.of().hub(), event.name(), event.of().connectionId(), event.uniqueId(),
					event.time(), letter.since(), letter.why().text(), letter.last(), letter.attempts(), event.body().length);
		}
	}

	/**
	 * A page of letters, the oldest first.
	 *
	 * @param next    {@code after} for the next page; null at the end
	 * @param byHub   how many there are of each hub
	 * @param bytes   bytes of all letters
	 * @param durable whether they outlive the process
	 */
	public record Page(List<Letter> deadLetters, @Nullable String next, Map<String, Integer> byHub, long bytes, boolean durable) {
	}

	/** @param letters how many letters are affected */
	public record Done(int letters) {
	}

	/** @param detail why nothing was done */
	public record Refusal(String detail) {
	}

	/**
	 * Lists letters.
	 *
	 * @param hub   of this hub only
	 * @param after {@code next} of the page before
	 * @param limit most letters, 1 to 1000; 50 without it
	 */
	@ReadOperation
	public Page list(@Nullable String hub, @Nullable String after, @Nullable String limit) {
		long most = limit == null ? PAGE : number(limit);
		require(most >= 1 && most <= LARGEST_PAGE, "'limit' must be an integer from 1 to " + LARGEST_PAGE + '.');
		long from = after == null ? 0 : number(after);
		require(from >= 0, "'after' must be the 'next' of the page before: begin without it.");
		List<Numbered> found = letters.list(one(hub), from, (int) most + 1);
		List<Numbered> page = found.subList(0, (int) Math.min(most, found.size()));
		return new Page(page.stream().map(Letter::of).toList(), found.size() > most ? Long.toString(page.getLast().id()) : null,
				letters.counts(), letters.bytes(), letters.isDurable());
	}

	/**
	 * Sends letters again, in the background: 202. Each goes from the list when the backend has taken it.
	 *
	 * @param hub of this hub; {@code *} for all
	 */
	@WriteOperation
	public WebEndpointResponse<Done> resendAll(@Nullable String hub) {
		require(hub != null, "Name the hub whose letters are to be sent again: {\"hub\":\"chat\"}, or \"*\" for all hubs.");
		int count = counted(hub);
		resending.sendAll(one(hub));
		return new WebEndpointResponse<>(new Done(count), ACCEPTED);
	}

	/** Sends one letter again, in the background: 202; 404 when it is not there, 409 when its hub has no backend for it. */
	@WriteOperation
	public WebEndpointResponse<Object> resend(@Selector String id) {
		Numbered one = letters.get(number(id));
		if (one == null) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		if (!resending.isPossible(one)) {
			return new WebEndpointResponse<>(new Refusal("The hub of this event has no backend for it."), CONFLICT);
		}
		resending.send(one);
		return new WebEndpointResponse<>(new Done(1), ACCEPTED);
	}

	/**
	 * Discards letters.
	 *
	 * @param hub of this hub; {@code *} for all
	 */
	@DeleteOperation
	public Done discardAll(@Nullable String hub) {
		require(hub != null, "Name the hub whose letters are to be discarded: ?hub=chat, or ?hub=* for all hubs.");
		return new Done(letters.discard(one(hub)));
	}

	/** Discards one letter; 404 when it is not there. */
	@DeleteOperation
	public WebEndpointResponse<Done> discard(@Selector String id) {
		return letters.remove(number(id)) ? new WebEndpointResponse<>(new Done(1))
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

	/** Spring shows the second text to the caller. */
	private static void require(boolean fine, String sentence) {
		if (!fine) {
			throw new InvalidEndpointRequestException(sentence, sentence);
		}
	}

	private int counted(@Nullable String hub) {
		return letters.counts().entrySet().stream().filter(entry -> ALL_HUBS.equals(hub) || entry.getKey().equals(hub))
				.mapToInt(Map.Entry::getValue).sum();
	}

	private static @Nullable String one(@Nullable String hub) {
		return ALL_HUBS.equals(hub) ? null : hub;
	}

	/** -1 for what is no number of a letter. */
	private static long number(String id) {
		return id.matches("[0-9]{1,18}") ? Long.parseLong(id) : -1;
	}
}
