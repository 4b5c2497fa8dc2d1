package org.alignment4j.eval.judged;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.eval.solve.ChoiceRules;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model which of a sample's two choices is better, in both orders: the model under
 * evaluation is the judge. A reply without a verdict is not repaired, since to keep the form is
 * part of judging. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BothOrders implements Solver {
  private static final int ORDERS = 2;

  /** The verdict of a reply on the answer shown first; NaN for none. */
  @FunctionalInterface
  private interface Reader {
    double verdict(Reply reply);
  }

  private final PairForm form;
  private final SamplingOptions options;

  /** How replies are read; null where likelihoods decide. */
  private final @Nullable Reader reader;

  private BothOrders(PairForm form, SamplingOptions options, @Nullable Reader reader) {
    this.form = form;
    this.options = options;
    this.reader = reader;
  }

  /**
   * Returns a judge that writes its verdicts, at two calls a sample.
   *
   * @param prompt the question
   * @param options how replies are sampled; greedily as a rule
   */
  public static BothOrders written(PairPrompt prompt, SamplingOptions options) {
    return new BothOrders(prompt, Objects.requireNonNull(options, "options"), prompt::verdict);
  }

  /**
   * Returns a judge that decides by how likely A and B are as its reply, and by how sure it is.
   *
   * @param prompt the question, {@link PairPrompt#label} as a rule
   */
  public static BothOrders weighed(PairPrompt prompt) {
    return weighed((PairForm) prompt);
  }

  static BothOrders weighed(PairForm form) {
    return new BothOrders(form, SamplingOptions.greedy(1), null);
  }

  /** Whether verdicts are probabilities. */
  boolean soft() {
    return reader == null;
  }

  /** Whether a judge may call a tie. */
  boolean ties() {
    return reader != null && form instanceof PairPrompt prompt && prompt.ties();
  }

  /** What shapes the verdicts, for provenance. */
  Map<String, String> options() {
    return ImmutableMap.<String, String>builder()
        .putAll(form.options())
        .put("judged by", soft() ? "likelihood" : "reply, " + options)
        .buildOrThrow();
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Set.of(soft() ? LikelihoodModel.class : LanguageModel.class);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when a sample has other than two choices, or the model cannot
   *     do what is needed
   */
  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    List<Prompt> prompts = new ArrayList<>();
    for (Sample sample : samples) {
      if (sample.choices().size() != 2) {
        throw new IllegalArgumentException(
            "a judge compares two choices but sample '"
                + sample.id()
                + "' has "
                + sample.choices().size());
      }
      prompts.add(form.prompt(sample, false));
      prompts.add(form.prompt(sample, true));
    }
    if (reader != null && model instanceof LanguageModel language) {
      return replies(prompts, language, cancellation);
    }
    if (reader == null && model instanceof LikelihoodModel likelihoods) {
      return likelihoods(prompts, likelihoods, cancellation);
    }
    throw new IllegalArgumentException(
        "the judge must be a "
            + requires().iterator().next().getSimpleName()
            + " but '"
            + model.id()
            + "' is not");
  }

  private List<Answer> replies(
      List<Prompt> prompts, LanguageModel model, CancellationToken cancellation) {
    List<Completion> all = model.generate(prompts, options, cancellation);
    requireAll(model, all.size(), prompts.size());
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < all.size(); i += ORDERS) {
      List<Completion> own = all.subList(i, i + ORDERS);
      Usage usage = own.stream().map(Completion::usage).reduce(Usage.NONE, Usage::plus);
      answers.add(new Answer(own, List.of(), usage));
    }
    return answers;
  }

  private List<Answer> likelihoods(
      List<Prompt> prompts, LikelihoodModel model, CancellationToken cancellation) {
    List<Continuation> asked = new ArrayList<>();
    for (Prompt prompt : prompts) {
      form.labels().forEach(label -> asked.add(Continuation.of(prompt, label)));
    }
    List<ContinuationScore> all = model.logProbabilities(asked, cancellation);
    requireAll(model, all.size(), asked.size());
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < all.size(); i += 2 * ORDERS) {
      List<ContinuationScore> own = all.subList(i, i + 2 * ORDERS);
      Usage usage = own.stream().map(ContinuationScore::usage).reduce(Usage.NONE, Usage::plus);
      answers.add(new Answer(List.of(), own, usage));
    }
    return answers;
  }

  private static void requireAll(Model model, int given, int asked) {
    if (given != asked) {
      throw new ModelExecutionException(
          "model '" + model.id() + "' must give " + asked + " answers but gave " + given);
    }
  }

  /** The verdicts of an answer. */
  OrderVerdicts verdicts(Answer answer) {
    if (reader == null) {
      double[] sums = ChoiceRules.sums(answer);
      return new OrderVerdicts(share(sums, 0), share(sums, 2), true);
    }
    return new OrderVerdicts(
        read(reader, answer.completions().get(0)),
        read(reader, answer.completions().get(1)),
        false);
  }

  private static double read(Reader reader, Completion completion) {
    return reader.verdict(new Reply(completion.text(), completion.truncated()));
  }

  private static double share(double[] sums, int from) {
    return ChoiceRules.probabilities(new double[] {sums[from], sums[from + 1]})[0];
  }
}
