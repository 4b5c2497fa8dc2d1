package org.alignment4j.examples.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingStep;

/** The cases of one model's training file. */
final class TrainCases {

  private final String kind;
  private final String group;
  private final Fixture fixture;
  private final Path gradients;
  private final DecoderModel model;
  private final CaseRunner runner;

  TrainCases(
      String kind,
      String group,
      Fixture fixture,
      Path gradients,
      DecoderModel model,
      CaseRunner runner) {
    this.kind = kind;
    this.group = group;
    this.fixture = fixture;
    this.gradients = gradients;
    this.model = model;
    this.runner = runner;
  }

  /** A training step of the model's every weight. */
  static TrainingStep step(DecoderModel model) {
    return new TrainingStep(
        model.engine(), Trainable.all(model.weights()), new MeanCrossEntropy(), Runnable::run, 1);
  }

  void run() {
    MicroBatch batch = TrainBatch.read(fixture);
    try (TrainingStep step = step(model)) {
      double loss = step.run(List.of(batch)).loss();
      FlatParameters found = step.gradients();
      for (String key : List.of("loss", "loss_f64")) {
        runner.run(
            kind,
            group,
            key,
            check -> check.close(key, loss, fixture.get(key).number(), Tolerance.TRAINING));
      }
      runner.run(kind, group, "gradients", check -> compareGradients(check, found));
      runner.run(kind, group, "grad", check -> compareStatistics(check, found));
      runner.run(kind, group, "grad_total_norm", check -> compareNorm(check, found));
    }
    for (Iterator<String> keys = fixture.node().fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (key.startsWith("traj")) {
        Trajectory trajectory = new Trajectory(model, batch, fixture, key);
        runner.run(kind, group, key, trajectory::compare);
      }
    }
  }

  private void compareGradients(Check check, FlatParameters found) {
    if (!Files.isRegularFile(gradients)) {
      throw new SkippedCaseException("there is no " + gradients.getFileName());
    }
    try (SafetensorsFile file = SafetensorsFile.open(gradients)) {
      check.equal("trained parameters", model.weights().names(), file.tensors().keySet());
      for (String name : file.tensors().keySet()) {
        double[] actual = ReferenceTensors.doubles(found.slice(name));
        check.close(name, actual, ReferenceTensors.read(file, name), Tolerance.GRADIENTS);
      }
    }
  }

  private void compareStatistics(Check check, FlatParameters found) {
    Fixture statistics = fixture.get("grad");
    for (Iterator<String> names = statistics.node().fieldNames(); names.hasNext(); ) {
      String name = names.next();
      double[] actual = ReferenceTensors.doubles(found.slice(name));
      Fixture expected = new Fixture(statistics.node().get(name), "grad/" + name);
      check.close(name + " l2", l2(actual), expected.get("l2").number(), Tolerance.GRADIENTS);
      double sum = Arrays.stream(actual).sum();
      check.close(name + " sum", sum, expected.get("sum").number(), ofSum(actual.length));
      double[] first = expected.get("first5").numbers();
      check.close(
          name + " first5", Arrays.copyOf(actual, first.length), first, Tolerance.GRADIENTS);
    }
  }

  /** Roundings far below the tolerance of one gradient add up as a random walk. */
  private static Tolerance ofSum(int count) {
    Tolerance one = Tolerance.GRADIENTS;
    return new Tolerance(one.absolute() * (1 + Math.sqrt(count) / 10), one.relative());
  }

  private void compareNorm(Check check, FlatParameters found) {
    double squares = 0;
    for (String name : model.weights().names()) {
      double norm = l2(ReferenceTensors.doubles(found.slice(name)));
      squares += norm * norm;
    }
    double expected = fixture.get("grad_total_norm").number();
    check.close("grad_total_norm", Math.sqrt(squares), expected, Tolerance.TRAINING);
  }

  static double l2(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
