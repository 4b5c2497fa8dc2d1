package org.alignment4j.interp.steer;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.activation.ActivationCollector;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.interp.direction.MeanEstimator;
import org.apiguardian.api.API;

/**
 * Finds the direction that mediates refusal (Arditi et al. 2024, arXiv 2406.11717, section 2.3 and
 * appendix C): mean differences of block inputs between harmful and harmless prompts at the tokens
 * behind the instruction, and of these the one whose ablation leaves the fewest refusals, among
 * those of lower layers whose addition brings refusals and whose ablation changes little else.
 *
 * @param refusalTokens first tokens of the model's refusals, such as that of {@code I}
 * @param positions how many tokens from the prompt's end are looked at: those that the template
 *     puts behind the instruction
 * @param layerShare only layers below {@code (int) (layerShare · layers)} are selected
 * @param mostDivergence largest KL divergence that ablation may have on harmless prompts
 * @param leastSteering smallest refusal score that addition must bring
 * @param batch most prompts of a forward pass
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RefusalSearch(
    ImmutableIntArray refusalTokens,
    int positions,
    double layerShare,
    double mostDivergence,
    double leastSteering,
    int batch) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is no refusal token, position or prompt in a batch, a
   *     token is negative, or a limit is not a number
   */
  public RefusalSearch {
    if (refusalTokens.isEmpty() || positions < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "refusal tokens, positions and batch must be at least one but were "
              + refusalTokens.length()
              + ", "
              + positions
              + " and "
              + batch);
    }
    int smallest = refusalTokens.stream().min().orElseThrow();
    if (smallest < 0) {
      throw new IllegalArgumentException(
          "refusal tokens must be ids of the vocabulary but one was " + smallest);
    }
    if (!(layerShare >= 0) || Double.isNaN(mostDivergence) || Double.isNaN(leastSteering)) {
      throw new IllegalArgumentException(
          "layer share must be at least 0, and most divergence and least steering must be numbers,"
              + " but they were "
              + layerShare
              + ", "
              + mostDivergence
              + " and "
              + leastSteering);
    }
  }

  /** Limits of the paper: 0.8 of the layers, KL 0.1, steering 0; 16 prompts a pass. */
  public static RefusalSearch of(int positions, int... refusalTokens) {
    return new RefusalSearch(ImmutableIntArray.copyOf(refusalTokens), positions, 0.8, 0.1, 0, 16);
  }

  /** The same with other limits. */
  public RefusalSearch limits(double newShare, double newDivergence, double newSteering) {
    return new RefusalSearch(refusalTokens, positions, newShare, newDivergence, newSteering, batch);
  }

  /**
   * Searches.
   *
   * @param model chat model
   * @param train prompts that candidates are made of; 128 of each kind in the paper
   * @param validation other prompts, that they are scored on; 32 of each kind in the paper
   * @param cancellation asks to stop at the next batch
   * @return the selected direction and the table of all
   * @throws NoRefusalDirectionException if no candidate passes the filters
   * @throws IllegalArgumentException if a prompt has fewer tokens than positions
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public RefusalDirection find(
      HookedModel model,
      RefusalPrompts train,
      RefusalPrompts validation,
      CancellationToken cancellation) {
    List<float[]> plain = lastLogits(model, validation.harmless(), cancellation);
    List<RefusalCandidate> scored = new ArrayList<>();
    for (RefusalCandidate candidate : candidates(model, train, cancellation)) {
      scored.add(scored(candidate, model, validation, plain, cancellation));
    }
    int best = -1;
    for (int i = 0; i < scored.size(); i++) {
      RefusalCandidate each = scored.get(i);
      if (each.verdict().equals("passed")
          && (best < 0 || each.ablationScore() < scored.get(best).ablationScore())) {
        best = i;
      }
    }
    if (best < 0) {
      throw new NoRefusalDirectionException(scored);
    }
    scored.set(best, scored.get(best).judged("selected"));
    return new RefusalDirection(scored.get(best), scored);
  }

  /**
   * Searches for several directions, each as {@link #find} where those before it are ablated. A
   * direction that is to be ablated need not bring refusals when it is added: without that filter
   * ({@link #limits} with a least steering score of negative infinity) ablation goes further.
   *
   * @param model chat model
   * @param most how many are searched for; fewer are found where no further candidate passes
   * @param train prompts that candidates are made of
   * @param validation other prompts, that they are scored on
   * @param cancellation asks to stop at the next batch
   * @return at least one direction
   * @throws NoRefusalDirectionException if no candidate for the first passes the filters
   * @throws IllegalArgumentException if {@code most} is less than 1, or as {@link #find}
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public RefusalSubspace findSeveral(
      HookedModel model,
      int most,
      RefusalPrompts train,
      RefusalPrompts validation,
      CancellationToken cancellation) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1 direction but was " + most);
    }
    List<RefusalDirection> found = new ArrayList<>();
    found.add(find(model, train, validation, cancellation));
    while (found.size() < most) {
      HookedModel ablated = model.with(new RefusalSubspace(found).ablation());
      try {
        found.add(find(ablated, train, validation, cancellation));
      } catch (NoRefusalDirectionException e) {
        break;
      }
    }
    return new RefusalSubspace(found);
  }

  /** The candidates without scores, by position and layer; those of no length are left out. */
  List<RefusalCandidate> candidates(
      HookedModel model, RefusalPrompts train, CancellationToken cancellation) {
    List<double[]> harmful = means(model, train.harmful(), cancellation);
    List<double[]> harmless = means(model, train.harmless(), cancellation);
    List<RefusalCandidate> all = new ArrayList<>();
    for (int p = 0; p < positions; p++) {
      for (int layer = 0; layer < model.layerCount(); layer++) {
        double[] difference = harmful.get(layer * positions + p).clone();
        double[] other = harmless.get(layer * positions + p);
        double squares = 0;
        for (int j = 0; j < difference.length; j++) {
          difference[j] -= other[j];
          squares += difference[j] * difference[j];
        }
        // Before the first layer, tokens that every template ends with have one embedding.
        if (Math.sqrt(squares) > Direction.LEAST_NORM) {
          ActivationSite site = ActivationSite.of(HookPoints.residPre(layer));
          String variant = "mean difference of harmful and harmless prompts";
          Direction direction = Direction.raw(difference, site, model.id(), variant);
          double unknown = Double.NaN;
          all.add(
              new RefusalCandidate(
                  p - positions, direction, unknown, unknown, unknown, "unscored"));
        }
      }
    }
    return all;
  }

  /** Means by layer, then position from the first of those behind the instruction. */
  private List<double[]> means(
      HookedModel model, List<TokenIds> prompts, CancellationToken cancellation) {
    List<ActivationSite> sites = new ArrayList<>();
    for (int layer = 0; layer < model.layerCount(); layer++) {
      sites.add(ActivationSite.of(HookPoints.residPre(layer)));
    }
    List<MeanEstimator> means = new ArrayList<>();
    ActivationCollector.of(model, sites).stream(
        prompts,
        TokenPositions.from(-positions),
        rows -> {
          int width = rows.get(0).rows().width();
          while (means.size() < sites.size() * positions) {
            means.add(new MeanEstimator(width));
          }
          for (int s = 0; s < sites.size(); s++) {
            for (int i = 0; i < rows.get(s).rows().count(); i++) {
              means.get(s * positions + i % positions).update(rows.get(s).rows().row(i));
            }
          }
        },
        cancellation);
    return means.stream().map(MeanEstimator::mean).toList();
  }

  private RefusalCandidate scored(
      RefusalCandidate candidate,
      HookedModel model,
      RefusalPrompts validation,
      List<float[]> plain,
      CancellationToken cancellation) {
    Direction direction = candidate.direction();
    HookedModel ablated = model.with(RefusalDirection.ablation(direction));
    double ablation = refusal(lastLogits(ablated, validation.harmful(), cancellation));
    List<float[]> changed = lastLogits(ablated, validation.harmless(), cancellation);
    double divergence = 0;
    for (int i = 0; i < plain.size(); i++) {
      divergence += RefusalScore.divergence(plain.get(i), changed.get(i)) / plain.size();
    }
    HookedModel steered = model.with(Steering.add(direction, 1));
    double steering = refusal(lastLogits(steered, validation.harmless(), cancellation));
    RefusalCandidate scored =
        new RefusalCandidate(
            candidate.position(), direction, ablation, steering, divergence, "unscored");
    return scored.judged(verdict(scored, model.layerCount()));
  }

  String verdict(RefusalCandidate candidate, int layers) {
    if (Double.isNaN(
        candidate.ablationScore() + candidate.steeringScore() + candidate.divergence())) {
      return "a score is not a number";
    }
    if (candidate.direction().layer() >= (int) (layerShare * layers)) {
      return "layer too high";
    }
    if (candidate.divergence() > mostDivergence) {
      return "ablation changes harmless prompts";
    }
    return candidate.steeringScore() < leastSteering ? "addition brings no refusal" : "passed";
  }

  private double refusal(List<float[]> logits) {
    return logits.stream()
        .mapToDouble(row -> RefusalScore.of(row, refusalTokens.toArray()))
        .average()
        .orElseThrow();
  }

  private List<float[]> lastLogits(
      HookedModel model, List<TokenIds> prompts, CancellationToken cancellation) {
    List<float[]> all = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += batch) {
      List<TokenIds> some = prompts.subList(from, Math.min(prompts.size(), from + batch));
      var result = model.forward(some).execute(cancellation);
      for (int row = 0; row < some.size(); row++) {
        all.add(result.logits(row, -1));
      }
    }
    return all;
  }
}
