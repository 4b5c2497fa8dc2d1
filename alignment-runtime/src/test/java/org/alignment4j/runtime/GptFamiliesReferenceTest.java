package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores, greedy tokens and saved files of four families, against {@link NaiveGptDecoder}. */
class GptFamiliesReferenceTest {

  private static final int[] LENGTHS = {3, 19, 8};
  private static final int NEW_TOKENS = 12;

  static List<String> names() {
    return GptFamilies.names();
  }

  private static DecoderModel model(String name, Weights weights) {
    return DecoderModel.of(GptFamilies.config(name), weights, null, TestModels.CPU);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void scoresOfARaggedBatch(String name) {
    Weights weights = GptFamilies.weights(name);
    NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), weights);
    List<Continuation> items = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      TokenIds all = TokenIds.of(GptFamilies.tokens(LENGTHS[i], i));
      items.add(Continuation.of(Prompt.tokens(all.slice(0, 1)), all.slice(1, all.size())));
    }
    try (DecoderModel model = model(name, weights)) {
      List<ContinuationScore> scores = model.logProbabilities(items);
      for (int i = 0; i < LENGTHS.length; i++) {
        double[] expected = naive.logProbs(GptFamilies.tokens(LENGTHS[i], i));
        for (int t = 0; t < expected.length; t++) {
          assertThat(scores.get(i).logProbs().get(t)).isCloseTo(expected[t], within(5e-5));
        }
      }
    }
  }

  /** Two answers that share their prompt in one row, so that positions branch. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void scoresOfAnswersThatShareTheirPrompt(String name) {
    Weights weights = GptFamilies.weights(name);
    NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), weights);
    int[] prompt = GptFamilies.tokens(11, 5);
    List<Continuation> items = new ArrayList<>();
    List<int[]> answers = List.of(GptFamilies.tokens(7, 6), GptFamilies.tokens(4, 7));
    for (int[] answer : answers) {
      items.add(Continuation.of(Prompt.tokens(prompt), TokenIds.of(answer)));
    }
    try (DecoderModel model = model(name, weights)) {
      List<ContinuationScore> scores = model.logProbabilities(items);
      for (int i = 0; i < answers.size(); i++) {
        int[] all = Arrays.copyOf(prompt, prompt.length + answers.get(i).length);
        System.arraycopy(answers.get(i), 0, all, prompt.length, answers.get(i).length);
        double[] expected = naive.logProbs(all);
        for (int t = 0; t < answers.get(i).length; t++) {
          assertThat(scores.get(i).logProbs().get(t))
              .isCloseTo(expected[prompt.length - 1 + t], within(5e-5));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void greedyTokensOfARaggedBatch(String name) {
    Weights weights = GptFamilies.weights(name);
    NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), weights);
    SamplingOptions options =
        SamplingOptions.builder(NEW_TOKENS).temperature(0).ignoreEos(true).build();
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      prompts.add(Prompt.tokens(GptFamilies.tokens(LENGTHS[i], i)));
    }
    try (DecoderModel model = model(name, weights)) {
      List<Completion> completions = model.generate(prompts, options);
      for (int i = 0; i < LENGTHS.length; i++) {
        int[] prompt = GptFamilies.tokens(LENGTHS[i], i);
        assertThat(completions.get(i).tokens())
            .isEqualTo(TokenIds.of(greedy(naive, prompt, model.eosTokenIds())));
      }
    }
  }

  private static int[] greedy(NaiveGptDecoder naive, int[] prompt, Set<Integer> forbidden) {
    int[] all = Arrays.copyOf(prompt, prompt.length + NEW_TOKENS);
    for (int n = prompt.length; n < all.length; n++) {
      double[] logits = naive.logits(Arrays.copyOf(all, n))[n - 1];
      double best = Double.NEGATIVE_INFINITY;
      for (int id = 0; id < logits.length; id++) {
        if (logits[id] > best && !forbidden.contains(id)) {
          best = logits[id];
          all[n] = id;
        }
      }
    }
    return Arrays.copyOfRange(all, prompt.length, all.length);
  }

  /** What a hooked run reads is what the blocks pass on, and its logits are those of scoring. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void hookedRuns(String name) {
    Weights weights = GptFamilies.weights(name);
    NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), weights);
    int[] tokens = GptFamilies.tokens(9, 3);
    try (DecoderModel model = model(name, weights)) {
      ForwardResult result =
          model
              .forward(TokenIds.of(tokens))
              .cache(model.hookPoints().toArray(HookPoint<?>[]::new))
              .execute();
      double[][] expected = naive.logits(tokens);
      for (int t = 0; t < tokens.length; t++) {
        float[] logits = result.logits(0, t);
        for (int v = 0; v < GptFamilies.VOCAB; v++) {
          assertThat(logits[v]).isCloseTo((float) expected[t][v], within(1e-4f));
        }
      }
      assertThat(result.cache().points()).isEqualTo(model.hookPoints());
      assertThat(result.cache().values(HookPoints.residPre(1)))
          .isEqualTo(result.cache().values(HookPoints.residPost(0)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void savesUnderTheFamilysOwnNames(String name, @TempDir Path folder) {
    Weights weights = GptFamilies.weights(name);
    for (DType type : List.of(DType.F32, DType.F16)) {
      Path target = folder.resolve(type.name());
      CheckpointWriter.save(target, GptFamilies.config(name), null, weights, type, null);
      CheckpointFolder saved = CheckpointFolder.open(target);
      assertThat(saved.tensorNames()).hasSameElementsAs(weights.names());
      NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), saved.weights());
      int[] tokens = GptFamilies.tokens(9, 4);
      double[] expected = naive.logProbs(tokens);
      try (DecoderModel model = DecoderModel.load(target, TestModels.CPU)) {
        ContinuationScore score =
            model
                .logProbabilities(
                    List.of(
                        Continuation.of(
                            Prompt.tokens(tokens[0]),
                            TokenIds.of(Arrays.copyOfRange(tokens, 1, tokens.length)))))
                .get(0);
        for (int t = 0; t < expected.length; t++) {
          assertThat(score.logProbs().get(t)).isCloseTo(expected[t], within(5e-5));
        }
      }
    }
  }

  /** A classifier whose head is rows of the output head gives logits without the head's bias. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"gptj, part of a wide head", "opt, narrow embeddings", "bloom, own head"})
  void classifiersReadWhatTheHeadReads(String name, @TempDir Path folder) {
    Weights weights = GptFamilies.weights(name);
    NaiveGptDecoder naive = new NaiveGptDecoder(GptFamilies.keys(name), weights);
    int[] tokens = GptFamilies.tokens(9, 4);
    double[] logits = naive.logits(tokens)[tokens.length - 1];
    double[] bias = naive.weights.getOrDefault("lm_head.bias", new double[logits.length]);
    try (DecoderModel model = model(name, weights)) {
      WeightTensor head = weights.get(model.architecture().names().head());
      int width = (int) head.shape()[1];
      float[] rows = new float[2 * width];
      head.data().position(5 * width).get(rows);
      WeightTensor two = WeightTensor.of("any", new long[] {2, width}, rows);
      try (SequenceClassifier classifier = SequenceClassifier.of(model, two)) {
        classifier.save(folder.resolve("saved"));
      }
    }
    try (SequenceClassifier again =
        SequenceClassifier.load(folder.resolve("saved"), TestModels.CPU)) {
      float[] scores = again.scores(List.of(TokenIds.of(tokens)), CancellationToken.none()).get(0);
      for (int i = 0; i < 2; i++) {
        assertThat((double) scores[i]).isCloseTo(logits[5 + i] - bias[5 + i], within(1e-4));
      }
    }
  }
}
