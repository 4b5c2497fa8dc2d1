package org.alignment4j.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.runtime.SharedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A completion whose text already ends with the end token, and templates that go on behind it. */
class WrittenEndTokenTest {

  private static final int EOS = 0;

  @TempDir Path folder;

  private static long ends(PromptCompletionTokens tokens) {
    return tokens.completion().stream().filter(id -> id == EOS).count();
  }

  @Test
  void anEndTokenBeforeTheLastLineBreakIsTheOnlyOne() throws IOException {
    Path tokenizer = SharedFiles.require("tokenizers/gpt-neox").resolve("tokenizer.json");
    Files.copy(tokenizer, folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
    try (HfTokenizer neox = HfTokenizer.load(folder)) {
      PromptCompletionEncoder encoder =
          new PromptCompletionEncoder(neox, ChatTemplate.plain(), true);
      PromptCompletionTokens written = encoder.encode("once upon", " a time<|endoftext|>\n");
      assertThat(written.completion().get(written.completion().size() - 1))
          .as("the line break is the last token")
          .isNotEqualTo(EOS);
      assertThat(ends(written)).isEqualTo(1);
      PromptCompletionTokens unwritten = encoder.encode("once upon", " a time\n");
      assertThat(unwritten.completion().get(unwritten.completion().size() - 1)).isEqualTo(EOS);
      assertThat(ends(unwritten)).isEqualTo(1);
      PromptCompletionTokens early = encoder.encode("once upon", "<|endoftext|> a time");
      assertThat(ends(early)).as("one in the middle does not end the completion").isEqualTo(2);
    }
  }

  @Test
  void aLineBreakOfSeveralTokensIsNoText() {
    try (HfTokenizer stories = HfTokenizer.load(SharedFiles.require("models/stories260K"))) {
      PromptCompletionEncoder encoder =
          new PromptCompletionEncoder(stories, ChatTemplate.plain(), true);
      int eos = stories.eosIds().iterator().next();
      PromptCompletionTokens written = encoder.encode("Once upon", " a time</s>\n");
      assertThat(written.completion().stream().filter(id -> id == eos).count()).isEqualTo(1);
    }
  }
}
