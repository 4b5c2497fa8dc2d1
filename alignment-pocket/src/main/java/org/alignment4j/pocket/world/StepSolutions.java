package org.alignment4j.pocket.world;

import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;

/** Solutions of two-step questions, some with a mistake, labelled step by step. */
final class StepSolutions {
  private static final double MISTAKE_SHARE = 0.5;

  private final long seed;
  private final TwoStepTexts twoStep;

  StepSolutions(long seed, TwoStepTexts twoStep) {
    this.seed = seed;
    this.twoStep = twoStep;
  }

  /** A step is right when what it says is true. */
  StepLabels solution(long dataSeed, long index) {
    RandomStream random = new RandomStream(seed, "step labels", dataSeed, index);
    TwoStepQuestion question = twoStep.training(random);
    Fact home = question.first().fact();
    Fact known = question.second().fact();
    boolean mistaken = random.chance(MISTAKE_SHARE);
    boolean early = mistaken && random.chance(0.5);
    String country = early ? twoStep.otherCountry(home.value(), random) : home.value();
    Fact told = early ? twoStep.about(country, known.relation()) : known;
    String answer = mistaken && !early ? question.second().wrongOptions().get(0) : told.value();
    boolean rightAnswer = answer.equals(known.value());
    return new StepLabels(
        new StepwiseSolution(
            Prompt.chat(Message.user(question.text())),
            List.of(
                Replies.plain(home, country, random),
                told.relation().answers(told.subject(), answer).get(0),
                "So the answer is " + answer + ".")),
        List.of(label(!early), label(answer.equals(told.value())), label(rightAnswer)));
  }

  private static OptionalDouble label(boolean right) {
    return OptionalDouble.of(right ? 1 : 0);
  }
}
