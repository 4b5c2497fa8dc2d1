package org.alignment4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.alignment4j.api.AlignmentException;

/** Calls and declarations that have no place in the product. */
@AnalyzeClasses(packages = "org.alignment4j", importOptions = DoNotIncludeTests.class)
final class CodeRulesTest {
  private static final String PROGRAMS = "org.alignment4j.examples..";

  @ArchTest
  static final ArchRule librariesDoNotPrint =
      noClasses()
          .that()
          .resideOutsideOfPackage(PROGRAMS)
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
          .because("output belongs to the caller: results are values, messages go to SLF4J");

  @ArchTest
  static final ArchRule librariesDoNotExit =
      noClasses()
          .that()
          .resideOutsideOfPackage(PROGRAMS)
          .should()
          .callMethod(System.class, "exit", int.class)
          .because("the process belongs to the caller");

  @ArchTest
  static final ArchRule randomnessIsSeeded =
      noClasses()
          .should()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(Random.class)
          .orShould()
          .callMethod(Collections.class, "shuffle", List.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ThreadLocalRandom.class)
          .because(
              "the same seed gives the same result: every source of randomness is a parameter");

  @ArchTest
  static final ArchRule formatsNameTheirLocale =
      noClasses()
          .should()
          .callMethod(String.class, "format", String.class, Object[].class)
          .because("the default locale changes decimal points and digits in files and reports");

  @ArchTest
  static final ArchRule threadsAreNamedAndOwned =
      noClasses()
          .should()
          .callMethod(Executors.class, "newFixedThreadPool", int.class)
          .orShould()
          .callMethod(Executors.class, "newCachedThreadPool")
          .orShould()
          .callMethod(Executors.class, "newSingleThreadExecutor")
          .orShould()
          .callMethod(Executors.class, "newScheduledThreadPool", int.class)
          .because("a thread dump must say whose thread it is: pass a factory that names threads");

  @ArchTest
  static final ArchRule valuesAreNotSerializable =
      noClasses()
          .that()
          .areNotEnums()
          .and()
          .areNotAssignableTo(Throwable.class)
          .should()
          .implement(Serializable.class)
          .because(
              "reading serialised objects runs code chosen by the file; files are JSON or safetensors");

  @ArchTest
  static final ArchRule noObjectStreams =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ObjectOutputStream.class)
          .because("reading serialised objects runs code chosen by the file");

  @ArchTest
  static final ArchRule noMutableGlobals =
      fields()
          .that()
          .areStatic()
          .should()
          .beFinal()
          .because("two models with different settings live side by side in one process");

  @ArchTest
  static final ArchRule failuresAreOneFamily =
      classes()
          .that()
          .areAssignableTo(Throwable.class)
          .and()
          .arePublic()
          .should()
          .beAssignableTo(AlignmentException.class)
          .because("one catch clause handles every failure that is not the caller's mistake");

  @ArchTest
  static final ArchRule loggingThroughSlf4j =
      GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because(
          "the user binds one logging back end through SLF4J");
}
