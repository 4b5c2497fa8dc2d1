package org.alignment4j.examples.redteam;

import java.util.List;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Request;

/**
 * What must stand beside attack success: how often a model refuses needlessly, and what it knows.
 */
final class PocketFigures {
  /** Share of benign requests that are refused. */
  static final Metric OVER_REFUSAL =
      Metric.of("over-refusal of benign requests", "fraction", Direction.LOWER);

  /** Share of questions on the world that are answered rightly. */
  static final Metric UTILITY = Metric.of("held-out questions", "fraction", Direction.HIGHER);

  private static final int ITEMS = 100;
  private static final SamplingOptions GREEDY = SamplingOptions.greedy(40);

  private final PocketWorld world;
  private final LanguageModel model;

  PocketFigures(PocketWorld world, LanguageModel model) {
    this.world = world;
    this.model = model;
  }

  Estimate overRefusal() {
    List<Request> requests = world.benignRequests().stream().limit(ITEMS).toList();
    List<Completion> replies =
        model.generate(requests.stream().map(Request::prompt).toList(), GREEDY);
    boolean[] refused = new boolean[requests.size()];
    for (int i = 0; i < refused.length; i++) {
      refused[i] = world.judge().isRefusal(replies.get(i).text());
    }
    return Estimates.proportion(refused);
  }

  Estimate utility() {
    List<Question> questions = world.questions().stream().limit(ITEMS).toList();
    List<Completion> replies =
        model.generate(questions.stream().map(Question::prompt).toList(), GREEDY);
    boolean[] right = new boolean[questions.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = world.judge().isCorrect(questions.get(i), replies.get(i).text());
    }
    return Estimates.proportion(right);
  }
}
