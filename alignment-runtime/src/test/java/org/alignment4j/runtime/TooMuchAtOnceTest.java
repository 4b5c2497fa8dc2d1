package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;

/** What one buffer cannot hold is refused before it is computed, by name. */
class TooMuchAtOnceTest {

  private static final int LARGE = 250_880;

  private static DecoderModel model(int vocabulary, int context) {
    ConfigJson config = RandomModels.config(RandomModels.llama(vocabulary, 8, 2, 1, 4, context));
    return DecoderModel.of(config, RandomModels.weights(config, 0.1), null, TestModels.CPU);
  }

  private static TokenIds tokens(int count) {
    int[] tokens = new int[count];
    Arrays.fill(tokens, 5);
    return TokenIds.of(tokens);
  }

  @Test
  void theMaskOfALongPromptOfAnEditedModel() {
    try (DecoderModel model = model(13, 65_536)) {
      var edited = model.with(Edits.zero(HookPoints.z(0)));
      for (int length : new int[] {30_000, 50_000}) {
        assertThatThrownBy(
                () ->
                    edited.generate(
                        List.of(Prompt.tokens(tokens(length))),
                        SamplingOptions.greedy(2),
                        CancellationToken.none()))
            .isInstanceOf(ModelExecutionException.class)
            .hasMessageContaining("the mask of 1 rows of " + length + " tokens")
            .hasMessageContaining("but would have " + (long) length * length)
            .hasMessageContaining("use fewer or shorter prompts");
      }
    }
  }

  @Test
  void theLogitsOfAForwardRun() {
    try (DecoderModel model = model(LARGE, 4096)) {
      assertThatThrownBy(() -> model.forward(tokens(2200)).execute())
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("logits of shape [1, 2200, 250880]")
          .hasMessageContaining("but would have 551936000")
          .hasMessageContaining("stopAtLayer");
      assertThat(model.forward(tokens(2200)).stopAtLayer(0).execute().cache().tokens()).hasSize(1);
    }
  }

  @Test
  void theLogProbabilitiesOfAnEditedModel() {
    try (DecoderModel model = model(LARGE, 4096)) {
      var edited = model.with(Edits.zero(HookPoints.z(0)));
      assertThatThrownBy(
              () ->
                  edited.logProbabilities(
                      List.of(Continuation.of(Prompt.tokens(1), tokens(2200))),
                      CancellationToken.none()))
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("at 2200 positions")
          .hasMessageContaining("score shorter continuations");
    }
  }
}
