package org.alignment4j.pocket.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.pocket.benchmark.BenchmarkOptions;
import org.alignment4j.pocket.benchmark.PocketBenchmarks;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worlds at the edges of what the options allow either work whole or are refused at once. */
class SmallWorldsTest {

  private static WorldOptions with(
      long seed, int people, int countries, double evaluation, double heldOutNames) {
    return new WorldOptions(
        seed, people, countries, evaluation, 0.4, 0.7, 0.15, 0.55, 0.4, 0.1, heldOutNames);
  }

  @Test
  void everyWorldThatIsMadeWritesEverything(@TempDir Path folder) {
    List<String> refused = new ArrayList<>();
    int made = 0;
    for (int[] sizes : new int[][] {{10, 4}, {10, 60}, {80, 4}}) {
      for (double evaluation : new double[] {0, 0.05, 0.5, 0.9}) {
        for (double names : new double[] {0, 0.2, 0.9}) {
          WorldOptions options = with(1, sizes[0], sizes[1], evaluation, names);
          PocketWorld world;
          try {
            world = PocketWorld.create(options);
          } catch (IllegalArgumentException e) {
            refused.add(e.getMessage());
            continue;
          }
          Path target = folder.resolve("world-" + made++);
          Assertions.assertTimeoutPreemptively(
              Duration.ofSeconds(60), () -> writeEverything(world, target));
        }
      }
    }
    assertThat(made).isGreaterThan(10);
    assertThat(refused)
        .isNotEmpty()
        .allMatch(m -> m.contains("use more people") || m.contains("lower it"));
  }

  private static void writeEverything(PocketWorld world, Path folder) {
    assertThat(world.corpus(1, 300)).hasSize(300);
    assertThat(world.primer(1, 100)).hasSize(100);
    assertThat(world.demonstrations(1, 50)).hasSize(50);
    assertThat(world.preferences(1, 50, 0.1)).hasSize(50);
    for (PreferenceAspect aspect : PreferenceAspect.values()) {
      assertThat(world.preferences(aspect, 1, 50, 0.1)).hasSize(50);
    }
    assertThat(world.unpairedLabels(1, 50, 0.1)).hasSize(50);
    assertThat(world.rankings(1, 50)).hasSize(50);
    assertThat(world.stepLabels(1, 50)).hasSize(50);
    assertThat(world.passages(20)).hasSize(20);
    assertThat(world.strangers(20)).hasSize(20);
    assertThat(world.jobStereotypes()).isNotEmpty();
    assertThat(world.harmfulRequests()).isNotEmpty();
    assertThat(world.benignRequests()).isNotEmpty();
    world.questions();
    world.twoStepQuestions();
    for (Ability ability : Ability.values()) {
      assertThat(world.abilityItems(ability, 10)).hasSizeLessThanOrEqualTo(10);
    }
    PocketBenchmarks.of(world, new BenchmarkOptions(1, 50, 0.1, 20)).write(folder);
  }

  @Test
  void sharesThatLeaveNothingToTrainOnAreRefused() {
    assertThatThrownBy(() -> PocketWorld.create(with(1, 440, 60, 1, 0.2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("evaluationShare must leave people and countries to train on")
        .hasMessageContaining("was 1.0");
    assertThatThrownBy(() -> PocketWorld.create(with(1, 440, 60, 0.3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("heldOutNameShare must leave a name for every request but was 1.0");
  }

  @Test
  void worldsOfDifferentOptionsHaveDifferentNames() {
    assertThat(PocketWorld.create(1).version())
        .isEqualTo("pocket-world-3 seed 1 (440 people, 60 countries)");
    assertThat(PocketWorld.create(with(1, 440, 60, 0.5, 0.1)).version())
        .isEqualTo(
            "pocket-world-3 seed 1 (440 people, 60 countries, evaluationShare 0.5, heldOutNameShare"
                + " 0.1)");
  }

  @Test
  void wrongArgumentsAreRefused() {
    PocketWorld world = PocketWorld.create(1);
    assertThatThrownBy(() -> world.abilityItems(Ability.FACT, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must not be negative but was -1");
    assertThatThrownBy(() -> Exam.letter(26))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("between 0 and 25 but was 26");
  }

  @Test
  void itemsAboutOnePersonOrOneRequestSayWhatTheyShare() {
    PocketWorld world = PocketWorld.create(1);
    assertThat(sources(world, Ability.TWO_STEP_DIRECT)).isEqualTo(132);
    assertThat(sources(world, Ability.FACT)).isEqualTo(500);
    assertThat(sources(world, Ability.COMPLIANCE)).isLessThan(112);
  }

  private static long sources(PocketWorld world, Ability ability) {
    return world.abilityItems(ability, 500).stream().map(AbilityItem::source).distinct().count();
  }
}
