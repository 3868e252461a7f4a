package dev.hawser.push.rest;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out only once what a caller sends twice with the same {@code Idempotency-Key}: the second request gets the first one's answer. A
 * refused request is not remembered, since nothing was done. Each key of the push API has its own. Safe for any thread.
 */
final class RepeatedRequests {
	static final String KEY = "Idempotency-Key";
	private static final int LONGEST_KEY = 255;

	private final Supplier<PushSettings.Idempotency> settings;
	private final ReentrantLock lock = new ReentrantLock();
	/** In the order in which they began. Guarded by the lock, as the size. */
	private final LinkedHashMap<Id, Known> known = new LinkedHashMap<>();
	private long size;

	/** @param settings the settings in force now; a reload changes them */
	RepeatedRequests(Supplier<PushSettings.Idempotency> settings) {
		this.settings = settings;
	}

	private record Id(String caller, String key) {
	}

	/**
	 * @param request a digest of the request
	 * @param answer  null while the request is being carried out
	 * @param since   when it began, on the clock of {@link System#nanoTime}
	 */
	private record Known(byte[] request, @Nullable Answer answer, long since) {
		/** Bytes of memory, about. */
		int size() {
			return 300 + request.length + (answer == null ? 0 : answer.size());
		}
	}

	/** What is known of an earlier request; null when this one is the first, which then is known. */
	private @Nullable Known begin(Id id, byte[] request, long now) {
		lock.lock();
		try {
			forget(now);
			Known before = known.get(id);
			if (before == null) {
				put(id, new Known(request, null, now));
			}
			return before;
		}
		finally {
			lock.unlock();
		}
	}

	/** @param answer null when the request was refused, which is not remembered */
	private void end(Id id, byte[] request, @Nullable Answer answer, long since) {
		lock.lock();
		try {
			Known begun = known.remove(id);
			size -= begun == null ? 0 : begun.size();
			if (answer != null) {
				put(id, new Known(request, answer, since));
			}
			forget(System.nanoTime());
		}
		finally {
			lock.unlock();
		}
	}

	private void put(Id id, Known entry) {
		known.put(id, entry);
		size += entry.size();
	}

	/** Forgets the oldest, as long as there are too many, they are too large, or they are too old. */
	private void forget(long now) {
		PushSettings.Idempotency bounds = settings.get();
		Iterator<Known> oldest = known.values().iterator();
		while (oldest.hasNext()) {
			Known next = oldest.next();
			if (known.size() <= bounds.entries() && size <= bounds.size().toBytes() && now - next.since < bounds.time().toNanos()) {
				return;
			}
			size -= next.size();
			oldest.remove();
		}
	}

	/** @throws ApiException also when the key was used for another request, or its request is not over */
	Answer answer(Route route, Call call) {
		String key = SingleHeader.of(call.request(), KEY);
		if (key == null || route.verb() == Verb.READ) {
			return route.action().answer(call);
		}
		if (key.isEmpty() || key.length() > LONGEST_KEY || !key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
			throw ApiException.invalid(KEY,
					"'" + KEY + "' must have 1 to " + LONGEST_KEY + " characters of printable ASCII, without spaces.");
		}
		Id id = new Id(call.caller().id(), key);
		byte[] request = digest(call);
		long now = System.nanoTime();
		Known before = begin(id, request, now);
		if (before != null) {
			return again(before, request);
		}
		Answer answer = null;
		try {
			answer = route.action().answer(call);
			return answer;
		}
		finally {
			end(id, request, answer, now);
		}
	}

	private static Answer again(Known before, byte[] request) {
		if (!MessageDigest.isEqual(before.request, request)) {
			throw new ApiException(422, "IdempotencyKeyReused", "This " + KEY + " was used for another request: use a new one for each.",
					KEY);
		}
		Answer answer = before.answer;
		if (answer == null) {
			throw new ApiException(
					new ApiError(409, "IdempotencyKeyInUse", "The first request with this " + KEY + " is not over: try again later.",
							KEY),
					Map.of("Retry-After", "1"));
		}
		return answer.again();
	}

	/** Of all that tells what is to be done. */
	private static byte[] digest(Call call) {
		HttpServletRequest request = call.request();
		String head = request.getMethod() + '\n' + request.getRequestURI() + '\n' + request.getQueryString() + '\n'
				+ request.getHeader("Content-Type")
				+ '\n';
		try {
			MessageDigest sha = MessageDigest.getInstance("SHA-256");
			sha.update(head.getBytes(StandardCharsets.UTF_8));
			return sha.digest(call.body());
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every JVM has SHA-256", e);
		}
	}
}
