package org.alignment4j.core.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.apiguardian.api.API;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several judges vote on each pair, so that no family of models judges itself alone: at least three
 * families are the rule (Verga et al. 2024, arXiv 2404.18796). The answer that more judges prefer
 * wins; as many on either side are a tie, and a judge that sees a tie is on neither. A judge whose
 * model fails has no vote on any pair of the call, with a warning, as long as the others make up
 * the quorum. Immutable; as safe for concurrent use as its judges.
 *
 * @param judges who vote
 * @param quorum how many must have a verdict; with fewer a pair has no label
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JudgePanel(List<PreferenceLabeler> judges, int quorum) implements PreferenceLabeler {
  private static final Logger LOG = LoggerFactory.getLogger(JudgePanel.class);
  private static final double EVEN = 0.5;

  /**
   * Copies.
   *
   * @throws IllegalArgumentException if the quorum is not from 1 to the number of judges
   */
  public JudgePanel {
    judges = List.copyOf(judges);
    if (quorum < 1 || quorum > judges.size()) {
      throw new IllegalArgumentException(
          "quorum must be from 1 to the number of judges, "
              + judges.size()
              + ", but was "
              + quorum);
    }
  }

  /** Returns a panel of which more than half must have a verdict. */
  public static JudgePanel of(List<? extends PreferenceLabeler> judges) {
    return new JudgePanel(List.copyOf(judges), judges.size() / 2 + 1);
  }

  /**
   * Labels by vote; see {@link PreferenceLabeler}.
   *
   * @return 1, 0, or one half for a tie
   * @throws IllegalStateException if a judge does not give one label for each pair, or one that is
   *     no probability
   * @throws ModelExecutionException if so many judges fail that the others are no quorum; the first
   *     failure
   */
  @Override
  public List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken cancellation) {
    List<List<OptionalDouble>> votes = new ArrayList<>();
    ModelExecutionException failure = null;
    for (PreferenceLabeler judge : judges) {
      cancellation.throwIfCancelled("labelling");
      try {
        votes.add(checked(judge.label(comparisons, cancellation), comparisons.size()));
      } catch (ModelExecutionException e) {
        LOG.warn("a judge of the panel failed and does not vote: {}", e.getMessage());
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null && votes.size() < quorum) {
      throw failure;
    }
    List<OptionalDouble> labels = new ArrayList<>();
    for (int pair = 0; pair < comparisons.size(); pair++) {
      int at = pair;
      labels.add(vote(votes.stream().map(of -> of.get(at)).toList()));
    }
    return labels;
  }

  private static List<OptionalDouble> checked(List<OptionalDouble> labels, int pairs) {
    if (labels.size() != pairs) {
      throw new IllegalStateException(
          "a judge of the panel must give one label for each of "
              + pairs
              + " pairs but gave "
              + labels.size());
    }
    for (OptionalDouble label : labels) {
      double probability = label.orElse(EVEN);
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalStateException(
            "a label must be the probability, from 0 to 1, that the first answer is better but was "
                + probability);
      }
    }
    return labels;
  }

  private OptionalDouble vote(List<OptionalDouble> votes) {
    int verdicts = 0;
    int margin = 0;
    for (OptionalDouble vote : votes) {
      if (vote.isPresent()) {
        verdicts++;
        margin += Double.compare(vote.getAsDouble(), EVEN);
      }
    }
    if (verdicts < quorum) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of((Integer.signum(margin) + 1) / 2.0);
  }
}
