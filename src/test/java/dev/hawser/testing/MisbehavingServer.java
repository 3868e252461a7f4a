package dev.hawser.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on this machine that answers each request with whatever bytes it likes. It hangs up only when an answer says so;
 * otherwise it waits for the client to do so, so that a connection that a client keeps stays open here.
 */
public final class MisbehavingServer implements AutoCloseable {
	private final ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
	private final AtomicInteger open = new AtomicInteger();
	private final AtomicInteger requests = new AtomicInteger();
	private volatile Answer answer;

	/** What is sent after a request. Ends with an IOException when the client hangs up. */
	@FunctionalInterface
	public interface Answer {
		void give(OutputStream out) throws IOException, InterruptedException;
	}

	public MisbehavingServer(Answer answer) throws IOException {
		this.answer = answer;
		threads.execute(this::accept);
	}

	/** Sets the answer to all requests from the next one on. */
	public void answer(Answer next) {
		answer = next;
	}

	/** Sends some bytes and hangs up. */
	public static Answer thenHangUp(String bytes) {
		return out -> {
			out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
			out.flush();
			throw new IOException("hangs up");
		};
	}

	/** Sends some bytes and nothing else. */
	public static Answer once(String bytes) {
		return out -> {
			out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
			out.flush();
		};
	}

	/** Sends the beginning, and then the same again and again, as fast as it can. */
	public static Answer endless(String beginning, String again) {
		byte[] bytes = again.repeat(1 + 4096 / again.length()).getBytes(StandardCharsets.ISO_8859_1);
		return out -> {
			once(beginning).give(out);
			while (true) {
				out.write(bytes);
			}
		};
	}

	/** Sends the beginning, and then the same again and again, each in a packet of its own. */
	public static Answer trickle(String beginning, String again) {
		return out -> {
			once(beginning).give(out);
			CompletableFuture<Void> end = new CompletableFuture<>();
			try (ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor()) {
				Future<?> _ = pace.scheduleAtFixedRate(() -> {
					try {
						once(again).give(out);
					}
					catch (IOException | InterruptedException e) {
						end.completeExceptionally(e);
					}
				}, 1, 1, TimeUnit.MILLISECONDS);
				end.get();
			}
			catch (ExecutionException e) {
				throw new IOException(e);
			}
		};
	}

	private void accept() {
		try {
			while (true) {
				Socket socket = listener.accept();
				open.incrementAndGet();
				threads.execute(() -> serve(socket));
			}
		}
		catch (IOException e) {
			// the server is closed
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			socket.setTcpNoDelay(true);
			InputStream in = socket.getInputStream();
			while (readRequest(in)) {
				requests.incrementAndGet();
				answer.give(socket.getOutputStream());
			}
		}
		catch (IOException | InterruptedException e) {
			// the client has hung up, or the test has ended
		}
		finally {
			open.decrementAndGet();
		}
	}

	/** Whether there was a request. */
	private static boolean readRequest(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				return false;
			}
			head.append((char) next);
		}
		String length = head.toString().replaceAll("(?is).*content-length: *(\\d+).*", "$1");
		in.skipNBytes(length.length() < 10 ? Long.parseLong(length) : 0);
		return true;
	}

	public String url() {
		return "http://127.0.0.1:" + listener.getLocalPort() + "/";
	}

	/** Connections that neither side has closed. */
	public int open() {
		return open.get();
	}

	public int requests() {
		return requests.get();
	}

	@Override
	public void close() throws IOException {
		listener.close();
		threads.shutdownNow();
	}
}
