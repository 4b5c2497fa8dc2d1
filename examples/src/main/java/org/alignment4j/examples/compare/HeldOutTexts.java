package org.alignment4j.examples.compare;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.data.ChainOfHindsight;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.data.SftExamples;
import org.alignment4j.runtime.DecoderModel;

/** Texts of supervised training that no method learned. */
enum HeldOutTexts {
  /** Answers that the world's generator wrote. */
  DEMONSTRATIONS,
  /** Both answers of a pair with a marker before each. */
  HINDSIGHT,
  /** Edits that lead from the worse answer of a pair to the better one. */
  EDITS,
  /** The start's answers that it wrote anew with feedback. */
  REFINEMENTS;

  private static final int MAX_LENGTH = 512;

  /**
   * A text.
   *
   * @param prompt what it answers
   * @param example its tokens
   */
  record Text(String prompt, SftExample example) {}

  List<Text> of(MethodContext context) {
    List<Text> texts = new ArrayList<>();
    switch (this) {
      case DEMONSTRATIONS ->
          context
              .data()
              .heldOutDemonstrations()
              .forEach(d -> texts.addAll(answers(context, d.prompt().toString(), List.of(d))));
      case HINDSIGHT ->
          context.data().heldOutPairs().forEach(p -> texts.addAll(chains(context, p)));
      case EDITS ->
          context
              .data()
              .heldOutPairs()
              .forEach(
                  pair ->
                      texts.addAll(
                          answers(
                              context,
                              pair.prompt().toString(),
                              EditChains.examples(List.of(pair)))));
      case REFINEMENTS ->
          context
              .heldOutRefinements()
              .forEach(r -> texts.addAll(answers(context, r.prompt().toString(), List.of(r))));
    }
    return texts;
  }

  private static List<Text> chains(MethodContext context, PreferencePair pair) {
    DecoderModel start = context.start().model();
    return texts(
        pair.prompt().toString(),
        SftExamples.encodeChains(
            ChainOfHindsight.standard().of(List.of(pair)).chains(),
            Likelihoods.encoder(start),
            SequenceLimits.of(MAX_LENGTH)));
  }

  private static List<Text> answers(
      MethodContext context, String prompt, List<PromptCompletion> answers) {
    DecoderModel start = context.start().model();
    return texts(
        prompt,
        SftExamples.encodeAnswers(
            answers, Likelihoods.encoder(start), SequenceLimits.of(MAX_LENGTH)));
  }

  private static List<Text> texts(String prompt, SftExamples encoded) {
    return encoded.examples().stream().map(example -> new Text(prompt, example)).toList();
  }
}
