package dev.hawser;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may know which. The table is the design; whoever changes one changes the other. */
class ArchitectureTests {
	private static final String ROOT = "dev.hawser";
	private static final JavaClasses CLASSES = new ClassFileImporter()
			.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(ROOT);

	/** The packages, and what of the project each may import. The root may import all and is imported by none. */
	private static final Map<String, Set<String>> MAY_IMPORT = new TreeMap<>(Map.of(
			"protocol", Set.of(),
			"connection", Set.of("protocol"),
			"token", Set.of(),
			"handshake", Set.of("protocol", "token"),
			"proxy", Set.of(),
			"upgrade", Set.of("protocol", "connection", "proxy"),
			"event", Set.of("protocol", "connection", "handshake"),
			"operations", Set.of("connection", "handshake", "event"),
			"metrics", Set.of("protocol", "connection", "handshake", "event")));

	static Stream<Arguments> table() {
		return MAY_IMPORT.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
	}

	private static ArchRule mayImport(String name, Set<String> allowed) {
		String[] allowedPackages = Stream.concat(Stream.of(name), allowed.stream()).map(ArchitectureTests::inside).toArray(String[]::new);
		return noClasses().that().resideInAPackage(inside(name)).should().dependOnClassesThat(
				resideInAPackage(ROOT + "..").and(DescribedPredicate.not(resideInAnyPackage(allowedPackages))));
	}

	private static String inside(String name) {
		return ROOT + "." + name + "..";
	}

	@ParameterizedTest(name = "{0} imports at most {1}")
	@MethodSource("table")
	void importsOnlyWhatTheTableAllows(String name, Set<String> allowed) {
		mayImport(name, allowed).check(CLASSES);
	}

	@Test
	void hasARowForEveryPackage() {
		Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).filter(name -> !name.equals(ROOT))
				.map(name -> name.substring(ROOT.length() + 1)).collect(Collectors.toSet());
		assertThat(packages).isEqualTo(MAY_IMPORT.keySet());
	}

	private static final ArchRule JETTY_ONLY_AT_THE_SOCKET = noClasses().that().resideOutsideOfPackages(inside("upgrade"), inside("proxy"))
			.should().dependOnClassesThat().resideInAPackage("org.eclipse.jetty..");

	@Test
	void knowsJettyOnlyAtTheSocket() {
		JETTY_ONLY_AT_THE_SOCKET.check(CLASSES);
	}

	private static final ArchRule NO_CYCLES = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

	@Test
	void hasNoCycles() {
		NO_CYCLES.check(CLASSES);
	}

	private static final ArchRule ROOT_IS_IMPORTED_BY_NONE = noClasses().that().resideInAPackage(ROOT + ".*..")
			.should().dependOnClassesThat().resideInAPackage(ROOT);

	@Test
	void importsTheRootNowhere() {
		ROOT_IS_IMPORTED_BY_NONE.check(CLASSES);
	}

	/** Without it the rest compiles, apart from the wiring in the root. */
	private static final ArchRule METRICS_CAN_BE_DELETED = noClasses().that().resideOutsideOfPackages(ROOT, inside("metrics"))
			.should().dependOnClassesThat().resideInAPackage(inside("metrics"));

	@Test
	void knowsMetricsOnlyInTheRoot() {
		METRICS_CAN_BE_DELETED.check(CLASSES);
	}

	/** The engine's rules know no framework; of Spring only the value that names a close status. */
	private static final ArchRule PROTOCOL_IS_PLAIN = noClasses().that().resideInAPackage(inside("protocol"))
			.should().dependOnClassesThat(DescribedPredicate.not(resideInAnyPackage("java..", inside("protocol"), "org.jspecify.."))
					.and(DescribedPredicate.not(DescribedPredicate.<JavaClass>describe("CloseStatus",
							type -> type.getName().equals("org.springframework.web.socket.CloseStatus")))));

	@Test
	void keepsFrameworksOutOfTheProtocol() {
		PROTOCOL_IS_PLAIN.check(CLASSES);
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
		assertThat(packages).hasSize(MAY_IMPORT.size() + 1);
		for (String name : packages) {
			assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class)).as(name).isTrue();
		}
	}
}
