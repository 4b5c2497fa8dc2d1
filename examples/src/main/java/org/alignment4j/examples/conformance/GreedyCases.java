package org.alignment4j.examples.conformance;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;

/** Greedy generation: of single prompts, of a batch, and without cache; all tokens exact. */
final class GreedyCases {

  private static final String GREEDY = "greedy.";
  private static final String AGREES = ".agrees_with_cachefree_loop";
  private static final String BATCH = "_batch";

  private final String kind;
  private final String group;
  private final DecoderModel model;
  private final ForwardLogits forward;
  private final CaseRunner runner;

  GreedyCases(
      String kind, String group, DecoderModel model, ForwardLogits forward, CaseRunner runner) {
    this.kind = kind;
    this.group = group;
    this.model = model;
    this.forward = forward;
    this.runner = runner;
  }

  void run(Fixture expected) {
    Fixture generation = expected.get("generation");
    for (Iterator<String> keys = generation.node().fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      runner.run(kind, group, key, check -> compare(check, expected, generation, key));
    }
  }

  private void compare(Check check, Fixture expected, Fixture generation, String key) {
    if (!key.startsWith(GREEDY)) {
      throw new SkippedCaseException("there is no generation '" + key + "'");
    }
    if (key.endsWith(AGREES)) {
      String of = key.substring(0, key.length() - AGREES.length());
      if (!generation.get(key).node().asBoolean()) {
        throw new SkippedCaseException("the reference itself does not agree without cache");
      }
      int[] tokens = generation.get(of).integers();
      int[] prompt = expected.get(of.substring(GREEDY.length())).integers();
      compareTokens(check, of, forward.greedy(prompt, tokens.length), tokens);
      return;
    }
    String subject = key.substring(GREEDY.length());
    if (subject.endsWith(BATCH)) {
      String side = subject.substring(0, subject.length() - BATCH.length());
      compareBatch(check, key, PaddedPrompts.read(expected, side).unpadded(), generation.get(key));
    } else {
      int[] tokens = generation.get(key).integers();
      Prompt prompt = Prompt.tokens(expected.get(subject).integers());
      Completion completion = model.generate(prompt, SamplingOptions.greedy(tokens.length));
      compareTokens(check, key, ints(completion.tokens()), tokens);
    }
  }

  private void compareBatch(Check check, String key, List<int[]> prompts, Fixture generated) {
    List<int[]> rows = generated.integerRows();
    int count = rows.stream().mapToInt(r -> r.length).max().orElse(1);
    List<Completion> completions =
        model.generate(
            prompts.stream().map(Prompt::tokens).toList(), SamplingOptions.greedy(count));
    check.equal("rows of " + key, completions.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      compareTokens(check, key + "[" + i + "]", ints(completions.get(i).tokens()), rows.get(i));
    }
  }

  /** A sequence may end early, at an end token; the reference pads what would follow. */
  private void compareTokens(Check check, String what, int[] actual, int[] expected) {
    int end = actual.length;
    boolean ended = end > 0 && end < expected.length && endsAt(actual[end - 1]);
    boolean padded = ended && Arrays.stream(expected, end, expected.length).distinct().count() == 1;
    int[] reference = padded ? Arrays.copyOf(expected, end) : expected;
    check.equal(what, TokenIds.of(actual), TokenIds.of(reference));
  }

  private boolean endsAt(int token) {
    return model.eosTokenIds().contains(token);
  }

  private static int[] ints(TokenIds ids) {
    return ids.stream().toArray();
  }
}
