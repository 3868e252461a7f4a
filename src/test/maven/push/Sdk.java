import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.rest.RequestOptions;
import com.azure.core.http.rest.Response;
import com.azure.core.util.BinaryData;
import com.azure.messaging.webpubsub.WebPubSubServiceClient;
import com.azure.messaging.webpubsub.WebPubSubServiceClientBuilder;
import com.azure.messaging.webpubsub.models.GetClientAccessTokenOptions;
import com.azure.messaging.webpubsub.models.WebPubSubContentType;
import com.azure.messaging.webpubsub.models.WebPubSubPermission;
import java.util.List;
import java.util.Objects;

/**
 * A backend with the unmodified SDK {@code com.azure:azure-messaging-webpubsub}, of the hub {@code chat}. All that it knows is a connection
 * string: {@code java Sdk.java <connection string> [<reverse proxy endpoint>]}. With such an endpoint only pushes are tried, since clients
 * would go to the endpoint of the connection string. Ends with 0 when all is as it should be.
 */
final class Sdk {
	private static final RequestOptions NONE = new RequestOptions();
	private static final byte[] BYTES = { 0, 1, (byte) 0xFF };

	private final WebPubSubServiceClient service;
	private final String connectionString;

	private Sdk(WebPubSubServiceClient service, String connectionString) {
		this.service = service;
		this.connectionString = connectionString;
	}

	public static void main(String[] args) throws Exception {
		WebPubSubServiceClientBuilder builder = new WebPubSubServiceClientBuilder().connectionString(args[0]).hub("chat");
		if (args.length > 1) {
			WebPubSubServiceClient behindProxy = builder.reverseProxyEndpoint(args[1]).buildClient();
			check(202, behindProxy.sendToAllWithResponse(BinaryData.fromString("hello"), WebPubSubContentType.TEXT_PLAIN, 5,
					filter("userId ne 'bob'")));
			check(false, behindProxy.userExistsWithResponse("ann/b", NONE).getValue());
		}
		else {
			Sdk sdk = new Sdk(builder.buildClient(), args[0]);
			sdk.sends();
			sdk.sendsAsynchronously(builder);
			sdk.groups();
			sdk.permissions();
			sdk.errors();
			sdk.closes();
		}
		System.out.println("passed");
		System.exit(0); // the SDK keeps threads
	}

	private Peer connect(String user, String... groups) throws Exception {
		return new Peer(
				service.getClientAccessToken(new GetClientAccessTokenOptions().setUserId(user).setGroups(List.of(groups))).getUrl());
	}

	private void sends() throws Exception {
		try (Peer ann = connect("u 1/x", "room/1"); Peer bob = connect("bob")) {
			service.sendToAll("to all", WebPubSubContentType.TEXT_PLAIN);
			service.sendToAll("{\"to\":\"all\"}", WebPubSubContentType.APPLICATION_JSON);
			check(202, service.sendToAllWithResponse(BinaryData.fromBytes(BYTES), WebPubSubContentType.APPLICATION_OCTET_STREAM,
					BYTES.length, NONE));
			for (Peer each : List.of(ann, bob)) {
				each.expect("server text \"to all\"", "server json {\"to\":\"all\"}", "server binary \"AAH/\"");
			}

			check(202, service.sendToAllWithResponse(BinaryData.fromString("not bob"), WebPubSubContentType.TEXT_PLAIN, 7,
					filter("userId ne 'bob'").addQueryParam("messageTtlSeconds", "5")));
			check(202, service.sendToAllWithResponse(BinaryData.fromString("not ann"), WebPubSubContentType.TEXT_PLAIN, 7,
					new RequestOptions().addQueryParam("excluded", ann.id())));
			check(202, service.sendToAllWithResponse(BinaryData.fromString("[1]"),
					new RequestOptions().setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
							.addHeader(HttpHeaderName.fromString("X-WebPubSub-Metadata-Trace"), "7")));
			ann.expect("server text \"not bob\"", "server json [1] {\"trace\":\"7\"}");
			bob.expect("server text \"not ann\"", "server json [1] {\"trace\":\"7\"}");

			service.sendToUser("u 1/x", "a", WebPubSubContentType.TEXT_PLAIN);
			service.sendToUser("u 1/x", "{}", WebPubSubContentType.APPLICATION_JSON);
			check(202, service.sendToUserWithResponse("u 1/x", BinaryData.fromBytes(BYTES),
					WebPubSubContentType.APPLICATION_OCTET_STREAM, BYTES.length, filter("'room/1' in groups")));
			service.sendToConnection(ann.id(), "b", WebPubSubContentType.TEXT_PLAIN);
			service.sendToConnection(ann.id(), "\"b\"", WebPubSubContentType.APPLICATION_JSON);
			check(202, service.sendToConnectionWithResponse(ann.id(), BinaryData.fromBytes(BYTES),
					WebPubSubContentType.APPLICATION_OCTET_STREAM, BYTES.length, NONE));
			service.sendToGroup("room/1", "c", WebPubSubContentType.TEXT_PLAIN);
			service.sendToGroup("room/1", "true", WebPubSubContentType.APPLICATION_JSON);
			check(202, service.sendToGroupWithResponse("room/1", BinaryData.fromBytes(BYTES),
					WebPubSubContentType.APPLICATION_OCTET_STREAM, BYTES.length, filter("userId eq 'u 1/x'")));
			ann.expect("server text \"a\"", "server json {}", "server binary \"AAH/\"", "server text \"b\"", "server json \"b\"",
					"server binary \"AAH/\"", "group text \"c\"", "group json true", "group binary \"AAH/\"");
		}
	}

