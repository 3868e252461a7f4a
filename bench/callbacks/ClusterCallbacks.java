package bench;

import dev.hawser.api.Clients;
import dev.hawser.api.Frame;
import dev.hawser.api.NonBlocking;
import dev.hawser.api.OnMessage;
import dev.hawser.api.OnOpen;
import dev.hawser.api.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** For {@code bench/run cluster}: connections that belong to users and groups, and pushes that this process makes. */
@Configuration(proxyBeanMethods = false)
class ClusterCallbacks {

	/** Binds the connection to the user, and makes it a member of the group, that its address names. */
	@Bean
	@NonBlocking
	@ConditionalOnProperty(name = "bench.callbacks", havingValue = "cluster")
	OnOpen open() {
		return (server, request) -> {
			request.query("user").ifPresent(user -> server.bind(request.fd(), user));
			request.query("group").ifPresent(group -> server.join(request.fd(), group));
		};
	}

	/**
	 * A message like {@code push user a,b 1000 20000 0 4} begins pushes, and its sender is told what has become of them; every other message is
	 * sent back. The words are {@code user} or {@code group}, names, how many there are of them all (the first are {@code a0} and {@code b0}), and
	 * those of {@link Pushes}.
	 */
	@Bean
	@NonBlocking
	@ConditionalOnProperty(name = "bench.callbacks", havingValue = "cluster")
	OnMessage message(Clients clients) {
		return (server, frame) -> {
			String[] words = frame.isText() ? frame.text().split(" ") : new String[0];
			if (words.length != 7 || !words[0].equals("push")) {
				server.push(frame.fd(), frame);
				return;
			}
			Target[] targets = targets(words[1], words[2].split(","), Integer.parseInt(words[3]));
			Pushes pushes = new Pushes((number, text) -> clients.send(targets[(int) (number % targets.length)], Frame.text(text)).thenApply(
					delivery -> delivery.getClass().getSimpleName()), Double.parseDouble(words[4]), Integer.parseInt(words[5]),
					Double.parseDouble(words[6]));
			Thread.ofPlatform().name("pushes").start(() -> server.push(frame.fd(), pushes.make()));
		};
	}

	private static Target[] targets(String kind, String[] names, int count) {
		Target[] targets = new Target[count];
		for (int i = 0; i < count; i++) {
			String name = names[i % names.length] + i / names.length;
			targets[i] = kind.equals("group") ? Target.group("default", name) : Target.user("default", name);
		}
		return targets;
	}
}
