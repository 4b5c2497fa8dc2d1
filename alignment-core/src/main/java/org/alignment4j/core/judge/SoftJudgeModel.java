package org.alignment4j.core.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * A model that is not asked to write a verdict but is held to the allowed labels: the verdict is
 * the probability of each, {@code p(l) = P(l | prompt) / Σ P(l' | prompt)}, the softmax of the
 * labels' log-probabilities (Lee et al. 2023, RLAIF; Liu et al. 2023, G-Eval). One evaluation per
 * prompt takes the place of a sample: no reply has to be parsed or repaired, nothing is drawn, and
 * how sure the judge is can be read off and calibrated. In return it gives no reasons.
 *
 * <p>{@code P(l | prompt)} is the probability that the reply begins with the label; where a label
 * is the beginning of another, such as 1 of 10, that the reply is the label and no more. Failures
 * of the model pass through. Immutable and as safe for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SoftJudgeModel {
  private final ChoiceModel model;
  private final double minMass;

  private SoftJudgeModel(ChoiceModel model, double minMass) {
    this.model = Objects.requireNonNull(model, "model");
    this.minMass = minMass;
  }

  /** Returns a judge that takes every verdict, however unlikely its labels. */
  public static SoftJudgeModel of(ChoiceModel model) {
    return new SoftJudgeModel(model, 0);
  }

  /**
   * Returns this judge with a least probability of all labels together; below it there is no
   * verdict.
   *
   * @param mass from 0, which takes every verdict, to 1; one half is a usual choice
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public SoftJudgeModel withMinMass(double mass) {
    if (!(mass >= 0 && mass <= 1)) {
      throw new IllegalArgumentException("mass must be in [0, 1] but was " + mass);
    }
    return new SoftJudgeModel(model, mass);
  }

  /** The model. */
  public ChoiceModel model() {
    return model;
  }

  /** The probability that all labels together must have. */
  public double minMass() {
    return minMass;
  }

  /**
   * Returns the whole numbers of a scale as labels, for {@link SoftVerdict#mean}.
   *
   * @param min the lowest score
   * @param max the highest score
   * @throws IllegalArgumentException if the scale has fewer than two scores
   */
  public static List<String> scale(int min, int max) {
    if (min >= max) {
      throw new IllegalArgumentException(
          "min must be below max but they were " + min + " and " + max);
    }
    return IntStream.rangeClosed(min, max).mapToObj(Integer::toString).toList();
  }

  /** The required form in a sentence, for the prompt. */
  public static String form(List<String> labels) {
    return "Reply with one of " + String.join(", ", labels) + " and nothing else.";
  }

  /**
   * Asks for a verdict.
   *
   * @param prompt the question, from a {@link PromptTemplate}, which asks for the label alone
   * @param labels the allowed labels, at least two, distinct and not blank
   * @param cancellation asks to stop
   * @return the verdict; {@link Judgement.Unparsed} when the labels are too unlikely. There is no
   *     reply, so its text is empty
   * @throws IllegalArgumentException if the labels are unfit or do not fit the model
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public Judgement<SoftVerdict> ask(
      Prompt.Chat prompt, List<String> labels, CancellationToken cancellation) {
    return ask(List.of(prompt), labels, cancellation).get(0);
  }

  /**
   * Asks for several verdicts at once.
   *
   * @param prompts the questions
   * @param labels the allowed labels, at least two, distinct and not blank
   * @param cancellation asks to stop
   * @return one judgement per prompt, in order; see {@link #ask(Prompt.Chat, List,
   *     CancellationToken)}
   * @throws IllegalArgumentException if the labels are unfit or do not fit the model
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public List<Judgement<SoftVerdict>> ask(
      List<Prompt.Chat> prompts, List<String> labels, CancellationToken cancellation) {
    if (labels.size() < 2 || labels.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "labels must be at least two, none blank, but were " + labels);
    }
    boolean ended = oneBeginsAnother(labels);
    List<ChoiceRequest> requests = new ArrayList<>();
    for (Prompt.Chat prompt : prompts) {
      requests.add(new ChoiceRequest(prompt, labels, ended));
    }
    List<Judgement<SoftVerdict>> judgements = new ArrayList<>();
    for (ChoiceDistribution distribution : model.choose(requests, cancellation)) {
      judgements.add(judgement(labels, distribution));
    }
    return List.copyOf(judgements);
  }

  private Judgement<SoftVerdict> judgement(List<String> labels, ChoiceDistribution distribution) {
    SoftVerdict verdict = SoftVerdict.of(labels, distribution);
    if (verdict.mass() >= minMass) {
      return new Judgement.Given<>(verdict, "", false, distribution.usage());
    }
    return new Judgement.Unparsed<>(
        "",
        String.format(
            Locale.ROOT,
            "the labels must have a probability of %s together but have %.3g.",
            minMass,
            verdict.mass()),
        distribution.usage());
  }

  private static boolean oneBeginsAnother(List<String> labels) {
    return labels.stream()
        .anyMatch(
            label ->
                labels.stream().anyMatch(other -> !other.equals(label) && other.startsWith(label)));
  }
}
