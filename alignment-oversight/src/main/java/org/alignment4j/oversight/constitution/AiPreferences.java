package org.alignment4j.oversight.constitution;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Feedback;
import org.alignment4j.api.oversight.FeedbackGenerator;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.oversight.Draw;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.PromptFeedback;
import org.alignment4j.oversight.Respondent;
import org.apiguardian.api.API;

/**
 * Preference pairs without people (RL-CAI, Bai et al. 2022, section 4.1; RLAIF, Lee et al. 2023): a
 * model answers each prompt twice, and the answers are compared by a constitution. Prompts whose
 * answers are the same, or have no label, give no pair. Immutable.
 *
 * @param assistant who answers; sampled, not greedy
 * @param labeler who compares
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AiPreferences(Respondent assistant, ConstitutionLabeler labeler)
    implements OversightProtocol<Prompt, Optional<AiLabel>>, FeedbackGenerator<PreferencePair> {
  private static final String ASSISTANT = "Assistant";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the assistant is greedy: both answers would be the same
   */
  public AiPreferences {
    Objects.requireNonNull(assistant, "assistant");
    Objects.requireNonNull(labeler, "labeler");
    if (assistant.options().isGreedy()) {
      throw new IllegalArgumentException(
          "a greedy model answers the same twice; raise the assistant's temperature");
    }
  }

  /** Answers a prompt twice and compares; empty when an answer could not be had. */
  @Override
  public Outcome<Optional<AiLabel>> run(Prompt prompt, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("preference", PromptText.of(prompt), context, OptionalLong.of(3));
    try {
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Draw<String> draw =
            assistant.ask(prompt, SectionParser.answer(), ASSISTANT, i, proceedings);
        proceedings.hear(
            new Turn(
                ASSISTANT,
                i,
                draw.value().orElse(draw.said().visible()),
                draw.said().hidden(),
                draw.value().isPresent(),
                draw.attempts(),
                draw.usage()));
        draw.value().ifPresent(answers::add);
      }
      if (answers.size() < 2) {
        return proceedings.outcome(Optional.empty());
      }
      Comparison comparison = new Comparison(prompt, answers.get(0), answers.get(1));
      if (comparison.first().equals(comparison.second())) {
        return proceedings.outcome(Optional.of(new AiLabel(comparison, Map.of())));
      }
      Outcome<AiLabel> labelled = labeler.run(comparison, proceedings.next());
      proceedings.spend(labelled.usage());
      Optional<AiLabel> label = Optional.of(labelled.verdict());
      return labelled.complete()
          ? proceedings.outcome(label)
          : proceedings.stopped(label, labelled.incomplete());
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(Optional.empty(), limit);
    }
  }

  /** Returns the pairs, with labels as soft targets. */
  @Override
  public Feedback<PreferencePair> generate(
      List<? extends Prompt> prompts, OversightContext context) {
    return PromptFeedback.of(
            this,
            (Optional<AiLabel> label) ->
                label.flatMap(AiLabel::pair).map(List::of).orElse(List.<PreferencePair>of()))
        .generate(prompts, context);
  }
}
