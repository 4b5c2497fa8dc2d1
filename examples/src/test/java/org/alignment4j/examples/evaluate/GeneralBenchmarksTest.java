package org.alignment4j.examples.evaluate;

import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.bias.ActivationEncoder;
import org.alignment4j.eval.bias.AssociationFormulas;
import org.alignment4j.eval.bias.AssociationTest;
import org.alignment4j.eval.bias.Bbq;
import org.alignment4j.eval.bias.BbqOptions;
import org.alignment4j.eval.declared.FewShot;
import org.alignment4j.eval.general.Calibration;
import org.alignment4j.eval.general.Gsm8k;
import org.alignment4j.eval.general.Gsm8kOptions;
import org.alignment4j.eval.general.Mmlu;
import org.alignment4j.eval.general.MmluOptions;
import org.alignment4j.eval.general.MultipleChoice;
import org.alignment4j.eval.general.Perplexity;
import org.alignment4j.eval.general.PerplexityOptions;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** General benchmarks on a real model of 260,000 weights that has only read stories. */
class GeneralBenchmarksTest {

  private static DecoderModel model;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    model = DecoderModel.load(shared("models/stories260K"));
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
    }
  }

  private static Path shared(String relative) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolve("shared").resolve(relative);
      if (Files.exists(found)) {
        return found;
      }
    }
    return Assumptions.abort("skipped: no shared/" + relative + " above the working directory");
  }

  private static BenchmarkResult result(EvaluationRun run) {
    return run.report().results().get(0);
  }

  /** Stories are what it was trained on; plays are not. */
  @Test
  void perplexityTellsStoriesFromPlays() {
    PerplexityOptions options = PerplexityOptions.defaults().withWindows(60, 60);
    EvaluationRun stories =
        Evaluation.of(
                Perplexity.of(shared("data/tinystories-sample/tinystories_1000.json"), options))
            .model(model)
            .limit(60, 1)
            .run();
    EvaluationRun plays =
        Evaluation.of(Perplexity.of(shared("data/tinyshakespeare/input.txt"), options))
            .model(model)
            .limit(60, 1)
            .run();
    Estimate story = result(stories).estimate("bits_per_byte");
    Estimate play = result(plays).estimate("bits_per_byte");
    assertThat(story.failed() + play.failed()).isZero();
    assertThat(story.value()).isBetween(0.5, 1.5);
    assertThat(play.value()).isGreaterThan(story.value() + 1);
    assertThat(story.clusters()).isGreaterThan(30);
  }

  @Test
  void aShortTextHasTheLikelihoodOfTheModelItself() throws IOException {
    String text = "Once upon a time there was a little dog.";
    Path file = Files.writeString(folder.resolve("a.txt"), text);
    double nats =
        -model
            .logProbabilities(
                List.of(
                    org.alignment4j.api.model.Continuation.of(
                        org.alignment4j.api.model.Prompt.text(""), text)))
            .get(0)
            .sum();
    EvaluationRun run = Evaluation.of(Perplexity.of(file)).model(model).run();
    assertThat(result(run).estimate("bits_per_byte").value())
        .isCloseTo(nats / Math.log(2) / text.length(), within(1e-5));
    PerplexityOptions pieces = PerplexityOptions.defaults().withWindows(3, 100);
    EvaluationRun cut = Evaluation.of(Perplexity.of(file, pieces)).model(model).run();
    // Words begin tokens in this vocabulary, so that pieces with all that is before them add up.
    assertThat(result(cut).estimate("bits_per_byte").value())
        .isCloseTo(nats / Math.log(2) / text.length(), within(1e-4));
  }

  @Test
  void itCannotReckonAndAnswersNoLetters() {
    SamplingOptions short64 =
        SamplingOptions.builder(48).temperature(0).stopStrings("Question:").build();
    EvaluationRun sums =
        Evaluation.of(
                Gsm8k.of(
                    shared("data/gsm8k/test.jsonl"),
                    Gsm8kOptions.defaults().withShots(0).withSampling(short64)))
            .model(model)
            .limit(16, 1)
            .run();
    assertThat(result(sums).estimate("strict").value()).isZero();
    assertThat(result(sums).estimate("strict").failed()).isZero();
    EvaluationRun bbq =
        Evaluation.of(
                Bbq.generated(
                    shared("data/bbq/Age.jsonl"),
                    BbqOptions.defaults().withBootstrap(new Bootstrap(100, 1, 0.95)),
                    SamplingOptions.greedy(16)))
            .model(model)
            .limit(32, 1)
            .run();
    Estimate accuracy = result(bbq).estimate("accuracy");
    assertThat(accuracy.failed()).isZero();
    assertThat(accuracy.n() + accuracy.unscored()).isEqualTo(32);
  }

  @Test
  void choicesAreCalibratedOnRealFiles() {
    EvaluationRun run =
        Evaluation.of(
                Calibration.of(
                    Bbq.of(shared("data/bbq/Age.jsonl")), 10, new Bootstrap(100, 1, 0.95)))
            .model(model)
            .limit(100, 1)
            .run();
    assertThat(result(run).estimate("ece_mass").n()).isEqualTo(100);
    assertThat(result(run).estimate("brier_multiclass").value()).isBetween(0.3, 2.0);
  }

  @Test
  void fewShotPromptsOfMmluRun() throws IOException {
    for (String split : List.of("dev", "test")) {
      StringBuilder rows = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        rows.append(
            "\"A dog in the "
                + split
                + " says the number "
                + i
                + "\",cat,dog,sun,bed,"
                + "ABCD".charAt(i % 4)
                + "\n");
      }
      Files.createDirectories(folder.resolve(split));
      Files.writeString(folder.resolve(split + "/dogs_" + split + ".csv"), rows);
    }
    EvaluationRun run = Evaluation.of(Mmlu.of(folder, MmluOptions.letters(5))).model(model).run();
    assertThat(result(run).estimate("acc").n()).isEqualTo(8);
    Path arc =
        Files.writeString(
            folder.resolve("arc.jsonl"),
            "{\"id\": \"a\", \"question\": \"What says woof?\", \"choices\": {\"text\": [\"a dog\","
                + " \"xq zk\"], \"label\": [\"1\", \"2\"]}, \"answerKey\": \"1\"}\n");
    EvaluationRun easy =
        Evaluation.of(MultipleChoice.arc(arc, FewShot.none(), ReadOptions.strict()))
            .model(model)
            .run();
    assertThat(result(easy).estimate("acc").value()).isEqualTo(1);
  }

  @Test
  void vectorsOfSentencesAreTheModelsActivations() throws IOException {
    ActivationEncoder last = new ActivationEncoder(residPost(3), ActivationEncoder.Pooling.LAST);
    ActivationEncoder mean = new ActivationEncoder(residPost(3), ActivationEncoder.Pooling.MEAN);
    String text = "The little dog is happy.";
    TokenIds tokens = model.tokenizer().encodeWithSpecialTokens(text);
    List<String> texts = List.of("A cat.", text);
    try (ForwardResult alone = model.forward(tokens).cache(residPost(3)).execute()) {
      Values values = alone.cache().values(residPost(3));
      float[] lastVector = last.encode(texts, model, CancellationToken.none()).get(1);
      float[] meanVector = mean.encode(texts, model, CancellationToken.none()).get(1);
      for (int i = 0; i < lastVector.length; i++) {
        assertThat(lastVector[i]).isCloseTo(values.get(0, tokens.size() - 1, i), within(1e-4f));
        double sum = 0;
        // The first token begins the sequence.
        for (int at = 1; at < tokens.size(); at++) {
          sum += values.get(0, at, i);
        }
        assertThat((double) meanVector[i]).isCloseTo(sum / (tokens.size() - 1), within(1e-4));
      }
      assertThat(AssociationFormulas.cosine(lastVector, meanVector)).isLessThan(1);
    }
    Path file =
        Files.writeString(
            folder.resolve("weat.jsonl"),
            """
            {"targ1": {"category": "Good", "examples": ["happy", "nice", "kind", "fun"]},
             "targ2": {"category": "Bad", "examples": ["sad", "mean", "angry", "scared"]},
             "attr1": {"category": "Smiles", "examples": ["She smiled.", "He laughed."]},
             "attr2": {"category": "Tears", "examples": ["She cried.", "He was hurt."]}}
            """);
    AssociationTest test = AssociationTest.of(file, mean);
    EvaluationRun run = Evaluation.of(test).model(model).run();
    Estimate effect = result(run).estimate("effect_size");
    assertThat(effect.n()).isEqualTo(8);
    assertThat(effect.value()).isBetween(-2.0, 2.0);
    assertThat(test.test(run.outcomes().get(0).samples(), 1000, 1).exact()).isTrue();
    Map<String, Estimate> all = result(run).estimates();
    assertThat(all).containsOnlyKeys("effect_size");
  }
}
