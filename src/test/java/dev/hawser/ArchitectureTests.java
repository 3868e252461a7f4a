package dev.hawser;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

/** The packages that each package may import. This table is the design: change it only together with the design. */
class ArchitectureTests {
	private static final String ROOT = "dev.hawser";
	private static final JavaClasses CLASSES = new ClassFileImporter()
			.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

	/** The rooms, and which other rooms each may import. {@code application} may import all and is imported by none. */
	private static final Map<String, Set<String>> MAY_IMPORT = new TreeMap<>(Map.ofEntries(
			Map.entry("api", Set.of("protocol")),
			Map.entry("protocol", Set.of()),
			Map.entry("settings", Set.of()),
			Map.entry("log", Set.of()),
			Map.entry("outgoing", Set.of()),
			Map.entry("token", Set.of("outgoing", "settings")),
			Map.entry("connection", Set.of("api", "protocol", "settings")),
			Map.entry("handshake", Set.of("api", "protocol", "settings", "token")),
			Map.entry("http", Set.of("api", "protocol", "settings", "log", "connection", "handshake")),
			Map.entry("callback", Set.of("api", "protocol", "settings", "connection", "handshake")),
			Map.entry("webhook", Set.of("api", "outgoing", "settings", "handshake", "callback")),
			Map.entry("push", Set.of("api", "protocol", "settings", "connection", "token")),
			Map.entry("subprotocol", Set.of("api", "protocol", "settings", "connection", "push")),
			Map.entry("cluster",
					Set.of("api", "protocol", "settings", "connection", "handshake", "push", "subprotocol", "webhook")),
			Map.entry("operations", Set.of("api", "protocol", "settings", "log", "connection", "handshake", "push")),
			Map.entry("application",
					Set.of("api", "protocol", "settings", "log", "outgoing", "token", "connection", "handshake", "http", "callback",
							"webhook", "push", "subprotocol", "cluster",
							"operations"))));

	/** The alcoves, and which other rooms may import each, besides its own room and {@code application}. */
	private static final Map<String, Set<String>> ALCOVES = new TreeMap<>(Map.ofEntries(
			Map.entry("connection.outbox", Set.of("http")),
			Map.entry("connection.execution", Set.of("http", "callback", "operations")),
			Map.entry("connection.limit", Set.of("cluster", "http", "operations", "push")),
			Map.entry("http.upgrade", Set.of()),
			Map.entry("http.proxy", Set.of()),
			Map.entry("push.filter", Set.of()),
			Map.entry("push.rest", Set.of()),
			Map.entry("operations.metrics", Set.of()),
			Map.entry("operations.console", Set.of()),
			Map.entry("application.hub", Set.of()),
			Map.entry("application.settings", Set.of()),
			Map.entry("application.cli", Set.of())));

	static Stream<Arguments> rooms() {
		return MAY_IMPORT.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
	}

	static Stream<Arguments> alcoves() {
		return ALCOVES.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
	}

