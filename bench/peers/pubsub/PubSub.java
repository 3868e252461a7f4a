package bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What an application does without Hawser: a channel of Redis for each user, with Lettuce as it is by default. One process publishes, and
 * another one has subscribed to all channels and counts; there are no WebSockets. Each line of standard input is a request, and has one line of answer.
 *
 * <pre>
 *  publish PORT CHANNELS     "rate window seconds"  makes pushes as {@link Pushes} does
 *  subscribe PORT CHANNELS   any line               how many messages came since the last request, and how late, in microseconds
 * </pre>
 */
final class PubSub {
	private PubSub() {
	}

	public static void main(String[] words) throws Exception {
		RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", Integer.parseInt(words[1])));
		String[] channels = IntStream.range(0, Integer.parseInt(words[2])).mapToObj(i -> "user:" + i).toArray(String[]::new);
		Answers answers = words[0].equals("publish") ? publisher(client, channels) : subscriber(client, channels);
		System.out.println("ready");
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			System.out.println(answers.to(line));
		}
		client.shutdown();
	}

	private interface Answers {
		String to(String line);
	}

	private static Answers publisher(RedisClient client, String[] channels) {
		RedisAsyncCommands<String, String> redis = client.connect().async();
		return line -> {
			String[] words = line.split(" ");
			return new Pushes((number, text) -> {
				RedisFuture<Long> receivers = redis.publish(channels[(int) (number % channels.length)], text);
				return receivers.thenApply(count -> "Published" + count);
			}, Double.parseDouble(words[0]), Integer.parseInt(words[1]), Double.parseDouble(words[2])).make();
		};
	}

	private static Answers subscriber(RedisClient client, String[] channels) {
		StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub();
		Lateness lateness = new Lateness();
		connection.addListener(new RedisPubSubAdapter<>() {
			@Override
			public void message(String channel, String message) {
				lateness.add(System.nanoTime() - Long.parseUnsignedLong(message, 0, 16, 16));
			}
		});
		connection.sync().subscribe(channels);
		return _ -> lateness.report();
	}

	/** Nanoseconds from the time at which each message was due. */
	private static final class Lateness {
		private long[] nanos = new long[1 << 20];
		private int count;

		synchronized void add(long late) {
			if (count == nanos.length) {
				nanos = Arrays.copyOf(nanos, 2 * count);
			}
			nanos[count++] = late;
		}

		synchronized String report() {
			Arrays.sort(nanos, 0, count);
			String report = "{\"count\":%d,\"p50\":%d,\"p99\":%d}".formatted(count, micros(50), micros(99));
			count = 0;
			return report;
		}

		private long micros(int percent) {
			return count == 0 ? 0 : nanos[(int) ((long) count * percent / 100)] / 1000;
		}
	}
}
