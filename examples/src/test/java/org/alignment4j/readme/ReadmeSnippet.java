package org.alignment4j.readme;

import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.DecoderModel;

/** The README's code. Between the markers it is the text of the README. */
final class ReadmeSnippet {
  private ReadmeSnippet() {}

  static List<String> run(Path folder, Path target) {
    // start of the README's code
    try (DecoderModel base = DecoderModel.load(folder)) {
      SamplingOptions greedy = SamplingOptions.greedy(40);
      Completion before = base.generate(Prompt.text("Once upon a time"), greedy);

      // Models are values: an edit is a new model that shares everything it did not change.
      try (DecoderModel edited = base.edit("model.norm.weight", ReadmeSnippet::halved)) {
        Completion after = edited.generate(Prompt.text("Once upon a time"), greedy);
        edited.save(target); // a Hugging Face folder again
        return List.of(before.text(), after.text());
      }
    }
    // end of the README's code
  }

  private static float[] halved(float[] values) {
    for (int i = 0; i < values.length / 2; i++) {
      values[i] /= 2;
    }
    return values;
  }
}
