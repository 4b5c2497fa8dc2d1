package org.alignment4j.eval.factuality.factscore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.factuality.PromptStyle;
import org.apiguardian.api.API;

/**
 * Judges of facts that are models: by the probabilities of {@code True} and {@code False}, as
 * FActScore does with local models, or by what they write.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FactJudges {

  private static final String TRUE = " True";
  private static final String FALSE = " False";
  private static final int MAX_NEW_TOKENS = 64;

  private FactJudges() {}

  /**
   * Returns a judge by the logits of the tokens {@code " True"} and {@code " False"}: supported
   * when the first is greater; no verdict when they are equal.
   *
   * @param model who judges; a verdict throws {@link IllegalArgumentException} when one of the two
   *     is not a single token of its vocabulary
   */
  public static FactJudge byLikelihood(LikelihoodModel model) {
    return new IdentifiedFactJudge(
        "likelihood: " + model.id(),
        Set.of(model.id()),
        (questions, cancellation) -> {
          List<Continuation> continuations = new ArrayList<>();
          for (FactQuestion question : questions) {
            Prompt prompt = Prompt.text(question.text());
            continuations.add(Continuation.of(prompt, TRUE));
            continuations.add(Continuation.of(prompt, FALSE));
          }
          List<ContinuationScore> scores = model.logProbabilities(continuations, cancellation);
          requireOneEach(model.id(), scores.size(), continuations.size());
          List<Judgement<Boolean>> judgements = new ArrayList<>();
          for (int i = 0; i < scores.size(); i += 2) {
            requireSingleToken(model, TRUE, scores.get(i));
            requireSingleToken(model, FALSE, scores.get(i + 1));
            Usage usage = scores.get(i).usage().plus(scores.get(i + 1).usage());
            judgements.add(verdict(scores.get(i).sum(), scores.get(i + 1).sum(), usage));
          }
          return judgements;
        });
  }

  private static void requireSingleToken(
      LikelihoodModel model, String text, ContinuationScore score) {
    if (score.tokens().size() != 1) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' must be a single token of the judge but is "
              + score.tokens().size()
              + " of '"
              + model.id()
              + "'; judge by choices instead, which weighs whole texts");
    }
  }

  /**
   * Returns a judge by the probabilities of the texts {@code " True"} and {@code " False"}, however
   * they are spelled in tokens; no verdict when they are equal.
   *
   * @param model who judges
   */
  public static FactJudge byChoice(ChoiceModel model) {
    return new IdentifiedFactJudge(
        "choice: " + model.id(),
        Set.of(model.id()),
        (questions, cancellation) -> {
          List<ChoiceRequest> requests =
              questions.stream()
                  .map(asked -> ChoiceRequest.beginning(Prompt.text(asked.text()), TRUE, FALSE))
                  .toList();
          List<ChoiceDistribution> choices = model.choose(requests, cancellation);
          requireOneEach(model.id(), choices.size(), requests.size());
          List<Judgement<Boolean>> judgements = new ArrayList<>();
          for (ChoiceDistribution choice : choices) {
            List<ChoiceProbability> both = choice.choices();
            judgements.add(verdict(both.get(0).logProb(), both.get(1).logProb(), choice.usage()));
          }
          return judgements;
        });
  }

  /**
   * Returns a judge by a written verdict: with "true" or "false" alone that one, with both true
   * when the first "true" comes after the first "false", with neither none.
   *
   * @param model who judges, greedily and in at most 64 tokens
   * @param style how prompts reach it
   */
  public static FactJudge byText(LanguageModel model, PromptStyle style) {
    return new IdentifiedFactJudge(
        "text " + style + ": " + model.id(),
        Set.of(model.id()),
        (questions, cancellation) -> {
          List<Prompt> prompts =
              questions.stream().map(question -> style.prompt(question.text())).toList();
          List<Completion> replies =
              model.generate(prompts, SamplingOptions.greedy(MAX_NEW_TOKENS), cancellation);
          requireOneEach(model.id(), replies.size(), prompts.size());
          return replies.stream().map(FactJudges::verdict).toList();
        });
  }

  /**
   * Returns a judge that takes a fact for supported only when its words are also probable by
   * themselves, as FActScore's check with a non-parametric language model.
   *
   * @param judge who judges first
   * @param check how probable facts are
   * @param threshold what the probability must exceed, 0.3 in the paper
   * @throws IllegalArgumentException when the threshold is outside [0, 1]
   */
  public static FactJudge confirmed(FactJudge judge, FactProbability check, double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold must be in [0, 1] but was " + threshold);
    }
    String id = judge.id() + ", confirmed above " + threshold + " by " + check.id();
    return new IdentifiedFactJudge(
        id,
        judge.judges(),
        (questions, cancellation) -> {
          List<Judgement<Boolean>> judgements =
              new ArrayList<>(judge.judge(questions, cancellation));
          for (int i = 0; i < judgements.size(); i++) {
            if (judgements.get(i) instanceof Judgement.Given<Boolean> given && given.value()) {
              boolean probable =
                  check.probability(questions.get(i).topic(), questions.get(i).fact()) > threshold;
              judgements.set(
                  i,
                  new Judgement.Given<>(probable, given.reply(), given.repaired(), given.usage()));
            }
          }
          return judgements;
        });
  }

  /** How probable a fact is by a non-parametric language model. */
  public interface FactProbability {

    /**
     * Returns what tells this model from others.
     *
     * @return the identity, never empty
     */
    String id();

    /**
     * Returns the probability.
     *
     * @param topic what the answer was about
     * @param fact what it states
     * @return from 0 to 1
     */
    double probability(String topic, String fact);
  }

  private static Judgement<Boolean> verdict(double yes, double no, Usage usage) {
    return yes == no
        ? new Judgement.Unparsed<>("", "True and False are as likely", usage)
        : new Judgement.Given<>(yes > no, "", false, usage);
  }

  private static Judgement<Boolean> verdict(Completion reply) {
    Optional<Boolean> verdict = FactReply.parse(reply.text());
    return verdict.isPresent()
        ? new Judgement.Given<>(verdict.get(), reply.text(), false, reply.usage())
        : new Judgement.Unparsed<>(
            reply.text(), "the reply has neither true nor false", reply.usage());
  }

  private static void requireOneEach(String id, int given, int asked) {
    if (given != asked) {
      throw new ModelExecutionException(
          "judge '%s' must give one answer per question, %s, but gave %s"
              .formatted(id, asked, given));
    }
  }
}
