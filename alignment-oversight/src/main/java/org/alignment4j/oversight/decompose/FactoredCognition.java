package org.alignment4j.oversight.decompose;

import java.util.List;
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
 * Factored cognition: a question is divided into subquestions that stand alone, these are answered,
 * by way of parts of their own as deep as the limits say, and the question is answered with what
 * was found. All questions of a level are asked together, and a question that occurs twice at one
 * level is answered once. A part that could not be answered is shown as unknown.
 *
 * <p>With breadth b and depth d it costs at most {@code b^d + 2·(b^d − 1)/(b − 1)} calls. When the
 * budget ends, the outcome has the tree so far, without the answers that are missing. Immutable.
 *
 * @param divider who divides questions
 * @param answerer who answers them
 * @param prompts how both are asked
 * @param form what answers look like
 * @param limits how far questions are divided
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FactoredCognition(
    Respondent divider,
    Respondent answerer,
    DecompositionPrompts prompts,
    ReplyParser<String> form,
    DecompositionLimits limits)
    implements Decomposition {
  private static final int MAX_NEW_TOKENS = 512;

  /** Checks that nothing is missing. */
  public FactoredCognition {
    Objects.requireNonNull(divider, "divider");
    Objects.requireNonNull(answerer, "answerer");
    Objects.requireNonNull(prompts, "prompts");
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(limits, "limits");
  }

  /** Returns greedy decomposition with the bundled prompts and the default limits. */
  public static FactoredCognition by(LanguageModel model) {
    Respondent greedy = Respondent.of(model, SamplingOptions.greedy(MAX_NEW_TOKENS));
    return new FactoredCognition(
        greedy,
        greedy,
        DecompositionTemplates.bundled(),
        QuotedAnswer.within(),
        DecompositionLimits.DEFAULT);
  }

  /** Returns this decomposition with one model in both roles. */
  @Override
  public FactoredCognition withModel(LanguageModel model) {
    return new FactoredCognition(
        new Respondent(model, divider.options(), divider.attempts()),
        new Respondent(model, answerer.options(), answerer.attempts()),
        prompts,
        form,
        limits);
  }

  /** Returns this decomposition with other limits. */
  public FactoredCognition withLimits(DecompositionLimits other) {
    return new FactoredCognition(divider, answerer, prompts, form, other);
  }

  /** Returns this decomposition with other prompts and the form they ask for. */
  public FactoredCognition withPrompts(DecompositionPrompts other, ReplyParser<String> asked) {
    return new FactoredCognition(divider, answerer, other, asked, limits);
  }

  @Override
  public Prompt direct(String question) {
    return prompts.answer(question, List.of(), form.form());
  }

  @Override
  public Outcome<QuestionNode> run(String question, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open("decomposition", question, context, OptionalLong.empty());
    return new TreeRun(this, question, proceedings).outcome();
  }
}
