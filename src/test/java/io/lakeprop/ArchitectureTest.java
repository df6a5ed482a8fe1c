package io.lakeprop;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.lakeprop.nn.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The real dependencies are the arrows that the design draws, and no others. */
class ArchitectureTest {
  private static final String ROOT = "io.lakeprop.";

  /** Which packages of ours a package may use. */
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "base", Set.of(),
          "text", Set.of("base"),
          "nn", Set.of("base"),
          "optim", Set.of("base", "nn"),
          "data", Set.of("base"),
          "eval", Set.of("base"),
          "model", Set.of("base", "nn", "data"),
          "train", Set.of("base", "nn", "optim", "data", "eval", "model"),
          "spark", Set.of("base", "nn", "optim", "data", "eval", "model", "train", "text"),
          "job", Set.of("base", "nn", "optim", "data", "eval", "model", "train", "spark"));

  /** Which packages of ours may use what is not ours; the JDK is free to all. */
  private static final Map<String, Set<String>> OUTSIDE =
      Map.of(
          "org.apache.spark..", Set.of("spark", "job"),
          "org.apache.hadoop..", Set.of("spark", "job"),
          "scala..", Set.of("spark", "job"),
          "org.ejml..", Set.of("nn"),
          "picocli..", Set.of("job"),
          "org.snakeyaml..", Set.of("job"),
          "com.fasterxml.jackson..", Set.of("model", "job"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.lakeprop");

  @Test
  void everyPackageIsOnTheMap() {
    Set<String> packages =
        CLASSES.stream()
            .map(c -> c.getPackageName().substring(ROOT.length()))
            .collect(Collectors.toSet());
    assertEquals(ARROWS.keySet(), packages);
  }

  @TestFactory
  Stream<DynamicTest> onlyDrawnArrows() {
    return ARROWS.keySet().stream()
        .map(
            from ->
                DynamicTest.dynamicTest(
                    from + " -> " + ARROWS.get(from),
                    () -> {
                      List<String> others = new ArrayList<>();
                      for (String to : ARROWS.keySet()) {
                        if (!to.equals(from) && !ARROWS.get(from).contains(to)) {
                          others.add(ROOT + to + "..");
                        }
                      }
                      noClasses()
                          .that()
                          .resideInAPackage(ROOT + from + "..")
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(others.toArray(String[]::new))
                          .allowEmptyShould(false)
                          .check(CLASSES);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> onlyTheEdgesKnowTheWorld() {
    return OUTSIDE.keySet().stream()
        .map(
            library ->
                DynamicTest.dynamicTest(
                    library + " <- " + OUTSIDE.get(library),
                    () -> onlyFrom(library, OUTSIDE.get(library))));
  }

  @Test
  void optimizersKnowOnlyTheLayoutOfNetworks() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "optim..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "nn..")
                .and(not(belongToAnyOf(ParameterLayout.class)))
                .as("reside in nn and are not its ParameterLayout"))
        .check(CLASSES);
  }

  @Test
  void thereAreNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /** House style: no inheritance between classes that can be made. */
  @Test
  void classesAreFinal() {
    classes()
        .that()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(CLASSES);
  }

  /** What a file says never decides which class is made of it. */
  @Test
  void noFileMakesObjectsByItself() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.fasterxml.jackson.annotation..",
            "com.fasterxml.jackson.databind.annotation..",
            "com.fasterxml.jackson.databind.jsontype..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("org\\.snakeyaml\\.engine\\.v2\\.(api\\.Load|constructor\\..*)")
        .check(CLASSES);
  }

  private static void onlyFrom(String library, Set<String> allowed) {
    String prefix = library.replace("..", "");
    assertTrue(
        CLASSES.stream()
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .anyMatch(d -> d.getTargetClass().getPackageName().startsWith(prefix)),
        "nobody uses " + library + ": this rule says nothing");
    noClasses()
        .that()
        .resideOutsideOfPackages(
            allowed.stream().map(own -> ROOT + own + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(CLASSES);
  }
}
