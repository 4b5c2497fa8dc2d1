package org.alignment4j.oversight.weaktostrong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.reward.SoftLabel;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.oversight.ScriptedModel;
import org.junit.jupiter.api.Test;

/** Logistic supervisors and students on data of which the share that is recovered is known. */
class WeakToStrongStudyTest {
  private static final ScriptedModel WEAK = ScriptedModel.saying("weak");
  private static final ScriptedModel STRONG = ScriptedModel.saying("strong");

  /**
   * Four normal features, the class the sign of their sum, and what the weak supervisor sees: the
   * sum of the first two, blurred by noise of deviation √2.
   */
  private static List<KnownAnswer> data(String name, int count, long seed) {
    Random random = new Random(seed);
    List<KnownAnswer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] x = random.doubles(4).map(u -> random.nextGaussian()).toArray();
      double blurred = x[0] + x[1] + Math.sqrt(2) * random.nextGaussian();
      String text = x[0] + " " + x[1] + " " + x[2] + " " + x[3] + " " + blurred;
      String id = name + i;
      answers.add(new KnownAnswer(id, id, Prompt.text(text), "yes", x[0] + x[1] + x[2] + x[3] > 0));
    }
    return answers;
  }

  private static LogisticLearner blurred() {
    return new LogisticLearner(4, 5);
  }

  private static LogisticLearner features() {
    return new LogisticLearner(0, 4);
  }

  private static WeakToStrong experiment(
      RewardLearner<SoftLabel> weak,
      RewardLearner<SoftLabel> student,
      RewardLearner<SoftLabel> ceiling) {
    return WeakToStrong.of(WEAK, STRONG, weak, Map.of("student", student)).withCeiling(ceiling);
  }

  /**
   * Signs of two jointly normal numbers agree with probability 1 − arccos(ρ)/π. The weak supervisor
   * has ρ = ½, so ⅔ right; its errors by noise average out, so that the student follows the first
   * two features, ρ = 1/√2, ¾ right; the ceiling errs nowhere. A quarter of the gap is recovered.
   */
  @Test
  void theKnownShareIsRecovered() {
    WeakToStrongStudy study =
        new WeakToStrongStudy(
            experiment(blurred(), features(), features()),
            data("train", 6000, 1),
            data("test", 8000, 2),
            List.of(1L, 2L, 3L));
    StudyResult result = study.run(OversightContext.of(5));
    assertThat(accuracy(result, WeakToStrong.WEAK)).isCloseTo(2 / 3.0, within(0.015));
    assertThat(accuracy(result, "student")).isCloseTo(0.75, within(0.015));
    assertThat(accuracy(result, WeakToStrong.CEILING)).isCloseTo(1, within(0.01));
    assertThat(accuracy(result, WeakToStrong.MAJORITY)).isBetween(0.5, 0.53);
    assertThat(result.estimate(WeakToStrong.WEAK, WeakToStrongStudy.LABEL_ACCURACY).value())
        .isCloseTo(2 / 3.0, within(0.02));
    Estimate recovered = result.estimate("student", WeakToStrongStudy.RECOVERED);
    assertThat(recovered.value()).isCloseTo(0.25, within(0.04));
    assertThat(recovered.ciLow()).isLessThan(0.25);
    assertThat(recovered.ciHigh()).isGreaterThan(0.25);
    assertThat(recovered.ciHigh() - recovered.ciLow()).isLessThan(0.1);
    assertThat(recovered.n()).isEqualTo(8000);
    assertThat(study.arms())
        .containsExactly(WeakToStrong.MAJORITY, WeakToStrong.WEAK, "student", WeakToStrong.CEILING);
  }

  @Test
  void modelsAreClosedWhenTheyFail() {
    List<String> closed = new ArrayList<>();
    class Failing implements RewardModel, AutoCloseable {
      @Override
      public String id() {
        return "failing";
      }

      @Override
      public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
        throw new IllegalStateException("out of memory");
      }

      @Override
      public void close() {
        closed.add(id());
      }
    }
    RewardLearner<SoftLabel> failing = (model, labels, context) -> new Failing();
    List<KnownAnswer> training = data("train", 20, 1);
    List<KnownAnswer> test = data("test", 20, 2);
    assertThatThrownBy(
            () ->
                experiment(failing, blurred(), blurred())
                    .run(training, test, OversightContext.of(1)))
        .hasMessage("out of memory");
    assertThatThrownBy(
            () ->
                experiment(blurred(), failing, blurred())
                    .run(training, test, OversightContext.of(1)))
        .hasMessage("out of memory");
    assertThat(closed).hasSize(2);
  }

  private static double accuracy(StudyResult result, String arm) {
    return result.estimate(arm, WeakToStrongStudy.ACCURACY).value();
  }

  /** A student that sees what its supervisor sees becomes its supervisor. */
  @Test
  void aStudentThatSeesNoMoreRecoversNothing() {
    WeakToStrongStudy study =
        new WeakToStrongStudy(
            experiment(blurred(), blurred(), features()),
            data("train", 2000, 1),
            data("test", 2000, 2),
            List.of(1L, 2L));
    List<Trial> trials = study.trials(OversightContext.of(5));
    WeakToStrongScores scores = study.scores(trials, 5);
    assertThat(scores.recovered().get("student").orElseThrow().estimate().value())
        .isCloseTo(0, within(0.03));
    assertThat(scores.recoveredBySeed().get("student")).hasSize(2);
    assertThat(scores.recoveredBySeed().get("student").get(0).orElseThrow())
        .isEqualTo(trials.get(0).recovered("student").orElseThrow());
  }

  /** Students and ceiling learn from one half, the supervisor from the other, drawn by the seed. */
  @Test
  void theHalvesAreApart() {
    LogisticLearner weak = blurred();
    LogisticLearner student = features();
    LogisticLearner ceiling = features();
    List<KnownAnswer> training = data("train", 101, 1);
    WeakToStrong experiment = experiment(weak, student, ceiling);
    experiment.run(training, data("test", 50, 2), OversightContext.of(1));
    experiment.run(training, data("test", 50, 2), OversightContext.of(2));
    Set<Prompt> taught = prompts(weak, 0);
    Set<Prompt> labelled = prompts(student, 0);
    assertThat(taught).hasSize(50).doesNotContainAnyElementsOf(labelled);
    assertThat(labelled)
        .hasSize(51)
        .isEqualTo(prompts(ceiling, 0))
        .isNotEqualTo(prompts(student, 1));
    assertThat(student.taught.get(0)).allMatch(l -> l.probability() > 0 && l.probability() < 1);
    assertThat(ceiling.taught.get(0)).allMatch(l -> l.probability() == 0 || l.probability() == 1);
    Map<Prompt, Boolean> truth =
        training.stream().collect(Collectors.toMap(KnownAnswer::prompt, KnownAnswer::good));
    assertThat(ceiling.taught.get(0))
        .allMatch(l -> (l.probability() == 1) == truth.get(l.prompt()));
  }

  private static Set<Prompt> prompts(LogisticLearner learner, int run) {
    return learner.taught.get(run).stream().map(SoftLabel::prompt).collect(Collectors.toSet());
  }

  /** Answers of one source are learnt from or labelled together. */
  @Test
  void sourcesAreNotDivided() {
    LogisticLearner weak = blurred();
    LogisticLearner student = features();
    List<KnownAnswer> pairs = new ArrayList<>();
    for (KnownAnswer a : data("train", 40, 1)) {
      pairs.add(new KnownAnswer(a.id(), "source" + pairs.size() / 2, a.prompt(), "yes", a.good()));
    }
    experiment(weak, student, features()).run(pairs, data("test", 9, 2), OversightContext.of(1));
    Set<Prompt> taught = prompts(weak, 0);
    for (int i = 0; i < pairs.size(); i += 2) {
      assertThat(taught.contains(pairs.get(i).prompt()))
          .isEqualTo(taught.contains(pairs.get(i + 1).prompt()));
    }
    assertThat(taught).hasSize(20);
  }

  @Test
  void aCeilingNoBetterThanTheSupervisorLeavesNoGap() {
    WeakToStrongStudy study =
        new WeakToStrongStudy(
            experiment(features(), features(), blurred()),
            data("train", 400, 1),
            data("test", 400, 2),
            List.of(1L));
    StudyResult result = study.run(OversightContext.of(5));
    assertThat(result.estimates().get("student")).containsOnlyKeys(WeakToStrongStudy.ACCURACY);
    assertThat(study.trials(OversightContext.of(5)).get(0).recovered("student"))
        .isEqualTo(OptionalDouble.empty());
  }

  /** Neither side is half right. */
  @Test
  void theZeroShotModelIsAnArm() {
    RewardModel undecided =
        new RewardModel() {
          @Override
          public String id() {
            return "undecided";
          }

          @Override
          public List<Reward> score(
              List<PromptCompletion> answers, CancellationToken cancellation) {
            return answers.stream().map(a -> Reward.of(0)).toList();
          }
        };
    WeakToStrongStudy study =
        new WeakToStrongStudy(
            experiment(blurred(), features(), features()).withZeroShot(undecided),
            data("train", 100, 1),
            data("test", 100, 2),
            List.of(1L));
    assertThat(study.arms()).contains(WeakToStrong.ZERO_SHOT);
    assertThat(accuracy(study.run(OversightContext.of(5)), WeakToStrong.ZERO_SHOT)).isEqualTo(0.5);
  }

  @Test
  void badInputIsNamed() {
    WeakToStrong experiment = experiment(blurred(), features(), features());
    List<KnownAnswer> training = data("a", 4, 1);
    OversightContext context = OversightContext.of(1);
    assertThatThrownBy(() -> experiment.run(training, training.subList(1, 2), context))
        .hasMessage("sources of test answers must not be learnt from but 'a1' is in both sets");
    assertThatThrownBy(() -> experiment.run(training, List.of(), context))
        .hasMessage("test answers must be at least one but there is none");
    assertThatThrownBy(() -> experiment.run(training.subList(0, 1), data("b", 2, 2), context))
        .hasMessageContaining("of at least two sources, to be halved, but are all of [a0]");
    assertThatThrownBy(
            () -> WeakToStrong.of(WEAK, STRONG, features(), Map.of("ceiling", features())))
        .hasMessageContaining("no other arm's but was 'ceiling'");
    assertThatThrownBy(() -> WeakToStrong.of(WEAK, STRONG, features(), Map.of()))
        .hasMessageContaining("students must be at least one");
    assertThatThrownBy(
            () -> new WeakToStrongStudy(experiment, training, data("b", 2, 2), List.of(1L, 1L)))
        .hasMessage("seeds must be at least one and differ but were [1, 1]");
    WeakToStrongStudy study =
        new WeakToStrongStudy(experiment, training, data("b", 2, 2), List.of(1L));
    assertThatThrownBy(() -> study.run(context.withBudget(Budget.UNLIMITED.withCalls(3))))
        .hasMessageContaining("leave the budget out");
    List<Trial> trials = study.trials(context);
    assertThatThrownBy(
            () ->
                WeakToStrongScores.of(
                    trials, data("c", 3, 2), List.of("student"), Bootstrap.seeded(1)))
        .hasMessageContaining("a result for each of 3 test answers but that of seed 1 has 2");
    assertThatThrownBy(() -> trials.get(0).accuracy("nobody"))
        .hasMessageContaining("but was 'nobody'");
  }
}
