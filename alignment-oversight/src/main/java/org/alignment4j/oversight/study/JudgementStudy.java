package org.alignment4j.oversight.study;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightStudy;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.budget.StudyBudget;
import org.apiguardian.api.API;

/**
 * Measures how often judges are right under several arms on the same questions: alone, advised by a
 * consultant, after a debate, with the material (Khan et al. 2024, section 4; Kenton et al. 2024).
 * Arms are compared by paired differences. A question on which a variant of an arm has no verdict
 * is unscored in that arm, never wrong.
 *
 * <p>A judge who names no option in more than a fifth of an arm's verdicts (Khan et al. 2024) ends
 * the study, and so does an arm without any verdict, and one whose first ten questions all fail;
 * with recorded calls nothing is lost. Settings are not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class JudgementStudy implements OversightStudy {
  private static final double MOST_UNPARSED = 0.2;

  private final List<ChoiceQuestion> questions;
  private final List<Arm> arms;
  private int seeds = 1;
  private double mostUnparsed = MOST_UNPARSED;
  private Budget questionBudget = Budget.UNLIMITED;
  private ConcurrencyLimits concurrency = ConcurrencyLimits.atMost(1);
  private Executor executor = Runnable::run;

  private JudgementStudy(List<ChoiceQuestion> questions, List<Arm> arms) {
    this.questions = questions;
    this.arms = arms;
  }

  /**
   * Prepares a study with one seed.
   *
   * @param questions what is judged; each with a known answer, ids unique
   * @param arms what is compared; the first is the one the others are compared with
   * @throws IllegalArgumentException if there is no question or arm, an answer is unknown, or two
   *     arms have one name
   */
  public static JudgementStudy of(List<ChoiceQuestion> questions, List<Arm> arms) {
    if (questions.isEmpty() || arms.isEmpty()) {
      throw new IllegalArgumentException("a study must have a question and an arm");
    }
    for (ChoiceQuestion question : questions) {
      if (question.answer().isEmpty()) {
        throw new IllegalArgumentException(
            "question '" + question.id() + "' must have a known answer to be scored");
      }
    }
    if (new HashSet<>(arms.stream().map(Arm::name).toList()).size() < arms.size()) {
      throw new IllegalArgumentException("arms must have names of their own");
    }
    return new JudgementStudy(List.copyOf(questions), List.copyOf(arms));
  }

  /**
   * Sets how often everything is run, each time with other random numbers.
   *
   * @throws IllegalArgumentException if it is less than once
   */
  @CanIgnoreReturnValue
  public JudgementStudy seeds(int value) {
    if (value < 1) {
      throw new IllegalArgumentException("seeds must be at least 1 but were " + value);
    }
    this.seeds = value;
    return this;
  }

  /**
   * Sets which share of verdicts may name no option.
   *
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  @CanIgnoreReturnValue
  public JudgementStudy mostUnparsed(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("mostUnparsed must be in [0, 1] but was " + value);
    }
    this.mostUnparsed = value;
    return this;
  }

  /**
   * Sets what each question may cost in each variant of an arm and each repetition, so that arms
   * are compared at equal cost; without this there is no limit. What all may cost is said to the
   * recorded calls of the roles.
   *
   * @throws IllegalArgumentException if it limits money, which has no prices here
   */
  @CanIgnoreReturnValue
  public JudgementStudy questionBudget(Budget value) {
    this.questionBudget = StudyBudget.requireNoMoney(value);
    return this;
  }

  /**
   * Sets how many questions run at once; without this one after the other, on the thread that runs.
   *
   * @param limits how many
   * @param threads gives the threads, at least as many as run at once; stays open
   */
  @CanIgnoreReturnValue
  public JudgementStudy concurrency(ConcurrencyLimits limits, Executor threads) {
    this.concurrency = Objects.requireNonNull(limits, "limits");
    this.executor = Objects.requireNonNull(threads, "threads");
    return this;
  }

  @Override
  public List<String> arms() {
    return arms.stream().map(Arm::name).toList();
  }

  @Override
  public StudyResult run(OversightContext context) {
    return measure(context).result();
  }

  /**
   * Runs every arm and keeps every transcript.
   *
   * @param context seed, progress and cancellation
   * @throws IllegalArgumentException if the context has a budget
   * @throws AlignmentException if an arm has no verdict, or its judge names no option too often
   */
  public StudyFindings measure(OversightContext context) {
    StudyBudget.requireNone(context);
    Map<String, List<Scored>> scored = new LinkedHashMap<>();
    Map<String, Usage> usage = new LinkedHashMap<>();
    for (Arm arm : arms) {
      List<Scored> rows = new ArrayList<>();
      List<String> shortfalls = new ArrayList<>();
      Usage cost = Usage.NONE;
      for (int seed = 0; seed < seeds; seed++) {
        List<RunReport<ChoiceQuestion, Ruling>> reports = new ArrayList<>();
        for (Arm.Variant variant : arm.variants()) {
          RunReport<ChoiceQuestion, Ruling> report = run(arm, variant, seed, context);
          cost = cost.plus(report.usage());
          shortfalls.add(report.shortfall());
          reports.add(report);
        }
        rows.addAll(rows(arm, reports, seed));
      }
      requireVerdicts(arm, rows, shortfalls.get(0));
      scored.put(arm.name(), List.copyOf(rows));
      usage.put(arm.name(), cost);
    }
    return StudyFindings.of(questions, scored, usage, context.seed(), seeds);
  }

  private RunReport<ChoiceQuestion, Ruling> run(
      Arm arm, Arm.Variant variant, int seed, OversightContext context) {
    List<ChoiceQuestion> asked =
        variant.swapped() ? questions.stream().map(ChoiceQuestion::swapped).toList() : questions;
    return OversightRun.of(
            arm.name() + ", " + variant.name() + ", seed " + (seed + 1),
            variant.protocol(),
            ChoiceQuestion::id)
        .seed(CallSeed.part(context.seed(), "seed " + seed))
        .questionBudget(questionBudget)
        .concurrency(concurrency, executor)
        .progress(context.progress())
        .cancellation(context.cancellation())
        .run(asked);
  }

  private List<Scored> rows(Arm arm, List<RunReport<ChoiceQuestion, Ruling>> reports, int seed) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      List<Scored.Try> tries = new ArrayList<>();
      for (int v = 0; v < reports.size(); v++) {
        tries.add(new Scored.Try(arm.variants().get(v), reports.get(v).outcome(i)));
      }
      rows.add(new Scored(questions.get(i), seed, tries));
    }
    return rows;
  }

  private void requireVerdicts(Arm arm, List<Scored> rows, String shortfall) {
    long all = rows.stream().mapToLong(Scored::verdicts).sum();
    long unparsed = rows.stream().mapToLong(Scored::unparsed).sum();
    if (all == 0) {
      throw new AlignmentException(
          "every arm of a study must have a verdict but '"
              + arm.name()
              + "' has none: "
              + shortfall
              + "; mend that and run again: recorded calls are kept");
    }
    if (unparsed > mostUnparsed * all) {
      throw new AlignmentException(
          "at most "
              + mostUnparsed
              + " of an arm's verdicts may name no option but "
              + unparsed
              + " of "
              + all
              + " of '"
              + arm.name()
              + "' do; look at the judge's replies in the recorded calls, or allow more");
    }
  }
}
