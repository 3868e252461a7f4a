import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.python.core.PyList;
import org.python.core.PyString;
import org.python.util.PythonInterpreter;

/**
 * Runs the Autobahn suite's fuzzing client, which is Python on Twisted, against one server, and exits when the client has finished. Arguments: the
 * server's URL, the folder for the reports, case patterns such as {@code 6.*}. Leaves {@code index.json}, a report for
 * each case, and {@code planned.txt} with the id of each case that was to run, so that a missing result is noticed.
 */
final class Autobahn {
	/**
	 * The protocol options: an error is answered with a closing handshake and not by a dropped connection, because cases
	 * like 6.3.1 detect the server's reaction only from which side closed. The two times, in seconds, are for a busy
	 * machine; a server that does not close still fails.
	 */
	private static final String RUN = """
			from autobahntestsuite import fuzzing
			from twisted.internet import reactor
			options = {'failByDrop': False, 'openHandshakeTimeout': 30, 'closeHandshakeTimeout': 5, 'serverConnectionDropTimeout': 5}
			servers = [{'agent': 'Hawser', 'url': url, 'options': options}]
			client = fuzzing.FuzzingClientFactory({'outdir': outdir, 'servers': servers, 'cases': cases})
			planned = '\\n'.join(client.specCases)
			if planned:
			    reactor.run()
			""";

	private Autobahn() {
	}

	public static void main(String[] args) throws IOException {
		Path reports = Path.of(args[1]);
		Files.createDirectories(reports);
		PyList cases = new PyList();
		for (String pattern : List.of(args).subList(2, args.length)) {
			cases.append(new PyString(pattern));
		}
		try (PythonInterpreter python = new PythonInterpreter(); OutputStream log = Files.newOutputStream(reports.resolve("log.txt"))) {
			python.setOut(log);
			python.setErr(log);
			python.set("url", new PyString(args[0]));
			python.set("outdir", new PyString(reports.toString()));
			python.set("cases", cases);
			python.exec(RUN);
			Files.writeString(reports.resolve("planned.txt"), python.get("planned", String.class));
		}
	}
}
