package org.alignment4j.examples.sentiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job end to end, small, and what the program refuses. */
class SentimentTest {

  @TempDir Path folder;

  @Test
  void aSmallRunMakesStoriesHappierAndResumes() throws Exception {
    Path model = SharedStories.model();
    Path stories = SharedStories.stories();
    Path run = folder.resolve("run");
    SentimentSettings small =
        new SentimentSettings(
            1, 60, 30, 32, 6, 2, 1, 1e-3, new PreferenceSettings(6, 2, 0.1, 1, 1e-3));

    run(model, stories, run, small);

    assertThat(Files.readString(run.resolve("table.txt")))
        .contains("gold", "proxy reward", "KL from base", "distinct-2", "picking the longer");
    String report = Files.readString(run.resolve("report.html"));
    assertThat(report).contains("Content-Security-Policy", "Replies side by side");
    double before;
    double after;
    StoryPrompts prompts = StoryPrompts.read(stories, 60, 30, 1);
    assertThat(prompts.training()).hasSize(60).doesNotContainAnyElementsOf(prompts.heldOut());
    GoldSentiment gold = new GoldSentiment(Lexicon.bundled());
    try (DecoderModel base = DecoderModel.load(model);
        DecoderModel aligned = DecoderModel.load(run.resolve("aligned"));
        TrainedRewardModel proxy = TrainedRewardModel.load(run.resolve("reward-model"))) {
      PolicyMeasurement measurement =
          new PolicyMeasurement(prompts.heldOut(), new ReplySampler(4, 32, 77), gold, proxy, base);
      Policy first = measurement.of("base", base, base);
      Policy second = measurement.of("aligned", aligned, aligned);
      assertThat(first.klFromBase().value()).isZero();
      assertThat(second.klFromBase().value()).isPositive();
      before = mean(first.values(ScoredReply::proxy));
      after = mean(second.values(ScoredReply::proxy));
      PromptCompletion glad = new PromptCompletion(Prompt.text("Tim ran."), " He was happy.");
      assertThat(proxy.score(List.of(glad)).get(0).value()).isFinite();
    }
    assertThat(after).as("the proxy reward on held-out prompts").isGreaterThan(before);

    run(model, stories, run, small);
    assertThat(Files.readString(run.resolve("report.html")))
        .as("a second run on a finished folder trains nothing and finds the same")
        .isEqualTo(report);
  }

  @Test
  void tooFewStoriesAreRefused() throws Exception {
    Path stories =
        Files.writeString(folder.resolve("few.json"), "[\"One day, Tim saw a dog. It ran.\"]");
    assertThatThrownBy(() -> StoryPrompts.read(stories, 2, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 4")
        .hasMessageContaining("few.json has 1");
  }

  private static void run(Path model, Path stories, Path run, SentimentSettings settings) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    new SentimentAlignment(model, stories, run, settings, out).run();
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }
}
