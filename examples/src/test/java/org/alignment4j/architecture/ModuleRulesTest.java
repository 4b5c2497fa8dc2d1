package org.alignment4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/** Who may use whom. A new arrow between modules or to a library is a decision made here. */
@AnalyzeClasses(packages = "org.alignment4j", importOptions = DoNotIncludeTests.class)
final class ModuleRulesTest {
  private static final String ROOT = "org.alignment4j.";
  private static final String[] JDK_AND_ANNOTATIONS = {
    "java..",
    "javax..",
    "org.jspecify..",
    "org.apiguardian..",
    "com.google.errorprone.annotations.."
  };
  private static final String[] API = {ROOT + "api..", "com.google.common..", "org.slf4j.."};
  private static final String[] CORE = {
    ROOT + "core..", "com.fasterxml.jackson..", "de.siegmar.fastcsv..", "org.hipparchus.."
  };
  private static final String[] DRAWING = {
    "com.github.weisj.jsvg..", "org.w3c.dom..", "org.xml.sax.."
  };
  private static final String[] ND4J = {"org.nd4j..", "org.bytedeco.."};

  @ArchTest
  static final ArchRule apiStandsAlone =
      only("api..", API, new String[] {"org.nd4j.."})
          .because(
              "people compile against the vocabulary for years and must not inherit libraries");

  @ArchTest
  static final ArchRule coreUsesTheApi =
      only("core..", API, CORE, DRAWING).because("it serves users who have no local model");

  @ArchTest
  static final ArchRule runtimeUsesCore =
      only(
              "runtime..",
              API,
              CORE,
              ND4J,
              new String[] {ROOT + "runtime..", "ai.onnxruntime..", "ai.djl..", "io.micrometer.."})
          .because("the engine knows nothing of what is built on it");

  @ArchTest
  static final ArchRule rlhfUsesRuntime =
      only("rlhf..", API, CORE, new String[] {ROOT + "rlhf..", ROOT + "runtime.."})
          .because("training and interpretability are chosen separately");

  @ArchTest
  static final ArchRule interpUsesRuntime =
      only("interp..", API, CORE, ND4J, new String[] {ROOT + "interp..", ROOT + "runtime.."})
          .because("training and interpretability are chosen separately");

  @ArchTest
  static final ArchRule oversightUsesCore =
      only("oversight..", API, CORE, new String[] {ROOT + "oversight.."})
          .because("it serves users who have only a remote model: no native library may arrive");

  @ArchTest
  static final ArchRule evalUsesCore =
      only(
              "eval..",
              API,
              CORE,
              new String[] {
                ROOT + "eval..",
                "org.junit.jupiter.api..",
                "org.junit.platform.commons..",
                "org.opentest4j.."
              })
          .because("it serves users who have only a remote model: no native library may arrive");

  @ArchTest
  static final ArchRule junitStaysInItsPackage =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "eval..")
          .and()
          .resideOutsideOfPackage(ROOT + "eval.junit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.junit..", "org.opentest4j..")
          .because("JUnit is optional: evaluations run without it");

  @ArchTest
  static final ArchRule langchain4jUsesOversight =
      only(
              "langchain4j..",
              API,
              CORE,
              new String[] {ROOT + "langchain4j..", ROOT + "oversight..", "dev.langchain4j.."})
          .because("a bridge to remote models needs no local engine");

  @ArchTest
  static final ArchRule providersStayOutOfTheBridge =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "langchain4j..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.langchain4j.model.openai..", "dev.langchain4j.http..")
          .because("which provider answers is the user's choice: the bridge brings none");

  @ArchTest
  static final ArchRule pocketUsesTheApi =
      only("pocket..", API, new String[] {ROOT + "pocket..", "com.fasterxml.jackson.."})
          .because("users test their own code against it and need nothing else for that");

  @ArchTest
  static final ArchRule onnxRuntimeIsHidden =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "runtime.session..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..")
          .because(
              "native handles are owned and closed in one place, and its errors are translated");

  @ArchTest
  static final ArchRule tokenizerLibraryIsHidden =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "runtime.tokenizer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..")
          .because("the tokenizer a user sees is the one of the vocabulary");

  @ArchTest
  static final ArchRule drawingStaysInReports =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "core.report..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DRAWING)
          .because("pictures of charts are made in one place");

  @ArchTest
  static final ArchRule micrometerStaysInItsSink =
      noClasses()
          .that()
          .haveNameNotMatching("org\\.alignment4j\\.runtime\\.train\\.MicrometerMetrics(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..")
          .because("it is optional: users without it load none");

  @ArchTest
  static final ArchRule nd4jStaysWithActivations =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "api..", ROOT + "runtime..")
          .and()
          .resideOutsideOfPackages(ROOT + "api.hook..", ROOT + "runtime.hook..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.nd4j..")
          .because(
              "ND4J is the type of activations, not of the engine; users without it load none");

  private static ArchRule only(String module, String[]... allowed) {
    String[] packages =
        Stream.concat(Stream.of(JDK_AND_ANNOTATIONS), Stream.of(allowed).flatMap(Stream::of))
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(ROOT + module)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages)
        .allowEmptyShould(true);
  }
}
