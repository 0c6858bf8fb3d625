package io.taskstorage.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.taskstorage.taskstore.TaskStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between packages, which the compiler does not see. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.taskstorage");

  private static final List<String> STAGES =
      List.of("observe", "compute", "plan", "execute", "report");

  private static final String PURE_ARE =
      "pure: the same input gives the same result, and a test needs nothing but the input";

  @Test
  void everyModuleIsLookedAt() {
    // Given
    Set<String> modules = new TreeSet<>();

    // When
    CLASSES.forEach(each -> modules.add(each.getPackageName().split("\\.", -1)[2]));

    // Then
    assertThat(modules)
        .contains("agent", "api", "bpf", "cli", "console", "layout", "policy", "taskstore");
  }

  @ParameterizedTest
  @ValueSource(strings = {"observe", "compute", "plan", "execute", "report"})
  void aStageKnowsOnlyTheStagesBeforeIt(String stage) {
    // Given
    String[] later =
        STAGES.subList(STAGES.indexOf(stage) + 1, STAGES.size()).stream()
            .map(each -> "io.taskstorage.agent." + each)
            .toArray(String[]::new);

    // When, Then
    noClasses()
        .that()
        .resideInAPackage("io.taskstorage.agent." + stage)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(later)
                .or(
                    resideInAnyPackage(
                        "io.taskstorage.agent",
                        "io.taskstorage.agent.command",
                        "io.taskstorage.agent.demo")))
        .because("a turn has one direction")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.taskstorage.agent.compute",
        "io.taskstorage.agent.plan",
        "io.taskstorage.agent.report",
        "io.taskstorage.policy",
        "io.taskstorage.layout"
      })
  void purePackagesDoNoInputOutput(String pure) {
    // Given
    DescribedPredicate<JavaClass> impure =
        resideInAnyPackage(
                "java.io",
                "java.nio.file..",
                "java.nio.channels..",
                "java.net..",
                "java.util.logging",
                "java.util.concurrent..",
                "org.slf4j..",
                "io.fabric8.kubernetes.client..",
                "io.taskstorage.bpf..")
            .and(DescribedPredicate.not(assignableTo(java.io.Serializable.class)))
            .and(DescribedPredicate.not(assignableTo(java.io.ByteArrayOutputStream.class)))
            .or(assignableTo(java.util.Random.class))
            .or(assignableTo(java.time.InstantSource.class))
            .as("files, sockets, threads, clocks, random numbers or logs");

    // When, Then
    noClasses()
        .that()
        .resideInAPackage(pure)
        .should()
        .dependOnClassesThat(impure)
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "clock or environment",
                call -> isCall(call.getTargetOwner().getName(), call.getTarget().getName())))
        .because(PURE_ARE)
        .check(CLASSES);
  }

  private static boolean isCall(String owner, String method) {
    return Map.of(
            "java.lang.System",
            Set.of("nanoTime", "currentTimeMillis", "getenv", "getProperty"),
            "java.time.Instant",
            Set.of("now"),
            "java.lang.Thread",
            Set.of("sleep", "ofPlatform", "ofVirtual"))
        .getOrDefault(owner, Set.of())
        .contains(method);
  }

  @Test
  void noLimitOrPauseHangsOnTheNodesClock() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.taskstorage.agent", "io.taskstorage.agent.cluster", "io.taskstorage.agent.execute")
        .and()
        // Files have dates, by the node's clock.
        .areNotAssignableTo(Loop.class)
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "the node's clock",
                call ->
                    Set.of(
                            "java.lang.System.currentTimeMillis",
                            "java.time.Instant.now",
                            "java.time.InstantSource.system",
                            "java.time.Clock.systemUTC",
                            "java.time.Clock.systemDefaultZone")
                        .contains(
                            call.getTargetOwner().getName() + "." + call.getTarget().getName())))
        .because("it may be set back while the agent runs")
        .check(CLASSES);
  }

  @Test
  void onlyTheExecutorChangesTheStore() {
    // Given
    String changing = "install|publish|remove|assign|unassign|sweep";

    // When, Then
    noClasses()
        .that()
        .resideOutsideOfPackages("io.taskstorage.agent.execute", "io.taskstorage.taskstore..")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "of the store that change it",
                call ->
                    owner(assignableTo(TaskStore.class)).test(call.getTarget())
                        && nameMatching(changing).test(call.getTarget())))
        .because("what is not a step cannot be planned, told or tested")
        .check(CLASSES);
  }

  @Test
  void onlyTheBindingKnowsSystemCalls() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.taskstorage.bpf..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.taskstorage.bpf.sys.."))
        .orShould()
        .dependOnClassesThat(resideInAnyPackage("java.lang.foreign.."))
        .because("native access belongs to one module")
        .check(CLASSES);
  }

  @Test
  void modulesDependInOneDirection() {
    noClasses()
        .that()
        .resideInAnyPackage("io.taskstorage.layout..", "io.taskstorage.bpf..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.taskstorage.taskstore..",
                "io.taskstorage.api..",
                "io.taskstorage.policy..",
                "io.taskstorage.agent.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("io.taskstorage.taskstore..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.taskstorage.api..", "io.taskstorage.policy..", "io.taskstorage.agent.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("io.taskstorage.policy..", "io.taskstorage.api..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.taskstorage.bpf..", "io.taskstorage.taskstore..", "io.taskstorage.agent.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage("io.taskstorage.console..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.taskstorage..")
                .and(DescribedPredicate.not(resideInAnyPackage("io.taskstorage.console.."))))
        .check(CLASSES);
  }

  @Test
  void commandsWithoutAKernelKnowNeitherBindingNorStoreNorAgent() {
    noClasses()
        .that()
        .resideInAnyPackage("io.taskstorage.cli..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.taskstorage.bpf..", "io.taskstorage.taskstore..", "io.taskstorage.agent.."))
        .because("they run where there is no node, and start without what a node needs")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.taskstorage.cli..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.taskstorage.cli.."))
        .because("nothing points back")
        .check(CLASSES);
  }

  @Test
  void noPackageIsADrawer() {
    noClasses()
        .should()
        .resideInAnyPackage("..common..", "..core..", "..util..", "..utils..", "..impl..")
        .because("a package says what it is about")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    // Inside the binding objects and their errors know each other; to others it is one thing.
    slices().matching("io.taskstorage.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("io.taskstorage.agent.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("io.taskstorage.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
