package dev.hawser.application;

import dev.hawser.application.cli.Verbs;
import dev.hawser.connection.execution.EngineThreads;
import dev.hawser.log.QueuedLog;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import sun.misc.Signal;

/**
 * Starts the server. No package is scanned: the server's own classes are imported by name, and callbacks are found in their jars.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(HawserConfiguration.class)
public class HawserApplication {

	/** Runs a verb of the command line; or starts, with the callbacks found beside the jar, or in {@code LOADER_PATH}. */
	public static void main(String[] args) {
		if (Verbs.areIn(args)) {
			System.exit(Verbs.run(args, HawserConfiguration.class));
		}
		start(args);
	}

	private static void start(String[] args) {
		EngineThreads.endTheProcessOnFatalErrors();
		Thread.setDefaultUncaughtExceptionHandler(HawserApplication::ended);
		exitWithZeroOn("TERM", "INT");
		CallbackJars callbacks = CallbackJars.find();
		SpringApplication application = new SpringApplication(callbacks.resourceLoader(), HawserApplication.class);
		application.addInitializers(callbacks);
		application.addListeners(new QueuedLog());
		application.run(args);
	}

	/** A thread has ended with an exception. Prints what the JVM itself would print: the log may not be there, or be what has failed. */
	private static void ended(Thread thread, Throwable failure) {
		EngineThreads.endProcessIfFatal(failure);
		System.err.print("Exception in thread \"" + thread.getName() + "\" ");
		failure.printStackTrace();
	}

	/** Exits with 0 after an orderly stop by a signal, which is no failure; the JVM itself would exit with 143 or 130. */
	@SuppressWarnings("restriction") // for Eclipse; javac is told by -XDignore.symbol.file
	private static void exitWithZeroOn(String... signals) {
		for (String signal : List.of(signals)) {
			Signal.handle(new Signal(signal), _ -> System.exit(0));
		}
	}
}
