package org.alignment4j.core.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.apiguardian.api.API;

/**
 * A judge of the api that is a language model: it reads question, options, sources and turns, all
 * fenced, and names an option by its letter. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelJudge implements Judge {
  /** Placeholders of its template that hold the protocol's own words. */
  public static final Set<String> PLAIN = Set.of("instructions", "form");

  /** Placeholders of its template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("question", "options", "material", "turns");

  private static final int MAX_OPTIONS = 26;

  private final JudgeModel model;
  private final PromptTemplate template;

  private ModelJudge(JudgeModel model, PromptTemplate template) {
    this.model = Objects.requireNonNull(model, "model");
    this.template = Objects.requireNonNull(template, "template");
  }

  /** Returns a judge with the bundled prompt. */
  public static ModelJudge of(JudgeModel model) {
    return new ModelJudge(model, PromptTemplate.bundled("choice.txt", PLAIN, FENCED));
  }

  /** Returns this judge with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public ModelJudge withTemplate(PromptTemplate other) {
    return new ModelJudge(model, other);
  }

  /**
   * Judges with one call, or two when the reply needs a repair.
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
    StringBuilder menu = new StringBuilder();
    for (int i = 0; i < options.size(); i++) {
      letters.add(String.valueOf((char) ('A' + i)));
      menu.append(i > 0 ? "\n" : "").append(letters.get(i)).append(". ").append(options.get(i));
    }
    ReplyParser<String> parser = ReplyParser.choice(letters);
    Judgement<String> judgement =
        model.ask(
            template.render(
                Map.of(
                    "instructions", view.instructions(),
                    "form", parser.form(),
                    "question", view.question(),
                    "options", menu.toString(),
                    "material", String.join("\n\n", view.material()),
                    "turns", turns(view.turns()))),
            parser,
            context.cancellation());
    if (judgement instanceof Judgement.Given<String> given) {
      String choice = options.get(letters.indexOf(given.value()));
      return new Verdict.Decided(choice, 1, given.reply(), given.usage());
    }
    Judgement.Unparsed<String> unparsed = (Judgement.Unparsed<String>) judgement;
    return new Verdict.Unparsed(unparsed.reply(), unparsed.usage());
  }

  private static String turns(List<Turn> turns) {
    StringBuilder text = new StringBuilder();
    for (Turn turn : turns) {
      text.append(text.isEmpty() ? "" : "\n\n")
          .append(turn.role())
          .append(", round ")
          .append(turn.round() + 1)
          .append(":\n")
          .append(turn.visible());
    }
    return text.toString();
  }
}
