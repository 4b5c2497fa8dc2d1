package org.alignment4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.runtime.train.TrainingContext;

/**
 * Calls and declarations that have no place in the product. The benchmarks are not among the
 * classes looked at: they are programs that nobody depends on, and print and measure by nature.
 * What is allowed in a few places names them.
 */
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
          .accessTargetWhere(
              calls(System.class, "exit")
                  .or(calls(Runtime.class, "exit", "halt"))
                  .as("System.exit, Runtime.exit or Runtime.halt is called"))
          .because("the process belongs to the caller");

  @ArchTest
  static final ArchRule randomnessIsSeeded =
      noClasses()
          .should()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(Random.class)
          .orShould()
          .callConstructor(SplittableRandom.class)
          .orShould()
          .callMethod(RandomGenerator.class, "getDefault")
          .orShould()
          .callMethod(Collections.class, "shuffle", List.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ThreadLocalRandom.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(SecureRandom.class)
          .because(
              "the same seed gives the same result: every source of randomness is a parameter");

  /** An identity that never comes again is no result: no seed could give it. */
  @ArchTest
  static final ArchRule identitiesAreDerived =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.alignment4j.runtime.hook.UnnamedFunctions")
          .should()
          .accessTargetWhere(calls(UUID.class, "randomUUID"))
          .because("an id names content, so that what was stored under it is found again");

  /** Durations for reports, and the default of a clock that is a parameter. */
  private static final String[] CLOCK_READERS = {
    "org.alignment4j.core.calls.CallClock",
    "org.alignment4j.runtime.generate.Generator",
    "org.alignment4j.runtime.generate.BeamSearch",
    "org.alignment4j.runtime.generate.ChoiceSearch",
    "org.alignment4j.runtime.score.Scorer",
    "org.alignment4j.runtime.train.TrainingContext",
    "org.alignment4j.runtime.tokenizer.ChatTemplate"
  };

  @ArchTest
  static final ArchRule theClockIsAParameter =
      noClasses()
          .that()
          .resideOutsideOfPackage(PROGRAMS)
          .and(not(namedOrNestedIn(CLOCK_READERS)))
          .should()
          .accessTargetWhere(
              calls(System.class, "nanoTime", "currentTimeMillis")
                  .or(calls(Clock.class, "systemUTC", "systemDefaultZone", "system"))
                  .or(
                      describe(
                          "now() is called",
                          access ->
                              access.getName().equals("now")
                                  && access.getTargetOwner().getPackageName().equals("java.time")
                                  && takesNo(Clock.class, access)))
                  .as("the clock of the machine is read"))
          .because("a result that depends on when it was computed cannot be computed again");

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
  static final ArchRule threadsAreTheCallers =
      noClasses()
          .that()
          .resideOutsideOfPackage(PROGRAMS)
          .and(not(namedOrNestedIn("org.alignment4j.runtime.session.DeepStack")))
          .should()
          .accessTargetWhere(
              describe(
                  "a thread is created",
                  access ->
                      access.getTargetOwner().isAssignableTo(Thread.class)
                          && access.getName().equals("<init>")))
          .because("the executor is a parameter; only a stack of another size needs a thread");

  /** The context's executor is the caller's choice; only where none is chosen it is that pool. */
  @ArchTest
  static final ArchRule nothingRunsInTheCommonPool =
      noClasses()
          .that(not(namedOrNestedIn("org.alignment4j.runtime.train.TrainingContext")))
          .should()
          .accessTargetWhere(
              describe(
                      "a parallel stream is opened",
                      (JavaAccess<?> access) ->
                          access.getName().equals("parallelStream")
                              || (access.getName().equals("parallel")
                                  && access.getTargetOwner().isAssignableTo(BaseStream.class)))
                  .or(calls(ForkJoinPool.class, "commonPool"))
                  .or(
                      describe(
                          "work is handed to no executor",
                          access ->
                              access.getTargetOwner().isAssignableTo(CompletableFuture.class)
                                  && access.getName().endsWith("Async")
                                  && takesNo(Executor.class, access)))
                  .as("the common pool is used"))
          .because("the common pool is the process's: a long task of ours would stop others");

  /** The options begin with the defaults; a run has what they say. */
  @ArchTest
  static final ArchRule executorAndClockComeFromOptions =
      noClasses()
          .that()
          .resideOutsideOfPackage(PROGRAMS)
          .and(
              not(
                  namedOrNestedIn(
                      "org.alignment4j.rlhf.FineTuningOptions",
                      "org.alignment4j.rlhf.study.Study")))
          .should()
          .callMethod(TrainingContext.class, "defaults")
          .because("where a run takes the defaults itself, its caller can set neither");

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
              "reading serialised objects runs code chosen by the file; files are JSON or"
                  + " safetensors");

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
  static final ArchRule noMutableConstants =
      fields()
          .that()
          .areStatic()
          .should()
          .notHaveRawType(
              describe(
                  "a class that can be changed",
                  type ->
                      !type.isInterface()
                          && (type.isAssignableTo(Collection.class)
                              || type.isAssignableTo(Map.class)
                              || type.isAssignableTo(StringBuilder.class)
                              || type.getPackageName().equals("java.util.concurrent.atomic"))))
          .because("a global that is filled later is a mutable global");

  @ArchTest
  static final ArchRule constantsAreNotFilled =
      classes()
          .should(new FilledConstants())
          .because("a global that is filled later is a mutable global: List.of, Map.of, Set.of");

  /** Collections made by a class's initialisation and kept in a constant as they are. */
  private static final class FilledConstants extends ArchCondition<JavaClass> {
    FilledConstants() {
      super("make no mutable collection for a constant");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      type.getStaticInitializer().stream()
          .flatMap(initializer -> initializer.getConstructorCallsFromSelf().stream())
          .filter(
              call ->
                  !call.isDeclaredInLambda()
                      && (call.getTargetOwner().isAssignableTo(Collection.class)
                          || call.getTargetOwner().isAssignableTo(Map.class)))
          .forEach(call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
    }
  }

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

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
    return describe(
        owner.getSimpleName() + "." + String.join(" or ", names) + " is called",
        access ->
            access.getTargetOwner().isEquivalentTo(owner)
                && List.of(names).contains(access.getName()));
  }

  private static boolean takesNo(Class<?> parameter, JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        && target.getRawParameterTypes().stream().noneMatch(t -> t.isAssignableTo(parameter));
  }

  private static DescribedPredicate<JavaClass> namedOrNestedIn(String... names) {
    return describe(
        "are or lie in " + List.of(names),
        type ->
            Stream.of(names)
                .anyMatch(n -> type.getName().equals(n) || type.getName().startsWith(n + "$")));
  }

  @ArchTest
  static final ArchRule loggingThroughSlf4j =
      GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because(
          "the user binds one logging back end through SLF4J");
}
