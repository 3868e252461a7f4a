package dev.hawser.push.rest;

import dev.hawser.push.Operation;
import dev.hawser.push.rest.ElsewhereAnswered.Begun;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
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
	private final @Nullable ElsewhereAnswered elsewhere;
	private final ReentrantLock lock = new ReentrantLock();
	/** In the order in which they began. Guarded by the lock, as the size. */
	private final LinkedHashMap<Id, Known> known = new LinkedHashMap<>();
	private long size;

	/**
	 * @param settings  the settings in force now; a reload changes them
	 * @param elsewhere what other nodes know; null when there are none
	 */
	RepeatedRequests(Supplier<PushSettings.Idempotency> settings, @Nullable ElsewhereAnswered elsewhere) {
		this.settings = settings;
		this.elsewhere = elsewhere;
	}

	private record Id(String caller, String key) {
		/** A name of the same length for each, which shows neither. */
		String name() {
			return HexFormat.of().formatHex(sha256((caller + '\n' + key).getBytes(StandardCharsets.UTF_8)), 0, 16);
		}
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
		Iterator<Map.Entry<Id, Known>> oldest = known.entrySet().iterator();
		while (oldest.hasNext()) {
			Map.Entry<Id, Known> entry = oldest.next();
			Known next = entry.getValue();
			boolean isOld = now - next.since >= bounds.time().toNanos();
			if (known.size() <= bounds.entries() && size <= bounds.size().toBytes() && !isOld) {
				return;
			}
			size -= next.size();
			oldest.remove();
			if (elsewhere != null && next.answer != null && !isOld) {
				elsewhere.forget(entry.getKey().name(), next.request, next.answer);
			}
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
			return again(before.request, before.answer, request);
		}
		Answer answer = null;
		try {
			// a token that this server has signed is a secret, which stays here
			answer = route.verb() == Verb.TOKEN ? route.action().answer(call) : once(route, call, id.name(), request);
			return answer;
		}
		finally {
			end(id, request, answer, now);
		}
	}

	/** Carries a request out, or finds what another node has answered. */
	private Answer once(Route route, Call call, String name, byte[] request) {
		ElsewhereAnswered others = elsewhere;
		if (others == null) {
			return route.action().answer(call);
		}
		Begun begun = ElsewhereAnswered.begun(name, request);
		ElsewhereAnswered.Entry known = others.begin(begun);
		if (known != null) {
			return again(known.request(), known.answer(), request);
		}
		Answer answer = null;
		try {
			Operation operation = new Operation(name + HexFormat.of().formatHex(request, 0, 8));
			answer = ScopedValue.where(Operation.CURRENT, operation).call(() -> route.action().answer(call));
			return answer;
		}
		finally {
			others.end(begun, request, answer, settings.get().time());
		}
	}

	private static Answer again(byte[] earlier, @Nullable Answer answer, byte[] request) {
		if (!MessageDigest.isEqual(earlier, request)) {
			throw new ApiException(422, "IdempotencyKeyReused", "This " + KEY + " was used for another request: use a new one for each.",
					KEY);
		}
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
				+ request.getHeader("Content-Type") + '\n' + new TreeMap<>(MessageBody.metadata(call)) + '\n';
		return sha256(head.getBytes(StandardCharsets.UTF_8), call.body());
	}

	private static byte[] sha256(byte[]... parts) {
		try {
			MessageDigest sha = MessageDigest.getInstance("SHA-256");
			for (byte[] part : parts) {
				sha.update(part);
			}
			return sha.digest();
		}
		catch (NoSuchAlgorithmException e) {
			throw new IllegalStateException("Every JVM has SHA-256", e);
		}
	}
}
