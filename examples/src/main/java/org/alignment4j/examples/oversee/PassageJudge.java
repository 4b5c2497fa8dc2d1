package org.alignment4j.examples.oversee;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceProbability;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;

/**
 * The pocket model as it is, as a judge: which of the answers is it likelier to give after reading
 * what it may read. It was never taught to judge.
 *
 * @param model the model
 * @param reading what it reads of the debate
 */
record PassageJudge(ChoiceModel model, Reading reading) implements Judge {

  /** What a judge reads of what was said. */
  enum Reading {
    /** Quotes that were found in the passage. */
    VERIFIED_QUOTES,
    /** Everything but quotes. */
    CLAIMS
  }

  PassageJudge {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(reading, "reading");
  }

  @Override
  public Verdict judge(View view, OversightContext context) {
    List<String> said =
        reading == Reading.VERIFIED_QUOTES
            ? DebateText.verifiedQuotes(view.turns())
            : DebateText.claims(view.turns());
    List<String> texts = view.material().isEmpty() ? said : view.material();
    ChoiceDistribution distribution =
        model
            .choose(
                List.of(
                    new ChoiceRequest(
                        DebateText.readPrompt(texts, view.question()), view.options(), true)),
                context.cancellation())
            .get(0);
    ChoiceProbability best = distribution.best();
    return new Verdict.Decided(
        best.text(), best.probability(), "Read: " + String.join(" ", texts), distribution.usage());
  }
}
