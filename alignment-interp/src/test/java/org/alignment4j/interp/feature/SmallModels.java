package org.alignment4j.interp.feature;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.session.DevicePolicy;
import org.junit.jupiter.api.Assumptions;

/** Models for tests. */
public final class SmallModels {
  /** Vocabulary of 120. */
  public static final int VOCABULARY = 120;

  /** Width of the residual stream. */
  public static final int WIDTH = 32;

  private SmallModels() {}

  /** Random weights, two layers, four heads of eight, no tokenizer. */
  public static DecoderModel random() {
    Architecture small = LlamaConfigs.create(VOCABULARY, WIDTH, 2, 4, 2, 64, 48, 1, 2);
    return DecoderModel.of(
        LlamaConfigs.json(small.config()),
        InitialWeights.create(small, 5),
        null,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  /** A trained model; the test is skipped where it is absent. */
  public static DecoderModel stories() {
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      Path folder = dir.resolve("shared/models/stories260K");
      if (Files.isDirectory(folder)) {
        return DecoderModel.load(folder, ModelOptions.defaults().device(DevicePolicy.CPU));
      }
    }
    return Assumptions.abort("skipped: no folder shared/models/stories260K above the module");
  }

  /** Random texts; the first token of each is 1. */
  public static List<TokenIds> texts(int count, int length, long seed) {
    Random random = new Random(seed);
    List<TokenIds> texts = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      int[] ids = new int[Math.max(2, length - t % 5)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = 3 + random.nextInt(VOCABULARY - 3);
      }
      ids[0] = 1;
      texts.add(TokenIds.of(ids));
    }
    return texts;
  }
}
