package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;

/** The cases of one model that lie beside its checkpoint. */
final class ModelCases {

  private static final String TENSORS = "expected_logits.safetensors";
  private static final Pattern LAST = Pattern.compile("(.+)\\.last(\\d+)");
  private static final Pattern PADDED = Pattern.compile("(left|right)_padded");
  private static final Pattern LOG_PROBS = Pattern.compile("logprob_(.+)_tokens_1_to_n");
  private static final Pattern CROSS_ENTROPY = Pattern.compile("ce_mean_(.+)");

  private final String kind;
  private final String group;
  private final Path folder;
  private final CaseRunner runner;
  private final ForwardLogits forward;
  private final Scores scores;
  private final GreedyCases greedy;

  ModelCases(String kind, String group, Path folder, DecoderModel model, CaseRunner runner) {
    this.kind = kind;
    this.group = group;
    this.folder = folder;
    this.runner = runner;
    this.forward = new ForwardLogits(model);
    this.scores = new Scores(model);
    this.greedy = new GreedyCases(kind, group, model, forward, runner);
  }

  /**
   * Runs them.
   *
   * @throws IOException if the expected numbers cannot be read
   */
  void run() throws IOException {
    Fixture expected = Fixture.read(folder.resolve("expected.json"));
    runLogits(expected);
    for (Iterator<String> keys = expected.node().fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      Matcher logProbs = LOG_PROBS.matcher(key);
      Matcher crossEntropy = CROSS_ENTROPY.matcher(key);
      if (logProbs.matches()) {
        runner.run(
            kind,
            group,
            key,
            check ->
                check.close(
                    key,
                    scores.ofTail(expected.get(logProbs.group(1)).integers()),
                    expected.get(key).numbers(),
                    Tolerance.LOGITS));
      } else if (crossEntropy.matches()) {
        runner.run(
            kind,
            group,
            key,
            check ->
                check.close(
                    key,
                    -Arrays.stream(scores.ofTail(expected.get(crossEntropy.group(1)).integers()))
                        .average()
                        .orElse(Double.NaN),
                    expected.get(key).number(),
                    Tolerance.LOGITS));
      }
    }
    if (expected.has("generation")) {
      greedy.run(expected);
    } else {
      runner.skip(kind, group, "generation", "expected.json has no key 'generation'");
    }
  }

  private void runLogits(Fixture expected) {
    Path file = folder.resolve(TENSORS);
    if (!Files.isRegularFile(file)) {
      runner.skip(kind, group, "logits", "there is no " + TENSORS);
      return;
    }
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      for (String name : tensors.tensors().keySet()) {
        runner.run(kind, group, name, check -> compare(check, expected, tensors, name));
      }
    } catch (RuntimeException e) {
      runner.fail(kind, group, "logits", e);
    }
  }

  private void compare(Check check, Fixture expected, SafetensorsFile tensors, String name) {
    String subject = name.startsWith("logits.") ? name.substring("logits.".length()) : name;
    double[] reference = ReferenceTensors.read(tensors, name);
    Matcher last = LAST.matcher(subject);
    if (PADDED.matcher(subject).matches()) {
      comparePadded(check, PaddedPrompts.read(expected, subject), name, reference);
    } else if (last.matches()) {
      String key = expected.has(last.group(1)) ? last.group(1) : last.group(1) + "_prompt";
      double[] logits = forward.of(expected.get(key).integers());
      int from = Math.max(0, logits.length - reference.length);
      check.close(
          name, Arrays.copyOfRange(logits, from, logits.length), reference, Tolerance.LOGITS);
    } else if (expected.has(subject)) {
      check.close(name, forward.of(expected.get(subject).integers()), reference, Tolerance.LOGITS);
    } else {
      throw new SkippedCaseException("expected.json does not say what '" + name + "' is of");
    }
  }

  /** Logits of padding mean nothing and are left out. */
  private void comparePadded(Check check, PaddedPrompts prompts, String name, double[] reference) {
    double[] logits = forward.of(prompts.batch());
    check.equal("number of values of " + name, logits.length, reference.length);
    int seq = prompts.seq();
    int vocab = logits.length / (prompts.ids().size() * seq);
    List<int[]> present = prompts.present();
    for (int b = 0; b < present.size(); b++) {
      for (int t = 0; t < seq; t++) {
        if (present.get(b)[t] != 0) {
          int from = (b * seq + t) * vocab;
          check.close(
              "%s[%s, %s]".formatted(name, b, t),
              Arrays.copyOfRange(logits, from, from + vocab),
              Arrays.copyOfRange(reference, from, from + vocab),
              Tolerance.LOGITS);
        }
      }
    }
  }
}