	private void sendsAsynchronously(WebPubSubServiceClientBuilder builder) throws Exception {
		try (Peer ann = connect("ann")) {
			builder.buildAsyncClient().sendToUser("ann", "later", WebPubSubContentType.TEXT_PLAIN).block();
			ann.expect("server text \"later\"");
		}
	}

	private void groups() throws Exception {
		try (Peer ann = connect("ann"); Peer bob = connect("bob")) {
			check(false, service.groupExistsWithResponse("room/1", NONE).getValue());
			check(200, service.addConnectionToGroupWithResponse("room/1", ann.id(), NONE));
			check(200, service.addUserToGroupWithResponse("room/1", "bob", NONE));
			check(true, service.groupExistsWithResponse("room/1", NONE).getValue());
			service.sendToGroup("room/1", "both", WebPubSubContentType.TEXT_PLAIN);
			check(204, service.removeConnectionFromGroupWithResponse("room/1", ann.id(), NONE));
			service.sendToGroup("room/1", "bob alone", WebPubSubContentType.TEXT_PLAIN);
			check(204, service.removeUserFromGroupWithResponse("room/1", "bob", NONE));
			check(false, service.groupExistsWithResponse("room/1", NONE).getValue());

			service.addConnectionsToGroups(List.of("a", "b"), "userId eq 'ann' or userId eq 'bob'");
			service.sendToGroup("a", "both", WebPubSubContentType.TEXT_PLAIN);
			check(204, service.removeConnectionFromAllGroupsWithResponse(ann.id(), NONE));
			service.sendToGroup("b", "bob alone", WebPubSubContentType.TEXT_PLAIN);
			check(204, service.removeUserFromAllGroupsWithResponse("bob", NONE));
			check(false, service.groupExistsWithResponse("a", NONE).getValue());
			ann.expect("group text \"both\"", "group text \"both\"");
			bob.expect("group text \"both\"", "group text \"bob alone\"", "group text \"both\"", "group text \"bob alone\"");
		}
	}

	private void permissions() throws Exception {
		try (Peer ann = connect("ann"); Peer bob = connect("bob", "lobby")) {
			RequestOptions lobby = new RequestOptions().addQueryParam("targetName", "lobby");
			check("Forbidden", ann.request("sendToGroup", "lobby"));
			check(200, service.grantPermissionWithResponse(WebPubSubPermission.SEND_TO_GROUP, ann.id(), lobby));
			check(true, service.checkPermissionWithResponse(WebPubSubPermission.SEND_TO_GROUP, ann.id(), lobby).getValue());
			check(false, service.checkPermissionWithResponse(WebPubSubPermission.SEND_TO_GROUP, ann.id(), NONE).getValue());
			check(false, service.checkPermissionWithResponse(WebPubSubPermission.JOIN_LEAVE_GROUP, ann.id(), lobby).getValue());
			check("success", ann.request("sendToGroup", "lobby"));
			bob.expect("group text \"hi\"");
			check(204, service.revokePermissionWithResponse(WebPubSubPermission.SEND_TO_GROUP, ann.id(), lobby));
			check("Forbidden", ann.request("sendToGroup", "lobby"));
			check(200, service.grantPermissionWithResponse(WebPubSubPermission.JOIN_LEAVE_GROUP, ann.id(), NONE));
			check("success", ann.request("joinGroup", "attic"));
		}
		String url = service.getClientAccessToken(new GetClientAccessTokenOptions().addRole("webpubsub.joinLeaveGroup.a").addGroup("a"))
				.getUrl();
		try (Peer anonymous = new Peer(url)) {
			check("success", anonymous.request("joinGroup", "a"));
			check("Forbidden", anonymous.request("joinGroup", "b"));
		}
	}

