package org.alignment4j.rlhf.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.rlhf.reward.AnswerReward;
import org.apiguardian.api.API;

/**
 * Labels of steps without humans (Math-Shepherd: Wang et al. 2023, arXiv 2312.08935, section 3.3):
 * a step is as good as what it leads to. From the beginning of a solution up to each step but the
 * last a completer goes on N times, and the outcomes are checked; the last step has the outcome of
 * the solution itself. {@link org.alignment4j.rlhf.StepRewardTrainer} learns the labels. Immutable.
 *
 * <pre>{@code
 * List<StepLabels> labels =
 *     MathShepherd.of(completer, SamplingOptions.sampling(256, 7), RewardRules.number(gold::get))
 *         .label(solutions, CancellationToken.none())
 *         .labels();
 * }</pre>
 *
 * <p>A completion that its length limit ended came to no outcome and counts as wrong. Where the
 * check says nothing of an outcome, as of a prompt without gold answer, the outcome does not count,
 * and a step without any is not judged. With a seed in the sampling options, the labels of a
 * solution do not depend on the others.
 *
 * @param completer goes on from beginnings of solutions; of a conversation the beginning is, or
 *     continues, the last message, the assistant's
 * @param sampling how it does; not greedily where it goes on several times
 * @param check 1 for an answer, beginning included, whose outcome is right and 0 for another
 * @param rollouts N, how many times it goes on from each beginning, from 1
 * @param estimation how outcomes become a label
 * @param separator ends every step, as in the training; not empty
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MathShepherd(
    LanguageModel completer,
    SamplingOptions sampling,
    AnswerReward check,
    int rollouts,
    Estimation estimation,
    String separator) {

  /** How the outcomes of what follows a step become its label. */
  public enum Estimation {
    /** 1 where any is right, otherwise 0 (eq. 3). */
    HARD,
    /** The share that is right (eq. 4). */
    SOFT;

    private double of(int right, int outcomes) {
      return this == SOFT ? (double) right / outcomes : Math.min(right, 1);
    }
  }

  /**
   * Solutions with labels.
   *
   * @param labels one a solution, in the order given
   * @param rollouts completions sampled
   * @param truncated how many of them the length limit ended
   */
  public record Labelled(List<StepLabels> labels, int rollouts, int truncated) {
    /** Copies the labels. */
    public Labelled {
      labels = List.copyOf(labels);
    }
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when there is no rollout, several would be the same, or the
   *     separator is empty
   */
  public MathShepherd {
    Objects.requireNonNull(completer, "completer");
    Objects.requireNonNull(check, "check");
    Objects.requireNonNull(estimation, "estimation");
    if (rollouts < 1) {
      throw new IllegalArgumentException("rollouts must be at least 1 but was " + rollouts);
    }
    if (rollouts > 1 && sampling.isGreedy()) {
      throw new IllegalArgumentException(
          "sampling must not be greedy where there are %s rollouts, which would be the same"
              .formatted(rollouts));
    }
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("separator must not be empty");
    }
  }

  /**
   * Returns labels of the {@linkplain Estimation#HARD hard} kind from eight rollouts, on steps that
   * line breaks end.
   *
   * @param completer goes on from beginnings of solutions
   * @param sampling how it does, not greedily
   * @param check 1 for an answer whose outcome is right and 0 for another, such as {@link
   *     org.alignment4j.rlhf.reward.RewardRules#number(java.util.function.Function)}
   * @return the labels' maker
   * @throws IllegalArgumentException when sampling is greedy
   */
  public static MathShepherd of(
      LanguageModel completer, SamplingOptions sampling, AnswerReward check) {
    return new MathShepherd(completer, sampling, check, 8, Estimation.HARD, "\n");
  }

  /**
   * Returns a maker of labels from another number of rollouts.
   *
   * @param count N, from 1
   * @return the maker
   * @throws IllegalArgumentException when there is none, or several would be the same
   */
  public MathShepherd rollouts(int count) {
    return new MathShepherd(completer, sampling, check, count, estimation, separator);
  }

  /**
   * Returns a maker of labels of another kind.
   *
   * @param kind how outcomes become a label
   * @return the maker
   */
  public MathShepherd estimation(Estimation kind) {
    return new MathShepherd(completer, sampling, check, rollouts, kind, separator);
  }

  /**
   * Labels every step of every solution.
   *
   * @param solutions whole ones, whose prompts are texts or conversations; may be empty
   * @param cancellation asks to stop
   * @return a label for each step, and what was sampled
   * @throws IllegalArgumentException when a prompt is of token ids, a step contains the separator
   *     (naming solution and step; nothing is sampled then), or a beginning does not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model or the check fails, or the check gives another
   *     value than 0 and 1
   */
  public Labelled label(
      List<? extends StepwiseSolution> solutions, CancellationToken cancellation) {
    for (int i = 0; i < solutions.size(); i++) {
      requireUsable(solutions.get(i), i);
    }
    List<StepLabels> labels = new ArrayList<>();
    int sampled = 0;
    int truncated = 0;
    for (StepwiseSolution solution : solutions) {
      cancellation.throwIfCancelled("labelling of steps");
      List<String> beginnings = beginnings(solution);
      List<Completion> completions = completions(solution.prompt(), beginnings, cancellation);
      List<PromptCompletion> answers = new ArrayList<>();
      for (int i = 0; i < completions.size(); i++) {
        answers.add(
            new PromptCompletion(
                solution.prompt(), beginnings.get(i / rollouts) + completions.get(i).text()));
      }
      answers.add(
          new PromptCompletion(solution.prompt(), String.join(separator, solution.steps())));
      List<OptionalDouble> outcomes = outcomes(answers, cancellation);
      for (int i = 0; i < completions.size(); i++) {
        if (completions.get(i).truncated() && outcomes.get(i).isPresent()) {
          outcomes.set(i, OptionalDouble.of(0));
        }
      }
      labels.add(labels(solution, outcomes));
      sampled += completions.size();
      truncated += (int) completions.stream().filter(Completion::truncated).count();
    }
    return new Labelled(labels, sampled, truncated);
  }

  /** Before every step but the first, ended by the separator. */
  private List<String> beginnings(StepwiseSolution solution) {
    List<String> beginnings = new ArrayList<>();
    String beginning = "";
    for (String step : solution.steps().subList(0, solution.steps().size() - 1)) {
      beginning += step + separator;
      beginnings.add(beginning);
    }
    return beginnings;
  }

  /** Of every beginning, one beginning's after the other's. */
  private List<Completion> completions(
      Prompt prompt, List<String> beginnings, CancellationToken cancellation) {
    List<Prompt> asked = new ArrayList<>();
    for (String beginning : beginnings) {
      Prompt begun = begun(prompt, beginning);
      for (int k = 0; k < rollouts; k++) {
        asked.add(begun);
      }
    }
    List<Completion> completions = completer.generate(asked, sampling, cancellation);
    if (completions.size() != asked.size()) {
      throw new ModelExecutionException(
          "completer %s must answer each of %s prompts but gave %s completions"
              .formatted(completer.id(), asked.size(), completions.size()));
    }
    return completions;
  }

  private static Prompt begun(Prompt prompt, String beginning) {
    if (prompt instanceof Prompt.Text text) {
      return Prompt.text(text.text() + beginning);
    }
    Prompt.Chat chat = (Prompt.Chat) prompt;
    if (chat.last().role() != Role.ASSISTANT) {
      return chat.with(Message.assistant(beginning));
    }
    List<Message> messages = new ArrayList<>(chat.messages());
    messages.set(messages.size() - 1, Message.assistant(chat.last().content() + beginning));
    return Prompt.chat(messages);
  }

  private List<OptionalDouble> outcomes(
      List<PromptCompletion> answers, CancellationToken cancellation) {
    List<OptionalDouble> outcomes = new ArrayList<>(check.score(answers, cancellation));
    if (outcomes.size() != answers.size()) {
      throw new ModelExecutionException(
          "check must give a value for each of %s answers but gave %s"
              .formatted(answers.size(), outcomes.size()));
    }
    for (OptionalDouble outcome : outcomes) {
      if (outcome.isPresent() && outcome.getAsDouble() != 0 && outcome.getAsDouble() != 1) {
        throw new ModelExecutionException(
            "check must be 1 for a right outcome and 0 for a wrong one but was %s; compare its value"
                    .formatted(outcome.getAsDouble())
                + " with a threshold");
      }
    }
    return outcomes;
  }

  private StepLabels labels(StepwiseSolution solution, List<OptionalDouble> outcomes) {
    List<OptionalDouble> labels = new ArrayList<>();
    for (int from = 0; from < outcomes.size(); from += rollouts) {
      double[] judged =
          outcomes.subList(from, Math.min(from + rollouts, outcomes.size())).stream()
              .flatMapToDouble(OptionalDouble::stream)
              .toArray();
      int right = 0;
      for (double outcome : judged) {
        right += (int) outcome;
      }
      labels.add(
          judged.length == 0
              ? OptionalDouble.empty()
              : OptionalDouble.of(estimation.of(right, judged.length)));
    }
    return new StepLabels(solution, labels);
  }

  private void requireUsable(StepwiseSolution solution, int index) {
    if (solution.prompt() instanceof Prompt.Tokens) {
      throw new IllegalArgumentException(
          "solutions[%s]: the prompt must be a text or a conversation but is of token ids; give its"
                  .formatted(index)
              + " text");
    }
    for (int k = 0; k < solution.steps().size(); k++) {
      if (solution.steps().get(k).contains(separator)) {
        throw new IllegalArgumentException(
            ("solutions[%s]: steps[%s] must not contain the separator but does; divide the step or"
                    + " take another separator")
                .formatted(index, k));
      }
    }
  }
}
