package dev.hawser.webhook;

import dev.hawser.webhook.DeadLetter.Why;
import dev.hawser.webhook.NoAnswerException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of one connection and delivers them, one after the other. Keeps what backends have asked for in their answers,
 * the state and the cookies, and the events that are still to be delivered. Safe for any thread: a thread that delivers an event
 * keeps the others out.
 */
final class ConnectionEvents {
	/** Name of the connection's attribute that holds this object. */
	static final String ATTRIBUTE = ConnectionEvents.class.getName();
	/** Numbers that are reserved in the store at a time, so that not every event has to be stored. */
	private static final long RESERVE = 1000;

	private final ReentrantLock lock = new ReentrantLock();
	private final HubWebhooks hub;
	private final StoredEntry stored;
	private volatile Event.Origin origin;
	private long next;
	private @Nullable String state;
	private @Nullable Cookies cookies;
	/** Events that are delivered at least once, in order; null while there are none, as in most connections. */
	private @Nullable DueEvents due;
	/** Whether no attempt for what is due has failed. */
	private boolean fresh;
	private volatile boolean ended;
	/** No event has this number or a higher one; the store knows it. */
	private long reserved = RESERVE;
	/** What the backend has asked for in {@code Retry-After} of its last answer. */
	private volatile Duration askedPause = Duration.ZERO;

	/** @param hub knows which backend gets an event, and keeps what has to be delivered */
	ConnectionEvents(HubWebhooks hub, Event.Origin origin) {
		this(hub, new StoredEntry(hub.store(), origin.uniqueId()), origin);
	}

	/** The later events of a connection whose earlier ones another node, or another process, has made. */
	ConnectionEvents(HubWebhooks hub, String name, Entry entry) {
		this(hub, new StoredEntry(hub.store(), name), entry.of());
		this.next = entry.reserved();
		this.reserved = entry.reserved() + RESERVE;
		this.state = entry.state();
		this.due = entry.due().isEmpty() ? null : new DueEvents(entry.due());
	}

	private ConnectionEvents(HubWebhooks hub, StoredEntry stored, Event.Origin origin) {
		this.hub = hub;
		this.stored = stored;
		this.origin = origin;
	}

	/**
	 * The events of a connection of an earlier process, which ended without a word if it has no {@code disconnected} yet.
	 *
	 * @param name under which the store has it
	 * @param lost body of the {@code disconnected} in that case
	 */
	static ConnectionEvents left(HubWebhooks hub, String name, Entry entry, byte[] lost) {
		ConnectionEvents events = new ConnectionEvents(hub, name, entry);
		DueEvents due = new DueEvents(entry.due());
		if (entry.due().isEmpty() || !entry.due().getLast().name().equals(EventNames.DISCONNECTED)) {
			due.add(events.event(Event.Content.json(EventNames.DISCONNECTED, lost)));
		}
		events.due = due;
		events.ended = true;
		events.stored.prepare(events.now());
		return events;
	}

	/** The handshake is accepted: from now on the connection's end is told, whatever happens. Blocks until that is stored. */
	void accepted() throws InterruptedException {
		lock.lockInterruptibly();
		try {
			stored.putDurably(now());
		}
		finally {
			lock.unlock();
		}
	}

	/** From now on nothing is delivered here. Null when an event is still being delivered after two seconds. */
	@Nullable
	Entry pack() throws InterruptedException {
		if (!lock.tryLock(2, TimeUnit.SECONDS)) {
			return null;
		}
		try {
			stored.handedOver();
			return new Entry(origin, state, next, due == null ? List.of() : due.all());
		}
		finally {
			lock.unlock();
		}
	}

	private Entry now() {
		return new Entry(origin, state, reserved, due == null ? List.of() : due.all());
	}

	private void store() {
		if (ended && due == null) {
			stored.remove();
		}
		else {
			stored.put(now());
		}
	}

	/** What is stored. */
	StoredEntry stored() {
		return stored;
	}

