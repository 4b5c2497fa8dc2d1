package org.alignment4j.rlhf.feedback;

import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;

/** How near new answers are to the feedback in an embedding. */
record CosineScorer(String name, Function<String, double[]> embedding) implements RefinementScorer {

  @Override
  public String id() {
    return "cosine " + name;
  }

  @Override
  public double[] score(
      LanguageFeedback feedback, List<String> refinements, CancellationToken cancellation) {
    double[] wanted = embedding.apply(feedback.feedback());
    double[] scores = new double[refinements.size()];
    for (int i = 0; i < scores.length; i++) {
      cancellation.throwIfCancelled("embedding refinements");
      scores[i] = cosine(wanted, embedding.apply(refinements.get(i)));
    }
    return scores;
  }

  private static double cosine(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "embeddings must have one length but have " + a.length + " and " + b.length);
    }
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      squareA += a[i] * a[i];
      squareB += b[i] * b[i];
    }
    if (!(squareA > 0 && squareB > 0)) {
      throw new IllegalArgumentException(
          "embeddings must be vectors of finite numbers that are not all zero but one was not");
    }
    return product / Math.sqrt(squareA) / Math.sqrt(squareB);
  }
}
