package org.alignment4j.examples.conformance;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.Optimizer;
import org.alignment4j.runtime.train.OptimizerConfig;
import org.alignment4j.runtime.train.OptimizerConfig.Decayed;
import org.alignment4j.runtime.train.TrainingStep;

/**
 * Optimiser steps on one batch.
 *
 * @param model where training starts
 * @param batch the batch of every step
 * @param fixture the training file
 * @param key the trajectory in it; its name says which optimiser other than AdamW makes the steps,
 *     how gradients are clipped and what decays
 */
record Trajectory(DecoderModel model, MicroBatch batch, Fixture fixture, String key) {

  private static final Pattern NAME =
      Pattern.compile(
          "traj_(?:(\\w+?)_)?(noclip|clip([0-9.]+))(?:_(nowd|wd_all_params|wd_matrices))?(?:_(.+))?");

  /**
   * Weights after the steps. Adam divides by the gradient's own magnitude, so that where gradients
   * are small their rounding moves weights by a visible part of a step of 1e-3.
   */
  private static final Tolerance WEIGHTS = new Tolerance(1e-4, 1e-4);

  void compare(Check check) {
    Matcher name = NAME.matcher(key);
    if (!name.matches() || (name.group(1) != null && name.group(5) != null)) {
      throw new SkippedCaseException("the name '" + key + "' is none of a known trajectory");
    }
    String named = name.group(1) == null ? name.group(5) : name.group(1);
    String optimizer = named == null ? "adamw" : named;
    if (!OptimizerSettings.OPTIMIZERS.contains(optimizer)) {
      throw new SkippedCaseException("there is no optimiser '" + optimizer + "'");
    }
    double maxNorm =
        name.group(3) == null ? Double.POSITIVE_INFINITY : Double.parseDouble(name.group(3));
    boolean matrices = "wd_matrices".equals(name.group(4));
    OptimizerConfig config =
        OptimizerSettings.read(
            optimizer, settings(optimizer), matrices ? Decayed.MATRICES : Decayed.ALL);
    run(check, fixture.get(key), config, maxNorm);
  }

  /** The settings of this trajectory, or those of all of its optimiser. */
  private Fixture settings(String optimizer) {
    String name = optimizer + "_config";
    return fixture.get(key).has(name) ? fixture.get(key).get(name) : fixture.get(name);
  }

  private void run(Check check, Fixture expected, OptimizerConfig config, double maxNorm) {
    double[] losses = new double[expected.get("loss").elements().size()];
    double[] rates = new double[losses.length];
    if (OptimizerSettings.decidesRate(config)) {
      Arrays.fill(rates, 1);
    } else {
      rates = expected.get("lr").numbers();
      check.equal("number of rates", rates.length, losses.length);
    }
    double[] norms = new double[losses.length];
    try (TrainingStep step = TrainCases.step(model)) {
      Optimizer optimizer = config.create(step.parameters(), Runnable::run, 1);
      for (int i = 0; i < Math.min(rates.length, losses.length); i++) {
        losses[i] = step.run(List.of(batch)).loss();
        norms[i] = optimizer.update(step.gradients(), 1, rates[i], maxNorm).gradientNorm();
      }
      check.close("loss", losses, expected.get("loss").numbers(), Tolerance.TRAINING);
      check.close("grad_norm", norms, expected.get("grad_norm").numbers(), Tolerance.TRAINING);
      if (expected.has("loss_after")) {
        double after = step.run(List.of(batch)).loss();
        check.close("loss_after", after, expected.get("loss_after").number(), Tolerance.TRAINING);
      }
      compareWeights(check, step.parameters(), expected.get("weights_after"));
    }
  }

  private static void compareWeights(Check check, FlatParameters found, Fixture expected) {
    for (Iterator<String> names = expected.node().fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (isKeyBias(name)) {
        continue;
      }
      Fixture reference = new Fixture(expected.node().get(name), "weights_after/" + name);
      double[] values = ReferenceTensors.doubles(found.slice(name));
      double[] first = reference.get("first5").numbers();
      check.close(name + " first5", Arrays.copyOf(values, first.length), first, WEIGHTS);
      if (!holdsKeyBias(name)) {
        check.close(name + " l2", TrainCases.l2(values), reference.get("l2").number(), WEIGHTS);
      }
    }
  }

  /**
   * The gradient of the key bias is zero, since the softmax ignores what all keys share; Adam makes
   * whole steps of its rounding noise.
   */
  private static boolean isKeyBias(String name) {
    return name.endsWith("k_proj.bias");
  }

  /** Fused biases hold the query's first, and the key's somewhere. */
  private static boolean holdsKeyBias(String name) {
    return name.endsWith("c_attn.bias") || name.endsWith("query_key_value.bias");
  }
}
