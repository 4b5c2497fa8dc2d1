package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.ChainOfHindsight;
import org.alignment4j.rlhf.data.RowPlan;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.alignment4j.runtime.tokenizer.PromptCompletionTokens;
import org.junit.jupiter.api.Test;

/** Fine-tuning on chains of hindsight of a real small model. */
class HindsightTrainingTest extends PocketTraining {

  private static double logProb(DecoderModel model, String prompt, String answer) {
    PromptCompletionEncoder encoder = Encoders.of(base);
    PromptCompletionTokens tokens = encoder.encode(prompt, answer);
    return AnswerScores.of(
            model,
            List.of(new Answers(tokens.prompt(), List.of(tokens.completion()))),
            new RowPlan(128, 1),
            CancellationToken.none())
        .get(0)[0];
  }

  @Test
  void theMarkerDecidesWhichAnswerIsLikely() {
    ChainOfHindsight hindsight = ChainOfHindsight.standard();
    FineTuningResult result =
        SftTrainer.of(base)
            .learningRate(3e-3)
            .epochs(10)
            .batchSize(6)
            .trainChains(hindsight.of(pairs()).chains());
    assertThat(result.report().kept()).isEqualTo(24);
    try (DecoderModel model = result.model()) {
      String asked = "One day Tim saw";
      String good = ((Prompt.Text) hindsight.prompt(Prompt.text(asked))).text();
      String bad = asked + hindsight.markers().get(0).bad();
      String better = pairs().get(0).chosen();
      String worse = pairs().get(0).rejected();
      assertThat(logProb(model, good, better)).isGreaterThan(logProb(model, good, worse) + 2);
      assertThat(logProb(model, bad, worse)).isGreaterThan(logProb(model, bad, better) + 2);
    }
  }
}
