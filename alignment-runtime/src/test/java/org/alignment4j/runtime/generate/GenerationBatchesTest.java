package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.junit.jupiter.api.Test;

/** Which jobs are generated together. */
class GenerationBatchesTest {

  private static final int PROMPT = 384;
  private static final int NEW = 256;

  /** A model whose caches leave room for eleven rows. */
  private static DecoderConfig config() {
    return DecoderFamilies.read(
            ConfigJson.of(
                "config.json",
                Map.of(
                    "model_type", "gpt2",
                    "vocab_size", 100,
                    "n_embd", 768,
                    "n_head", 12,
                    "n_layer", 12,
                    "n_positions", 1024)),
            null,
            Set.of())
        .config();
  }

  /** Sizes of the batches of groups of equal prompts. */
  private static List<Integer> sizes(int... groups) {
    List<GenerationJob> jobs = new ArrayList<>();
    for (int g = 0; g < groups.length; g++) {
      int[] prompt = new int[PROMPT];
      Arrays.fill(prompt, g);
      for (int i = 0; i < groups[g]; i++) {
        jobs.add(GenerationJob.plain(jobs.size(), prompt, i));
      }
    }
    List<int[]> batches = new GenerationBatches(config(), true, NEW).of(jobs);
    assertThat(batches.stream().flatMapToInt(Arrays::stream).toArray())
        .containsExactlyInAnyOrder(java.util.stream.IntStream.range(0, jobs.size()).toArray());
    return batches.stream().map(b -> b.length).toList();
  }

  @Test
  void asManyRowsAsTheCachesAllow() {
    DecoderConfig config = config();
    long row = GenerationBatches.cacheBytes(config, PROMPT + NEW - 1);
    assertThat(GenerationBatches.MAX_CACHE_BYTES / row).isEqualTo(11);
    assertThat(sizes(11)).containsExactly(11);
    assertThat(sizes(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)).containsExactly(11, 2);
  }

  @Test
  void groupsStayWhole() {
    assertThat(sizes(8, 8)).containsExactly(8, 8);
    assertThat(sizes(8, 8, 8)).containsExactly(8, 8, 8);
    assertThat(sizes(4, 4, 4, 4)).containsExactly(8, 8);
    assertThat(sizes(3, 3, 3, 3)).containsExactly(9, 3);
  }

  @Test
  void aGroupThatIsTooLargeIsPartedEvenly() {
    assertThat(sizes(16)).containsExactly(8, 8);
    assertThat(sizes(24)).containsExactly(8, 8, 8);
  }

  /** A batch of a fraction of what the caches allow would cost more than a torn group. */
  @Test
  void aGroupIsTornWhereLittleWouldBeLeft() {
    assertThat(sizes(2, 16)).containsExactly(11, 7);
  }
}
