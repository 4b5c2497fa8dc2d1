package org.alignment4j.interp.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.RandomDraws;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationRows;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.probe.LinearProbe;
import org.alignment4j.interp.probe.ProbeMethod;
import org.apiguardian.api.API;

/**
 * Looks for a direction that tells true statements from false ones (Marks and Tegmark 2023; Azaria
 * and Mitchell 2023), and how far it can be trusted. Statements are divided by group into those
 * that probes are fitted on, those that the site is chosen on and those that figures are of; rows
 * are centred by topic; beside the probe stand probes of shuffled labels and random directions; and
 * for each topic a probe that was fitted, and its site chosen, on the other topics. Immutable and
 * thread-safe.
 *
 * @param method how probes are made
 * @param sites where probes are tried
 * @param shuffles fits with shuffled labels, at least 1
 * @param directions random directions, at least 1
 * @param bootstrap intervals over groups of statements; its seed is that of all draws
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TruthAudit(
    ProbeMethod method,
    List<ActivationSite> sites,
    int shuffles,
    int directions,
    Bootstrap bootstrap) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no site, shuffle or direction, or too few of one
   *     for the bootstrap's confidence
   */
  public TruthAudit {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(bootstrap, "bootstrap");
    sites = List.copyOf(sites);
    if (sites.isEmpty() || shuffles < 1 || directions < 1) {
      throw new IllegalArgumentException(
          "sites, shuffles and directions must be at least one but were "
              + sites.size()
              + ", "
              + shuffles
              + " and "
              + directions);
    }
    RandomDraws.requireEnough(shuffles, bootstrap.confidence(), "shuffles");
    RandomDraws.requireEnough(directions, bootstrap.confidence(), "directions");
  }

  /** The stream after every layer; 19 shuffles, 99 random directions, two thousand resamples. */
  public static TruthAudit of(HookedModel model, ProbeMethod method, long seed) {
    List<ActivationSite> sites = new ArrayList<>();
    for (int layer = 0; layer < model.layerCount(); layer++) {
      sites.add(ActivationSite.of(HookPoints.residPost(layer)));
    }
    return new TruthAudit(method, sites, 19, 99, Bootstrap.seeded(seed));
  }

  /**
   * Audits a model.
   *
   * @param model the model
   * @param statements true and false ones of each topic
   * @param cancellation asks to stop at the next batch or step of a fit
   * @throws IllegalArgumentException if a topic has fewer than {@value TopicSplit#LEAST_GROUPS}
   *     groups, or a part of its statements is all true or all false
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public TruthReport audit(
      HookedModel model, List<TruthStatement> statements, CancellationToken cancellation) {
    TruthData data = TruthData.of(statements);
    List<ActivationRows> rows =
        ActivationCollector.of(model, sites)
            .collect(data.tokens(), TokenPositions.last(), cancellation);
    TopicSplit split = TopicSplit.of(data, new TreeSet<>(data.topics()), bootstrap.seed());
    List<SiteProbe> probes = probes(rows, data, split, cancellation);
    List<SiteAccuracy> accuracies = new ArrayList<>();
    for (SiteProbe probe : probes) {
      accuracies.add(
          new SiteAccuracy(
              probe.site(),
              probe.accuracy(split.validation(), bootstrap.confidence()),
              probe.area(split.validation(), bootstrap)));
    }
    SiteProbe chosen = best(probes, split);
    Estimate accuracy = chosen.accuracy(split.test(), bootstrap.confidence());
    Estimate area = chosen.area(split.test(), bootstrap);
    SplittableRandom labels = new SplittableRandom(bootstrap.seed());
    SplittableRandom directions = labels.split();
    return new TruthReport(
        model.id(),
        method.label(),
        data.size(),
        accuracies,
        chosen.probe(),
        PlattScale.fit(
            chosen.scores(split.validation()), data.labels(split.validation()), cancellation),
        accuracy,
        area,
        chosen.pairs(split.test(), bootstrap.confidence()),
        data.majority(split.train(), split.test()),
        NullDraws.of(shuffled(chosen, split, labels, cancellation), accuracy.value()),
        NullDraws.of(randomDirections(chosen, split, directions), accuracy.value()),
        transfers(rows, data, cancellation));
  }

  private List<SiteProbe> probes(
      List<ActivationRows> rows, TruthData data, TopicSplit split, CancellationToken cancellation) {
    List<SiteProbe> probes = new ArrayList<>();
    for (ActivationRows each : rows) {
      probes.add(SiteProbe.fit(method, each, data, split.train(), cancellation));
    }
    return probes;
  }

  /** The first of those with the greatest area on the statements for choosing. */
  private static SiteProbe best(List<SiteProbe> probes, TopicSplit split) {
    SiteProbe best = probes.get(0);
    double greatest = Double.NEGATIVE_INFINITY;
    for (SiteProbe probe : probes) {
      double area = probe.plainArea(split.validation());
      if (area > greatest) {
        greatest = area;
        best = probe;
      }
    }
    return best;
  }

  /** Accuracies of probes fitted and tested on labels that say nothing. */
  private double[] shuffled(
      SiteProbe chosen, TopicSplit split, SplittableRandom random, CancellationToken cancellation) {
    double[] accuracies = new double[shuffles];
    for (int s = 0; s < shuffles; s++) {
      TruthData drawn = chosen.data().shuffled(random);
      SiteProbe probe = chosen.refitted(method, drawn, split.train(), cancellation);
      accuracies[s] = probe.plainAccuracy(split.test());
    }
    return accuracies;
  }

  /** Accuracies of random directions, side and boundary set on the statements for fitting. */
  private double[] randomDirections(SiteProbe chosen, TopicSplit split, SplittableRandom random) {
    double[] accuracies = new double[directions];
    for (int d = 0; d < directions; d++) {
      LinearProbe drawn = RandomProbe.draw(chosen, split.train(), random);
      accuracies[d] = chosen.with(drawn).plainAccuracy(split.test());
    }
    return accuracies;
  }

  private List<TopicTransfer> transfers(
      List<ActivationRows> rows, TruthData data, CancellationToken cancellation) {
    Map<String, int[]> byTopic = new LinkedHashMap<>();
    TreeSet<String> topics = new TreeSet<>(data.topics());
    topics.forEach(topic -> byTopic.put(topic, data.of(topic)));
    List<TopicTransfer> transfers = new ArrayList<>();
    byTopic.forEach(
        (topic, held) -> {
          TreeSet<String> others = new TreeSet<>(topics);
          others.remove(topic);
          if (!others.isEmpty()) {
            TopicSplit split = TopicSplit.of(data, others, bootstrap.seed());
            SiteProbe chosen = best(probes(rows, data, split, cancellation), split);
            SiteProbe moved = chosen.centredBy(held);
            transfers.add(
                new TopicTransfer(
                    topic,
                    chosen.site(),
                    moved.accuracy(held, bootstrap.confidence()),
                    moved.area(held, bootstrap)));
          }
        });
    return transfers;
  }
}
