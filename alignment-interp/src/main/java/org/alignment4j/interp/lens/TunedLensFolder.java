package org.alignment4j.interp.lens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;
import org.alignment4j.runtime.checkpoint.SafetensorsWriter;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * Translators in a folder: {@code config.json} with the keys of the Python package {@code
 * tuned-lens}, and {@code params.safetensors} with the tensors of its {@code params.pt} under their
 * names, so that {@code torch.save(safetensors.torch.load_file("params.safetensors"), "params.pt")}
 * makes a folder that it loads. Stateless and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TunedLensFolder {

  /** Name of the configuration. */
  public static final String CONFIG = "config.json";

  /** Name of the tensors. */
  public static final String PARAMETERS = "params.safetensors";

  /** What the configuration's {@code format} says. */
  public static final String FORMAT = "alignment4j-tuned-lens";

  /** The version that is written, and the newest that is read. */
  public static final int VERSION = 1;

  private static final String LENS_TYPE = "linear_tuned_lens";

  private TunedLensFolder() {}

  /**
   * Writes translators; each file is replaced whole, the tensors first.
   *
   * @param translators what to write; biases alone get matrices of zeros
   * @param folder where to; created when absent
   * @throws org.alignment4j.api.AlignmentException when a file cannot be written
   */
  public static void save(LensTranslators translators, Path folder) {
    List<WeightTensor> tensors = new ArrayList<>();
    int width = translators.width();
    for (int layer = 0; layer < translators.layers(); layer++) {
      tensors.add(
          WeightTensor.of(
              LensTranslators.weightName(layer),
              new long[] {width, width},
              translators.weight(layer).toArray()));
      tensors.add(
          WeightTensor.of(
              LensTranslators.biasName(layer),
              new long[] {width},
              translators.bias(layer).toArray()));
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("base_model_name_or_path", translators.modelId());
    config.put("d_model", width);
    config.put("num_hidden_layers", translators.layers());
    config.put("bias", true);
    config.put("lens_type", LENS_TYPE);
    config.put("format", FORMAT);
    config.put("version", VERSION);
    config.put("translation", translators.translation().name());
    Path file = folder.resolve(CONFIG);
    create(folder);
    SafetensorsWriter.write(folder.resolve(PARAMETERS), Weights.of(tensors), DType.F32);
    AtomicFiles.write(file, ConfigJson.of(file.toString(), config).text());
  }

  /**
   * Reads translators.
   *
   * @param folder where they lie
   * @return the translators
   * @throws CheckpointException when a file is missing, damaged, of another format or of a newer
   *     version
   */
  public static LensTranslators load(Path folder) {
    ConfigJson config = ConfigJson.read(folder.resolve(CONFIG));
    requireFormat(config);
    int layers = config.requiredSize("num_hidden_layers");
    int width = config.requiredSize("d_model");
    String modelId = config.string("base_model_name_or_path");
    if (modelId == null) {
      throw config.error("base_model_name_or_path", "must name the model but is missing");
    }
    Translation translation = translation(config);
    Path file = folder.resolve(PARAMETERS);
    try (SafetensorsFile parameters = SafetensorsFile.open(file)) {
      List<WeightTensor> tensors = new ArrayList<>();
      for (int layer = 0; layer < layers; layer++) {
        tensors.add(parameters.read(LensTranslators.biasName(layer)));
        if (translation == Translation.AFFINE) {
          tensors.add(parameters.read(LensTranslators.weightName(layer)));
        }
      }
      return new LensTranslators(modelId, layers, width, translation, Weights.of(tensors));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file + " must hold the translators of " + folder.resolve(CONFIG) + ": " + e.getMessage(),
          e);
    }
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new CheckpointException(
          "a tuned lens must be written into a folder but " + folder + " cannot be made", e);
    }
  }

  private static void requireFormat(ConfigJson config) {
    if (!FORMAT.equals(config.string("format"))) {
      throw config.error(
          "format",
          "must be "
              + FORMAT
              + " but was "
              + config.string("format")
              + "; a folder of tuned-lens needs format, version and translation added, and its"
              + " params.pt as params.safetensors");
    }
    Integer version = config.integer("version");
    if (version == null || version > VERSION) {
      throw config.error(
          "version",
          "must be at most " + VERSION + " but was " + version + "; use the release that wrote it");
    }
  }

  private static Translation translation(ConfigJson config) {
    String name = config.string("translation");
    for (Translation translation : Translation.values()) {
      if (translation.name().equals(name)) {
        return translation;
      }
    }
    throw config.error(
        "translation", "must be one of " + List.of(Translation.values()) + " but was " + name);
  }
}