	/** The user and the subprotocol have become known, or have changed. */
	void belongsTo(@Nullable String userId, @Nullable String subprotocol) {
		lock.lock();
		try {
			origin = new Event.Origin(origin.hub(), origin.connectionId(), origin.uniqueId(), userId, subprotocol);
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Delivers an event that the backend's answer decides about, and keeps state and cookies of an answer with 2xx.
	 *
	 * @param asking who waits for the answer
	 * @return the answer, whatever its status
	 */
	Answer ask(Backend backend, Event.Content content, Asking asking) throws NoAnswerException, InterruptedException {
		lock.lockInterruptibly();
		try {
			if (stored.isHandedOver()) {
				throw new NoAnswerException(Reason.GONE, "another node tells of the connection");
			}
			if (due != null && deliver() != Progress.DONE) {
				throw backend.notAsked(content.name(), Reason.UNREACHABLE, "an earlier event of the connection is not delivered yet");
			}
			Answer answer = backend.deliver(event(content), Cookies.header(cookies, backend.origin()), asking);
			if (answer.isSuccess()) {
				keep(backend, answer);
			}
			return answer;
		}
		finally {
			lock.unlock();
		}
	}

	/** Adds an event that has to be delivered at least once, after those before it that are still due: see {@link #deliverDue}. */
	void add(String name, byte[] body) throws InterruptedException {
		lock.lockInterruptibly();
		try {
			if (ended || stored.isHandedOver()) {
				return;
			}
			ended = name.equals(EventNames.DISCONNECTED);
			if (due == null) {
				due = new DueEvents(List.of());
				fresh = true;
			}
			due.add(event(Event.Content.json(name, body)));
			if (ended && stored.isThere()) {
				stored.putDurably(now()); // another process that delivers it repeats it, and makes no other one
			}
			else {
				store();
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** Delivers what is due: at first with the repetitions that the settings allow, and if these do not help, in one attempt each time. */
	Progress deliverDue() throws InterruptedException {
		lock.lockInterruptibly();
		try {
			return deliver();
		}
		finally {
			lock.unlock();
		}
	}

	private Progress deliver() throws InterruptedException {
		assert lock.isHeldByCurrentThread();
		while (due != null && !stored.isHandedOver()) {
			Backend backend = hub.backend(due.first().name());
			if (backend != null) {
				Taking taking = attempt(backend, due.first());
				due.tried(taking.result());
				askedPause = taking.askedPause();
				if (taking.outcome() == Taking.Outcome.LATER) {
					fresh = false;
					return Progress.STUCK;
				}
				if (taking.outcome() == Taking.Outcome.REFUSED) {
					hub.bury(List.of(due.firstDead(Why.REFUSED, Instant.now())));
				}
			}
			due.removeFirst();
			due = due.size() == 0 ? null : due;
			store();
		}
		return Progress.DONE;
	}

	private Taking attempt(Backend backend, Event event) throws InterruptedException {
		try {
			String cookie = Cookies.header(cookies, backend.origin());
			Answer answer = fresh ? backend.deliver(event, cookie, Asking.forTheStatus(() -> !stored.isHandedOver()))
					: backend.deliverOnce(event, cookie);
			if (answer.isSuccess()) {
				cookies = Cookies.after(cookies, backend.origin(), answer);
			}
			return Taking.of(answer, Instant.now());
		}
		catch (NoAnswerException e) {
			return Taking.of(e);
		}
	}

	private Event event(Event.Content content) {
		if (next == reserved) {
			reserved += RESERVE;
			store();
		}
		return new Event(content.name(), next++, Instant.now(), origin, state, content.contentType(), content.body(), content.metadata());
	}

	private void keep(Backend backend, Answer answer) {
		List<String> states = answer.headers().getValuesList(EventHeaders.STATE);
		if (!states.isEmpty()) {
			state = states.getFirst().isEmpty() ? null : states.getFirst();
			store();
		}
		cookies = Cookies.after(cookies, backend.origin(), answer);
	}

	/** Whether the last event of all has been made. */
	boolean isEnded() {
		return ended;
	}

	/** The pause that the backend has asked for before the next attempt; zero for none. */
	Duration askedPause() {
		return askedPause;
	}

	/** The events that are due become dead letters. */
	void giveUp(Why why) throws InterruptedException {
		lock.lockInterruptibly();
		try {
			if (due != null && !stored.isHandedOver()) {
				hub.bury(due.allDead(why, Instant.now())); // before they leave the store, so that a kill in between loses none
				due = null;
				store();
			}
		}
		finally {
			lock.unlock();
		}
	}

	/** The connection never opened, and no backend has heard of it. */
	void forget() {
		lock.lock();
		try {
			ended = true;
			due = null;
			store();
		}
		finally {
			lock.unlock();
		}
	}

	Event.Origin origin() {
		return origin;
	}

	/** The number of events that are due. */
	int due() {
		lock.lock();
		try {
			return due == null || stored.isHandedOver() ? 0 : due.size();
		}
		finally {
			lock.unlock();
		}
	}
}
