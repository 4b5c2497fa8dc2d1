package org.alignment4j.rlhf.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of feedback and fine-tuning. */
class IlfTrainerTest {

  /** Two rounds of a real model; run again, it reads everything from the folder. */
  @Test
  void roundsOfARealModelEndInTheSameBitsWhenRepeated(@TempDir Path folder) {
    Scripted critic = new Scripted((prompt, sample) -> "Say more about the dog.");
    try (DecoderModel base = TestModels.pocket(folder.resolve("base"))) {
      IlfPipeline ilf =
          IlfPipeline.of(RefinementScorer.cosine("length", t -> new double[] {t.length(), 10}))
              .candidates(2)
              .options(SamplingOptions.sampling(12, 3));
      IlfTrainer trainer =
          new IlfTrainer(
              ilf.prompts(new TersePrompts()),
              critic,
              sft -> sft.learningRate(1e-3).batchSize(2),
              folder.resolve("run"));
      List<List<Prompt>> rounds =
          List.of(
              List.of(Prompt.text("One day Tim"), Prompt.text("Lily saw")),
              List.of(Prompt.text("The big dog"), Prompt.text("Ben and Sue")));
      IlfTrainer.Result first = trainer.train(base, rounds, CancellationToken.none());
      int asked = critic.asked();
      IlfTrainer.Result second = trainer.train(base, rounds, CancellationToken.none());
      try (DecoderModel a = first.model();
          DecoderModel b = second.model()) {
        assertThat(first.rounds()).hasSize(2).isEqualTo(second.rounds());
        assertThat(a.id()).isEqualTo(b.id()).isNotEqualTo(base.id());
      }
      assertThat(critic.asked()).isEqualTo(asked).isEqualTo(4);
      assertThat(folder.resolve("run/round-2/sft/metrics.jsonl")).isNotEmptyFile();
    }
  }
}
