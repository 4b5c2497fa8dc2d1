package org.alignment4j.runtime.hook;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.hook.Axis;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;

/** The hook points that a model has, and the sizes of their arrays. Immutable. */
public final class HookCatalog {

  private final DecoderConfig config;
  private final List<HookPoint<?>> points;

  /** The hook points of a model. */
  public HookCatalog(DecoderConfig config) {
    this.config = config;
    List<HookPoint<?>> all = new ArrayList<>();
    List<HookKind> kinds = List.of(HookKind.values());
    addModelPoints(all, kinds.subList(0, HookKind.RESID_PRE.ordinal()));
    for (int layer = 0; layer < config.layers(); layer++) {
      for (HookKind kind : kinds) {
        if (kind.perLayer() && absence(kind).isEmpty()) {
          all.add(kind.point(layer));
        }
      }
    }
    addModelPoints(all, kinds.subList(HookKind.RESID_POST.ordinal() + 1, kinds.size()));
    points = List.copyOf(all);
  }

  private void addModelPoints(List<HookPoint<?>> all, List<HookKind> kinds) {
    for (HookKind kind : kinds) {
      if (absence(kind).isEmpty()) {
        all.add(kind.point(0));
      }
    }
  }

  /** The points, in the order of the forward pass. */
  public List<HookPoint<?>> points() {
    return points;
  }

  /** Number of layers. */
  public int layers() {
    return config.layers();
  }

  /** Place of a point in the order of the forward pass. */
  int order(HookPoint<?> point) {
    return points.indexOf(point);
  }

  /**
   * The points of a set.
   *
   * @throws IllegalArgumentException when the model lacks one
   */
  List<HookPoint<?>> require(HookPointSet<?> set) {
    List<HookPoint<?>> resolved = new ArrayList<>(set.points(config.layers()));
    resolved.forEach(this::require);
    return resolved;
  }

  /**
   * The points of a set that the model has; a set of all layers may have none.
   *
   * @throws IllegalArgumentException when the model lacks a point of certain layers
   */
  List<HookPoint<?>> present(HookPointSet<?> set) {
    if (!set.ofAllLayers()) {
      return require(set);
    }
    return set.points(config.layers()).stream()
        .filter(points::contains)
        .<HookPoint<?>>map(p -> p)
        .toList();
  }

  /**
   * The points of several sets that the model has, each once, in the order of the forward pass.
   *
   * @throws IllegalArgumentException when the model lacks a point of certain layers
   */
  List<HookPoint<?>> ordered(List<? extends HookPointSet<?>> sets) {
    Set<HookPoint<?>> named = new HashSet<>();
    sets.forEach(set -> named.addAll(present(set)));
    return points.stream().filter(named::contains).toList();
  }

  private void require(HookPoint<?> point) {
    Optional<String> reason = absence(point.kind());
    if (reason.isPresent()) {
      throw new IllegalArgumentException(
          "hook point must be one of the model's but a "
              + config.modelType()
              + " model has no "
              + point
              + ", because "
              + reason.get()
              + "; it has "
              + neighbours(point));
    }
    if (point.kind().perLayer() && point.layer() >= config.layers()) {
      throw new IllegalArgumentException(
          "layer of a hook point must be less than the model's "
              + config.layers()
              + " layers but was "
              + point);
    }
  }

  private String neighbours(HookPoint<?> point) {
    int ordinal = point.kind().ordinal();
    return points.stream()
        .filter(p -> p.layer() == point.layer() || !p.kind().perLayer())
        .sorted(java.util.Comparator.comparingInt(p -> Math.abs(p.kind().ordinal() - ordinal)))
        .limit(3)
        .map(HookPoint::name)
        .collect(Collectors.joining(", "));
  }

  private Optional<String> absence(HookKind kind) {
    return switch (kind) {
      case POS_EMBED ->
          config.positions() instanceof LearnedPositions
              ? Optional.empty()
              : Optional.of("its positions are " + positions() + ", not embedded");
      case ROT_Q, ROT_K ->
          config.positions() instanceof RotaryPositions
              ? Optional.empty()
              : Optional.of("its positions are " + positions() + ", not rotary");
      case ATTN_IN ->
          config.groups() == 1
              ? Optional.empty()
              : Optional.of(
                  config.heads()
                      + " heads share "
                      + config.kvHeads()
                      + " key and value heads, which then have no input per head");
      case RESID_MID ->
          config.parallelResidual()
              ? Optional.of("attention and MLP read the same residual stream")
              : Optional.empty();
      case MLP_PRE, MLP_POST -> oneMlp();
      case LN1_SCALE, LN1_NORMALIZED -> blockNorm();
      case LN2_SCALE, LN2_NORMALIZED ->
          config.variations().normPlacement() == NormPlacement.SHARED
              ? Optional.of("attention and MLP share one norm")
              : blockNorm();
      case LN_FINAL_SCALE, LN_FINAL_NORMALIZED ->
          config.options().finalNorm()
              ? Optional.empty()
              : Optional.of("it has no norm after the last layer");
      case MLP_PRE_LINEAR ->
          config.variations().experts() != null
              ? oneMlp()
              : config.gatedMlp() ? Optional.empty() : Optional.of("its MLP has no gate");
      case MLP_MID -> Optional.of("its MLP has no norm inside");
      default -> Optional.empty();
    };
  }

  private Optional<String> blockNorm() {
    return config.variations().attentionNorm()
        ? Optional.empty()
        : Optional.of("it normalises what attention and MLP add, not what they read");
  }

  private Optional<String> oneMlp() {
    return config.variations().experts() == null
        ? Optional.empty()
        : Optional.of("its blocks have several MLPs, among which each token chooses");
  }

  private String positions() {
    if (config.positions() instanceof RotaryPositions) {
      return "rotary";
    }
    return config.positions() instanceof LearnedPositions
        ? "embedded"
        : "linear biases of the scores";
  }

  /**
   * Size of an axis that is the same in every run.
   *
   * @throws IllegalArgumentException for batch, positions, queries and keys
   */
  int size(HookKind kind, Axis axis) {
    return switch (axis) {
      case HEAD -> config.heads();
      case KEY_VALUE_HEAD -> config.kvHeads();
      case COMPONENT ->
          switch (kind) {
            case Q, K, V, ROT_Q, ROT_K, Z -> config.headDim();
            default -> config.hiddenSize();
          };
      case NEURON -> config.intermediateSize();
      case TOKEN -> config.vocabSize();
      case UNIT -> 1;
      case BATCH, POSITION, QUERY, KEY ->
          throw new IllegalArgumentException("the " + axis.label() + " axis differs between runs");
    };
  }

  /** Whether an axis has the same size in every run. */
  static boolean fixed(Axis axis) {
    return switch (axis) {
      case BATCH, POSITION, QUERY, KEY -> false;
      default -> true;
    };
  }
}
