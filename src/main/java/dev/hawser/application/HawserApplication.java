package dev.hawser.application;

import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import sun.misc.Signal;

/** Starts the server. It scans no package: what belongs to the server is imported by name, and callbacks are found in their jars. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(HawserConfiguration.class)
public class HawserApplication {

	/** Starts with the callbacks found beside the jar, or in {@code LOADER_PATH}. */
	public static void main(String[] args) {
		exitWithZeroOn("TERM", "INT");
		CallbackJars callbacks = CallbackJars.find();
		SpringApplication application = new SpringApplication(callbacks.resourceLoader(), HawserApplication.class);
		application.addInitializers(callbacks);
		application.run(args);
	}

	/** A stop that was asked for and went in good order is no failure; the JVM itself would exit with 143 or 130. */
	@SuppressWarnings("restriction")
	private static void exitWithZeroOn(String... signals) {
		for (String signal : List.of(signals)) {
			Signal.handle(new Signal(signal), _ -> System.exit(0));
		}
	}
}
