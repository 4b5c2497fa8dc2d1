package org.alignment4j.oversight.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.core.judge.ViewPieces;
import org.apiguardian.api.API;

/**
 * A role played by a language model. Question, options, sources and what others said stand fenced
 * in its prompt. A reply that does not keep the form is drawn again with the same prompt and
 * another seed, up to three attempts; then the turn is invalid, and says what the model said last
 * without its thinking. A greedy model is not asked twice: it would say the same. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelAgent implements Drafter {
  /** Placeholders of its template that hold the protocol's own words. */
  public static final Set<String> PLAIN = Set.of("name", "instructions", "form");

  /** Placeholders of its template that hold text of others. */
  public static final Set<String> FENCED = Set.of("question", "options", "material", "turns");

  private static final int MAX_NEW_TOKENS = 1000;
  private static final double TEMPERATURE = 0.4;

  private final LanguageModel model;
  private final SamplingOptions options;
  private final PromptTemplate template;
  private final ReplyParser<Speech> form;
  private final int attempts;

  private ModelAgent(
      LanguageModel model,
      SamplingOptions options,
      PromptTemplate template,
      ReplyParser<Speech> form,
      int attempts) {
    this.model = Objects.requireNonNull(model, "model");
    this.options = Objects.requireNonNull(options, "options");
    this.template = Objects.requireNonNull(template, "template");
    this.form = Objects.requireNonNull(form, "form");
    this.attempts = attempts;
  }

  /**
   * Returns an agent with the bundled prompt: temperature 0.4, at most 1000 tokens (Khan et al.
   * 2024), the whole reply said aloud, three attempts.
   */
  public static ModelAgent of(LanguageModel model) {
    return new ModelAgent(
        model,
        SamplingOptions.builder(MAX_NEW_TOKENS).temperature(TEMPERATURE).build(),
        Prompts.bundled(ModelAgent.class, "turn.txt", PLAIN, FENCED),
        SpeechForm.plain(),
        Resampling.ATTEMPTS);
  }

  /** Returns this agent with other sampling options; their seed is replaced for each call. */
  public ModelAgent withOptions(SamplingOptions other) {
    return new ModelAgent(model, other, template, form, attempts);
  }

  /** Returns this agent with a template read with {@link #PLAIN} and {@link #FENCED}. */
  public ModelAgent withTemplate(PromptTemplate other) {
    return new ModelAgent(model, options, other, form, attempts);
  }

  /** Returns this agent with another form of what it says. */
  public ModelAgent withForm(ReplyParser<Speech> other) {
    return new ModelAgent(model, options, template, other, attempts);
  }

  /**
   * Returns this agent with another number of attempts.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if it is less
   */
  public ModelAgent withAttempts(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("attempts must be at least 1 but were " + count);
    }
    return new ModelAgent(model, options, template, form, count);
  }

  @Override
  public List<Turn> draft(View view, int count, OversightContext context) {
    Prompt.Chat prompt =
        template.render(
            Map.of(
                "name", view.role(),
                "instructions", view.instructions(),
                "form", form.form(),
                "question", view.question(),
                "material", String.join("\n\n", view.material())),
            Map.of(
                "options", ViewPieces.options(view.options()),
                "turns", ViewPieces.turns(view.turns())));
    return turns(
        view,
        count,
        new Resampling(model, options, attempts, false)
            .draw(prompt, form, count, view.role(), view.round(), context));
  }

  /** Valid replies in order; the latest invalid ones where there are not enough. */
  private static List<Turn> turns(View view, int count, Resampled<Speech> drawn) {
    List<Turn> turns = new ArrayList<>();
    List<Turn> invalid = new ArrayList<>();
    for (Resampled.Drawn<Speech> reply : drawn.replies()) {
      if (reply.parsed() instanceof Parsed.Value<Speech> value) {
        turns.add(turn(view, value.value().after(reply.said().hidden()), reply));
      } else {
        invalid.add(turn(view, SpeechForm.salvage(reply.text()), reply));
      }
    }
    for (int i = invalid.size() - 1; i >= 0 && turns.size() < count; i--) {
      turns.add(invalid.get(i));
    }
    turns.set(0, turns.get(0).withUsage(drawn.usage()));
    return List.copyOf(turns);
  }

  private static Turn turn(View view, Speech speech, Resampled.Drawn<Speech> reply) {
    return new Turn(
        view.role(),
        view.round(),
        speech.visible(),
        speech.hidden(),
        reply.valid(),
        reply.attempt(),
        Usage.NONE);
  }
}
