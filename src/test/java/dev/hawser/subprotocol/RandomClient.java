package dev.hawser.subprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.connection.Comeback;
import dev.hawser.connection.Connections;
import dev.hawser.connection.Hub;
import dev.hawser.connection.Identity;
import dev.hawser.connection.OpeningHandshake;
import dev.hawser.connection.ScriptedTransport;
import dev.hawser.connection.StoredRequest;
import dev.hawser.connection.Ticket;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.testing.RawFrame;
import dev.hawser.testing.ReceivedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.WebSocketHandler;

/** One client of {@link RandomClientsTests} on scripted sockets, and what the model says that it must get. */
final class RandomClient {
	private static final Set<String> ROLES = Set.of("webpubsub.joinLeaveGroup", "webpubsub.sendToGroup");
	private static final Pattern NUMBER = Pattern.compile("\"sequenceId\":(\\d+)");
	private static final Pattern DATA = Pattern.compile("\"data\":(\\d+)");

	enum Kind {
		RAW(null), JSON(JsonSubprotocol.NAME), RELIABLE(JsonReliableSubprotocol.NAME);

		final @Nullable String subprotocol;

		Kind(@Nullable String subprotocol) {
			this.subprotocol = subprotocol;
		}
	}

	final Kind kind;
	final Set<String> groups = new HashSet<>();
	/** What the model says. */
	final List<Integer> expected = new ArrayList<>();
	private final List<Integer> got = new ArrayList<>();
	private final Connections connections;
	private final Hub hub;
	private final WebSocketConnection connection;
	private ScriptedTransport socket = new ScriptedTransport();
	/** All that there have been: one on which the server has closed may be whole. */
	private final List<ScriptedTransport> sockets = new ArrayList<>(List.of(socket));
	/** How many frames of the socket have been looked at. */
	private int seen;
	private long lastNumber;
	private int ackId;
	boolean away;
	/** The server has said that there will be no more, or the socket has ended for good. */
	boolean over;

	private final WebSocketHandler handler;

	RandomClient(Kind kind, String user, Connections connections, Hub hub, WebSocketHandler handler) {
		this.kind = kind;
		this.connections = connections;
		this.hub = hub;
		this.handler = handler;
		this.connection = connections.create(new OpeningHandshake(hub, connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), () -> user, new Identity(null, Set.of(), ROLES), Ticket.NONE,
				kind.subprotocol, null, new HashMap<>()), socket, handler);
		socket.receiver().open();
	}

	String id() {
		return connection.getId();
	}

	long fd() {
		return connection.fd();
	}

	boolean isOpen() {
		return connection.isOpen();
	}

	boolean canSend() {
		return kind != Kind.RAW && !away && isOpen();
	}

	private void send(String json) {
		byte[] bytes = RawFrame.text(json.replace('\'', '"')).bytes();
		socket.receiver().received(ByteBuffer.wrap(bytes));
	}

	/** Sends a part of a request. */
	void sendHalf(int bytes) {
		socket.receiver().received(ByteBuffer.wrap(Arrays.copyOf(RawFrame.text("{\"type\":\"ping\"}").bytes(), bytes)));
	}

	void join(String group) {
		groups.add(group);
		if (kind == Kind.RAW || away) {
			connections.join(fd(), group);
		}
		else {
			send("{'type':'joinGroup','group':'" + group + "','ackId':" + ++ackId + "}");
		}
	}

	void leave(String group) {
		groups.remove(group);
		if (kind == Kind.RAW || away) {
			connections.leave(fd(), group);
		}
		else {
			send("{'type':'leaveGroup','group':'" + group + "','ackId':" + ++ackId + "}");
		}
	}

	void sendToGroup(String group, int data, boolean noEcho) {
		send("{'type':'sendToGroup','group':'" + group + "','dataType':'json','data':" + data + ",'noEcho':" + noEcho + ",'ackId':"
				+ ++ackId
				+ "}");
	}

	/** From now on the socket takes only so many bytes of each write. */
	void stall(int bytes) {
		socket.takes(bytes);
	}

	void readOn() {
		socket.takes(Integer.MAX_VALUE);
		socket.finishWrites();
		look();
	}

	void confirm() {
		look();
		send("{'type':'sequenceAck','sequenceId':" + lastNumber + "}");
	}

	void cut() {
		look();
		socket.receiver().ended(null);
		away = kind == Kind.RELIABLE && isOpen();
		over = !away;
		check();
	}

	/** Comes back on another socket, also when the one before is still whole. */
	void comeBack(int takes) {
		look();
		check();
		ScriptedTransport fresh = new ScriptedTransport().takes(takes);
		fresh.carry(new Comeback(connections, new OpeningHandshake(hub, connections.nextFd(),
				StoredRequest.of("ws://localhost/ws", new HttpHeaders()), null, Ticket.NONE, kind.subprotocol, null, new HashMap<>())
				.of(id()),
				fresh, handler));
		socket = fresh;
		sockets.add(fresh);
		seen = 0;
		away = false;
		fresh.receiver().open();
	}

	/** Reads what has come, as the published client does: a number that was there before is left out, and none may be missing. */
	void look() {
		List<ReceivedFrame> frames = socket.frames();
		for (ReceivedFrame frame : frames.subList(seen, frames.size())) {
			if (frame.opcode() == 8) {
				over = true;
			}
			else {
				read(frame.text());
			}
		}
		seen = frames.size();
	}

	private void read(String text) {
		if (kind == Kind.RAW) {
			got.add(Integer.valueOf(text));
			return;
		}
		Matcher data = DATA.matcher(text);
		if (!data.find()) {
			return;
		}
		if (kind == Kind.RELIABLE) {
			Matcher number = NUMBER.matcher(text);
			assertThat(number.find()).as(text).isTrue();
			long found = Long.parseLong(number.group(1));
			if (found <= lastNumber) {
				return;
			}
			assertThat(found).as("no number is missing before %s", text).isEqualTo(lastNumber + 1);
			lastNumber = found;
		}
		got.add(Integer.valueOf(data.group(1)));
	}

	/** At any time: what it has got is the beginning of what it must get. */
	void check() {
		assertThat(got).as("%s has got", this).isEqualTo(expected.subList(0, Math.min(got.size(), expected.size())));
		assertThat(socket.misuse).isNull();
	}

	/** At the end: everything, or it was told. */
	void checkAll() {
		if (away) {
			comeBack(Integer.MAX_VALUE);
		}
		readOn();
		check();
		if (!over) {
			assertThat(got).as("%s has got all", this).isEqualTo(expected);
		}
	}

	/** Ends the connection and its sockets. */
	void end() {
		connection.hangUp();
		sockets.forEach(each -> each.receiver().ended(null));
	}

	@Override
	public String toString() {
		return kind + " " + id();
	}
}
