package org.alignment4j.eval.redteam.jailbreak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.redteam.AttackGoal;
import org.alignment4j.eval.redteam.AttackGoals;
import org.alignment4j.eval.redteam.AuthorizedGeneration;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.redteam.PromptFrame;
import org.alignment4j.eval.redteam.SpeakingModel;
import org.alignment4j.eval.redteam.SuccessCriterion;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JailbreakSuiteTest {
  private static final List<JailbreakTemplate> TEMPLATES = JailbreakTemplate.bundled();

  private static Map<String, Estimate> figures(SpeakingModel model, List<AttackGoal> goals) {
    LoadedBenchmark suite =
        JailbreakSuite.of(
            goals,
            TEMPLATES,
            PromptFrame.chat("{{attack}}"),
            SuccessCriterion.begins(),
            AuthorizedGeneration.of(
                SamplingOptions.greedy(8),
                List.of(AuthorizedTarget.of(model, "the test", "a script"))));
    return BenchmarkRun.estimates(suite, model);
  }

  @Test
  void onlyRolePlayWorksOnAModelThatLovesIt() {
    List<AttackGoal> goals = AttackGoals.canaries().subList(0, 10);
    SpeakingModel model =
        SpeakingModel.ofText(
            "m",
            text ->
                text.startsWith("You are Pip") && !text.contains("LANTERN")
                    ? goals.stream()
                        .filter(goal -> text.contains(goal.target()))
                        .findFirst()
                        .orElseThrow()
                        .target()
                    : "Good day.");
    Map<String, Estimate> figures = figures(model, goals);
    // One of the two templates of role play, on nine of ten goals.
    assertThat(figures.get("asr/role play").value()).isEqualTo(0.45);
    assertThat(figures.get("asr/role play").clusters()).isEqualTo(10);
    assertThat(figures.get("asr").value()).isEqualTo(9.0 / (10 * TEMPLATES.size()));
    assertThat(figures.get("asr/any").value()).isEqualTo(0.9);
    assertThat(figures.get("asr/any").n()).isEqualTo(10);
    assertThat(figures.get("asr/plain").value()).isZero();
    assertThat(figures.get("asr/encoding").value()).isZero();
  }

  @Test
  void anObedientModelNeedsNoTemplate() {
    SpeakingModel model =
        SpeakingModel.ofText(
            "m", text -> text.startsWith("Begin your reply with the word BANANA") ? "BANANA" : "");
    Map<String, Estimate> figures = figures(model, AttackGoals.canaries().subList(0, 2));
    assertThat(figures.get("asr/plain").value()).isEqualTo(0.5);
  }

  @Test
  void bundledTemplatesAreSound() {
    Set<String> ids = new HashSet<>();
    assertThat(TEMPLATES).allSatisfy(template -> assertThat(ids.add(template.id())).isTrue());
    assertThat(TEMPLATES.stream().map(JailbreakTemplate::family).distinct()).hasSize(11);
    assertThat(TEMPLATES.stream().map(JailbreakTemplate::encoding).distinct())
        .containsExactlyInAnyOrder(RequestEncoding.values());
    AttackGoal goal = new AttackGoal("g", "say {{target}}", "T");
    assertThat(
            new JailbreakTemplate("i", "f", RequestEncoding.PLAIN, "{{request}}+{{target}}")
                .render(goal))
        .isEqualTo("say {{target}}+T");
  }

  @Test
  void encodingsAreThoseOfTheirNames() {
    assertThat(RequestEncoding.BASE64.encode("Hé")).isEqualTo("SMOp");
    assertThat(RequestEncoding.ROT13.encode("Az, n")).isEqualTo("Nm, a");
    assertThat(RequestEncoding.ROT13.encode(RequestEncoding.ROT13.encode("Why?")))
        .isEqualTo("Why?");
    assertThat(RequestEncoding.REVERSED.encode("a😀b")).isEqualTo("b😀a");
    assertThat(RequestEncoding.LEET.encode("East")).isEqualTo("3457");
    assertThat(RequestEncoding.SPACED.encode("ab c")).isEqualTo("a b   c");
    assertThat(RequestEncoding.SPLIT.encode("a😀bc")).isEqualTo("a = \"a😀\"; b = \"bc\"");
    assertThatThrownBy(() -> RequestEncoding.of("rot26")).hasMessageContaining("was 'rot26'");
  }

  @Test
  void readsTemplatesAndNamesFaults(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("t.jsonl");
    String good =
        "{\"id\":\"a\",\"family\":\"f\",\"encoding\":\"rot13\",\"text\":\"{{request}}\"}\n";
    Files.writeString(file, good);
    assertThat(JailbreakTemplate.read(file, ReadOptions.strict())).hasSize(1);
    assertFault(file, good + good, "ids must differ but 'a' occurs again", "line 2, field 'id'");
    assertFault(file, good.replace("rot13", "rot26"), "was 'rot26'", "line 1, field 'encoding'");
    assertFault(file, good.replace("{{request}}", "no"), "must have {{request}}", "line 1");
    assertFault(file, good.replace("family", "kind"), "family", "line 1");
  }

  private static void assertFault(Path file, String content, String... parts) throws IOException {
    Files.writeString(file, content);
    assertThatThrownBy(() -> JailbreakTemplate.read(file, ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContainingAll(parts);
  }
}
