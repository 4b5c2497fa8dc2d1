package org.alignment4j.oversight.amplify.task;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * Iterated amplification of a table (Christiano et al. 2018, section 2): an overseer answers
 * questions by asking a teacher, the learner learns the answers, and the teacher is the moving
 * average of the learner. Questions that the facts alone answer are always answered by the facts.
 * Harder questions are taught once the teacher agrees with what is taught. Immutable.
 *
 * @param task the questions
 * @param overseer who answers by way of easier questions: the task itself, or one who errs
 * @param settings of the loop
 * @param <Q> the questions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IteratedAmplification<Q>(
    AlgorithmicTask<Q> task, Overseer<Q> overseer, IterationSettings settings) {

  /** Checks that nothing is missing. */
  public IteratedAmplification {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(overseer, "overseer");
    Objects.requireNonNull(settings, "settings");
  }

  /** Returns the loop with the task's own overseer and the default settings. */
  public static <Q> IteratedAmplification<Q> of(AlgorithmicTask<Q> task) {
    return new IteratedAmplification<>(task, task, IterationSettings.DEFAULT);
  }

  /** Returns this loop with another overseer. */
  public IteratedAmplification<Q> withOverseer(Overseer<Q> other) {
    return new IteratedAmplification<>(task, other, settings);
  }

  /** Returns this loop with other settings. */
  public IteratedAmplification<Q> withSettings(IterationSettings other) {
    return new IteratedAmplification<>(task, overseer, other);
  }

  /**
   * Runs the loop.
   *
   * @param source where targets come from
   * @param seed where random numbers start
   * @throws org.alignment4j.api.CancelledException if cancelled
   */
  public IterationReport<Q> run(TargetSource source, long seed, CancellationToken cancellation) {
    Map<Integer, List<Q>> classes = classes();
    SplittableRandom random = new SplittableRandom(seed);
    TableLearner<Q> learner = new TableLearner<>();
    TableLearner<Q> teacher = new TableLearner<>();
    TargetBuffer<Q> buffer = new TargetBuffer<>(settings.buffer());
    Curriculum curriculum = new Curriculum(settings, List.copyOf(classes.keySet()));
    long answered = 0;
    for (int step = 0; step < settings.steps(); step++) {
      cancellation.throwIfCancelled("amplification");
      int agreed = 0;
      for (int i = 0; i < settings.batch(); i++) {
        List<Q> taught = classes.getOrDefault(curriculum.draw(random), List.of());
        Q question = taught.get(random.nextInt(taught.size()));
        OptionalInt target = target(source, question, teacher, random);
        answered += source == TargetSource.AMPLIFIED || source == TargetSource.ONE_LEVEL ? 1 : 0;
        agreed += target.isPresent() && teacher.ask(question).equals(target) ? 1 : 0;
        buffer.add(question, target);
      }
      for (int i = 0; i < settings.batch(); i++) {
        TargetBuffer.Target<Q> drawn = buffer.draw(random);
        learner.learn(drawn.question(), drawn.answer(), settings.rate());
      }
      teacher.follow(learner, settings.decay());
      curriculum.batch(step, (double) agreed / settings.batch());
    }
    return new IterationReport<>(
        accuracy(classes, learner), answered, curriculum.promotions(), learner);
  }

  private Map<Integer, List<Q>> classes() {
    return task.questions().stream()
        .collect(Collectors.groupingBy(task::difficulty, TreeMap::new, Collectors.toList()));
  }

  private OptionalInt target(
      TargetSource source, Q question, TableLearner<Q> teacher, RandomGenerator random) {
    return switch (source) {
      case AMPLIFIED -> overseer.combine(question, asked -> known(asked, teacher), random);
      case SUPERVISED -> OptionalInt.of(task.exact(question));
      case ONE_LEVEL -> overseer.combine(question, task::simple, random);
      case UNAMPLIFIED -> known(question, teacher);
    };
  }

  private OptionalInt known(Q question, TableLearner<Q> teacher) {
    OptionalInt simple = task.simple(question);
    return simple.isPresent() ? simple : teacher.ask(question);
  }

  private Map<Integer, Estimate> accuracy(Map<Integer, List<Q>> classes, Assistant<Q> learner) {
    Map<Integer, Estimate> accuracy = new TreeMap<>();
    classes.forEach(
        (difficulty, questions) -> {
          long right = questions.stream().filter(q -> right(q, learner.ask(q))).count();
          accuracy.put(difficulty, Estimates.proportion(right, questions.size()));
        });
    return accuracy;
  }

  private boolean right(Q question, OptionalInt answer) {
    return answer.isPresent() && task.right(question, answer.getAsInt());
  }

  /**
   * What recursion without a learner answers and costs.
   *
   * @param answer the answer; empty when the depth did not suffice
   * @param overseerAnswers how many questions the overseer answered on the way
   */
  public record Recursion(OptionalInt answer, long overseerAnswers) {}

  /**
   * Answers a question by recursion alone: every subquestion is given to the overseer again, as
   * deep as allowed. Without distillation the cost grows exponentially with the depth.
   *
   * @param depth levels of overseers, at least 1
   */
  public Recursion recurse(Q question, int depth) {
    long[] answered = new long[1];
    return new Recursion(recurse(question, depth, answered), answered[0]);
  }

  private OptionalInt recurse(Q question, int depth, long[] answered) {
    OptionalInt simple = task.simple(question);
    if (simple.isPresent() || depth == 0) {
      return simple;
    }
    answered[0]++;
    return overseer.combine(question, asked -> recurse(asked, depth - 1, answered));
  }
}
