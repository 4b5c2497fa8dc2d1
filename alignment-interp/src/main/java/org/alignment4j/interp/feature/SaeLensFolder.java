package org.alignment4j.interp.feature;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Values;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.apiguardian.api.API;

/**
 * Sparse autoencoders in the folders of SAELens, version 6 and the ones before: {@code cfg.json}
 * and {@code sae_weights.safetensors}. Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SaeLensFolder {
  /** Name of the configuration. */
  public static final String CONFIG = "cfg.json";

  /** Name of the weights. */
  public static final String WEIGHTS = "sae_weights.safetensors";

  private SaeLensFolder() {}

  /**
   * Writes an autoencoder; each file is replaced whole, the weights first.
   *
   * @param sae what to write; its decoder's norms are folded where SAELens has no other form
   * @param folder where to; created when absent
   * @throws IllegalArgumentException when SAELens has no architecture for it
   * @throws org.alignment4j.api.AlignmentException when a file cannot be written
   */
  public static void save(SparseAutoencoder sae, Path folder) {
    ConfigJson config = SaeLensConfig.write(sae.config(), folder.resolve(CONFIG).toString());
    SafetensorsOutput.write(folder.resolve(WEIGHTS), sae.tensors());
    AtomicFiles.write(folder.resolve(CONFIG), config.text());
  }

  /**
   * Reads an autoencoder, whatever it belongs to.
   *
   * @param folder where it lies
   * @return the autoencoder; one of normalisation {@code expected_average_only_in} takes inputs
   *     that are scaled, as {@link SparseAutoencoder#foldInputScale} says
   * @throws CheckpointException when a file is missing, damaged or of a form that is not known
   */
  public static SparseAutoencoder load(Path folder) {
    ConfigJson json = ConfigJson.read(folder.resolve(CONFIG));
    SaeConfig config = SaeLensConfig.read(json);
    Path file = folder.resolve(WEIGHTS);
    Map<String, Values> tensors = new LinkedHashMap<>();
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      for (String name : weights.tensors().keySet()) {
        tensors.put(name, values(weights.read(name), file));
      }
    }
    try {
      return SparseAutoencoder.of(config, SaeLensConfig.renamed(json, tensors));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " must hold the weights of " + folder.resolve(CONFIG) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads an autoencoder for a hook point of a model.
   *
   * @param folder where it lies
   * @param modelName the model's name
   * @param point the hook point that is to be read
   * @param size length of the vectors there
   * @return the autoencoder
   * @throws CheckpointException when a file is missing, damaged or of a form that is not known
   * @throws IllegalArgumentException when it belongs to another model or hook point
   */
  public static SparseAutoencoder load(
      Path folder, String modelName, HookPoint<?> point, int size) {
    SparseAutoencoder sae = load(folder);
    sae.requireFits(modelName, point, size);
    return sae;
  }

  private static Values values(WeightTensor tensor, Path file) {
    long[] wide = tensor.shape();
    int[] shape = new int[wide.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = Math.toIntExact(wide[i]);
    }
    float[] data = new float[tensor.size()];
    tensor.data().get(data);
    try {
      return Values.of(shape, data);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(tensor.name() + " in " + file + ": " + e.getMessage(), e);
    }
  }
}