	private void errors() {
		HttpResponseException refused = refusal(ClientAuthenticationException.class,
				() -> stranger().sendToAll("hello", WebPubSubContentType.TEXT_PLAIN));
		check(401, refused.getResponse().getStatusCode());
		refusal(ClientAuthenticationException.class, () -> stranger().userExistsWithResponse("ann", NONE));
		HttpResponseException missing = refusal(ResourceNotFoundException.class,
				() -> service.addConnectionToGroupWithResponse("a", "no-such-connection", NONE));
		check(404, missing.getResponse().getStatusCode());
		refusal(ResourceNotFoundException.class, () -> service.addUserToGroupWithResponse("a", "nobody", NONE));
		refusal(ResourceNotFoundException.class, () -> new WebPubSubServiceClientBuilder().connectionString(connectionString)
				.hub("attic").buildClient().sendToAll("hello", WebPubSubContentType.TEXT_PLAIN));
		HttpResponseException wrong = refusal(HttpResponseException.class,
				() -> service.sendToAllWithResponse(BinaryData.fromString("x"), WebPubSubContentType.TEXT_PLAIN, 1, filter("userId ~ 5")));
		check(400, wrong.getResponse().getStatusCode());
		check(true, wrong.getMessage().contains("InvalidFilter"));
		check(false, service.connectionExistsWithResponse("no-such-connection", NONE).getValue());
		check(202, service.sendToUserWithResponse("nobody", BinaryData.fromString("x"), WebPubSubContentType.TEXT_PLAIN, 1, NONE));
		check(204, service.closeConnectionWithResponse("no-such-connection", NONE));
	}

	private WebPubSubServiceClient stranger() {
		return new WebPubSubServiceClientBuilder()
				.connectionString(connectionString.replaceFirst("AccessKey=[^;]*", "AccessKey=" + "a".repeat(44))).hub("chat")
				.buildClient();
	}

	/** A connection is there until the server has read its client's answer to the close frame. */
	private static void ends(java.util.function.BooleanSupplier exists) {
		long end = System.nanoTime() + java.time.Duration.ofMinutes(1).toNanos();
		while (exists.getAsBoolean()) {
			if (System.nanoTime() > end) {
				throw new AssertionError("it still exists after a minute");
			}
			Thread.onSpinWait();
		}
	}

	private void closes() throws Exception {
		RequestOptions enough = new RequestOptions().addQueryParam("reason", "enough");
		try (Peer ann = connect("ann"); Peer bob = connect("bob", "room"); Peer carl = connect("u 1/x"); Peer dora = connect("dora")) {
			check(true, service.connectionExistsWithResponse(ann.id(), NONE).getValue());
			check(204, service.closeConnectionWithResponse(ann.id(), enough));
			ann.expect("disconnected enough", "closed 1000 enough");
			ends(() -> service.connectionExistsWithResponse(ann.id(), NONE).getValue());
			check(204, service.closeGroupConnectionsWithResponse("room", enough));
			bob.expect("disconnected enough", "closed 1000 enough");
			check(true, service.userExistsWithResponse("u 1/x", NONE).getValue());
			check(204, service.closeUserConnectionsWithResponse("u 1/x", enough));
			carl.expect("disconnected enough", "closed 1000 enough");
			ends(() -> service.userExistsWithResponse("u 1/x", NONE).getValue());
			check(204, service.closeAllConnectionsWithResponse(enough));
			dora.expect("disconnected enough", "closed 1000 enough");
		}
	}

	private static RequestOptions filter(String filter) {
		return new RequestOptions().addQueryParam("filter", filter);
	}

	private static <E extends HttpResponseException> E refusal(Class<E> type, Runnable call) {
		try {
			call.run();
		}
		catch (HttpResponseException e) {
			check(type, e.getClass());
			return type.cast(e);
		}
		throw new AssertionError("No " + type.getSimpleName());
	}

	private static void check(int status, Response<?> response) {
		check(status, response.getStatusCode());
	}

	static void check(Object expected, Object actual) {
		if (!Objects.equals(expected, actual)) {
			throw new AssertionError("expected " + expected + ", but was " + actual);
		}
	}
}
