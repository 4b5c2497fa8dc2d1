package org.alignment4j.oversight.weaktostrong;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.reward.SoftLabel;
import org.alignment4j.api.training.RewardLearner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Weak-to-strong generalisation (Burns et al. 2023, arXiv 2312.09390) in a task of two classes. The
 * sources of the training answers are shuffled and halved; a weak model learns the truth of the
 * first half and labels the second with probabilities; strong students learn these labels; for the
 * ceiling a strong model learns the truth of that same half. All are tested on the same answers.
 * Learners give reward models whose rewards are log-odds that an answer is good. Immutable.
 *
 * @param weak where the weak supervisor starts
 * @param strong where the students and the ceiling start
 * @param supervisor how the weak model learns the truth
 * @param students how strong models learn from it, by the name of their arm
 * @param ceiling how the strong model learns the truth
 * @param zeroShot the strong model before it learns anything; empty leaves that arm out
 * @param runFolder where each training keeps a folder of its own; null keeps nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WeakToStrong(
    LanguageModel weak,
    LanguageModel strong,
    RewardLearner<SoftLabel> supervisor,
    Map<String, RewardLearner<SoftLabel>> students,
    RewardLearner<SoftLabel> ceiling,
    Optional<RewardModel> zeroShot,
    @Nullable Path runFolder) {

  /** The arm of the weak supervisor. */
  public static final String WEAK = "weak";

  /** The arm of the strong model that learnt nothing. */
  public static final String ZERO_SHOT = "zero-shot strong";

  /** The arm of the strong model that learnt the truth. */
  public static final String CEILING = "ceiling";

  /** The class that is the more frequent of the test, for every answer. */
  public static final String MAJORITY = "majority class";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no student, or one has the name of another arm or
   *     one that cannot name a folder
   */
  public WeakToStrong {
    Objects.requireNonNull(weak, "weak");
    Objects.requireNonNull(strong, "strong");
    Objects.requireNonNull(supervisor, "supervisor");
    Objects.requireNonNull(ceiling, "ceiling");
    Objects.requireNonNull(zeroShot, "zeroShot");
    students = ImmutableMap.copyOf(students);
    if (students.isEmpty()) {
      throw new IllegalArgumentException("students must be at least one but there is none");
    }
    for (String name : students.keySet()) {
      if (List.of(WEAK, ZERO_SHOT, CEILING, MAJORITY).contains(name)
          || !name.matches("[A-Za-z0-9][A-Za-z0-9 _-]*")) {
        throw new IllegalArgumentException(
            "a student's name must be of letters, digits, blanks, '_' and '-' and no other arm's but"
                + " was '"
                + name
                + "'");
      }
    }
  }

  /**
   * Returns an experiment without zero-shot arm that keeps no run folders.
   *
   * @param weak where the weak supervisor starts
   * @param strong where the students and the ceiling start
   * @param truth how both learn the truth
   * @param students how strong models learn from the weak one, by the name of their arm
   */
  public static WeakToStrong of(
      LanguageModel weak,
      LanguageModel strong,
      RewardLearner<SoftLabel> truth,
      Map<String, RewardLearner<SoftLabel>> students) {
    return new WeakToStrong(weak, strong, truth, students, truth, Optional.empty(), null);
  }

  /** Returns this experiment with another way in which the strong model learns the truth. */
  public WeakToStrong withCeiling(RewardLearner<SoftLabel> learner) {
    return new WeakToStrong(weak, strong, supervisor, students, learner, zeroShot, runFolder);
  }

  /** Returns this experiment with the strong model before it learns anything. */
  public WeakToStrong withZeroShot(RewardModel model) {
    return new WeakToStrong(
        weak, strong, supervisor, students, ceiling, Optional.of(model), runFolder);
  }

  /** Returns this experiment with a folder that gets a run folder for each training. */
  public WeakToStrong withRunFolder(Path folder) {
    return new WeakToStrong(weak, strong, supervisor, students, ceiling, zeroShot, folder);
  }

  /**
   * Runs the experiment once. Students and ceiling are trained with one seed, so that they differ
   * in what they learn only.
   *
   * @param training to be halved, of at least two sources
   * @param test held out, at least one answer
   * @param context seed of the halves and of all trainings, progress and cancellation
   * @throws IllegalArgumentException if there are too few answers, or a source is in both sets
   */
  public Trial run(List<KnownAnswer> training, List<KnownAnswer> test, OversightContext context) {
    requireApart(training, test);
    Set<String> firstHalf = firstHalf(training, context.seed());
    List<KnownAnswer> taught = half(training, answer -> firstHalf.contains(answer.source()));
    List<KnownAnswer> labelled = half(training, answer -> !firstHalf.contains(answer.source()));
    Map<String, List<Double>> right = new LinkedHashMap<>();

    RewardModel overseer =
        train(supervisor, weak, taught.stream().map(KnownAnswer::truth).toList(), WEAK, context);
    double[] said;
    try {
      said = logOdds(overseer, labelled, context);
      right.put(WEAK, right(test, logOdds(overseer, test, context)));
    } finally {
      close(overseer);
    }
    zeroShot.ifPresent(model -> right.put(ZERO_SHOT, right(test, logOdds(model, test, context))));

    List<SoftLabel> labels = new ArrayList<>();
    for (int i = 0; i < said.length; i++) {
      labels.add(labelled.get(i).labelled(1 / (1 + Math.exp(-said[i]))));
    }
    students.forEach(
        (name, learner) ->
            right.put(name, tested(train(learner, strong, labels, name, context), test, context)));
    List<SoftLabel> truth = labelled.stream().map(KnownAnswer::truth).toList();
    right.put(CEILING, tested(train(ceiling, strong, truth, CEILING, context), test, context));
    return new Trial(context.seed(), right, right(labelled, said));
  }

  private static Set<String> firstHalf(List<KnownAnswer> training, long seed) {
    List<String> sources =
        new ArrayList<>(training.stream().map(KnownAnswer::source).distinct().toList());
    if (sources.size() < 2) {
      throw new IllegalArgumentException(
          "training answers must be of at least two sources, to be halved, but are all of "
              + sources);
    }
    Collections.shuffle(sources, new Random(CallSeed.part(seed, "halves")));
    return Set.copyOf(sources.subList(0, sources.size() / 2));
  }

  private static List<KnownAnswer> half(
      List<KnownAnswer> training, Predicate<KnownAnswer> belongs) {
    return training.stream().filter(belongs).toList();
  }

  private static void requireApart(List<KnownAnswer> training, List<KnownAnswer> test) {
    if (test.isEmpty()) {
      throw new IllegalArgumentException("test answers must be at least one but there is none");
    }
    Set<String> known = new HashSet<>(training.stream().map(KnownAnswer::source).toList());
    for (KnownAnswer answer : test) {
      if (known.contains(answer.source())) {
        throw new IllegalArgumentException(
            "sources of test answers must not be learnt from but '"
                + answer.source()
                + "' is in both sets");
      }
    }
  }

  private RewardModel train(
      RewardLearner<SoftLabel> learner,
      LanguageModel model,
      List<SoftLabel> examples,
      String arm,
      OversightContext context) {
    Path folder =
        runFolder == null
            ? null
            : runFolder.resolve("seed-" + context.seed()).resolve(arm.replace(' ', '-'));
    return learner.train(
        model,
        examples,
        new TrainingContext(
            CallSeed.part(context.seed(), arm.equals(WEAK) ? WEAK : "strong"),
            folder,
            context.progress(),
            context.cancellation()));
  }

  private static List<Double> tested(
      RewardModel model, List<KnownAnswer> test, OversightContext context) {
    try {
      return right(test, logOdds(model, test, context));
    } finally {
      close(model);
    }
  }

  private static double[] logOdds(
      RewardModel model, List<KnownAnswer> answers, OversightContext context) {
    List<Reward> rewards =
        model.score(answers.stream().map(KnownAnswer::completion).toList(), context.cancellation());
    if (rewards.size() != answers.size()) {
      throw new ModelExecutionException(
          "a reward model must give a reward for each of "
              + answers.size()
              + " answers but gave "
              + rewards.size());
    }
    return rewards.stream().mapToDouble(Reward::value).toArray();
  }

  private static List<Double> right(List<KnownAnswer> answers, double[] logOdds) {
    List<Double> right = new ArrayList<>();
    for (int i = 0; i < logOdds.length; i++) {
      right.add(answers.get(i).right(logOdds[i]));
    }
    return right;
  }

  private static void close(RewardModel model) {
    if (model instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new ModelExecutionException("cannot close a model of the experiment: " + e, e);
      }
    }
  }
}
