package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.UnpairedLabel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritersTest {

  @TempDir Path folder;

  @Test
  void theCanonicalFormIsThatOfOtherTools() throws IOException {
    Path file = folder.resolve("p.jsonl");
    Preferences.write(
        file,
        List.of(
            new PreferencePair(
                Prompt.chat(Message.user("Q")), "é", "b", 0.75, OptionalDouble.of(2), "x")));
    assertThat(Files.readString(file))
        .isEqualTo(
            ("{'prompt':[{'role':'user','content':'Q'}],"
                    + "'chosen':[{'role':'assistant','content':'é'}],"
                    + "'rejected':[{'role':'assistant','content':'b'}],"
                    + "'probability':0.75,'margin':2.0,'annotator':'x'}\n")
                .replace('\'', '"'));
    UnpairedLabels.write(file, List.of(new UnpairedLabel(Prompt.text("Q"), "A", false)));
    assertThat(Files.readString(file))
        .isEqualTo("{'prompt':'Q','completion':'A','label':false}\n".replace('\'', '"'));
  }

  @Test
  void whatWouldNotReadBackIsRefusedAndTheFileStaysAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("p.jsonl"), "old");
    PreferencePair good = new PreferencePair(Prompt.text("Q"), "a", "b");
    List<PreferencePair> broken =
        List.of(
            new PreferencePair(Prompt.text("Q"), "a", "a"),
            new PreferencePair(Prompt.text("Q"), " ", "a"),
            new PreferencePair(Prompt.text(""), "a", "b"),
            new PreferencePair(Prompt.tokens(1, 2), "a", "b"),
            new PreferencePair(Prompt.chat(Message.user("Q")), "a", "b"),
            new PreferencePair(Prompt.text("Q"), "a\ud83d", "b"));
    for (PreferencePair pair : broken) {
      assertThatThrownBy(() -> Preferences.write(file, List.of(good, pair)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("example 2 cannot be written to " + file);
      assertThat(Files.readString(file)).isEqualTo("old");
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
    assertThatThrownBy(() -> Preferences.write(folder.resolve("p.csv"), List.of(good)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(".jsonl");
  }

  @Test
  void compressedFilesAreTheSameEveryTime() throws IOException {
    Path one = folder.resolve("a.jsonl.gz");
    Path two = folder.resolve("b.jsonl.gz");
    List<String> documents = List.of("a".repeat(5000), "b");
    assertThat(Documents.write(one, documents)).isEqualTo(2);
    Documents.write(two, documents);
    assertThat(one).hasSameBinaryContentAs(two);
    assertThat(Files.size(one)).isLessThan(1000);
    assertThat(Documents.read(one)).isEqualTo(documents);
  }
}
