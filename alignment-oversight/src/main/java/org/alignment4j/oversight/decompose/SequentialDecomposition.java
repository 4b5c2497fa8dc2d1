package org.alignment4j.oversight.decompose;

import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.Respondent;
import org.apiguardian.api.API;

/**
 * An overseer answers a question by asking an assistant easier ones, one after the other: it knows
 * the answers so far when it asks the next, and states its own answer in the end (Christiano et al.
 * 2018, section 2.2). The assistant sees one question and nothing else.
 *
 * <p>An answer the assistant does not give is shown as unknown. Where the overseer asks nothing,
 * nothing readable or the question itself at once, the assistant answers the question directly;
 * where it stops making sense later, or has asked as often as it may, there is no answer. With n
 * questions it costs 2n + 1 calls. When the budget ends, the outcome has what was found so far.
 * Immutable.
 *
 * @param overseer who asks: a person's imitation, H′
 * @param assistant who is asked, X
 * @param prompts how both are asked
 * @param steps what the overseer's replies look like
 * @param answers what the assistant's answers look like
 * @param most most questions the overseer may ask, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SequentialDecomposition(
    Respondent overseer,
    Respondent assistant,
    SequentialPrompts prompts,
    ReplyParser<NextStep> steps,
    ReplyParser<String> answers,
    int most)
    implements Decomposition {
  /** The name that progress goes by. */
  public static final String NAME = "sequential decomposition";

  private static final int MAX_NEW_TOKENS = 512;
  private static final int MOST = 5;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the overseer may not ask at all
   */
  public SequentialDecomposition {
    Objects.requireNonNull(overseer, "overseer");
    Objects.requireNonNull(assistant, "assistant");
    Objects.requireNonNull(prompts, "prompts");
    Objects.requireNonNull(steps, "steps");
    Objects.requireNonNull(answers, "answers");
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1 but was " + most);
    }
  }

  /** Returns greedy decomposition by one model in both roles, with five questions at most. */
  public static SequentialDecomposition by(LanguageModel model) {
    Respondent greedy = Respondent.of(model, SamplingOptions.greedy(MAX_NEW_TOKENS));
    return new SequentialDecomposition(
        greedy,
        greedy,
        SequentialTemplates.bundled(),
        new NextStepParser(),
        QuotedAnswer.within(),
        MOST);
  }

  /** Returns this decomposition with another overseer. */
  public SequentialDecomposition withOverseer(LanguageModel model) {
    return new SequentialDecomposition(
        new Respondent(model, overseer.options(), overseer.attempts()),
        assistant,
        prompts,
        steps,
        answers,
        most);
  }

  /** Returns this decomposition with another assistant; the overseer stays. */
  @Override
  public SequentialDecomposition withModel(LanguageModel model) {
    return new SequentialDecomposition(
        overseer,
        new Respondent(model, assistant.options(), assistant.attempts()),
        prompts,
        steps,
        answers,
        most);
  }

  @Override
  public Prompt direct(String question) {
    return prompts.direct(question, answers.form());
  }

  @Override
  public Outcome<QuestionNode> run(String question, OversightContext context) {
    Proceedings proceedings = Proceedings.open(NAME, question, context, OptionalLong.empty());
    return new Interview(this, question, proceedings).outcome();
  }
}
