package org.alignment4j.interp.steer;

import java.util.List;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.interp.direction.Direction;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Several directions that refusal goes along, each found where those before it are ablated, and
 * orthogonal to them. Small models refuse along more than one (compare the cones of Wollschläger et
 * al. 2025, arXiv 2502.17420; the deflation is that of iterative nullspace projection, Ravfogel et
 * al. 2020, section 3).
 *
 * @param found in order, at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RefusalSubspace(List<RefusalDirection> found) {

  /**
   * Copies.
   *
   * @throws IllegalArgumentException if there is no direction
   */
  public RefusalSubspace {
    found = List.copyOf(found);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "a subspace must have at least one direction but had none");
    }
  }

  /** The raw directions, each at the input of its block. */
  public List<Direction> directions() {
    return found.stream().map(RefusalDirection::direction).toList();
  }

  /** Removes all directions from everything that is written to the residual stream. */
  public List<Intervention<?>> ablation() {
    return directions().stream()
        .<Intervention<?>>flatMap(direction -> RefusalDirection.ablation(direction).stream())
        .toList();
  }

  /**
   * The model with {@link OrthogonalWeights#without weights that cannot write any of the
   * directions}.
   *
   * @return a new model, to be closed; it can be saved
   */
  public DecoderModel orthogonalised(DecoderModel model) {
    DecoderModel present = found.get(0).orthogonalised(model);
    for (RefusalDirection next : found.subList(1, found.size())) {
      try (DecoderModel before = present) {
        present = next.orthogonalised(before);
      }
    }
    return present;
  }
}
