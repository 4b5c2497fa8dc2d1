package org.alignment4j.runtime;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.BlockFormat;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.BlockQuantiser;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * Which weights of a frozen model are kept in few bits, and how. The formula is {@link
 * BlockFormat}'s: blocks along a linear map's input, symmetric, rounded to nearest. With blocks of
 * 32, 4 bits take 0.625 bytes a weight and 8 bits 1.125 instead of 4; a model that generates keeps
 * the levels twice, once in the order of the kernel.
 *
 * <p>Biases, gains of norms, learned positions, routers of experts and the heads of sequence
 * classifiers always stay in float32.
 *
 * @param format bits, blocks and activations
 * @param scope which weights
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Quantisation(BlockFormat format, Scope scope) {

  /** Which weights are quantised. */
  public enum Scope {
    /** The linear maps of the blocks; token embeddings and output head stay in float32. */
    BLOCKS,
    /**
     * Also the token embeddings, the output head and the maps beside them. A head tied to the
     * embeddings is the same quantised table.
     */
    BLOCKS_AND_EMBEDDINGS
  }

  /**
   * 8 bits in the linear maps of the blocks, activations in float32.
   *
   * @param blockSize weights that share a scale: 32, 64 or 128
   * @throws IllegalArgumentException if it is another
   */
  public static Quantisation int8(int blockSize) {
    return new Quantisation(new BlockFormat(8, blockSize, Activations.FLOAT32), Scope.BLOCKS);
  }

  /**
   * 4 bits in the linear maps of the blocks, activations in float32.
   *
   * @param blockSize weights that share a scale: 32, 64 or 128
   * @throws IllegalArgumentException if it is another
   */
  public static Quantisation int4(int blockSize) {
    return new Quantisation(new BlockFormat(4, blockSize, Activations.FLOAT32), Scope.BLOCKS);
  }

  /** This quantisation with activations in another form. */
  public Quantisation activations(Activations activations) {
    return new Quantisation(new BlockFormat(format.bits(), format.blockSize(), activations), scope);
  }

  /** This quantisation of other weights. */
  public Quantisation scope(Scope newScope) {
    return new Quantisation(format, newScope);
  }

  /** How this quantisation keeps the parameters of an architecture. */
  Function<WeightTensor, StoredTensor> of(Architecture architecture) {
    Map<String, Parameter> included = new HashMap<>();
    for (Parameter p : architecture.parameters()) {
      if (includes(p)) {
        included.put(p.name(), p);
      }
    }
    return tensor -> {
      Parameter p = included.get(tensor.name());
      // One of another shape is refused with the others, once all are known.
      return p == null || !Arrays.equals(p.shape(), tensor.shape())
          ? tensor
          : quantised(architecture, p, tensor);
    };
  }

  /** All weights as this quantisation keeps them. */
  Weights of(Architecture architecture, Weights floats) {
    return Weights.of(floats.tensors().stream().map(of(architecture)).toList());
  }

  private StoredTensor quantised(Architecture architecture, Parameter p, WeightTensor tensor) {
    boolean inOut =
        p.role() == Parameter.Role.LINEAR_WEIGHT
            && architecture.config().linear() == LinearLayout.IN_OUT;
    return BlockQuantiser.quantise(tensor, inOut, format);
  }

  private boolean includes(Parameter p) {
    return switch (p.role()) {
      case LINEAR_WEIGHT -> p.part() != Part.ROUTER;
      case TOKEN_EMBEDDING, PROJECTION -> scope == Scope.BLOCKS_AND_EMBEDDINGS;
      case HEAD -> scope == Scope.BLOCKS_AND_EMBEDDINGS && !p.name().equals(SequenceScores.WEIGHT);
      default -> false;
    };
  }
}
