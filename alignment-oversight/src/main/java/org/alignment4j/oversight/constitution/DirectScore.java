package org.alignment4j.oversight.constitution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.core.judge.SoftVerdict;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Rewards without a reward model (direct RLAIF, Lee et al. 2023, section 2.2.2): a model rates an
 * answer from 1 to 10, and the reward is its expectation {@code s = Σ i·P(i)} mapped to [−1, 1],
 * {@code (s − 5.5) / 4.5}. Scores are weighed as texts: 10 may be two tokens. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DirectScore implements RewardModel {
  /** Placeholders of its template that hold the user's own words. */
  public static final Set<String> PLAIN = Set.of("principle", "form");

  /** Placeholders of its template that hold text of others. */
  public static final Set<String> FENCED = Set.of("request", "answer");

  private static final double LOWEST = 1;
  private static final double HIGHEST = 10;
  private static final List<String> SCORES = SoftJudgeModel.scale((int) LOWEST, (int) HIGHEST);

  private final SoftJudgeModel model;
  private final String principle;
  private final PromptTemplate template;

  private DirectScore(SoftJudgeModel model, String principle, PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.principle = Objects.requireNonNull(principle, "principle");
    this.template = Objects.requireNonNull(template, "template");
  }

  /**
   * Returns a rater with the bundled prompt.
   *
   * @param principle what counts, in words
   */
  public static DirectScore of(ChoiceModel model, String principle) {
    return new DirectScore(
        SoftJudgeModel.of(model),
        principle,
        Prompts.bundled(DirectScore.class, "score.txt", PLAIN, FENCED));
  }

  /** Returns this rater with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public DirectScore withTemplate(PromptTemplate other) {
    return new DirectScore(model, principle, other);
  }

  /** Returns this rater with a least probability of all scores together; see the judge's. */
  public DirectScore withMinMass(double mass) {
    return new DirectScore(model.withMinMass(mass), principle, template);
  }

  @Override
  public String id() {
    return model.model().id()
        + ", score 1-10 by "
        + ContentHash.of(principle).hex()
        + ", template "
        + template.hash().hex();
  }

  /**
   * Returns the expectation on the scale of rewards.
   *
   * @param expected from 1 to 10
   */
  static double mapped(double expected) {
    return (2 * expected - LOWEST - HIGHEST) / (HIGHEST - LOWEST);
  }

  /**
   * See {@link RewardModel}; components are {@code score}, from 1 to 10, and {@code mass}, the
   * probability of all scores together.
   *
   * @throws ModelExecutionException if the scores are too unlikely; see {@link #withMinMass}
   */
  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<Prompt.Chat> prompts = new ArrayList<>();
    for (PromptCompletion answer : answers) {
      prompts.add(
          template.render(
              Map.of(
                  "principle", principle,
                  "form", SoftJudgeModel.form(SCORES),
                  "request", PromptText.of(answer.prompt()),
                  "answer", answer.completion())));
    }
    List<Judgement<SoftVerdict>> judged = model.ask(prompts, SCORES, cancellation);
    List<Reward> rewards = new ArrayList<>();
    for (int i = 0; i < judged.size(); i++) {
      if (!(judged.get(i) instanceof Judgement.Given<SoftVerdict> given)) {
        throw new ModelExecutionException(
            "answer "
                + i
                + " has no reward: "
                + ((Judgement.Unparsed<SoftVerdict>) judged.get(i)).problem());
      }
      double expected = given.value().mean(Double::parseDouble);
      rewards.add(
          new Reward(
              mapped(expected),
              Map.of("score", expected, "mass", given.value().mass()),
              OptionalDouble.empty()));
    }
    return List.copyOf(rewards);
  }
}
