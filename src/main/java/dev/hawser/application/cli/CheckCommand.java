package dev.hawser.application.cli;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Opens one WebSocket, sends a ping, and closes it in good order. {@code helm test} runs this verb. */
@Command(name = "check", description = "Try a server from end to end: handshake, ping, an echo if asked for, close.", footer = { "",
		"Example:", "  java -jar hawser.jar check --echo hello" })
final class CheckCommand extends Verb {
	@Mixin
	private HubOptions at = new HubOptions();

	@Option(names = "--echo", paramLabel = "TEXT", description = "Send this text, and expect it back.")
	private @Nullable String echo;

	@Mixin
	private TokenOptions tokens = new TokenOptions();

	@Option(names = "--json", description = "Write the result as JSON.")
	private boolean json;

	CheckCommand(Invocation call) {
		super(call);
	}

	@Override
	public Integer call() throws Exception {
		String target = at.url(here());
		Map<String, Object> steps = new LinkedHashMap<>();
		steps.put("url", target.replaceFirst("\\?.*", ""));
		int exitCode = 0;
		try {
			check(target, steps);
			steps.put("result", "fine");
		}
		catch (CommandFailure e) {
			steps.put("result", String.valueOf(e.getMessage()));
			exitCode = e.exitCode();
		}
		if (json) {
			here().sayJson(steps);
		}
		else {
			steps.forEach((step, outcome) -> here().say(step + ": " + outcome));
		}
		return exitCode;
	}

	private void check(String target, Map<String, Object> steps) throws InterruptedException {
		Heard heard = new Heard();
		long start = System.nanoTime();
		try (ClientSocket open = ClientSocket.open(
				new ClientSocket.Offer(HubOptions.uri(target), tokens.token(here(), at.hub(), target), List.of(), Map.of()),
				heard)) {
			steps.put("handshake", ClientSocket.since(start));
			start = System.nanoTime();
			heard.sent(open.socket().sendPing(ByteBuffer.allocate(0)), "send a ping");
			await(heard.pong, "be answered a ping");
			steps.put("ping", ClientSocket.since(start));
			if (echo != null) {
				start = System.nanoTime();
				heard.sent(open.socket().sendText(echo, true), "send a text");
				String answer = await(heard.text, "be answered a text");
				if (!answer.equals(echo)) {
					throw CommandFailure.saidNo("the answer to the text is another text");
				}
				steps.put("echo", ClientSocket.since(start));
			}
			start = System.nanoTime();
			heard.sent(open.socket().sendClose(WebSocket.NORMAL_CLOSURE, ""), "close");
			int code = await(heard.close, "be answered a close");
			if (code != WebSocket.NORMAL_CLOSURE) {
				throw Heard.closedWith(code);
			}
			steps.put("close", ClientSocket.since(start));
		}
	}

	private static <T> T await(CompletionStage<T> step, String what) throws InterruptedException {
		try {
			return step.toCompletableFuture().get(ClientSocket.PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (TimeoutException e) {
			throw CommandFailure.noAnswer("failed to " + what + " within " + ClientSocket.PATIENCE.toSeconds() + " s");
		}
		catch (ExecutionException e) {
			throw e.getCause() instanceof CommandFailure known ? known
					: CommandFailure.saidNo("failed to " + what + ": the connection is gone");
		}
	}

	/** What the server has sent. When it closes, nothing is waited for any more but that. */
	private static final class Heard implements WebSocket.Listener {
		private final CompletableFuture<Boolean> pong = new CompletableFuture<>();
		private final CompletableFuture<String> text = new CompletableFuture<>();
		private final CompletableFuture<Integer> close = new CompletableFuture<>();
		private final StringBuilder parts = new StringBuilder();

		/** Waits until it is sent. Where that fails since the server has closed, the server's close counts. */
		private void sent(CompletionStage<?> step, String what) throws InterruptedException {
			try {
				await(step, what);
			}
			catch (CommandFailure e) {
				throw close.isDone() && !close.isCompletedExceptionally() ? closedWith(close.join()) : e;
			}
		}

		private static CommandFailure closedWith(int code) {
			return CommandFailure.saidNo("closed by the server with " + code);
		}

		@Override
		public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
			pong.complete(true);
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
			parts.append(part);
			if (last) {
				text.complete(parts.toString());
			}
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
			CommandFailure early = closedWith(status);
			pong.completeExceptionally(early);
			text.completeExceptionally(early);
			close.complete(status);
			return null;
		}

		@Override
		public void onError(WebSocket socket, Throwable error) {
			pong.completeExceptionally(error);
			text.completeExceptionally(error);
			close.completeExceptionally(error);
		}
	}
}
