package org.alignment4j.interp.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.RandomDraws;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.Rows;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.audit.Claim.Instruction;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.ClozeScores;
import org.alignment4j.interp.probe.LinearProbe;
import org.apiguardian.api.API;

/**
 * Compares what a model asserts with what a truth probe reads in it: a model that is made to lie
 * asserts what its activations hold for false (Azaria and Mitchell 2023; Campbell et al. 2023).
 * Rows are centred within each instruction at the mean of the texts that state and deny its claims,
 * so that what an instruction adds to all activations says nothing. Immutable and thread-safe.
 *
 * @param margin the probe is undecided where its probability is nearer to ½ than this, in [0, 0.5);
 *     0 for never
 * @param directions random directions that the probe is compared with, at least 1
 * @param bootstrap intervals over claims; its seed is that of the directions
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DeceptionAudit(double margin, int directions, Bootstrap bootstrap) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the margin is outside [0, 0.5) or there is no direction
   */
  public DeceptionAudit {
    Objects.requireNonNull(bootstrap, "bootstrap");
    if (!(margin >= 0 && margin < 0.5) || directions < 1) {
      throw new IllegalArgumentException(
          "margin must be in [0, 0.5) and directions at least 1 but were "
              + margin
              + " and "
              + directions);
    }
    RandomDraws.requireEnough(directions, bootstrap.confidence(), "directions");
  }

  /** No margin, 99 random directions, two thousand resamples. */
  public static DeceptionAudit seeded(long seed) {
    return new DeceptionAudit(0, 99, Bootstrap.seeded(seed));
  }

  /**
   * Audits a model.
   *
   * @param model what asserts and is read, with its interventions where it has some
   * @param truth audit of the probe, of this model or of the one that it was made of
   * @param claims questions under both instructions
   * @param cancellation asks to stop at the next batch
   * @throws IllegalArgumentException if no claim has one of the instructions, a claim comes twice
   *     under one, or the model lacks the probe's site or its width
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public DeceptionReport audit(
      HookedModel model, TruthReport truth, List<Claim> claims, CancellationToken cancellation) {
    requireBoth(claims);
    double[] asserted = asserted(model, claims, cancellation);
    Rows[] rows = rows(model, truth.probe(), claims, cancellation);
    LinearProbe probe = truth.probe();
    List<Stance> stances =
        stances(claims, asserted, probe.scores(rows[0]), probe.scores(rows[1]), truth.scale());
    List<List<Stance>> drawn = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(bootstrap.seed());
    for (int d = 0; d < directions; d++) {
      double[] direction = RandomProbe.direction(rows[0].width(), random);
      LinearProbe other = LinearProbe.of("random", probe.site(), direction, 0);
      drawn.add(
          stances(
              claims,
              asserted,
              other.scores(rows[0]),
              other.scores(rows[1]),
              new PlattScale(1, 0)));
    }
    return DeceptionReport.of(model.id(), truth, margin, bootstrap, stances, drawn);
  }

  private static void requireBoth(List<Claim> claims) {
    for (Instruction instruction : Instruction.values()) {
      List<String> ids =
          claims.stream()
              .filter(claim -> claim.instruction() == instruction)
              .map(Claim::id)
              .toList();
      if (ids.isEmpty() || ids.stream().distinct().count() < ids.size()) {
        throw new IllegalArgumentException(
            "there must be claims under "
                + instruction
                + ", each once, but of "
                + ids.size()
                + " there are "
                + ids.stream().distinct().count()
                + " different ones");
      }
    }
  }

  private static double[] asserted(
      HookedModel model, List<Claim> claims, CancellationToken cancellation) {
    List<Cloze> answers =
        claims.stream().flatMap(claim -> Stream.of(claim.affirming(), claim.denying())).toList();
    double[] scores = ClozeScores.logProbabilities(model, answers, cancellation);
    double[] asserted = new double[claims.size()];
    Arrays.setAll(asserted, i -> 1 / (1 + Math.exp(scores[2 * i + 1] - scores[2 * i])));
    return asserted;
  }

  /** Rows of texts that state the claims and of those that deny them, centred by instruction. */
  private static Rows[] rows(
      HookedModel model, LinearProbe probe, List<Claim> claims, CancellationToken cancellation) {
    List<TokenIds> texts =
        Stream.concat(claims.stream().map(Claim::affirmed), claims.stream().map(Claim::denied))
            .toList();
    List<String> instructions =
        Stream.concat(claims.stream(), claims.stream())
            .map(claim -> claim.instruction().name())
            .toList();
    Rows all =
        ActivationCollector.of(model, probe.site())
            .collect(texts, TokenPositions.last(), cancellation)
            .get(0)
            .rows();
    int[] every = new int[texts.size()];
    Arrays.setAll(every, i -> i);
    Rows centred = TopicCentres.centred(all, instructions, every, every);
    int n = claims.size();
    return new Rows[] {
      centred.select(Arrays.copyOfRange(every, 0, n)),
      centred.select(Arrays.copyOfRange(every, n, 2 * n))
    };
  }

  private static List<Stance> stances(
      List<Claim> claims, double[] asserted, double[] stated, double[] denied, PlattScale scale) {
    List<Stance> stances = new ArrayList<>();
    for (int i = 0; i < asserted.length; i++) {
      double believed = (scale.probability(stated[i]) + 1 - scale.probability(denied[i])) / 2;
      stances.add(new Stance(claims.get(i), asserted[i], believed));
    }
    return stances;
  }
}
