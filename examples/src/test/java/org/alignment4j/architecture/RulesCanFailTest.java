package org.alignment4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule about calls sees the breach it is for. */
class RulesCanFailTest {

  static Stream<Arguments> breaches() {
    return Stream.of(
        Arguments.of(CodeRulesTest.constantsAreNotFilled, Violations.FilledMap.class),
        Arguments.of(CodeRulesTest.noMutableConstants, Violations.DeclaredList.class),
        Arguments.of(CodeRulesTest.noMutableConstants, Violations.Counter.class),
        Arguments.of(CodeRulesTest.theClockIsAParameter, Violations.InstantNow.class),
        Arguments.of(CodeRulesTest.theClockIsAParameter, Violations.DateToday.class),
        Arguments.of(CodeRulesTest.theClockIsAParameter, Violations.NanoTime.class),
        Arguments.of(CodeRulesTest.theClockIsAParameter, Violations.NanoTimeReference.class),
        Arguments.of(CodeRulesTest.theClockIsAParameter, Violations.Millis.class),
        Arguments.of(CodeRulesTest.identitiesAreDerived, Violations.RandomUuid.class),
        Arguments.of(CodeRulesTest.randomnessIsSeeded, Violations.Secure.class),
        Arguments.of(CodeRulesTest.randomnessIsSeeded, Violations.UnseededSplittable.class),
        Arguments.of(CodeRulesTest.threadsAreTheCallers, Violations.OwnThread.class),
        Arguments.of(CodeRulesTest.nothingRunsInTheCommonPool, Violations.ParallelStream.class),
        Arguments.of(CodeRulesTest.nothingRunsInTheCommonPool, Violations.Parallel.class),
        Arguments.of(CodeRulesTest.nothingRunsInTheCommonPool, Violations.NoExecutor.class),
        Arguments.of(CodeRulesTest.librariesDoNotExit, Violations.Halt.class));
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void aBreachIsSeen(ArchRule rule, Class<?> breach) {
    assertThat(rule.evaluate(new ClassFileImporter().importClasses(breach)).hasViolation())
        .as("%s in %s", rule.getDescription(), breach.getSimpleName())
        .isTrue();
  }

  @Test
  void anExecutorOfOnesOwnIsAllowed() {
    assertThat(
            CodeRulesTest.nothingRunsInTheCommonPool
                .evaluate(new ClassFileImporter().importClasses(Violations.WithExecutor.class))
                .hasViolation())
        .isFalse();
  }
}
