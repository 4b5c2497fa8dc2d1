package org.alignment4j.oversight.forecast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.judge.ViewPieces;
import org.alignment4j.core.statistics.Median;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.FormedModel;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * A language model that forecasts: the median of several answers (Fluri et al. 2023). Question and
 * what was said stand fenced in its prompt. Replies without a number in the form are drawn again
 * with another seed, up to three attempts, as far as the budget reaches; when fewer than half of
 * the answers can be read then, there is no forecast. A greedy model is asked once, for one answer.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelForecaster implements Forecaster {
  /** Placeholders of its template that hold the protocol's own words. */
  public static final Set<String> PLAIN = Set.of("instructions", "form");

  /** Placeholders of its template that hold text of others. */
  public static final Set<String> FENCED = Set.of("question", "material", "turns");

  private static final int MAX_NEW_TOKENS = 1000;
  private static final int ANSWERS = 3;
  private static final int ATTEMPTS = 3;

  private final LanguageModel model;
  private final SamplingOptions options;
  private final PromptTemplate template;
  private final ReplyParser<Double> form;
  private final int answers;

  private ModelForecaster(
      LanguageModel model,
      SamplingOptions options,
      PromptTemplate template,
      ReplyParser<Double> form,
      int answers) {
    this.model = Objects.requireNonNull(model, "model");
    this.options = Objects.requireNonNull(options, "options");
    this.template = Objects.requireNonNull(template, "template");
    this.form = Objects.requireNonNull(form, "form");
    this.answers = answers;
  }

  /**
   * Returns a forecaster of probabilities with the bundled prompt: three answers at temperature 1,
   * at most 1000 tokens, in double square brackets.
   */
  public static ModelForecaster of(LanguageModel model) {
    return new ModelForecaster(
        model,
        SamplingOptions.builder(MAX_NEW_TOKENS).build(),
        Prompts.bundled(ModelForecaster.class, "forecast.txt", PLAIN, FENCED),
        ProbabilityForm.boxed(),
        ANSWERS);
  }

  /** Returns this forecaster with other sampling options; their seed is replaced for each call. */
  public ModelForecaster withOptions(SamplingOptions other) {
    return new ModelForecaster(model, other, template, form, answers);
  }

  /** Returns this forecaster with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public ModelForecaster withTemplate(PromptTemplate other) {
    return new ModelForecaster(model, options, other, form, answers);
  }

  /** Returns this forecaster with another form, such as {@link ReplyParser#score}. */
  public ModelForecaster withForm(ReplyParser<Double> other) {
    return new ModelForecaster(model, options, template, other, answers);
  }

  /**
   * Returns this forecaster with another number of answers.
   *
   * @param count at least 1; 3 and 6 are published
   * @throws IllegalArgumentException if it is less
   */
  public ModelForecaster withAnswers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("answers must be at least 1 but were " + count);
    }
    return new ModelForecaster(model, options, template, form, count);
  }

  @Override
  public Forecast forecast(View view, OversightContext context) {
    Prompt.Chat prompt =
        template.render(
            Map.of(
                "instructions", view.instructions(),
                "form", form.form(),
                "question", view.question(),
                "material", String.join("\n\n", view.material())),
            Map.of("turns", ViewPieces.turns(view.turns())));
    int wanted = options.isGreedy() ? 1 : answers;
    int most = options.isGreedy() ? 1 : ATTEMPTS;
    List<Double> read = new ArrayList<>();
    int invalid = 0;
    Usage usage = Usage.NONE;
    for (int attempt = 0; attempt < most && read.size() < wanted; attempt++) {
      if (attempt > 0 && context.budget().exhausted(usage, 0, Duration.ZERO).isPresent()) {
        break;
      }
      long seed = CallSeed.of(context.seed(), view.role(), view.round(), attempt);
      int missing = wanted - read.size();
      for (Completion reply :
          FormedModel.ask(
              model,
              Collections.nCopies(missing, prompt),
              Collections.nCopies(missing, form),
              options.toBuilder().seed(seed).build(),
              context.cancellation())) {
        usage = usage.plus(reply.usage());
        if (form.parse(new Reply(reply.text(), reply.truncated()))
            instanceof Parsed.Value<Double> value) {
          read.add(value.value());
        } else {
          invalid++;
        }
      }
    }
    OptionalDouble median =
        2 * read.size() < wanted
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                Median.of(read.stream().mapToDouble(Double::doubleValue).toArray()).value());
    return new Forecast(median, read, invalid, usage);
  }
}
