package org.alignment4j.examples.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.examples.Inspect;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look inside the pocket model, as its page. */
final class InspectTest {

  @TempDir Path run;

  private String problem(String... options) {
    StringWriter err = new StringWriter();
    int code = ConsoleProgram.of(new Inspect()).setErr(new PrintWriter(err, true)).execute(options);
    assertThat(code).as(err.toString()).isEqualTo(2);
    return err.toString().lines().findFirst().orElseThrow();
  }

  @Test
  void aFactOfThePocketModelIsLookedInto() throws Exception {
    try (DecoderModel model = BundledPocket.load(run)) {
      List<Behaviour> facts = Behaviour.homes(BundledPocket.world(), model.tokenizer(), 2);
      assertThat(facts).hasSize(2);
      List<TokenIds> corpus =
          BundledPocket.world()
              .corpus(7, 12)
              .map(Document::text)
              .map(model.tokenizer()::encodeWithSpecialTokens)
              .map(ids -> ids.slice(0, Math.min(40, ids.size())))
              .toList();
      ByteArrayOutputStream out = new ByteArrayOutputStream();

      new Inspection(
              "pocket",
              model,
              facts,
              corpus,
              run,
              new PrintStream(out, true, StandardCharsets.UTF_8))
          .run();

      String html = Files.readString(run.resolve("report.html"));
      assertThat(html)
          .contains(
              "Inside pocket",
              "Logit lens",
              "Direct logit attribution",
              "Attention patterns",
              "Circuit",
              "Neuron L",
              facts.get(0).answer());
      assertThat(out.toString(StandardCharsets.UTF_8)).contains("faithfulness");
      try (var pictures = Files.list(run.resolve("pictures"))) {
        assertThat(pictures.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "attribution.png",
                "attribution-heads.png",
                "patched-stream.png",
                "patched-heads.png",
                "circuit.png");
      }
    }
  }

  @Test
  void answersMustBeginDifferently() {
    try (DecoderModel model = BundledPocket.load(run)) {
      Behaviour behaviour = new Behaviour("It is", "same", "It was", "same");
      assertThatThrownBy(() -> behaviour.contrastPair(model.tokenizer()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must begin with different tokens")
          .hasMessageContaining("choose answers that differ");
    }
  }

  @Test
  void optionsThatDoNotFitAreTold() throws Exception {
    assertThat(problem("--prompt", "x"))
        .isEqualTo("--prompt and its companions need --model; name a checkpoint folder");
    Path checkpoint = Files.createDirectories(run.resolve("model"));
    Files.writeString(checkpoint.resolve("config.json"), "{}");
    assertThat(problem("--model", checkpoint.toString(), "--prompt", "x"))
        .isEqualTo("--model needs --prompt, --answer, --contrast and --contrast-answer");
  }
}
