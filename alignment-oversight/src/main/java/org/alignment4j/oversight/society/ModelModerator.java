package org.alignment4j.oversight.society;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.FieldKind;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.apiguardian.api.API;

/**
 * A language model that moderates by a JSON object with the fields preference, side, reasons and
 * answer. The object is parsed, never evaluated. One that is not there, contradicts itself (a
 * preference without an answer, or an answer without a preference) or has an answer out of form is
 * drawn again, up to three attempts, as far as the budget reaches; then there is no preference. A
 * greedy model is drawn from at temperature 1 from the second attempt on: at 0 it would say the
 * same. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelModerator implements Moderator {
  private static final int MAX_NEW_TOKENS = 1000;
  private static final int ATTEMPTS = 3;
  private static final ReplyParser<Map<String, Object>> OBJECT =
      ReplyParser.object(
          Map.of(
              "preference", FieldKind.BOOLEAN,
              "side", FieldKind.TEXT,
              "reasons", FieldKind.TEXT,
              "answer", FieldKind.TEXT));
  private static final String FORM =
      "End your reply with a JSON object with the fields \"reasons\" (a string), \"side\" (one of"
          + " \"affirmative\", \"negative\", \"neither\"), \"preference\" (true when the answer is"
          + " clear, false otherwise) and \"answer\" (the final answer as a string, empty when"
          + " there is no preference).";

  private final LanguageModel model;
  private final ReplyParser<String> answers;
  private final SamplingOptions options;
  private final AnsweringWording wording;

  private ModelModerator(
      LanguageModel model,
      ReplyParser<String> answers,
      SamplingOptions options,
      AnsweringWording wording) {
    this.model = Objects.requireNonNull(model, "model");
    this.answers = Objects.requireNonNull(answers, "answers");
    this.options = Objects.requireNonNull(options, "options");
    this.wording = Objects.requireNonNull(wording, "wording");
  }

  /**
   * Returns a moderator that decodes greedily at first, at most 1000 tokens, with the bundled
   * wording.
   *
   * @param answers the form of final answers
   */
  public static ModelModerator of(LanguageModel model, ReplyParser<String> answers) {
    return new ModelModerator(
        model, answers, SamplingOptions.greedy(MAX_NEW_TOKENS), AnsweringWording.moderating());
  }

  /** Returns this moderator with other sampling options; their seed is replaced for each call. */
  public ModelModerator withOptions(SamplingOptions other) {
    return new ModelModerator(model, answers, other, wording);
  }

  /** Returns this moderator with other wording. */
  public ModelModerator withWording(AnsweringWording other) {
    return new ModelModerator(model, answers, options, other);
  }

  @Override
  public Moderation moderate(View view, OversightContext context) {
    Prompt.Chat prompt = wording.prompt(view, FORM);
    Usage usage = Usage.NONE;
    String said = "";
    int attempt = 0;
    while (attempt < ATTEMPTS
        && (attempt == 0 || context.budget().exhausted(usage, 0, Duration.ZERO).isEmpty())) {
      SamplingOptions drawn =
          attempt > 0 && options.isGreedy() ? options.toBuilder().temperature(1).build() : options;
      Completion reply = Draws.one(model, prompt, new Form(), drawn, view, attempt, context);
      attempt++;
      usage = usage.plus(reply.usage());
      said = reply.text().strip();
      Optional<Moderation> moderation =
          read(new Reply(reply.text(), reply.truncated()), attempt, usage);
      if (moderation.isPresent()) {
        return moderation.get();
      }
    }
    return new Moderation(Optional.empty(), Side.NEITHER, said, false, attempt, usage);
  }

  /** What is asked for, for those who hear of it beforehand. */
  private final class Form implements ReplyParser<Moderation> {
    @Override
    public Parsed<Moderation> parse(Reply reply) {
      Optional<Moderation> found = read(reply, 1, Usage.NONE);
      return found.isPresent()
          ? new Parsed.Value<>(found.get())
          : new Parsed.Nothing<>(
              "it has no such object, or one that contradicts itself, or an answer without the form"
                  + " of answers ("
                  + answers.form()
                  + ").");
    }

    @Override
    public String form() {
      return FORM;
    }
  }

  private Optional<Moderation> read(Reply reply, int attempts, Usage usage) {
    if (!(OBJECT.parse(reply) instanceof Parsed.Value<Map<String, Object>> object)) {
      return Optional.empty();
    }
    String answer = String.valueOf(object.value().get("answer")).strip();
    boolean preference = Boolean.TRUE.equals(object.value().get("preference"));
    String reasons = String.valueOf(object.value().get("reasons"));
    Optional<Side> side = side(String.valueOf(object.value().get("side")));
    if (side.isEmpty() || preference == answer.isEmpty()) {
      return Optional.empty();
    }
    if (!preference) {
      return Optional.of(
          new Moderation(Optional.empty(), side.get(), reasons, true, attempts, usage));
    }
    return answers.parse(new Reply(answer, false)) instanceof Parsed.Value<String> value
        ? Optional.of(
            new Moderation(Optional.of(value.value()), side.get(), reasons, true, attempts, usage))
        : Optional.empty();
  }

  private static Optional<Side> side(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "affirmative" -> Optional.of(Side.AFFIRMATIVE);
      case "negative" -> Optional.of(Side.NEGATIVE);
      case "neither" -> Optional.of(Side.NEITHER);
      default -> Optional.empty();
    };
  }
}
