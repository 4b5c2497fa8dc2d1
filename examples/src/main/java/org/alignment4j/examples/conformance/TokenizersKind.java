package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.tokenizer.HfTokenizer;

/**
 * Tokenizers: ids and decoded texts where a folder lists them, the round trip of texts where it
 * does not; all exact.
 */
final class TokenizersKind implements ConformanceKind {

  private static final String IDS = "expected_ids.json";
  private static final String CASES = "tokenizer_cases.json";

  /** Texts in Unicode's composed form (NFC), which a normaliser leaves as they are. */
  private static final List<String> TEXTS =
      List.of(
          "Hello world",
          " leading and trailing ",
          "two  spaces,   three, \t a tab\nand\n\nlines\r\n",
          "don't, it's; I'LL",
          "1234567890 3.14 0x1F",
          "caf\u00e9 na\u00efve \u00bd \u20ac",
          "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440",
          "\u4f60\u597d\uff0c\u4e16\u754c",
          "\u0645\u0631\u062d\u0628\u0627",
          "\ud83d\ude00 \ud83d\udc4d\ud83c\udffd",
          "def f(x):\n    return x ** 2\n",
          "a");

  private final List<Path> roots;

  /**
   * @param roots where folders {@code tokenizers} and {@code models} are looked for
   */
  TokenizersKind(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  @Override
  public String name() {
    return "tokenizers";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    List<Path> folders =
        new ArrayList<>(Folders.holding(roots, "tokenizers", Set.of("tokenizer.json", IDS)));
    folders.addAll(Folders.holding(roots, "models", Set.of(CASES)));
    for (Path folder : folders) {
      String group = String.valueOf(folder.getFileName());
      try (HfTokenizer tokenizer = HfTokenizer.load(folder)) {
        runFolder(runner, group, folder, tokenizer);
      } catch (IOException | RuntimeException e) {
        runner.fail(name(), group, "tokenizer", e);
      }
    }
  }

  private void runFolder(CaseRunner runner, String group, Path folder, HfTokenizer tokenizer)
      throws IOException {
    boolean listed = false;
    if (Files.isRegularFile(folder.resolve(IDS))) {
      listed = true;
      for (Fixture one : Fixture.read(folder.resolve(IDS)).get("cases").elements()) {
        runner.run(name(), group, one.place(), check -> compareIds(check, tokenizer, one));
      }
    }
    if (Files.isRegularFile(folder.resolve(CASES))) {
      listed = true;
      for (Fixture one : Fixture.read(folder.resolve(CASES)).get("cases").elements()) {
        runner.run(name(), group, one.place(), check -> compareSpecial(check, tokenizer, one));
      }
    }
    if (!listed) {
      for (String text : TEXTS) {
        runner.run(
            name(),
            group,
            "round trip of '" + text.strip().lines().findFirst().orElse("") + "'",
            check ->
                check.sameText(
                    "decoded", tokenizer.decodeWithSpecialTokens(tokenizer.encode(text)), text));
      }
    }
  }

  /** Nothing is added in front; special tokens written out are recognised, or not. */
  private static void compareIds(Check check, HfTokenizer tokenizer, Fixture one) {
    String text = one.get("text").text();
    check.equal("ids", tokenizer.encode(text), TokenIds.of(one.get("ids").integers()));
    if (one.has("ids_no_special")) {
      TokenIds literal = TokenIds.of(one.get("ids_no_special").integers());
      check.equal("ids_no_special", tokenizer.encodeLiterally(text), literal);
      if (one.has("decoded")) {
        check.sameText(
            "decoded", tokenizer.decodeWithSpecialTokens(literal), one.get("decoded").text());
      }
    }
  }

  /** The ids begin with what the tokenizer adds; decoding gives the text back. */
  private static void compareSpecial(Check check, HfTokenizer tokenizer, Fixture one) {
    String text = one.get("text").text();
    TokenIds ids = TokenIds.of(one.get("ids").integers());
    check.equal("ids", tokenizer.encodeWithSpecialTokens(text), ids);
    check.sameText("decoded", tokenizer.decode(ids), text);
  }
}
