package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.rlhf.advantage.RewardComponent;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.jspecify.annotations.Nullable;

/**
 * Scores by a judge of pairs: the mean probability of being better than another answer to the same
 * prompt. Each pair is asked in both orders, whose mean does not depend on the order; a pair of
 * which an order has no verdict does not count, and equal texts are equally good without asking.
 *
 * @param name what metrics call it
 * @param judge compares answers
 * @param rewards what else changes scores
 */
record JudgeScoring(String name, PreferenceLabeler judge, PolicyRewards rewards)
    implements AnswerScoring {

  /** A pair of answers, by their places in the step. */
  private record Pair(int first, int second) {}

  @Override
  public SequenceRewards score(long step, SampledStep sampled, CancellationToken cancellation) {
    List<Rollout> answers = sampled.rollouts();
    double[] sums = new double[answers.size()];
    int[] counts = new int[answers.size()];
    List<Pair> asked = new ArrayList<>();
    for (int group = 0; group < sampled.groups().count(); group++) {
      int[] members = sampled.groups().members(group);
      for (int i = 0; i < members.length; i++) {
        for (int j = i + 1; j < members.length; j++) {
          Pair pair = new Pair(members[i], members[j]);
          if (answers.get(pair.first()).text().equals(answers.get(pair.second()).text())) {
            add(pair, 0.5, sums, counts);
          } else {
            asked.add(pair);
          }
        }
      }
    }
    List<OptionalDouble> labels = ask(step, asked, answers, cancellation);
    for (int i = 0; i < asked.size(); i++) {
      OptionalDouble forth = labels.get(2 * i);
      OptionalDouble back = labels.get(2 * i + 1);
      if (forth.isPresent() && back.isPresent()) {
        Pair pair = asked.get(i);
        double better =
            (probability(step, pair, answers, forth) + 1 - probability(step, pair, answers, back))
                / 2;
        add(pair, better, sums, counts);
      }
    }
    return rewards(step, answers, sums, counts);
  }

  private List<OptionalDouble> ask(
      long step, List<Pair> pairs, List<Rollout> answers, CancellationToken cancellation) {
    List<Comparison> comparisons = new ArrayList<>();
    for (Pair pair : pairs) {
      Rollout first = answers.get(pair.first());
      Rollout second = answers.get(pair.second());
      comparisons.add(new Comparison(first.question(), first.text(), second.text()));
      comparisons.add(new Comparison(first.question(), second.text(), first.text()));
    }
    List<OptionalDouble> labels = labels(step, comparisons, cancellation);
    if (labels.size() != comparisons.size()) {
      throw new ModelExecutionException(
          "judge '%s' must label each of %s comparisons but gave %s labels in step %s"
              .formatted(name, comparisons.size(), labels.size(), step));
    }
    return labels;
  }

  private List<OptionalDouble> labels(
      long step, List<Comparison> comparisons, CancellationToken cancellation) {
    try {
      return List.copyOf(judge.label(comparisons, cancellation));
    } catch (AlignmentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ModelExecutionException(
          "judge '%s' must label every comparison but failed in step %s: %s; look at the cause"
              .formatted(name, step, e.getMessage() == null ? e : e.getMessage()),
          e);
    }
  }

  private double probability(long step, Pair pair, List<Rollout> answers, OptionalDouble label) {
    double value = label.getAsDouble();
    if (!(value >= 0 && value <= 1)) {
      throw new ModelExecutionException(
          "judge '%s' must give probabilities in [0, 1] but gave %s of samples %s and %s of prompt %s in step %s"
              .formatted(
                  name,
                  value,
                  answers.get(pair.first()).sample(),
                  answers.get(pair.second()).sample(),
                  answers.get(pair.first()).prompt(),
                  step));
    }
    return value;
  }

  private static void add(Pair pair, double better, double[] sums, int[] counts) {
    sums[pair.first()] += better;
    sums[pair.second()] += 1 - better;
    counts[pair.first()]++;
    counts[pair.second()]++;
  }

  private SequenceRewards rewards(long step, List<Rollout> answers, double[] sums, int[] counts) {
    List<@Nullable Double> scores = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      scores.add(counts[i] > 0 ? (Double) (sums[i] / counts[i]) : null);
    }
    return rewards.punished(
        SequenceRewards.of(step, List.of(new RewardComponent(name, 1, scores))), answers);
  }

  @Override
  public String describe() {
    return "judge " + name + rewards.describeRules();
  }
}