	private static ArchRule mayImport(String name, Set<String> allowed) {
		return noClasses().that().resideInAPackage(inside(name)).should()
				.dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(inside(name, allowed)))));
	}

	private static ArchRule isUsedBy(String alcove, Set<String> rooms) {
		Set<String> users = new TreeSet<>(rooms);
		users.add("application");
		return noClasses().that().resideOutsideOfPackages(inside(alcove.substring(0, alcove.indexOf('.')), users)).should()
				.dependOnClassesThat().resideInAPackage(inside(alcove));
	}

	private static String[] inside(String name, Set<String> others) {
		return Stream.concat(Stream.of(name), others.stream()).map(ArchitectureTests::inside).toArray(String[]::new);
	}

	private static String inside(String name) {
		return ROOT + "." + name + "..";
	}

	@ParameterizedTest(name = "{0} imports at most {1}")
	@MethodSource("rooms")
	void importsOnlyWhatTheTableAllows(String name, Set<String> allowed) {
		mayImport(name, allowed).check(CLASSES);
	}

	@ParameterizedTest(name = "besides its own room, {0} is used by at most {1}")
	@MethodSource("alcoves")
	void keepsAlcovesToTheirRooms(String alcove, Set<String> rooms) {
		isUsedBy(alcove, rooms).check(CLASSES);
	}

	@Test
	void hasARowForEveryPackage() {
		Set<String> packages = CLASSES.stream().map(type -> type.getPackageName().substring(ROOT.length() + 1)).collect(Collectors.toSet());
		assertThat(packages).isEqualTo(Stream.concat(MAY_IMPORT.keySet().stream(), ALCOVES.keySet().stream()).collect(Collectors.toSet()));
	}

	@Test
	void hasAtMostThreeAlcovesInARoom() {
		assertThat(ALCOVES.keySet().stream()
				.collect(Collectors.groupingBy(name -> name.substring(0, name.indexOf('.')), Collectors.counting())))
				.allSatisfy((_, alcoves) -> assertThat(alcoves).isLessThanOrEqualTo(3));
	}

	/** The tables in {@code docs/architecture.md} must say the same. */
	@Test
	void agreesWithTheDocumentation() throws IOException {
		Map<String, Set<String>> rooms = new TreeMap<>(MAY_IMPORT);
		Set<String> all = rooms.remove("application");
		assertThat(all).isEqualTo(rooms.keySet());
		rooms.put("application", Set.of());
		assertThat(documented("room", 2)).isEqualTo(rooms);
		assertThat(documented("alcove", 3)).isEqualTo(ALCOVES);
	}

	private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

	/** The first column of the table whose first heading this is, with the names in another column, counted from 1. */
	private static Map<String, Set<String>> documented(String heading, int column) throws IOException {
		List<String> rows = Files.readAllLines(Path.of("docs/architecture.md")).stream()
				.dropWhile(line -> !line.startsWith("| " + heading + " |"))
				.skip(2).takeWhile(line -> line.startsWith("|")).toList();
		Map<String, Set<String>> table = new TreeMap<>();
		for (String row : rows) {
			String[] cells = row.split("\\|", -1);
			table.put(names(cells[1]).iterator().next(), names(column < cells.length ? cells[column] : ""));
		}
		return table;
	}

	private static Set<String> names(String cell) {
		return NAME.matcher(cell).results().map(name -> name.group(1))
				.collect(Collectors.toCollection(TreeSet::new));
	}

	private static final ArchRule JETTY_ONLY_IN_HTTP = noClasses().that()
			.resideOutsideOfPackages(inside("http"), inside("outgoing"), inside("token"), inside("webhook"))
			.should().dependOnClassesThat().resideInAPackage("org.eclipse.jetty..");

	/** Issuers and backends are asked with Jetty's client. */
	private static final ArchRule NO_SERVER_IN_CLIENTS = noClasses().that()
			.resideInAnyPackage(inside("outgoing"), inside("token"), inside("webhook")).should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.eclipse.jetty.server..", "org.eclipse.jetty.http2.server..", "org.eclipse.jetty.ee11..");

	@Test
	void knowsJettyOnlyInHttp() {
		JETTY_ONLY_IN_HTTP.check(CLASSES);
		NO_SERVER_IN_CLIENTS.check(CLASSES);
	}

	/** A clock that can be set is read for what is shown to people, and for the times that tokens name; never for how long to wait. */
	private static final ArchRule WALL_CLOCK = noClasses()
			.that(not(DescribedPredicate.describe("allowed", type -> Set
					.of("application.cli.ConnectionsCommand", "connection.TimerWheel", "connection.DeadlineTimer", "operations.Drain$Run",
							"operations.console.ConsoleConfiguration", "push.LocalWebSocketServer",
							"token.DevelopmentToken", "token.SharedKey", "token.SteadyClock", "token.TokenVerifiers", "webhook.Backend",
							"webhook.ConnectionEvents", "webhook.Inheritance", "webhook.Resending",
							"webhook.DisconnectedBody")
					.contains(type.getName().substring(ROOT.length() + 1)))))
			.should().callMethod(System.class, "currentTimeMillis").orShould().callMethod(Instant.class, "now")
			.orShould().callMethod(InstantSource.class, "system").orShould().callMethod(Clock.class, "systemUTC")
			.orShould().callMethod(Clock.class, "systemDefaultZone").orShould().callMethod(LocalDateTime.class, "now");

	@Test
	void waitsByNoClockThatCanBeSet() {
		WALL_CLOCK.check(CLASSES);
	}

	private static final ArchRule NO_CYCLES = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

	@Test
	void hasNoCycles() {
		NO_CYCLES.check(CLASSES);
	}

	private static final ArchRule NO_CYCLES_IN_THE_APPLICATION = slices().matching(ROOT + ".application.(*)..").should().beFreeOfCycles();

	@Test
	void hasNoCyclesInTheApplication() {
		NO_CYCLES_IN_THE_APPLICATION.check(CLASSES);
	}

	private static final ArchRule APPLICATION_IS_IMPORTED_BY_NONE = noClasses().that().resideOutsideOfPackage(inside("application"))
			.should().dependOnClassesThat().resideInAPackage(inside("application"));

	@Test
	void importsTheApplicationNowhere() {
		APPLICATION_IS_IMPORTED_BY_NONE.check(CLASSES);
	}

	/** Packages that can be deleted: the rest still compiles, and the server works when its line in {@code application} is removed. */
	private static final ArchRule METRICS_CAN_BE_DELETED = noClasses().that()
			.resideOutsideOfPackages(ROOT + ".application", inside("operations.metrics"))
			.should().dependOnClassesThat().resideInAPackage(inside("operations.metrics"));

	@Test
	void knowsMetricsOnlyInTheApplication() {
		METRICS_CAN_BE_DELETED.check(CLASSES);
	}

	private static final ArchRule CONSOLE_CAN_BE_DELETED = noClasses().that()
			.resideOutsideOfPackages(ROOT + ".application", ROOT + ".application.hub", inside("operations.console"))
			.should().dependOnClassesThat().resideInAPackage(inside("operations.console"));

	@Test
	void knowsTheConsoleOnlyInTheApplication() {
		CONSOLE_CAN_BE_DELETED.check(CLASSES);
	}

	/** Once the cluster is deleted. The settings of hubs are shown to IDEs by {@code application.hub}, in a line that goes with the room. */
	private static final ArchRule WEBHOOKS_CAN_BE_DELETED = noClasses().that()
			.resideOutsideOfPackages(ROOT + ".application", ROOT + ".application.hub", inside("webhook"), inside("cluster"))
			.should().dependOnClassesThat().resideInAPackage(inside("webhook"));

	@Test
	void knowsWebhooksOnlyInTheApplication() {
		WEBHOOKS_CAN_BE_DELETED.check(CLASSES);
	}

	/** Once the cluster is deleted. */
	private static final ArchRule SUBPROTOCOLS_CAN_BE_DELETED = noClasses().that()
			.resideOutsideOfPackages(ROOT + ".application", ROOT + ".application.hub", inside("subprotocol"), inside("cluster"))
			.should().dependOnClassesThat().resideInAPackage(inside("subprotocol"));

	@Test
	void knowsSubprotocolsOnlyInTheApplication() {
		SUBPROTOCOLS_CAN_BE_DELETED.check(CLASSES);
	}

	/** The console gets the nodes by a line in {@code application.hub}, which goes with the room. */
	private static final ArchRule CLUSTER_CAN_BE_DELETED = noClasses().that()
			.resideOutsideOfPackages(ROOT + ".application", ROOT + ".application.hub", inside("cluster"))
			.should().dependOnClassesThat().resideInAPackage(inside("cluster"));

	@Test
	void knowsTheClusterOnlyInTheApplication() {
		CLUSTER_CAN_BE_DELETED.check(CLASSES);
	}

	private static final ArchRule REDIS_ONLY_IN_CLUSTER = noClasses().that().resideOutsideOfPackage(inside("cluster"))
			.should().dependOnClassesThat().resideInAnyPackage("io.lettuce..", "org.springframework.data..");

	@Test
	void knowsRedisOnlyInTheCluster() {
		REDIS_ONLY_IN_CLUSTER.check(CLASSES);
	}

	/** The protocol uses no framework, and of Spring only the class of a close status. */
	private static final ArchRule PROTOCOL_IS_PLAIN = noClasses().that().resideInAPackage(inside("protocol"))
			.should().dependOnClassesThat(not(resideInAnyPackage("java..", inside("protocol"), "org.jspecify.."))
					.and(not(DescribedPredicate.<JavaClass>describe("CloseStatus",
							type -> type.getName().equals("org.springframework.web.socket.CloseStatus")))));

	@Test
	void keepsFrameworksOutOfTheProtocol() {
		PROTOCOL_IS_PLAIN.check(CLASSES);
	}

	/** What the artifact {@code hawser-api} contains of {@code protocol} is all that {@code api} and its fixtures need of it. */
	@Test
	void keepsTheApiWithoutAnythingElseOfHawser() throws IOException {
		List<String> included = Pattern.compile("<include>dev/hawser/protocol/(\\w+)\\.class")
				.matcher(Files.readString(Path.of("src/api/jar.xml")))
				.results().map(type -> ROOT + ".protocol." + type.group(1)).toList();
		assertThat(included).hasSize(5);
		DescribedPredicate<JavaClass> inTheApi = DescribedPredicate.describe("in the API",
				type -> type.getPackageName().equals(ROOT + ".api")
						|| included.contains(type.getBaseComponentType().getName().replaceFirst("\\$.*", "")));
		JavaClasses fixtures = new ClassFileImporter().importPackages(ROOT + ".fixtures");
		DescribedPredicate<JavaClass> allowed = resideInAnyPackage("java..", "javax.security..", "org.jspecify..",
				"org.springframework.http..",
				"org.springframework.util..", "org.springframework.web..", ROOT + ".fixtures").or(inTheApi);
		noClasses().that(inTheApi).should().dependOnClassesThat(not(allowed)).check(CLASSES);
		noClasses().should().dependOnClassesThat(not(allowed)).check(fixtures);
		assertThat(fixtures).hasSizeGreaterThan(3);
	}

	/** A room should have few public types. Change the number only to make it smaller. */
	private static final int MOST_PUBLIC_TYPES = 138;

	@Test
	void showsFewTypesOutsideTheApi() {
		assertThat(CLASSES.stream().filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
				.filter(type -> !type.getPackageName().startsWith(ROOT + ".api")).map(JavaClass::getName))
				.hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES);
	}

	/** Each room has its own Spring configuration; the application only lists these configurations. */
	@Test
	void importsOneConfigurationOfEachRoom() throws Exception {
		Class<?>[] imported = Class.forName(ROOT + ".application.HawserConfiguration").getAnnotation(Import.class).value();
		Constructor<?> rooms = imported[0].getDeclaredConstructor();
		rooms.setAccessible(true);
		String[] names = ((ImportSelector) rooms.newInstance()).selectImports(AnnotationMetadata.introspect(Object.class));
		assertThat(names).containsExactlyInAnyOrderElementsOf(
				CLASSES.stream().filter(type -> type.isAnnotatedWith(Configuration.class)).map(JavaClass::getName)
						.filter(name -> !name.startsWith(ROOT + ".application.Hawser")).toList());
	}

	private static final ArchRule HONEST_NAMES = noClasses().should()
			.haveNameMatching(".*(Util|Utils|Helper|Manager|Processor|Impl|Data|Info)(\\$.*)?");

	@Test
	void namesClassesAfterWhatTheyAre() {
		HONEST_NAMES.check(CLASSES);
	}

	@Test
	void marksEveryPackageAsNullMarked() throws Exception {
		Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
		assertThat(packages).hasSize(MAY_IMPORT.size() + ALCOVES.size());
		for (String name : packages) {
			assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class)).as(name).isTrue();
		}
	}
}
