package org.alignment4j.oversight.society;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.FieldKind;
import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.Resampled;
import org.alignment4j.oversight.agent.Resampling;
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
    Resampled<Preference> drawn =
        new Resampling(model, options, Resampling.ATTEMPTS, true)
            .draw(prompt, OBJECT.then(this::read), 1, view.role(), view.round(), context);
    Resampled.Drawn<Preference> last = drawn.last();
    return last.parsed() instanceof Parsed.Value<Preference> read
        ? new Moderation(
            read.value().answer(),
            read.value().side(),
            read.value().reasons(),
            true,
            last.attempt(),
            drawn.usage())
        : new Moderation(
            Optional.empty(),
            Side.NEITHER,
            last.said().visible().strip(),
            false,
            last.attempt(),
            drawn.usage());
  }

  /** What a reply says. */
  private record Preference(Optional<String> answer, Side side, String reasons) {}

  private Parsed<Preference> read(Map<String, Object> object) {
    String answer = String.valueOf(object.get("answer")).strip();
    boolean preference = Boolean.TRUE.equals(object.get("preference"));
    String reasons = String.valueOf(object.get("reasons"));
    Optional<Side> side = side(String.valueOf(object.get("side")));
    if (side.isEmpty() || preference == answer.isEmpty()) {
      return new Parsed.Nothing<>(
          "there must be a side, and an answer where there is a preference, and only there.");
    }
    if (!preference) {
      return new Parsed.Value<>(new Preference(Optional.empty(), side.get(), reasons));
    }
    return answers.parse(new Reply(answer, false)) instanceof Parsed.Value<String> value
        ? new Parsed.Value<>(new Preference(Optional.of(value.value()), side.get(), reasons))
        : new Parsed.Nothing<>("the answer is out of form.");
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
