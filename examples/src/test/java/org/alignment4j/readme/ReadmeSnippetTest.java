package org.alignment4j.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadmeSnippetTest {
  private static final Path SOURCE =
      Path.of("src/test/java/org/alignment4j/readme/ReadmeSnippet.java");

  @Test
  void readmeShowsTheCodeThatIsCompiledHere() throws IOException {
    String source = Files.readString(SOURCE);
    int start = source.indexOf('\n', source.indexOf("// start of the README's code")) + 1;
    String code = source.substring(start, source.indexOf("    // end of the README's code"));
    String readme = Files.readString(Path.of("../README.md"));
    assertThat(readme).contains("```java\n" + code.stripTrailing().stripIndent() + "\n```");
  }

  @Test
  void whatItSavesSpeaksAsTheEditedModelDid(@TempDir Path target) {
    Path folder = model();
    List<String> texts = ReadmeSnippet.run(folder, target.resolve("edited"));
    assertThat(texts.get(1)).isNotEqualTo(texts.get(0));
    try (DecoderModel saved = DecoderModel.load(target.resolve("edited"))) {
      String text =
          saved.generate(Prompt.text("Once upon a time"), SamplingOptions.greedy(40)).text();
      assertThat(text).isEqualTo(texts.get(1));
    }
  }

  private static Path model() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared/models/stories260K");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return Assumptions.abort("shared/models/stories260K not found above the working directory");
  }
}
