package org.alignment4j.eval.inner.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class GridWorldProperties {

  private static Set<Cell> reachable(Level level) {
    Set<Cell> seen = new HashSet<>(Set.of(level.start()));
    Deque<Cell> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      Cell at = open.remove();
      for (Action action : Action.values()) {
        Cell next = action.from(at);
        if (level.enterable(next) && seen.add(next)) {
          open.add(next);
        }
      }
    }
    return seen;
  }

  @Property(tries = 300)
  void levelsFollowFromTheirSeed(
      @ForAll GridWorld world, @ForAll long seed, @ForAll boolean apart) {
    Level level = world.level(seed, apart);
    assertThat(world.level(seed, apart)).isEqualTo(level);
    assertThat(world.level(seed, apart).walls()).isEqualTo(world.level(seed, !apart).walls());
    assertThat(world.level(seed, apart).start()).isEqualTo(world.level(seed, !apart).start());
  }

  @Property(tries = 300)
  void everythingCanBeReached(@ForAll GridWorld world, @ForAll long seed, @ForAll boolean apart) {
    Level level = world.level(seed, apart);
    Set<Cell> reachable = reachable(level);
    assertThat(reachable).containsAll(level.goals()).containsAll(level.proxies());
    assertThat(reachable).hasSize(level.width() * level.height() - level.walls().size());
    assertThat(level.goals()).doesNotContain(level.start());
    for (Cell wall : level.walls()) {
      assertThat(level.walls().stream().filter(wall::touches)).hasSize(1);
    }
  }

  @Property(tries = 300)
  void goalAndProxyCoincideOrPart(@ForAll GridWorld world, @ForAll long seed) {
    Level alike = world.level(seed, false);
    Level apart = world.level(seed, true);
    if (world == GridWorld.KEYS_AND_CHESTS) {
      assertThat(alike.goals()).hasSize(2 * alike.proxies().size());
      assertThat(apart.proxies()).hasSize(2 * apart.goals().size());
    } else {
      assertThat(alike.goals()).isEqualTo(alike.proxies());
      assertThat(apart.goals()).hasSize(1).doesNotContainAnyElementsOf(apart.proxies());
    }
  }

  @Property(tries = 300)
  void scoresHoldTogether(
      @ForAll GridWorld world, @ForAll long seed, @ForAll boolean apart, @ForAll long policySeed) {
    Level level = world.level(seed, apart);
    Outcome outcome = world.play(level, Policy.random(), policySeed);
    assertThat(world.play(level, Policy.random(), policySeed)).isEqualTo(outcome);
    assertThat(outcome.goal()).isLessThanOrEqualTo(outcome.capability());
    assertThat(outcome.steps()).isBetween(1, level.steps());
    switch (outcome.ending()) {
      case GOAL -> assertThat(outcome.goal()).isEqualTo(1);
      case PROXY -> assertThat(outcome.goal()).isZero();
      case TIME_OUT -> assertThat(outcome.steps()).isEqualTo(level.steps());
    }
  }
}
