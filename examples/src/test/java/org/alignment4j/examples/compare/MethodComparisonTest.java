package org.alignment4j.examples.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.examples.CompareMethods;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comparisons end to end: what they print, what they keep, and what they say of no improvement. */
class MethodComparisonTest {

  private static final Sizes TINY = new Sizes(48, 16, 4, 16, 4);

  @TempDir Path run;

  /**
   * Another method whose trainings are counted.
   *
   * @param inner the method
   * @param trainings how often it was trained
   */
  private record Counted(AlignmentMethod inner, AtomicInteger trainings)
      implements AlignmentMethod {

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public String paper() {
      return inner.paper();
    }

    @Override
    public Objective objective() {
      return inner.objective();
    }

    @Override
    public Policy start(MethodContext context) {
      return inner.start(context);
    }

    @Override
    public Map<String, String> settings() {
      return inner.settings();
    }

    @Override
    public Policy train(MethodContext context, Path folder) {
      trainings.incrementAndGet();
      return inner.train(context, folder);
    }
  }

  /** A method that is stopped before it is finished. */
  private record Stopped() implements AlignmentMethod {

    @Override
    public String name() {
      return "stopped";
    }

    @Override
    public String paper() {
      return "none";
    }

    @Override
    public Objective objective() {
      return new PairLossObjective(PreferenceLoss.dpo(0.1));
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public Policy train(MethodContext context, Path folder) {
      throw new IllegalStateException("stopped here");
    }
  }

  private static AlignmentMethod dpo(String name, double rate) {
    return new PairMethod(name, "a paper", PreferenceLoss.dpo(0.1), rate);
  }

  private static MethodComparison comparison(Path run, Sizes sizes, AlignmentMethod... methods) {
    return new MethodComparison(
        run,
        Seeds.first(1),
        sizes,
        List.of(methods),
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
  }

  @Test
  void methodsImproveTheirObjectivesAndFinishedOnesAreNotTrainedAgain() throws Exception {
    AtomicInteger trainings = new AtomicInteger();
    AlignmentMethod sft = new Counted(new SftMethod(), trainings);
    AlignmentMethod dpo = new Counted(dpo("DPO", 1e-3), trainings);
    assertThatThrownBy(() -> comparison(run, TINY, sft, new Stopped(), dpo).run())
        .hasMessage("stopped here");
    assertThat(run.resolve("table.txt")).doesNotExist();

    List<String> notImproved = comparison(run, TINY, sft, dpo, dpo("frozen", 1e-12)).run();

    assertThat(notImproved).containsExactly("frozen");
    assertThat(trainings).as("SFT was finished before the stop").hasValue(2);
    String table = Files.readString(run.resolve("table.txt"));
    assertThat(table.lines().filter(line -> line.matches("(SFT|DPO|frozen) .*"))).hasSize(3);
    assertThat(table)
        .contains("held-out NLL", "held-out loss", "Best in truth:")
        .contains("Own objective NOT improved beyond chance: frozen.");
    assertThat(Files.readAllLines(run.resolve("table.md")))
        .hasSize(5)
        .allMatch(line -> line.chars().filter(c -> c == '|').count() == 10)
        .anyMatch(line -> line.startsWith("| frozen | ") && line.contains(", not improved |"))
        .anyMatch(line -> line.matches("\\| DPO \\| .*held-out loss \\| 0\\.693 → 0\\.\\d{3} .*"));
    String report = Files.readString(run.resolve("report.html"));
    assertThat(report).contains("Content-Security-Policy", "Truth against KL", "a paper");

    assertThat(comparison(run, TINY, sft, dpo, dpo("frozen", 1e-12)).run())
        .containsExactly("frozen");
    assertThat(trainings).hasValue(2);
    assertThat(Files.readString(run.resolve("report.html"))).isEqualTo(report);
    assertThatThrownBy(() -> comparison(run, TINY.withItems(5), sft).run())
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("items=5")
        .hasMessageContaining("choose another run folder");
  }

  @Test
  void resultsTellTheSettingsAndAreNotReadOfOthers() throws Exception {
    comparison(run, TINY, dpo("DPO", 1e-3)).run();

    JsonNode settings =
        new ObjectMapper()
            .readTree(run.resolve("seed-1/dpo/result.json").toFile())
            .path("settings");
    assertThat(settings.path("learning rate").asText()).isEqualTo("0.001");
    assertThat(settings.path("batch").asText()).isEqualTo("16");
    assertThat(settings.path("epochs").asText()).isEqualTo("1");
    assertThat(settings.path("adapter rank").asText()).isEqualTo("16");
    assertThat(settings.path("loss").asText()).isEqualTo(PreferenceLoss.dpo(0.1).toString());
    assertThat(settings.path("seed").asText()).isEqualTo("1");
    assertThatThrownBy(() -> comparison(run, TINY, dpo("DPO", 2e-3)).run())
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("learning rate must be '0.002' but was '0.001'; choose another")
        .hasMessageNotContaining("batch");
  }

  /** Of two processes, as it were: no setting is told by where an object lies in memory. */
  @Test
  void settingsOfEveryMethodAreTheSameEachTime() {
    List<AlignmentMethod> first = Methods.all();
    List<AlignmentMethod> second = Methods.all();

    for (int i = 0; i < first.size(); i++) {
      assertThat(first.get(i).settings())
          .as(first.get(i).name())
          .isNotEmpty()
          .isEqualTo(second.get(i).settings());
      assertThat(first.get(i).settings().toString()).doesNotContainPattern("@[0-9a-f]{4,}|Lambda");
    }
  }

  @Test
  void wrongOptionsAreRefused() {
    assertThat(execute("--methods", "DPO,XPO")).isEqualTo(2);
    assertThat(execute("--methods", "DPO", "--all")).isEqualTo(2);
    assertThat(execute("--seeds", "0")).isEqualTo(2);
    assertThat(execute("--prompts", "1")).isEqualTo(2);
    assertThatThrownBy(() -> Methods.named(List.of("dpo", "XPO")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SimPO")
        .hasMessageContaining("'XPO'");
  }

  private int execute(String... arguments) {
    return ConsoleProgram.of(new CompareMethods()).execute(arguments);
  }

  @Test
  void everyMethodHasANameAndAFolderOfItsOwn() {
    List<AlignmentMethod> all = Methods.all();

    assertThat(all).hasSizeGreaterThan(60);
    assertThat(all.stream().map(m -> Methods.folder(m)).distinct()).hasSameSizeAs(all);
    assertThat(Methods.named(List.of("dpo", "Best of 4")))
        .extracting(AlignmentMethod::name)
        .containsExactly("DPO", "best of 4");
  }

  @Test
  @Tag("slow")
  void everyMethodTrainsAndIsMeasured() throws Exception {
    AlignmentMethod[] all = Methods.all().toArray(AlignmentMethod[]::new);

    comparison(run, new Sizes(48, 16, 16, 16, 4), all).run();

    assertThat(Files.readString(run.resolve("report.html")))
        .contains(Methods.all().stream().map(AlignmentMethod::name).toList());
    for (AlignmentMethod method : all) {
      assertThat(run.resolve("seed-1").resolve(Methods.folder(method)).resolve("result.json"))
          .exists();
    }
  }

  @Test
  @Tag("slow")
  void everyMethodOfTheDefaultListImprovesItsObjective() {
    AlignmentMethod[] standard = Methods.standard().toArray(AlignmentMethod[]::new);

    assertThat(comparison(run, Sizes.standard(), standard).run()).isEmpty();
  }
}
