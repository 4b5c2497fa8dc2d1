package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.SoftLabel;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * Judged answers as tokens.
 *
 * @param sequences those that can be trained on, in the order given
 * @param report what happened to the others
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JudgedSequences(List<JudgedSequence> sequences, EncodingReport report) {

  /** Copies the sequences. */
  public JudgedSequences {
    sequences = List.copyOf(sequences);
  }

  /**
   * Encodes answers of which steps were judged. Steps that were not judged are not scored. Steps
   * beyond the limit are left out, and counted as an answer that lost its end.
   *
   * @param labels what to encode
   * @param encoder encodes prompts
   * @param tokenizer encodes steps
   * @param separator ends every step
   * @param lastOnly whether only the last judged step of each answer is learnt
   * @param maxLength tokens of a sequence
   * @return the answers with a judged step within the limit, and a count of the others
   * @throws IllegalArgumentException when a step contains the separator (naming answer and step),
   *     or none is left
   */
  public static JudgedSequences ofSteps(
      List<? extends StepLabels> labels,
      PromptCompletionEncoder encoder,
      Tokenizer tokenizer,
      String separator,
      boolean lastOnly,
      int maxLength) {
    EncodingTally tally = new EncodingTally("labels");
    List<JudgedSequence> sequences = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      StepLabels label = labels.get(i);
      requireUndivided(label.solution(), separator, i);
      StepTokens tokens = StepTokens.encode(label.solution(), encoder, tokenizer, separator);
      List<Integer> positions = new ArrayList<>();
      List<Double> correctness = new ArrayList<>();
      int end = 0;
      for (int k = 0; k < tokens.ends().size() && tokens.ends().get(k) < maxLength; k++) {
        end = tokens.ends().get(k) + 1;
        OptionalDouble judged = label.correctness().get(k);
        if (judged.isPresent()) {
          if (lastOnly) {
            positions.clear();
            correctness.clear();
          }
          positions.add(tokens.ends().get(k));
          correctness.add(judged.getAsDouble());
        }
      }
      if (positions.isEmpty()) {
        tally.drop(i, "no judged step lies within " + maxLength + " tokens");
      } else {
        sequences.add(new JudgedSequence(i, tokens.ids().slice(0, end), positions, correctness));
        tally.keep(0, end < tokens.ids().size() ? 1 : 0);
      }
    }
    return new JudgedSequences(sequences, tally.report());
  }

  private static void requireUndivided(StepwiseSolution solution, String separator, int index) {
    StepTokens.problem(solution, separator)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("labels[%s]: %s".formatted(index, problem));
            });
  }

  /**
   * Encodes answers whose outcome was judged. Every token of an answer is scored, its end token
   * included.
   *
   * @param labels what to encode
   * @param encoder decides where prompts end and answers begin, and appends end tokens
   * @param limits how long examples may be
   * @return the answers that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when an answer is empty (naming its index), or none is left
   */
  public static JudgedSequences ofOutcomes(
      List<? extends UnpairedLabel> labels,
      PromptCompletionEncoder encoder,
      SequenceLimits limits) {
    UnpairedExamples encoded = UnpairedExamples.encode(labels, encoder, limits);
    List<JudgedSequence> sequences = new ArrayList<>();
    for (UnpairedExample e : encoded.examples()) {
      List<Integer> positions = new ArrayList<>();
      for (int t = 0; t < e.answer().size(); t++) {
        positions.add(e.prompt().size() + t);
      }
      sequences.add(
          new JudgedSequence(
              e.index(),
              e.prompt().concat(e.answer()),
              positions,
              Collections.nCopies(positions.size(), e.desirable() ? 1.0 : 0.0)));
    }
    return new JudgedSequences(sequences, encoded.report());
  }

  /**
   * Encodes answers with soft labels. An answer is scored at its last token.
   *
   * @param labels what to encode
   * @param encoder decides where prompts end and answers begin
   * @param limits how long examples may be
   * @return the answers that could be encoded within the limits, and a count of the others
   * @throws IllegalArgumentException when an answer is empty (naming its index), or none is left
   */
  public static JudgedSequences ofSoftLabels(
      List<? extends SoftLabel> labels, PromptCompletionEncoder encoder, SequenceLimits limits) {
    UnpairedExamples encoded =
        UnpairedExamples.encode(
            labels.stream()
                .map(l -> new UnpairedLabel(l.prompt(), l.completion(), l.probability() > 0.5))
                .toList(),
            encoder,
            limits);
    return new JudgedSequences(
        encoded.examples().stream()
            .map(
                e -> {
                  TokenIds ids = e.prompt().concat(e.answer());
                  double probability = labels.get(e.index()).probability();
                  return new JudgedSequence(
                      e.index(), ids, List.of(ids.size() - 1), List.of(probability));
                })
            .toList(),
        encoded.report());
  }
}
