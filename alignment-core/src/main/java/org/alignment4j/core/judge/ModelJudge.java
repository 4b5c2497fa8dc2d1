package org.alignment4j.core.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/**
 * A judge of the api that is a language model: it reads question, options, sources and turns, all
 * fenced, and names an option by its letter, in a reply with its reasons or by the probabilities of
 * the letters. It sees the options in the order of the view: to have both orders judged is the
 * protocol's part. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelJudge implements Judge {
  /** Placeholders of its template that hold the protocol's own words. */
  public static final Set<String> PLAIN = Set.of("instructions", "form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("question", "options", "material", "turns");

  private static final int MAX_OPTIONS = 26;

  private final OptionVote vote;
  private final PromptTemplate template;

  private ModelJudge(OptionVote vote, PromptTemplate template) {
    this.vote = vote;
    this.template = Objects.requireNonNull(template, "template");
  }

  /** Returns a judge that writes reasons and a letter, with the bundled prompt. */
  public static ModelJudge of(JudgeModel model) {
    Objects.requireNonNull(model, "model");
    return new ModelJudge(
        new OptionVote.Written(model), PromptTemplate.bundled("choice.txt", PLAIN, FENCED));
  }

  /**
   * Returns a judge that decides by the probabilities of the letters, with the bundled prompt: for
   * the likeliest option and with its probability among the options, which a written verdict has
   * not.
   */
  public static ModelJudge of(SoftJudgeModel model) {
    Objects.requireNonNull(model, "model");
    return new ModelJudge(
        new OptionVote.Weighed(model), PromptTemplate.bundled("choice-label.txt", PLAIN, FENCED));
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public ModelJudge withTemplate(PromptTemplate other) {
    return new ModelJudge(vote, other);
  }

  /**
   * Judges with one call, or two when a reply needs a repair and the budget has room for it. An
   * unparsed verdict ends with what was wrong with the reply.
   *
   * @throws IllegalArgumentException if there are fewer than 2 options or more than 26
   * @throws BudgetExceededException if the budget leaves no room for a call
   */
  @Override
  public Verdict judge(View view, OversightContext context) {
    List<String> options = view.options();
    if (options.size() < 2 || options.size() > MAX_OPTIONS) {
      throw new IllegalArgumentException(
          "options must be 2 to " + MAX_OPTIONS + " but were " + options.size());
    }
    context
        .budget()
        .exhausted(Usage.NONE, 0, Duration.ZERO)
        .ifPresent(
            limit -> {
              throw new BudgetExceededException(
                  limit, "a judgement needs a call but the budget of " + limit + " allows none");
            });
    List<String> letters = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      letters.add(String.valueOf((char) ('A' + i)));
    }
    Prompt.Chat prompt =
        template.render(
            Map.of(
                "instructions", view.instructions(),
                "form", vote.form(letters),
                "question", view.question(),
                "material", String.join("\n\n", view.material())),
            Map.of(
                "options", ViewPieces.options(options),
                "turns", ViewPieces.turns(view.turns())));
    return vote.cast(prompt, letters, options, context);
  }
}
