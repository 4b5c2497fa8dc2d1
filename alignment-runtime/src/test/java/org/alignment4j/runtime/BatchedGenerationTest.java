package org.alignment4j.runtime;

import static org.alignment4j.api.hook.Edits.add;
import static org.alignment4j.api.hook.Edits.scale;
import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Selectors.head;
import static org.alignment4j.api.hook.Selectors.posFrom;
import static org.alignment4j.api.hook.Selectors.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of one batch that end at different steps, each against its prompt alone. */
class BatchedGenerationTest {

  private static final int VOCAB = 120;
  private static final int NEW_TOKENS = 16;
  private static final int ROUNDS = 20;

  /** Ids that end a sequence: enough that replies end at all steps. */
  private static final int END_TOKENS = 14;

  /** How a batch is decoded. */
  private enum Decoding {
    GROUPED_QUERY(32),
    CACHED_FOR_ODD_HEADS(24),
    CACHED_FOR_INTERVENTIONS(32);

    private final int width;

    Decoding(int width) {
      this.width = width;
    }

    LanguageModel of(DecoderModel model) {
      return this == CACHED_FOR_INTERVENTIONS
          ? model.with(
              add(residPost(0), wave(width), 1.5, posFrom(2)),
              scale(mlpPost(1), 0.5),
              scale(z(1), 2, head(3)))
          : model;
    }
  }

  private static Values wave(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) Math.sin(0.7 * i + 0.3);
    }
    return Values.vector(values);
  }

  private static DecoderModel model(int width, Random random) {
    Map<String, Object> keys = RandomModels.llama(VOCAB, width, 4, 2, 48, 48);
    keys.put("eos_token_id", random.ints(END_TOKENS, 0, VOCAB).distinct().boxed().toList());
    ConfigJson config = RandomModels.config(keys);
    return DecoderModel.of(config, RandomModels.weights(config, 0.3), null, TestModels.CPU);
  }

  private static List<Prompt> prompts(int rows, Random random) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      prompts.add(Prompt.tokens(random.ints(1 + random.nextInt(12), 0, VOCAB).toArray()));
    }
    return prompts;
  }

  private static SamplingOptions greedy() {
    return SamplingOptions.builder(NEW_TOKENS).temperature(0).logProbs(true).build();
  }

  private static void assertSame(Completion found, Completion expected, String what) {
    assertThat(found.tokens()).as(what).isEqualTo(expected.tokens());
    assertThat(found.finishReason()).as(what).isEqualTo(expected.finishReason());
    LogProbs logProbs = Objects.requireNonNull(expected.logProbs());
    assertThat(Objects.requireNonNull(found.logProbs()).toArray())
        .as(what)
        .containsExactly(logProbs.toArray(), within(1e-4));
  }

  /** Rows whose place in the batch changed: some row before the last ended before it. */
  private static int moved(List<Prompt> prompts, List<Completion> completions) {
    int[] byLength =
        IntStream.range(0, prompts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> ((Prompt.Tokens) prompts.get(i)).ids().size()))
            .mapToInt(i -> i)
            .toArray();
    int last = completions.get(byLength[byLength.length - 1]).tokens().size();
    return (int)
        IntStream.of(byLength)
            .filter(i -> completions.get(i).tokens().size() < last - 1)
            .limit(1)
            .count();
  }

  @ParameterizedTest
  @EnumSource
  void everyRowIsItsReplyAlone(Decoding decoding) {
    Random random = new Random(17);
    int moved = 0;
    int differentEnds = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<Prompt> prompts = prompts(3 + round % 4, random);
      try (DecoderModel base = model(decoding.width, random)) {
        LanguageModel model = decoding.of(base);
        List<Completion> together = model.generate(prompts, greedy());
        for (int i = 0; i < prompts.size(); i++) {
          Completion alone = model.generate(prompts.get(i), greedy());
          assertSame(together.get(i), alone, "round " + round + " row " + i);
        }
        moved += moved(prompts, together);
        differentEnds += (int) together.stream().map(c -> c.tokens().size()).distinct().count();
      }
    }
    assertThat(moved).as("rounds in which a row took another's place").isGreaterThan(ROUNDS / 3);
    assertThat(differentEnds).as("different lengths, over all rounds").isGreaterThan(2 * ROUNDS);
  }

  /** An edit of one row follows its row when others leave the batch. */
  @Test
  void anEditOfOneRowStaysWithIt() {
    Random random = new Random(23);
    int changed = 0;
    int moved = 0;
    for (int round = 0; round < 6; round++) {
      List<Prompt> prompts = prompts(4, random);
      try (DecoderModel model = model(32, random)) {
        HookedModel everywhere = model.with(add(residPost(0), wave(32), 3));
        for (int edited = 0; edited < prompts.size(); edited++) {
          List<Completion> together =
              model.with(add(residPost(0), wave(32), 3, row(edited))).generate(prompts, greedy());
          for (int i = 0; i < prompts.size(); i++) {
            Completion plain = model.generate(prompts.get(i), greedy());
            Completion expected =
                i == edited ? everywhere.generate(prompts.get(i), greedy()) : plain;
            assertSame(together.get(i), expected, "round " + round + " row " + i + " of " + edited);
            changed += expected.tokens().equals(plain.tokens()) ? 0 : 1;
          }
          moved += moved(prompts, together);
        }
      }
    }
    assertThat(changed).as("replies that the edit changed").isGreaterThan(6);
    assertThat(moved).as("batches in which a row took another's place").isGreaterThan(6);
  }

  /** The same seed and prompt give the same tokens, wherever and with whomever in the call. */
  @Test
  void otherPromptsOfTheCallChangeNothing() {
    Random random = new Random(8);
    SamplingOptions options =
        SamplingOptions.builder(20).temperature(0.9).topP(0.95).logProbs(true).seed(3).build();
    try (DecoderModel model = model(32, random)) {
      List<Prompt> prompts = prompts(80, random);
      List<Completion> all = model.generate(prompts, options);
      for (int kept : new int[] {0, 1, 17, 63, 64, 79}) {
        List<Prompt> others = prompts(1 + random.nextInt(30), random);
        int place = random.nextInt(others.size());
        others.set(place, prompts.get(kept));
        int before = Collections.frequency(prompts.subList(0, kept), prompts.get(kept));
        int beforeHere = Collections.frequency(others.subList(0, place), prompts.get(kept));
        assertThat(beforeHere).isEqualTo(before);
        assertSame(model.generate(others, options).get(place), all.get(kept), "row " + kept);
      }
    }
  }
}
