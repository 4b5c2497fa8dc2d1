package org.alignment4j.runtime.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.junit.jupiter.api.Test;

class ScoringPlanTest {

  private static List<ScoringPlan.Batch> batches(int vocabulary, boolean share) {
    DecoderConfig config = LlamaConfigs.create(vocabulary, 8, 1, 2, 2, 8, 4096, 1, 2).config();
    int[] prompt = Collections.nCopies(10, 3).stream().mapToInt(t -> t).toArray();
    int[] more = Collections.nCopies(991, 3).stream().mapToInt(t -> t).toArray();
    ScoringItem item = new ScoringItem(TokenIds.of(prompt), TokenIds.of(more), 0);
    return new ScoringPlan(List.of(item, item, item, item), share, config).batches();
  }

  /** 4,000 positions of 250,880 log-probabilities each are 4 GB; two times 2,000 are not. */
  @Test
  void logProbabilitiesOfWholeRowsFitOneBuffer() {
    assertThat(batches(100, false)).hasSize(1);
    assertThat(batches(250_880, false)).hasSize(2);
    assertThat(batches(250_880, true)).hasSize(1);
  }
}
