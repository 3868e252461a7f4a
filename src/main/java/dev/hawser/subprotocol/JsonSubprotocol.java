package dev.hawser.subprotocol;

import dev.hawser.api.Clients;
import dev.hawser.api.Delivery;
import dev.hawser.api.Permission;
import dev.hawser.api.Target;
import dev.hawser.api.WebSocketServer;
import dev.hawser.connection.HandlerTraits;
import dev.hawser.connection.Subprotocol;
import dev.hawser.connection.WebSocketConnection;
import dev.hawser.protocol.OutgoingFrame;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * {@code json.webpubsub.azure.v1}: a client sends {@link Request}s and gets {@link JsonMessages}. What cannot be read closes the
 * connection with 1007; a request that is not carried out is answered by an ack without success, if the client asked for one.
 */
class JsonSubprotocol implements Subprotocol {
	static final String NAME = "json.webpubsub.azure.v1";
	private static final CloseStatus NO_TEXT = new CloseStatus(1003, "The JSON subprotocol has text messages only.");
	private static final String FAILED = "Internal server error";

	private final Clients clients;
	private final WebSocketServer server;
	private final RequestMeters meters;

	/**
	 * @param clients reaches groups, wherever their members are
	 * @param server  sends answers of the application
	 */
	JsonSubprotocol(Clients clients, WebSocketServer server, RequestMeters meters) {
		this.clients = clients;
		this.server = server;
		this.meters = meters;
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public void opened(WebSocketConnection connection) {
		connection.send(JsonMessages.connected(connection.userId(), connection.getId(), null));
	}

	@Override
	public OutgoingFrame wrap(OutgoingFrame message, Envelope envelope) {
		return JsonMessages.message(message, envelope);
	}

	@Override
	public OutgoingFrame farewell(WebSocketConnection connection, CloseStatus status) {
		return JsonMessages.disconnected(status.getReason() == null ? "" : status.getReason());
	}

	@Override
	public void received(WebSocketConnection connection, WebSocketMessage<?> message, Application application) {
		switch (message) {
			case TextMessage text -> read(connection, text.getPayload(), application);
			case HandlerTraits.ArrayMessage _,BinaryMessage _ -> {
				meters.invalid(connection.hub());
				connection.close(NO_TEXT);
			}
			default -> application.message(message); // a control frame that the application wants to see
		}
	}

	private void read(WebSocketConnection connection, String text, Application application) {
		Request request;
		try {
			request = RequestReader.read(text);
		}
		catch (Wrong.Message e) {
			meters.invalid(connection.hub());
			connection.close(new CloseStatus(1007, e.wrong().reason()));
			return;
		}
		switch (request) {
			case Request.Acked acked -> onlyOnce(connection, acked, application);
			case Request.Invoke invoke -> invoke(connection, invoke, application);
			case Request.Ping _ -> {
				meters.done(connection.hub(), request);
				connection.send(JsonMessages.pong());
			}
			case Request.SequenceAck ack -> {
				meters.done(connection.hub(), request);
				received(connection, ack.sequenceId());
			}
			case Request.CancelInvocation _ -> meters.done(connection.hub(), request); // requests are carried out in order: it is answered
		}
	}

	/** The client has received the messages up to this number. Has no meaning here, since messages have no numbers. */
	void received(WebSocketConnection connection, long sequenceId) {
	}

	private void onlyOnce(WebSocketConnection connection, Request.Acked request, Application application) {
		Long ackId = request.ackId();
		if (ackId != null) {
			JsonClient client = JsonClient.of(connection);
			if (client.isUnderWay(ackId)) {
				return; // a repetition: the ack to come answers it, too
			}
			if (client.isDone(ackId)) {
				failed(connection, request, Failure.DUPLICATE,
						"A request with ackId " + Long.toUnsignedString(ackId) + " was carried out before.");
				return;
			}
		}
		switch (request) {
			case Request.SendToGroup send -> sendToGroup(connection, send);
			case Request.Event event -> event(connection, event, application);
			case Request.JoinGroup join -> {
				if (isAllowed(connection, join, Permission.joinLeaveGroup(join.group()))) {
					when(clients.join(Target.connection(connection.getId()), join.group()), JsonSubprotocol::isWhole, connection, join);
				}
			}
			case Request.LeaveGroup leave -> {
				if (isAllowed(connection, leave, Permission.joinLeaveGroup(leave.group()))) {
					when(clients.leave(Target.connection(connection.getId()), leave.group()), JsonSubprotocol::isWhole, connection, leave);
				}
			}
		}
	}

	private boolean isAllowed(WebSocketConnection connection, Request.Acked request, Permission permission) {
		boolean allowed = permission.isGivenBy(connection.roles());
		if (!allowed) {
			failed(connection, request, Failure.FORBIDDEN, "The client has no permission for this in group '" + permission.group() + "'.");
		}
		return allowed;
	}

	private void sendToGroup(WebSocketConnection connection, Request.SendToGroup send) {
		if (isAllowed(connection, send, Permission.sendToGroup(send.group()))) {
			when(GroupMessage.of(send).sendBy(connection, clients), JsonSubprotocol::isPassedOn, connection, send);
		}
	}

	/** A member that does not take the message is no failure of its sender. */
	private static boolean isPassedOn(Delivery delivery) {
		return switch (delivery) {
			case Delivery.Delivered _,Delivery.HandedOver _,Delivery.Nobody _,Delivery.Partial _ -> true;
			case Delivery.Unknown _,Delivery.Unreached _ -> false;
		};
	}

	/** Whether all was carried out. Without a connection it was: a client that has left the server meanwhile waits for no ack. */
	private static boolean isWhole(Delivery delivery) {
		return switch (delivery) {
			case Delivery.Delivered _,Delivery.HandedOver _,Delivery.Nobody _ -> true;
			case Delivery.Partial _,Delivery.Unknown _,Delivery.Unreached _ -> false;
		};
	}

	private void when(CompletionStage<Delivery> result, Predicate<Delivery> isDone, WebSocketConnection connection, Request.Acked request) {
		Long ackId = result.toCompletableFuture().isDone() ? null : request.ackId();
		if (ackId != null) {
			JsonClient.of(connection).begun(ackId);
		}
		var _ = result.whenComplete((delivery, failure) -> {
			if (failure == null && isDone.test(delivery)) {
				done(connection, request);
			}
			else {
				failed(connection, request, Failure.INTERNAL, FAILED);
			}
			if (ackId != null) {
				JsonClient.of(connection).ended(ackId);
			}
		});
	}

	private void event(WebSocketConnection connection, Request.Event event, Application application) {
		EventReply reply = new EventReply(connection.fd(), server);
		if (application.event(event.content().asReceived(connection.fd(), event.name(), reply)) && !reply.hasFailed()) {
			done(connection, event);
		}
		else {
			failed(connection, event, Failure.INTERNAL, FAILED);
		}
	}

	private void invoke(WebSocketConnection connection, Request.Invoke invoke, Application application) {
		InvocationReply reply = new InvocationReply(connection, invoke.invocationId());
		boolean taken = application.event(invoke.content().asReceived(connection.fd(), invoke.event(), reply));
		if (reply.end(taken)) {
			meters.done(connection.hub(), invoke);
		}
		else {
			meters.failed(connection.hub(), invoke, Failure.INTERNAL);
		}
	}

	private void done(WebSocketConnection connection, Request.Acked request) {
		meters.done(connection.hub(), request);
		Long ackId = request.ackId();
		if (ackId != null) {
			JsonClient.of(connection).done(ackId);
			connection.send(JsonMessages.ack(ackId));
		}
	}

	private void failed(WebSocketConnection connection, Request.Acked request, Failure failure, String message) {
		meters.failed(connection.hub(), request, failure);
		Long ackId = request.ackId();
		if (ackId != null) {
			connection.send(JsonMessages.nack(ackId, failure, message));
		}
	}
}
