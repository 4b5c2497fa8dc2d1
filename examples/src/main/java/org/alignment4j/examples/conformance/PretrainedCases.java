package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;

/** A pretrained model: logits of its own text, and the text itself. */
final class PretrainedCases {

  private static final String IDS = "greedy_ids";
  private static final String LOGITS = "logits_first";
  private static final String NEXT = "logprob_of_next";

  private final String kind;
  private final String group;
  private final Path folder;
  private final DecoderModel model;
  private final CaseRunner runner;

  PretrainedCases(String kind, String group, Path folder, DecoderModel model, CaseRunner runner) {
    this.kind = kind;
    this.group = group;
    this.folder = folder;
    this.model = model;
    this.runner = runner;
  }

  /**
   * Runs them.
   *
   * @throws IOException if the expected numbers cannot be read
   */
  void run() throws IOException {
    int count = -1;
    Path numbers = folder.resolve("reference_logits.json");
    if (Files.isRegularFile(numbers)) {
      Fixture reference = Fixture.read(numbers);
      String idsKey = key(reference, IDS);
      int[] ids = reference.get(idsKey).integers();
      count = ids.length - 1;
      runner.run(kind, group, idsKey, check -> compareIds(check, idsKey, ids));
      String logitsKey = key(reference, LOGITS);
      runner.run(
          kind,
          group,
          logitsKey,
          check -> compareLogits(check, logitsKey, ids, reference.get(logitsKey)));
      if (reference.has(NEXT)) {
        runner.run(kind, group, NEXT, check -> compareNext(check, ids, reference.get(NEXT)));
      }
    }
    Path text = folder.resolve("expected_greedy.txt");
    if (Files.isRegularFile(text)) {
      int known = count;
      runner.run(kind, group, "expected_greedy.txt", check -> compareText(check, text, known));
    }
  }

  /** Keys carry the number of tokens at their end. */
  private static String key(Fixture reference, String prefix) {
    for (Iterator<String> keys = reference.node().fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (key.startsWith(prefix)) {
        return key;
      }
    }
    return prefix;
  }

  private void compareIds(Check check, String what, int[] ids) {
    Completion completion =
        model.generate(Prompt.tokens(ids[0]), SamplingOptions.greedy(ids.length - 1));
    check.equal(what, completion.tokens(), TokenIds.of(ids).slice(1, ids.length));
  }

  private void compareLogits(Check check, String what, int[] ids, Fixture expected) {
    List<Fixture> rows = expected.elements();
    double[] logits = new ForwardLogits(model).of(Arrays.copyOf(ids, rows.size()));
    int vocab = logits.length / rows.size();
    for (int t = 0; t < rows.size(); t++) {
      check.close(
          what + "[" + t + "]",
          Arrays.copyOfRange(logits, t * vocab, (t + 1) * vocab),
          rows.get(t).numbers(),
          Tolerance.LOGITS);
    }
  }

  private void compareNext(Check check, int[] ids, Fixture expected) {
    double[] reference = expected.numbers();
    double[] actual = new Scores(model).ofTail(Arrays.copyOf(ids, reference.length + 1));
    check.close(NEXT, actual, reference, Tolerance.LOGITS);
  }

  private void compareText(Check check, Path file, int count) throws IOException {
    String text = Files.readString(file);
    int tokens = count > 0 ? count : model.tokenizer().encodeWithSpecialTokens(text).size() - 1;
    Completion completion = model.generate(Prompt.text(""), SamplingOptions.greedy(tokens));
    check.sameText("text", completion.text(), text);
  }
}
