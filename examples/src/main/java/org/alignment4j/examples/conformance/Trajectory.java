package org.alignment4j.examples.conformance;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.AdamW;
import org.alignment4j.runtime.train.AdamWConfig;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.MicroBatch;
import org.alignment4j.runtime.train.TrainingStep;

/**
 * Optimiser steps on one batch.
 *
 * @param model where training starts
 * @param batch the batch of every step
 * @param fixture the training file
 * @param key the trajectory in it; its name says how gradients are clipped and what decays
 */
record Trajectory(DecoderModel model, MicroBatch batch, Fixture fixture, String key) {

  private static final Pattern NAME =
      Pattern.compile("traj_(noclip|clip([0-9.]+))_wd_(all_params|matrices)");
  private static final String NUMBER = "([0-9.]+(?:e-?[0-9]+)?)";
  private static final Pattern SETTINGS =
      Pattern.compile("betas " + NUMBER + "/" + NUMBER + " eps " + NUMBER + " wd " + NUMBER);

  /**
   * Weights after the steps. Adam divides by the gradient's own magnitude, so that where gradients
   * are small their rounding moves weights by a visible part of a step of 1e-3.
   */
  private static final Tolerance WEIGHTS = new Tolerance(1e-4, 1e-4);

  void compare(Check check) {
    Matcher name = NAME.matcher(key);
    Matcher settings = SETTINGS.matcher(fixture.get("adamw_config").text());
    if (!name.matches()) {
      throw new SkippedCaseException("the name '" + key + "' is none of a known trajectory");
    }
    if (!settings.find()) {
      throw new SkippedCaseException("adamw_config is of an unknown form");
    }
    double maxNorm =
        name.group(2) == null ? Double.POSITIVE_INFINITY : Double.parseDouble(name.group(2));
    AdamWConfig config =
        new AdamWConfig(
            Double.parseDouble(settings.group(1)),
            Double.parseDouble(settings.group(2)),
            Double.parseDouble(settings.group(3)),
            Double.parseDouble(settings.group(4)),
            name.group(3).equals("matrices")
                ? AdamWConfig.Decayed.MATRICES
                : AdamWConfig.Decayed.ALL);
    run(check, fixture.get(key), config, maxNorm);
  }

  private void run(Check check, Fixture expected, AdamWConfig config, double maxNorm) {
    double[] rates = expected.get("lr").numbers();
    double[] losses = new double[rates.length];
    double[] norms = new double[rates.length];
    try (TrainingStep step = TrainCases.step(model)) {
      AdamW optimizer = new AdamW(config, step.parameters(), Runnable::run, 1);
      for (int i = 0; i < rates.length; i++) {
        losses[i] = step.run(List.of(batch)).loss();
        norms[i] = optimizer.update(step.gradients(), 1, rates[i], maxNorm).gradientNorm();
      }
      check.close("loss", losses, expected.get("loss").numbers(), Tolerance.TRAINING);
      check.close("grad_norm", norms, expected.get("grad_norm").numbers(), Tolerance.TRAINING);
      check.close(
          "loss_after",
          step.run(List.of(batch)).loss(),
          expected.get("loss_after").number(),
          Tolerance.TRAINING);
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
