package org.alignment4j.runtime.architecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.StoredTensor;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * A decoder's configuration together with the names of its parameters and its head.
 *
 * @param config sizes and arrangement
 * @param names parameter names
 * @param head what its outputs are
 * @param storage in which form graphs read the parameters
 */
public record Architecture(
    DecoderConfig config, ParameterNames names, OutputHead head, WeightStorage storage) {

  /** Parameters in float32. */
  public Architecture(DecoderConfig config, ParameterNames names, OutputHead head) {
    this(config, names, head, WeightStorage.floats());
  }

  /** A language model. */
  public Architecture(DecoderConfig config, ParameterNames names) {
    this(config, names, new OutputHead.NextToken());
  }

  /** The same model, its graphs reading parameters in another form. */
  public Architecture stored(WeightStorage newStorage) {
    return new Architecture(config, names, head, newStorage);
  }

  /**
   * The parameters below the head, renamed as this architecture names them.
   *
   * @param weights of {@code other}
   * @param other an architecture whose decoder has the same sizes, under names of its own
   * @throws IllegalArgumentException if the sizes differ
   */
  public Weights decoderOf(Weights weights, Architecture other) {
    List<StoredTensor> renamed = new ArrayList<>();
    decoderNames(other).forEach((theirs, own) -> renamed.add(weights.stored(theirs).renamed(own)));
    return Weights.of(renamed);
  }

  /**
   * What this architecture calls the parameters below the head of another.
   *
   * @param other an architecture whose decoder has the same sizes, under names of its own
   * @return names here by names there, in order
   * @throws IllegalArgumentException if the sizes differ
   */
  public Map<String, String> decoderNames(Architecture other) {
    List<Parameter> own = belowHead();
    List<Parameter> theirs = other.belowHead();
    if (!shapes(own).equals(shapes(theirs))) {
      throw new IllegalArgumentException(
          "other must have the same decoder but has " + other.config);
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < own.size(); i++) {
      names.put(theirs.get(i).name(), own.get(i).name());
    }
    return names;
  }

  private static List<List<Long>> shapes(List<Parameter> parameters) {
    return parameters.stream().map(p -> Arrays.stream(p.shape()).boxed().toList()).toList();
  }

  private List<Parameter> belowHead() {
    return parameters().stream()
        .filter(p -> p.role() != Parameter.Role.HEAD && p.role() != Parameter.Role.HEAD_BIAS)
        .toList();
  }

  /**
   * The architecture of a configuration, its parameters named as its family's checkpoints name
   * them.
   *
   * @throws CheckpointException if no family of {@code config.modelType()} is known
   */
  public static Architecture of(DecoderConfig config) {
    return new Architecture(config, DecoderFamilies.of(config.modelType()).names(config, Set.of()));
  }

  /** Buffers that older checkpoints carry and no computation reads. */
  private static final Pattern BUFFER =
      Pattern.compile(
          "(.*\\.)?(attn|attention)\\.(bias|masked_bias)|(.*\\.)?rotary_emb\\.inv_freq"
              + "|(.*\\.)?decoder\\.version");

  private static final int SHOWN = 5;

  /** More parameters than are named when they are missing, fewer than fill the memory. */
  private static final int MANY_MISSING = 10_000;

  /** Every parameter in the order of computation; a tied head is not listed again. */
  public List<Parameter> parameters() {
    return ParameterList.of(this);
  }

  /**
   * The model's parameters out of a checkpoint's tensors, in the order of {@link #parameters()}.
   * Buffers of older checkpoints are dropped, and so is a tied head that repeats the embedding.
   *
   * @throws CheckpointException if a parameter is missing, has another shape, or a tensor is not
   *     one of the architecture's
   */
  public Weights adopt(Weights checkpoint) {
    List<Parameter> parameters = ParameterList.of(this, MANY_MISSING + checkpoint.names().size());
    refuseMissing(parameters, checkpoint);
    refuseShapes(parameters, checkpoint);
    refuseUnknown(parameters, checkpoint);
    return checkpoint.select(parameters.stream().map(Parameter::name).toList());
  }

  private void refuseMissing(List<Parameter> parameters, Weights checkpoint) {
    List<String> missing =
        parameters.stream().map(Parameter::name).filter(n -> !checkpoint.contains(n)).toList();
    if (missing.isEmpty()) {
      return;
    }
    String remedy =
        head instanceof OutputHead.NextToken && missing.equals(List.of(names.head()))
            ? "; if the model shares it with the embedding, set tie_word_embeddings to true in"
                + " config.json"
            : "; config.json and weights are of different models, or the folder is incomplete";
    throw new CheckpointException(
        "the checkpoint must have every parameter of "
            + config.modelType()
            + " but lacks "
            + shown(missing)
            + remedy);
  }

  private void refuseShapes(List<Parameter> parameters, Weights checkpoint) {
    List<String> wrong = new ArrayList<>();
    for (Parameter p : parameters) {
      long[] found = checkpoint.stored(p.name()).shape();
      if (!Arrays.equals(found, p.shape())) {
        wrong.add(
            "'"
                + p.name()
                + "' expected "
                + Arrays.toString(p.shape())
                + ", found "
                + Arrays.toString(found));
      }
    }
    if (!wrong.isEmpty()) {
      throw new CheckpointException(
          "parameters must have the shapes that config.json gives but have others: "
              + shown(wrong)
              + "; use the config.json that was saved with these weights");
    }
  }

  private void refuseUnknown(List<Parameter> parameters, Weights checkpoint) {
    Set<String> known = parameters.stream().map(Parameter::name).collect(Collectors.toSet());
    List<String> unknown =
        checkpoint.names().stream()
            .filter(n -> !known.contains(n) && !BUFFER.matcher(n).matches())
            .filter(n -> !repeatsEmbedding(n, checkpoint))
            .toList();
    if (!unknown.isEmpty()) {
      throw new CheckpointException(
          "the checkpoint must hold parameters of "
              + config.modelType()
              + " only but also holds "
              + shown(unknown)
              + "; the model computes something that config.json does not say");
    }
  }

  /** Whether a tied checkpoint's separate head is the embedding once more. */
  private boolean repeatsEmbedding(String name, Weights checkpoint) {
    if (!config.tiedEmbeddings() || !name.matches("lm_head\\.weight|embed_out\\.weight")) {
      return false;
    }
    WeightTensor head = checkpoint.get(name);
    WeightTensor embedding = checkpoint.get(names.tokenEmbedding());
    if (Arrays.equals(head.shape(), embedding.shape()) && head.data().equals(embedding.data())) {
      return true;
    }
    throw new CheckpointException(
        "tie_word_embeddings is true but '"
            + name
            + "' differs from '"
            + embedding.name()
            + "'; set tie_word_embeddings to false in config.json to use the head, or remove it");
  }

  private static String shown(List<String> all) {
    return all.stream().limit(SHOWN).collect(Collectors.joining(", "))
        + (all.size() > SHOWN ? " and " + (all.size() - SHOWN) + " more" : "");
  }
}
