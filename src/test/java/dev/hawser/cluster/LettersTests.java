package dev.hawser.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.ConnectionPage;
import dev.hawser.api.ConnectionSnapshot;
import dev.hawser.api.Frame;
import dev.hawser.api.Permission;
import dev.hawser.api.Renewal;
import dev.hawser.api.Target;
import dev.hawser.push.Order;
import dev.hawser.push.Outcome;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.socket.CloseStatus;

/** What nodes say to each other, as bytes and back; and bytes that no node writes. */
class LettersTests {
	private static final Target.Several HUB = Target.hub("chat").except("n-1", "n-2").matching("userId eq 'ä'");

	static Stream<Letter> letters() {
		Permission permission = Permission.sendToGroup("g");
		ConnectionSnapshot snapshot = new ConnectionSnapshot(7, "chat", "n-7", "m", new InetSocketAddress("10.0.0.1", 99),
				Instant.ofEpochMilli(1),
				Instant.ofEpochMilli(2), Instant.ofEpochMilli(3), new ConnectionSnapshot.Traffic(1, 2, 3, 4), 5, null, "ann", null,
				Set.of("g"),
				Set.of("r"));
		Stream<Order> orders = Stream.of(new Order.Close(new CloseStatus(4000, "ä")), new Order.Ping(), new Order.Join(List.of("a", "b")),
				new Order.Leave(List.of("a")), new Order.LeaveAll(), new Order.Permit(permission),
				new Order.Forbid(Permission.joinLeaveGroups()), new Order.IsPermitted(permission),
				new Order.Renew(new Renewal("ann", null, Instant.ofEpochSecond(9))), new Order.Revoke(), new Order.RevokeToken("t"),
				new Order.Count(), new Order.Page("17", 200), new Order.Page(null, 1), new Order.Watch(1L << 50));
		return Stream.concat(
				orders.flatMap(order -> Stream.of(new Letter.Tell(Target.connection("n-1"), order), new Letter.Ask(1L << 60, HUB, order))),
				Stream.of(new Letter.Ask(3, Target.user("ann"), new Order.Count()),
						new Letter.Tell(Target.group("chat", "g"), new Order.Ping()),
						new Letter.Reply(4, new Outcome(5, 6, new ConnectionPage(List.of(snapshot), "7"))), new Letter.Failed(9),
						new Letter.Reply(5, new Outcome(1L << 50, 2, new ConnectionPage(List.of(), null), List.of("{}", "ä"))),
						new Letter.Probe(Long.MAX_VALUE), new Letter.Mark()));
	}

	static Stream<Letter> steps() {
		return Stream.of(new Step.Fetch("n-1", "chat"), new Step.Gone(), new Step.Busy(), new Step.Offer(null, List.of()),
				new Step.Offer("ann", List.of("g", "ä")), new Step.Turn("n-1", List.of("n", "m")), new Step.Cut("n"),
				new Step.Part(new byte[] { 1, 2 }, 3), new Step.Taken(), new Step.Dropped())
				.map(step -> new Letter.Moving(Long.MAX_VALUE, step));
	}

	private static Letter read(byte[] letter) {
		return Letter.read(Batch.read(Batch.bytes("n", 1, List.of(letter))).letters().getFirst());
	}

	@ParameterizedTest
	@MethodSource({ "letters", "steps" })
	void comesBackAsItWas(Letter letter) {
		assertThat(read(letter.bytes())).usingRecursiveComparison().isEqualTo(letter);
	}

	@Test
	void bringsMessagesAcrossWithAllThatTheyHave() {
		for (Frame frame : List.of(Frame.text("ä"), Frame.binary(new byte[70_000]), Frame.json("{}"),
				Frame.text("x").from("ann").withMetadata(Map.of("k", "v")), Frame.json("[1]").from("ann"),
				Frame.binary(new byte[0]).from("bob"))) {
			Letter.Tell back = (Letter.Tell) read(new Letter.Tell(HUB, new Order.Send(frame, 1_000)).bytes());
			Order.Send send = (Order.Send) back.order();
			assertThat(send.millis()).isEqualTo(1_000);
			assertThat(send.message().data()).isEqualTo(frame.data());
			assertThat(send.message().dataType()).isEqualTo(frame.dataType());
			assertThat(send.message().isText()).isEqualTo(frame.isText());
			assertThat(send.message().sender()).isEqualTo(frame.sender());
			assertThat(send.message().metadata()).isEqualTo(frame.metadata());
		}
	}

	@ParameterizedTest
	@MethodSource({ "letters", "steps" })
	void refusesABatchThatIsCutOffAnywhere(Letter letter) {
		byte[] whole = Batch.bytes("n1-abcdef", 300, List.of(letter.bytes(), letter.bytes()));
		for (int length = 0; length < whole.length; length++) {
			byte[] cut = Arrays.copyOf(whole, length);
			assertThatThrownBy(() -> Batch.read(cut)).isInstanceOf(UnreadableException.class);
		}
		assertThatThrownBy(() -> Batch.read(Arrays.copyOf(whole, whole.length + 1))).isInstanceOf(UnreadableException.class);
	}

	/** A letter that is cut off within a whole batch, or changed, is refused or another letter, and never an Error or much memory. */
	@ParameterizedTest
	@MethodSource({ "letters", "steps" })
	void survivesBrokenLetters(Letter letter) {
		Random random = new Random(15);
		byte[] whole = letter.bytes();
		for (int i = 0; i < 2_000; i++) {
			byte[] broken = i < whole.length ? Arrays.copyOf(whole, i) : whole.clone();
			if (i >= whole.length) {
				broken[random.nextInt(broken.length)] = (byte) random.nextInt();
			}
			try {
				assertThat(read(broken)).isNotNull();
			}
			catch (RuntimeException e) {
				assertThat(e).isNotNull();
			}
		}
	}

	@Test
	void namesTheVersionThatItCannotRead() {
		byte[] newer = Batch.bytes("n", 1, List.of());
		newer[2] = 9;
		assertThatThrownBy(() -> Batch.read(newer)).isInstanceOf(UnreadableException.class).hasMessageContaining("version 9");
		assertThatThrownBy(() -> Batch.read("{\"hello\":1}".getBytes(StandardCharsets.UTF_8)))
				.hasMessageContaining("not from a node");
	}

	@Test
	void passesOverALetterOfAKindThatItDoesNotKnow() {
		Batch batch = Batch.read(Batch.bytes("n", 1, List.of(new byte[] { 99, 1, 2, 3 }, new Letter.Mark().bytes())));
		assertThat(batch.letters().stream().map(Letter::read)).containsExactly(new Letter.Unknown(99), new Letter.Mark());
	}
}
