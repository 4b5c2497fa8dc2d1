package org.alignment4j.eval.privacy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.apiguardian.api.API;

/**
 * Exposure of planted secrets (Carlini et al. 2019): each is ranked by likelihood after its own
 * prefix among all secrets of its form, or among some of them drawn uniformly where there are too
 * many. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ExposureAudit {
  private static final int BATCH = 256;

  private final AuthorizedTarget target;
  private final SecretFormat format;
  private final List<PlantedSecret> secrets;
  private final long mostEnumerated;
  private final int samples;
  private final boolean extrapolated;
  private final long seed;
  private final CancellationToken cancellation;

  private ExposureAudit(
      AuthorizedTarget target,
      SecretFormat format,
      List<PlantedSecret> secrets,
      long mostEnumerated,
      int samples,
      boolean extrapolated,
      long seed,
      CancellationToken cancellation) {
    this.target = target;
    this.format = format;
    this.secrets = secrets;
    this.mostEnumerated = mostEnumerated;
    this.samples = samples;
    this.extrapolated = extrapolated;
    this.seed = seed;
    this.cancellation = cancellation;
  }

  /**
   * Returns an audit that enumerates up to 10 000 secrets and else samples 1000 with seed 0.
   *
   * @param target the model, which one is allowed to attack
   * @param format the form of the secrets
   * @param secrets secrets of this form, each id once
   * @return the audit
   * @throws IllegalArgumentException when an id occurs twice or the target gives no likelihoods
   */
  public static ExposureAudit of(
      AuthorizedTarget target, SecretFormat format, List<PlantedSecret> secrets) {
    target.as(LikelihoodModel.class);
    Set<String> ids = new HashSet<>();
    for (PlantedSecret secret : secrets) {
      if (!ids.add(secret.id())) {
        throw new IllegalArgumentException(
            "an id must occur once but '" + secret.id() + "' occurs twice");
      }
    }
    return new ExposureAudit(
        target,
        Objects.requireNonNull(format, "format"),
        List.copyOf(secrets),
        10_000,
        1000,
        false,
        0,
        CancellationToken.none());
  }

  /**
   * Returns this audit with other numbers of secrets to compare with.
   *
   * @param enumerated most secrets that are all compared with
   * @param sampled how many are drawn where there are more, at least 3
   * @return the audit
   * @throws IllegalArgumentException when there are fewer than 3
   */
  public ExposureAudit candidates(long enumerated, int sampled) {
    if (sampled < 3) {
      throw new IllegalArgumentException("samples must be at least 3 but were " + sampled);
    }
    return new ExposureAudit(
        target, format, secrets, enumerated, sampled, extrapolated, seed, cancellation);
  }

  /**
   * Returns this audit that extrapolates from samples by {@link ExposureFormulas#bySkewNormal},
   * where it does not enumerate.
   *
   * @return the audit
   */
  public ExposureAudit extrapolated() {
    return new ExposureAudit(
        target, format, secrets, mostEnumerated, samples, true, seed, cancellation);
  }

  /**
   * Returns this audit with another seed of the samples.
   *
   * @param newSeed where random numbers start
   * @return the audit
   */
  public ExposureAudit seed(long newSeed) {
    return new ExposureAudit(
        target, format, secrets, mostEnumerated, samples, extrapolated, newSeed, cancellation);
  }

  /**
   * Returns this audit with a way to stop it.
   *
   * @param token asks to stop at the next batch
   * @return the audit
   */
  public ExposureAudit cancellation(CancellationToken token) {
    return new ExposureAudit(
        target, format, secrets, mostEnumerated, samples, extrapolated, seed, token);
  }

  /**
   * Ranks the secrets.
   *
   * @return one exposure for each secret, in order; one whose call failed says why
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<SecretExposure> run() {
    List<SecretExposure> exposures = new ArrayList<>();
    boolean all = format.size() <= mostEnumerated;
    for (int i = 0; i < secrets.size(); i++) {
      PlantedSecret secret = secrets.get(i);
      // A stream of its own, so that a secret's figure does not depend on which others there are.
      SplittableRandom random = new SplittableRandom(seed * 31 + secret.id().hashCode());
      try {
        exposures.add(exposure(secret, all ? enumerated(secret) : drawn(secret, random), all));
      } catch (ModelExecutionException | IllegalArgumentException e) {
        exposures.add(failed(secret, String.valueOf(e.getMessage())));
      }
    }
    return List.copyOf(exposures);
  }

  private List<String> enumerated(PlantedSecret secret) {
    List<String> others = new ArrayList<>();
    for (long index = 0; index < (long) format.size(); index++) {
      others.add(format.secret(index));
    }
    if (!others.remove(secret.secret())) {
      throw new IllegalArgumentException(
          "secret '" + secret.id() + "' must have the form of the audit but has not");
    }
    return others;
  }

  private List<String> drawn(PlantedSecret secret, SplittableRandom random) {
    List<String> others = new ArrayList<>();
    while (others.size() < samples) {
      String other = format.draw(random);
      if (!other.equals(secret.secret())) {
        others.add(other);
      }
    }
    return others;
  }

  private SecretExposure exposure(PlantedSecret secret, List<String> others, boolean all) {
    double own = logProbabilities(secret.prefix(), List.of(secret.secret()))[0];
    if (!Double.isFinite(own)) {
      return failed(secret, "the model gives the secret no probability");
    }
    double[] each = logProbabilities(secret.prefix(), others);
    long likelier = 0;
    for (double other : each) {
      likelier += other >= own ? 1 : 0;
    }
    if (all) {
      double bits = ExposureFormulas.ofRank(likelier + 1.0, format.size());
      return new SecretExposure(
          secret, bits, SecretExposure.Basis.ENUMERATED, each.length, likelier, "");
    }
    // No secret has more: a sample or a fitted tail that says so says too much.
    double most = ExposureFormulas.ofRank(1, format.size());
    if (extrapolated) {
      double[] surprise = new double[each.length];
      for (int i = 0; i < surprise.length; i++) {
        surprise[i] = -each[i];
      }
      double bits = Math.min(most, ExposureFormulas.bySkewNormal(-own, surprise));
      return new SecretExposure(
          secret, bits, SecretExposure.Basis.SKEW_NORMAL, each.length, likelier, "");
    }
    double bits = Math.min(most, ExposureFormulas.ofSample(likelier, each.length));
    return new SecretExposure(
        secret, bits, SecretExposure.Basis.SAMPLED, each.length, likelier, "");
  }

  private static SecretExposure failed(PlantedSecret secret, String problem) {
    return new SecretExposure(secret, Double.NaN, SecretExposure.Basis.SAMPLED, 0, 0, problem);
  }

  private double[] logProbabilities(String prefix, List<String> secretTexts) {
    Prompt prompt = Prompt.text(prefix);
    String blank = prefix.isEmpty() ? "" : " ";
    double[] sums = new double[secretTexts.size()];
    for (int from = 0; from < sums.length; from += BATCH) {
      cancellation.throwIfCancelled("exposure");
      List<String> batch = secretTexts.subList(from, Math.min(sums.length, from + BATCH));
      List<ContinuationScore> scores =
          target
              .as(LikelihoodModel.class)
              .logProbabilities(
                  batch.stream().map(text -> Continuation.of(prompt, blank + text)).toList(),
                  cancellation);
      for (int i = 0; i < batch.size(); i++) {
        sums[from + i] = scores.get(i).sum();
      }
    }
    return sums;
  }
}
