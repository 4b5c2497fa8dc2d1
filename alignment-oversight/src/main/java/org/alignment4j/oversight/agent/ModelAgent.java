package org.alignment4j.oversight.agent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.Reply;
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
  private static final int ATTEMPTS = 3;

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
        ATTEMPTS);
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
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but was " + count);
    }
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
    Drafts drafts = new Drafts(view, count);
    int rounds = options.isGreedy() ? 1 : attempts;
    for (int attempt = 0; attempt < rounds && drafts.missing() > 0; attempt++) {
      if (attempt > 0 && context.budget().exhausted(drafts.usage, 0, Duration.ZERO).isPresent()) {
        break;
      }
      long seed = CallSeed.of(context.seed(), view.role(), view.round(), attempt);
      int room = drafts.room(context.budget());
      drafts.add(
          attempt + 1,
          FormedModel.ask(
              model,
              Collections.nCopies(room, prompt),
              Collections.nCopies(room, form),
              options.toBuilder().seed(seed).build(),
              context.cancellation()));
    }
    return drafts.turns();
  }

  /** Collects valid replies, and keeps invalid ones to fill up with. */
  private final class Drafts {
    private final View view;
    private final int wanted;
    private final List<Turn> valid = new ArrayList<>();
    private final List<Turn> invalid = new ArrayList<>();
    private Usage usage = Usage.NONE;

    Drafts(View view, int wanted) {
      this.view = view;
      this.wanted = wanted;
    }

    int missing() {
      return wanted - valid.size();
    }

    /** As many as are missing, or the budget leaves room for; at least one. */
    int room(Budget budget) {
      return budget.calls().isPresent()
          ? (int) Math.max(1, Math.min(missing(), budget.calls().getAsLong() - usage.calls()))
          : missing();
    }

    void add(int attempt, List<Completion> replies) {
      for (Completion reply : replies) {
        usage = usage.plus(reply.usage());
        Parsed<Speech> parsed = form.parse(new Reply(reply.text(), reply.truncated()));
        if (parsed instanceof Parsed.Value<Speech> value) {
          valid.add(turn(value.value(), true, attempt));
        } else {
          invalid.add(turn(SpeechForm.salvage(reply.text()), false, attempt));
        }
      }
    }

    private Turn turn(Speech speech, boolean kept, int attempt) {
      return new Turn(
          view.role(), view.round(), speech.visible(), speech.hidden(), kept, attempt, Usage.NONE);
    }

    List<Turn> turns() {
      List<Turn> turns = new ArrayList<>(valid.subList(0, Math.min(wanted, valid.size())));
      for (int i = invalid.size() - 1; i >= 0 && turns.size() < wanted; i--) {
        turns.add(invalid.get(i));
      }
      Turn first = turns.get(0);
      turns.set(
          0,
          new Turn(
              first.role(),
              first.round(),
              first.visible(),
              first.hidden(),
              first.valid(),
              first.attempts(),
              usage));
      return List.copyOf(turns);
    }
  }
}
