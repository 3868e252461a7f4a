package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.socket.CloseStatus;

/**
 * The bytes of version 1 of the envelope, as the first nodes wrote them. Nodes of versions beside each other must go on understanding
 * each other, so a change of these bytes needs another version. A new kind of letter gets a new line, and no line is ever changed.
 */
class FrozenEnvelopeTests {
	private static final Path FILE = Path.of("src/test/resources/cluster/envelope-1.txt");
	private static final Target.Several HUB = Target.hub("chat").except("n-1").matching("userId eq 'ä'");
	private static final int LETTERS = 200_000;

	private static Map<String, Letter> letters() {
		Permission permission = Permission.sendToGroup("g");
		ConnectionSnapshot snapshot = new ConnectionSnapshot(7, "chat", "n-7", "n", new InetSocketAddress("10.0.0.1", 99),
				Instant.ofEpochMilli(1),
				Instant.ofEpochMilli(2), Instant.ofEpochMilli(3), new ConnectionSnapshot.Traffic(1, 2, 3, 4), 5, null, "ann", null,
				Set.of("g"), Set.of("r"));
		Map<String, Letter> letters = new LinkedHashMap<>();
		letters.put("tell a connection: text", tell(Target.connection("n-1"), new Order.Send(Frame.text("ä"), 1_000, null)));
		letters.put("tell a connection of a hub: binary",
				tell(Target.connection("chat", "n-1"), new Order.Send(Frame.binary(new byte[] { 0, -1 }), 0, null)));
		letters.put("tell a hub: json", tell(HUB, new Order.Send(Frame.json("{}"), 0, null)));
		letters.put("tell a user: with a sender and metadata",
				tell(Target.user("ann"), new Order.Send(Frame.text("x").from("bob").withMetadata(Map.of("k", "v")), 0, null)));
		letters.put("tell a group: close", tell(Target.group("chat", "g"), new Order.Close(new CloseStatus(4000, "ä"))));
		letters.put("tell a user: once", tell(Target.user("ann"), new Order.Send(Frame.text("x"), 0, "r-1")));
		letters.put("ping", tell(HUB, new Order.Ping()));
		letters.put("ask: join", ask(new Order.Join(List.of("a", "b"))));
		letters.put("ask: leave", ask(new Order.Leave(List.of("a"))));
		letters.put("ask: leave all", ask(new Order.LeaveAll()));
		letters.put("ask: permit", ask(new Order.Permit(permission)));
		letters.put("ask: forbid", ask(new Order.Forbid(Permission.joinLeaveGroups())));
		letters.put("ask: is permitted", ask(new Order.IsPermitted(permission)));
		letters.put("ask: renew", ask(new Order.Renew(new Renewal("ann", null, Instant.ofEpochSecond(9)))));
		letters.put("ask: revoke", ask(new Order.Revoke()));
		letters.put("ask: revoke a token", ask(new Order.RevokeToken("t")));
		letters.put("ask: count", ask(new Order.Count()));
		letters.put("ask: page", ask(new Order.Page("17", 200)));
		letters.put("ask: watch", ask(new Order.Watch(3)));
		letters.put("reply", new Letter.Reply(4, new Outcome(5, 6, new ConnectionPage(List.of(snapshot), "7"), List.of("e"))));
		letters.put("failed", new Letter.Failed(9));
		letters.put("probe", new Letter.Probe(Long.MAX_VALUE));
		letters.put("mark", new Letter.Mark());
		Stream.of(new Step.Fetch("n-1", "chat"), new Step.Gone(), new Step.Busy(), new Step.Offer("ann", List.of("g")),
				new Step.Turn("n1", List.of("n2", "n3")), new Step.Cut("n2"), new Step.Part(new byte[] { 1, 2 }, 3), new Step.Taken(),
				new Step.Dropped()).forEach(step -> letters.put("moving: " + step.getClass().getSimpleName(), new Letter.Moving(2, step)));
		return letters;
	}

	private static Letter tell(Target target, Order order) {
		return new Letter.Tell(target, order);
	}

	private static Letter ask(Order order) {
		return new Letter.Ask(1L << 40, Target.user("chat", "ann"), order);
	}

	private static byte[] batch(Letter letter) {
		return Batch.bytes("n1-abcdef", 300, List.of(letter.bytes()));
	}

	static Stream<String> names() {
		return letters().keySet().stream();
	}

	private static Letter letter(String name) {
		return Objects.requireNonNull(letters().get(name));
	}

	private static Map<String, byte[]> frozen() throws IOException {
		return Files.readAllLines(FILE).stream().filter(line -> !line.startsWith("#")).map(line -> line.split(" = ", 2))
				.collect(Collectors.toMap(line -> line[0], line -> HexFormat.of().parseHex(line[1]), (one, _) -> one, LinkedHashMap::new));
	}

	@ParameterizedTest
	@MethodSource("names")
	void isWrittenAsTheFirstNodesWroteIt(String name) throws Exception {
		assertThat(batch(letter(name))).isEqualTo(frozen().get(name));
	}

	@ParameterizedTest
	@MethodSource("names")
	void isReadAsTheFirstNodesWroteIt(String name) throws Exception {
		Batch batch = Batch.read(Objects.requireNonNull(frozen().get(name)));
		assertThat(batch.source()).isEqualTo("n1-abcdef");
		assertThat(batch.link()).isEqualTo(300);
		Letter read = Letter.read(batch.letters().getFirst());
		assertThat(read.bytes()).isEqualTo(letter(name).bytes());
	}

	@Test
	void hasOnlyLettersThatAreTried() throws Exception {
		assertThat(frozen().keySet()).isEqualTo(letters().keySet());
	}

	/** Whatever is in an inbox is read, or refused with an exception: never an Error, and never much memory. */
	@Test
	void survivesEntriesThatAreBrokenInAnyWay() throws Exception {
		long seed = ThreadLocalRandom.current().nextLong(1L << 40);
		Random random = new Random(seed);
		List<byte[]> whole = List.copyOf(frozen().values());
		int read = 0;
		for (int i = 0; i < LETTERS; i++) {
			byte[] broken = broken(whole, random);
			try {
				for (WireReader letter : Batch.read(broken).letters()) {
					assertThat(Letter.read(letter)).isNotNull();
					read++;
				}
			}
			catch (RuntimeException e) {
				assertThat(e).as("seed %s, entry %s", seed, i).isNotInstanceOfAny(NullPointerException.class,
						IndexOutOfBoundsException.class, NegativeArraySizeException.class, ClassCastException.class);
			}
		}
		assertThat(read).as("some are letters after all").isPositive();
	}

	/** Changed bytes, bytes cut out, bytes twice, and two entries grown together; the head mostly stays, so that the rest is reached. */
	private static byte[] broken(List<byte[]> whole, Random random) {
		byte[] bytes = whole.get(random.nextInt(whole.size())).clone();
		for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
			int at = random.nextInt(bytes.length);
			int length = random.nextInt(bytes.length - at);
			switch (random.nextInt(8)) {
				case 0 -> bytes = joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
				case 1 -> bytes = joined(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
				case 2 -> bytes = joined(Arrays.copyOf(bytes, at), whole.get(random.nextInt(whole.size())));
				case 3 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0x80);
				default -> bytes[at] = (byte) random.nextInt();
			}
			bytes = bytes.length == 0 ? new byte[1] : bytes;
		}
		return bytes;
	}

	private static byte[] joined(byte[] one, byte[] two) {
		byte[] both = Arrays.copyOf(one, one.length + two.length);
		System.arraycopy(two, 0, both, one.length, two.length);
		return both;
	}
}
