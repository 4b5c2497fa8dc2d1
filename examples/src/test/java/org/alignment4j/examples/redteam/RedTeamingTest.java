package org.alignment4j.examples.redteam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackReport;
import org.alignment4j.eval.redteam.AttackRun;
import org.alignment4j.examples.world.BundledPocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedTeamingTest {

  @Test
  void statementsAreDifferentAndOfAllRelations() {
    WorldGoals goals = new WorldGoals(BundledPocket.world());
    List<AttackGoal> statements = goals.statements(50, 1);
    assertThat(statements.stream().map(AttackGoal::target).distinct()).hasSize(50);
    assertThat(statements.stream().map(AttackGoal::id).distinct()).hasSize(50);
    assertThat(goals.statements(50, 1)).isEqualTo(statements);
    assertThat(goals.statements(50, 2)).isNotEqualTo(statements);
    assertThat(
            statements.subList(0, 8).stream().map(goal -> goal.target().split(" ")[0]).distinct())
        .hasSizeGreaterThan(4);
    assertThatThrownBy(() -> goals.statements(100_000, 1))
        .hasMessageContaining("as many statements as there are");
  }

  @Test
  void attacksOnceWhateverTheRuns(@TempDir Path folder) {
    RedTeamSettings settings = new RedTeamSettings(1, 2, 8, 16, 6, 1, 4, 2, 16, 16, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    AttackReport first = new RedTeaming(folder, settings, out).run();
    assertThat(first.runs())
        .extracting(AttackRun::attack)
        .containsExactly(
            "GCG",
            "random swaps",
            "plain request",
            "direct request",
            "AutoDAN-HGA",
            "PAIR",
            "PAIR",
            "GCG transferred from " + first.runs().get(0).modelId(),
            "direct request");
    assertThat(first.runs().get(3).outcomes().get(0).prompt())
        .contains("Repeat this sentence: " + first.runs().get(3).goals().get(0).target());
    assertThat(first.runs().get(7).modelId()).isNotEqualTo(first.runs().get(0).modelId());
    assertThat(first.runs().get(0).effort().forwards()).isBetween(7L, 1 + 2 * (8 + 3L));
    assertThat(first.runs().get(1).effort().forwards())
        .isLessThanOrEqualTo(first.runs().get(0).effort().forwards());
    assertThat(first.runs().get(2).successes()).isZero();
    assertThat(first.benchmarks()).hasSize(2);
    assertThat(first.benchmarks().get(1).estimate("payload_alone").n()).isEqualTo(4);
    assertThat(first.beside()).hasSize(2);
    assertThat(folder.resolve("report.html")).exists();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("GCG", "random swaps");
    assertThat(new RedTeaming(folder, settings, out).run().runs()).isEqualTo(first.runs());
    assertThatThrownBy(() -> new RedTeamSettings(0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1))
        .hasMessageContaining("must be at least 1 but were 0");
  }
}
