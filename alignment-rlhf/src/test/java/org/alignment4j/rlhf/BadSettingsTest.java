package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.alignment4j.rlhf.advantage.LagrangeMultiplier;
import org.alignment4j.rlhf.advantage.LogProbMismatch;
import org.alignment4j.rlhf.data.Curation;
import org.alignment4j.rlhf.policy.PpoLoss;
import org.alignment4j.rlhf.study.OveroptimisationFit;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.junit.jupiter.api.Test;

/**
 * No setting is NaN: every public constructor and factory of this module that takes numbers alone
 * refuses it by IllegalArgumentException that shows it. What is found by reflection cannot be
 * forgotten.
 */
class BadSettingsTest {

  /** What is measured, which may be anything. */
  private static final Set<Class<?>> RESULTS =
      Set.of(LogProbMismatch.class, Curation.Decision.class, OveroptimisationFit.class);

  private static final double[] USUAL = {0.5, 1, 2, 0.1, -0.5};

  /** Settings that are negative only by mistake. */
  private static final Set<String> NOT_NEGATIVE =
      Set.of("beta", "temperature", "epsilon", "coefficient", "desirableWeight", "tolerance");

  private record Maker(Executable executable) {

    boolean ofNumbers() {
      Class<?>[] types = executable.getParameterTypes();
      return Arrays.asList(types).contains(double.class)
          && Arrays.stream(types).allMatch(t -> t.isPrimitive() || t.isEnum());
    }

    /** Numbers that are accepted, where some are. */
    Optional<Object[]> accepted() {
      for (double value : USUAL) {
        Object[] arguments =
            Arrays.stream(executable.getParameterTypes()).map(t -> usual(t, value)).toArray();
        if (failure(arguments).isEmpty()) {
          return Optional.of(arguments);
        }
      }
      return Optional.empty();
    }

    private static Object usual(Class<?> type, double value) {
      if (type.isEnum()) {
        return type.getEnumConstants()[type.getEnumConstants().length - 1];
      }
      if (type == boolean.class) {
        return false;
      }
      return type == double.class ? (Object) value : type == int.class ? (Object) 2 : (Object) 2L;
    }

    Optional<Throwable> failure(Object[] arguments) {
      try {
        if (executable instanceof Method method) {
          method.invoke(null, arguments);
        } else {
          ((Constructor<?>) executable).newInstance(arguments);
        }
        return Optional.empty();
      } catch (InvocationTargetException e) {
        return Optional.of(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(executable.toString(), e);
      }
    }
  }

  private static List<Maker> makers() throws IOException, URISyntaxException {
    Path root =
        Path.of(PolicyTrainer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Maker> makers = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
        String name = root.relativize(file).toString().replace('/', '.').replace(".class", "");
        makers.addAll(name.endsWith("-info") ? List.of() : makers(name));
      }
    }
    return makers.stream().filter(Maker::ofNumbers).toList();
  }

  private static List<Maker> makers(String name) {
    Class<?> type;
    try {
      type = Class.forName(name, false, BadSettingsTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
    if (!Modifier.isPublic(type.getModifiers()) || RESULTS.contains(type)) {
      return List.of();
    }
    List<Maker> makers = new ArrayList<>();
    if (!Modifier.isAbstract(type.getModifiers())) {
      Stream.of(type.getConstructors()).map(Maker::new).forEach(makers::add);
    }
    Stream.of(type.getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && Modifier.isStatic(m.getModifiers()))
        .filter(m -> !m.getReturnType().isPrimitive())
        .map(Maker::new)
        .forEach(makers::add);
    return makers;
  }

  @Test
  void noSettingIsNan() throws Exception {
    List<Maker> makers = makers();
    assertThat(makers).hasSizeGreaterThan(90);
    Set<String> untried = new TreeSet<>();
    for (Maker maker : makers) {
      Optional<Object[]> accepted = maker.accepted();
      if (accepted.isEmpty()) {
        untried.add(maker.executable().getDeclaringClass().getSimpleName());
      } else {
        refusesNan(maker, accepted.get());
      }
    }
    assertThat(untried).as("constructors whose usual numbers differ").containsExactly("PpoLoss");
  }

  private static void refusesNan(Maker maker, Object[] accepted) {
    for (int i = 0; i < accepted.length; i++) {
      if (accepted[i] instanceof Double) {
        Object[] arguments = accepted.clone();
        arguments[i] = Double.NaN;
        assertThat(maker.failure(arguments))
            .as("%s, parameter %s", maker.executable(), i)
            .hasValueSatisfying(
                e ->
                    assertThat(e)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("NaN"));
      }
    }
  }

  @Test
  void coefficientsAreNotNegative() throws Exception {
    int tried = 0;
    for (Maker maker : makers()) {
      Optional<Object[]> accepted = maker.accepted();
      Parameter[] parameters = maker.executable().getParameters();
      for (int i = 0; i < parameters.length && accepted.isPresent(); i++) {
        if (NOT_NEGATIVE.contains(parameters[i].getName())
            && parameters[i].getType() == double.class) {
          Object[] arguments = accepted.get().clone();
          arguments[i] = -0.25;
          assertThat(maker.failure(arguments))
              .as("%s, %s", maker.executable(), parameters[i].getName())
              .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("-0.25"));
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(30);
  }

  @Test
  void whatTakesOtherThingsThanNumbersRefusesNanToo() {
    for (double bad : new double[] {Double.NaN, -1}) {
      FineTuningOptions options = FineTuningOptions.of(1e-5);
      List<Runnable> settings =
          List.of(
              () -> FineTuningOptions.of(bad),
              () -> options.withLearningRate(bad),
              () -> options.withStability(bad, 1),
              () -> options.withStability(0.1, bad),
              () -> Critic.standard().learningRate(bad),
              () -> PolicyUpdates.of(1, 1).withBounds(bad, 2),
              () -> PolicyUpdates.of(1, 1).withBounds(1, bad),
              () -> new RolloutOptions(4, bad),
              () -> new PpoLoss(bad, 0.2, 3, 3),
              () -> new PpoLoss(0.2, bad, 3, 3),
              () -> new PpoLoss(0.2, 0.2, bad, 3),
              () -> new PpoLoss(0.2, 0.2, 3, bad),
              () -> LearningRateSchedule.constant(bad),
              () -> LearningRateSchedule.linear(bad));
      for (int i = 0; i < settings.size(); i++) {
        assertThatThrownBy(settings.get(i)::run)
            .as("setting %s of %s", i, bad)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(String.valueOf(bad));
      }
    }
    assertThatThrownBy(() -> LagrangeMultiplier.standard(Double.NaN)).hasMessageContaining("NaN");
    try (DecoderModel base = SmallPolicies.model()) {
      PolicyTrainer trainer = PolicyTrainer.of(base, PolicyMethod.grpo());
      assertThatThrownBy(() -> trainer.reward(SmallPolicies.first(), Double.NaN))
          .hasMessageContainingAll("weight of the reward 'first'", "NaN");
      assertThatThrownBy(() -> trainer.missingEndPenalty(Double.NaN)).hasMessageContaining("NaN");
    }
  }
}
