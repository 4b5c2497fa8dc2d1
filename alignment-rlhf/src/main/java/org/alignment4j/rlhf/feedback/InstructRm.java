package org.alignment4j.rlhf.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * Whether a new answer works feedback in, by the odds a model gives to yes and no, averaged over
 * wordings (Scheurer et al. 2023, arXiv 2303.16755).
 *
 * @param model judges
 * @param prompts ask it
 * @param yes the text of a yes, not empty
 * @param no the text of a no, not empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record InstructRm(LikelihoodModel model, IlfPrompts prompts, String yes, String no)
    implements RefinementScorer {

  /**
   * Checks the texts.
   *
   * @throws IllegalArgumentException when one is empty or both are the same
   */
  public InstructRm {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(prompts, "prompts");
    if (yes.isEmpty() || no.isEmpty() || yes.equals(no)) {
      throw new IllegalArgumentException(
          "yes and no must be two texts that are not empty but were '%s' and '%s'"
              .formatted(yes, no));
    }
  }

  @Override
  public String id() {
    return "instruct-rm " + model.id() + ' ' + prompts + ' ' + yes + ' ' + no;
  }

  @Override
  public double[] score(
      LanguageFeedback feedback, List<String> refinements, CancellationToken cancellation) {
    List<Continuation> asked = new ArrayList<>();
    int[] wordings = new int[refinements.size()];
    for (int i = 0; i < wordings.length; i++) {
      List<Prompt> questions = prompts.verification(feedback, refinements.get(i));
      wordings[i] = questions.size();
      for (Prompt question : questions) {
        asked.add(Continuation.of(question, yes));
        asked.add(Continuation.of(question, no));
      }
    }
    List<ContinuationScore> found = model.logProbabilities(asked, cancellation);
    double[] scores = new double[wordings.length];
    int next = 0;
    for (int i = 0; i < scores.length; i++) {
      double sum = 0;
      for (int w = 0; w < wordings[i]; w++) {
        sum += 1 / (1 + Math.exp(found.get(next + 1).sum() - found.get(next).sum()));
        next += 2;
      }
      scores[i] = sum / wordings[i];
    }
    return scores;
  }
}
