package org.alignment4j.oversight.decompose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.core.judge.SoftVerdict;
import org.alignment4j.oversight.agent.Prompts;
import org.apiguardian.api.API;

/**
 * Checks of a divided question: for each part the probability of Yes to whether its answer is
 * right, given the question and the parts before it; and the same of the whole answer. Immutable.
 *
 * @param judge who checks
 * @param step uses {{form}}, and fenced {{question}}, {{background}}, {{step}}
 * @param whole uses {{form}}, and fenced {{question}}, {{background}}, {{answer}}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Verification(SoftJudgeModel judge, PromptTemplate step, PromptTemplate whole) {
  /** Placeholders of both templates that hold words of the program. */
  public static final Set<String> PLAIN = Set.of("form");

  /** Placeholders of {@code step} that hold text of others. */
  public static final Set<String> STEP_FENCED = Set.of("question", "background", "step");

  /** Placeholders of {@code whole} that hold text of others. */
  public static final Set<String> WHOLE_FENCED = Set.of("question", "background", "answer");

  private static final String YES = "Yes";
  private static final List<String> LABELS = List.of(YES, "No");

  /** Checks that nothing is missing. */
  public Verification {
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(whole, "whole");
  }

  /**
   * How likely a question's parts and its answer are right.
   *
   * @param steps one for each part, in order; empty for a part that is unknown or has no verdict
   * @param answer of the whole; empty when there is no answer or no verdict
   * @param usage what the checks cost
   */
  public record Checked(List<OptionalDouble> steps, OptionalDouble answer, Usage usage) {
    /** Checks that nothing is missing, and copies. */
    public Checked {
      steps = List.copyOf(steps);
      Objects.requireNonNull(answer, "answer");
      Objects.requireNonNull(usage, "usage");
    }
  }

  /** Returns checks with the bundled prompts. */
  public static Verification by(ChoiceModel model) {
    Class<?> here = Verification.class;
    return new Verification(
        SoftJudgeModel.of(model),
        Prompts.bundled(here, "check-step.txt", PLAIN, STEP_FENCED),
        Prompts.bundled(here, "check-whole.txt", PLAIN, WHOLE_FENCED));
  }

  /**
   * Checks a node's parts and its answer; what lies below the parts is not looked at.
   *
   * @throws org.alignment4j.api.CancelledException if cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException if the model fails
   */
  public Checked check(QuestionNode node, CancellationToken cancellation) {
    List<SubAnswer> found = node.found();
    List<Prompt.Chat> prompts = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).answer().isPresent()) {
        prompts.add(
            step.render(
                Map.of(
                    "form", SoftJudgeModel.form(LABELS),
                    "question", node.question(),
                    "background", SubAnswer.block(found.subList(0, i)),
                    "step", found.get(i).text())));
      }
    }
    node.answer()
        .ifPresent(
            answer ->
                prompts.add(
                    whole.render(
                        Map.of(
                            "form", SoftJudgeModel.form(LABELS),
                            "question", node.question(),
                            "background", SubAnswer.block(found),
                            "answer", answer))));
    List<Judgement<SoftVerdict>> judged = judge.ask(prompts, LABELS, cancellation);
    List<OptionalDouble> steps = new ArrayList<>();
    int next = 0;
    for (SubAnswer part : found) {
      steps.add(part.answer().isPresent() ? yes(judged.get(next++)) : OptionalDouble.empty());
    }
    return new Checked(
        steps,
        node.answer().isPresent() ? yes(judged.get(next)) : OptionalDouble.empty(),
        judged.stream().map(Judgement::usage).reduce(Usage.NONE, Usage::plus));
  }

  private static OptionalDouble yes(Judgement<SoftVerdict> judgement) {
    return judgement instanceof Judgement.Given<SoftVerdict> given
        ? OptionalDouble.of(given.value().probability(YES))
        : OptionalDouble.empty();
  }
}
