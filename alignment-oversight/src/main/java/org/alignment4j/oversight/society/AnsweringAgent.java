package org.alignment4j.oversight.society;

import java.util.Objects;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.Resampled;
import org.alignment4j.oversight.agent.Resampling;
import org.apiguardian.api.API;

/**
 * A language model that explains and ends with a final answer in a strict form. It is asked in one
 * message, with its own earlier answer and each answer of others in a fence of its own. A reply
 * without an answer is drawn again with another seed, up to three attempts, as far as the budget
 * reaches; then the turn is invalid. A greedy model is not asked twice: it would say the same.
 * Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AnsweringAgent implements Agent {
  private static final int MAX_NEW_TOKENS = 1000;

  private final LanguageModel model;
  private final ReplyParser<String> answers;
  private final SamplingOptions options;
  private final AnsweringWording wording;

  private AnsweringAgent(
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
   * Returns an agent with the bundled wording that samples at temperature 1, at most 1000 tokens.
   *
   * @param answers the form of final answers, which the protocol must read by the same form
   */
  public static AnsweringAgent of(LanguageModel model, ReplyParser<String> answers) {
    return new AnsweringAgent(
        model,
        answers,
        SamplingOptions.builder(MAX_NEW_TOKENS).build(),
        AnsweringWording.bundled());
  }

  /** Returns this agent with other sampling options; their seed is replaced for each call. */
  public AnsweringAgent withOptions(SamplingOptions other) {
    return new AnsweringAgent(model, answers, other, wording);
  }

  /** Returns this agent with other wording. */
  public AnsweringAgent withWording(AnsweringWording other) {
    return new AnsweringAgent(model, answers, options, other);
  }

  @Override
  public Turn act(View view, OversightContext context) {
    Prompt.Chat prompt = wording.prompt(view, answers.form());
    Resampled<String> drawn =
        Resampling.of(model, options).draw(prompt, answers, 1, view.role(), view.round(), context);
    Resampled.Drawn<String> said = drawn.last();
    return new Turn(
        view.role(),
        view.round(),
        said.said().visible().strip(),
        said.said().hidden(),
        said.valid(),
        said.attempt(),
        drawn.usage());
  }
}
