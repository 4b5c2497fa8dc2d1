package org.alignment4j.runtime.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * A folder in Hugging Face layout: {@code config.json}, perhaps {@code generation_config.json}, and
 * the weights as {@code model.safetensors} or as shards named by {@code
 * model.safetensors.index.json}. Immutable; opening reads configuration and headers, not weights.
 */
public final class CheckpointFolder {

  static final String CONFIG = "config.json";
  static final String GENERATION_CONFIG = "generation_config.json";
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private final Path path;
  private final ConfigJson config;
  private final @Nullable ConfigJson generationConfig;
  private final Map<Path, Set<String>> tensorsByFile;
  private final QuantisedLayout quantised;

  private CheckpointFolder(
      Path path,
      ConfigJson config,
      @Nullable ConfigJson generationConfig,
      Map<Path, Set<String>> tensorsByFile) {
    this.path = path;
    this.config = config;
    this.generationConfig = generationConfig;
    this.tensorsByFile = tensorsByFile;
    this.quantised = QuantisedLayout.read(config);
  }

  /**
   * Opens a folder.
   *
   * @throws CheckpointException if a file is missing, broken or outside the folder, or if the
   *     weights exist as pickle only
   */
  public static CheckpointFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          "a model must be a folder with config.json and safetensors but "
              + folder
              + " is none; a model of a hub is downloaded first, with the hub's own client");
    }
    Path configFile = folder.resolve(CONFIG);
    if (!Files.isRegularFile(configFile)) {
      throw new CheckpointException(
          "a model folder must have config.json but "
              + folder
              + " has none; of a GGUF file take the model's original safetensors folder");
    }
    Path generationFile = folder.resolve(GENERATION_CONFIG);
    return new CheckpointFolder(
        folder,
        ConfigJson.read(configFile),
        Files.isRegularFile(generationFile) ? ConfigJson.read(generationFile) : null,
        locate(folder));
  }

  private static Map<Path, Set<String>> locate(Path folder) {
    Path single = folder.resolve(SINGLE);
    if (Files.isRegularFile(single)) {
      try (SafetensorsFile file = SafetensorsFile.open(single)) {
        return Map.of(single, file.tensors().keySet());
      }
    }
    if (Files.isRegularFile(folder.resolve(INDEX))) {
      return locateShards(folder);
    }
    List<String> pickles = pickles(folder);
    if (!pickles.isEmpty()) {
      throw new CheckpointException(
          "weights must be safetensors but "
              + folder
              + " has only "
              + pickles
              + ", and pickle files can run code when they are read; load the model in Python and"
              + " save it again with save_pretrained(folder, safe_serialization=True)");
    }
    throw new CheckpointException(
        "a model folder must have model.safetensors or model.safetensors.index.json but "
            + folder
            + " has neither; fetch the folder completely, and of a GGUF file take the model's original"
            + " safetensors folder");
  }

  private static Map<Path, Set<String>> locateShards(Path folder) {
    ConfigJson index = ConfigJson.read(folder.resolve(INDEX));
    ConfigJson map = index.object("weight_map");
    if (map == null) {
      throw index.error("weight_map", "a shard index must have weight_map but has none");
    }
    Map<Path, Set<String>> byFile = new LinkedHashMap<>();
    for (String tensor : map.keys()) {
      String shard = String.valueOf(map.string(tensor));
      Path file = shardPath(folder, shard, map, tensor);
      byFile.computeIfAbsent(file, f -> new LinkedHashSet<>()).add(tensor);
    }
    byFile.forEach(
        (file, tensors) -> {
          if (!Files.isRegularFile(file)) {
            throw new CheckpointException(
                "every shard must exist but "
                    + file
                    + ", named by "
                    + index
                    + ", is missing; fetch the folder completely");
          }
          checkShard(file, tensors);
        });
    return byFile;
  }

  private static Path shardPath(Path folder, String shard, ConfigJson index, String tensor) {
    try {
      Path root = folder.toAbsolutePath().normalize();
      Path file = root.resolve(shard).normalize();
      if (!shard.contains("\\") && root.equals(file.getParent())) {
        return folder.resolve(shard).normalize();
      }
    } catch (InvalidPathException e) {
      throw index.error(tensor, "a shard must be a file name but was '" + shard + "'");
    }
    throw index.error(
        tensor, "a shard must be a file directly in the model's folder but was '" + shard + "'");
  }

  private static void checkShard(Path file, Set<String> tensors) {
    try (SafetensorsFile shard = SafetensorsFile.open(file)) {
      for (String tensor : tensors) {
        if (!shard.tensors().containsKey(tensor)) {
          throw new CheckpointException(
              "shard "
                  + file
                  + " must hold '"
                  + tensor
                  + "' as model.safetensors.index.json says but does not; fetch both again");
        }
      }
    }
  }

  private static List<String> pickles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.matches(".*\\.(bin|pt|pth|ckpt|pkl)"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CheckpointException("could not list " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Where the folder is. */
  public Path path() {
    return path;
  }

  /** The content of {@code config.json}. */
  public ConfigJson config() {
    return config;
  }

  /** The content of {@code generation_config.json}, or null where the folder has none. */
  public @Nullable ConfigJson generationConfig() {
    return generationConfig;
  }

  /** Names of all tensors, of whatever type; a quantised weight counts as one. */
  public Set<String> tensorNames() {
    Set<String> names = new LinkedHashSet<>();
    tensorsByFile.values().forEach(all -> names.addAll(quantised.parameters(all)));
    return names;
  }

  /**
   * Reads all floating-point tensors as float32; float32 files are mapped, not copied. Tensors of
   * integer or boolean type (attention masks that old checkpoints carry) are left out.
   *
   * @throws CheckpointException if a file cannot be read, a tensor is F64 or F8, or native memory
   *     for 16-bit weights runs out
   */
  public Weights weights() {
    return weights(tensor -> tensor);
  }

  /** Whether a configuration says that weights are quantised by this library. */
  public static boolean quantisedHere(ConfigJson config) {
    return QuantisedLayout.isIn(config);
  }

  /** Whether some of the weights are quantised, by this library. */
  public boolean isQuantised() {
    return !quantised.isEmpty();
  }

  /**
   * Reads all floating-point tensors, each passed on before the next is read, and quantised weights
   * as they are.
   *
   * @param form what a tensor is kept as; it need not keep the given one
   * @throws CheckpointException as {@link #weights()} says
   */
  public Weights weights(Function<WeightTensor, StoredTensor> form) {
    List<StoredTensor> tensors = new ArrayList<>();
    tensorsByFile.forEach(
        (path, names) -> {
          try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Set<String> present = new LinkedHashSet<>(file.tensors().keySet());
            present.retainAll(names);
            for (String name : quantised.parameters(present)) {
              TensorInfo info = file.tensors().get(name);
              if (info == null) {
                tensors.add(quantised.read(file, name));
              } else if (info.dtype().floating()) {
                tensors.add(form.apply(file.read(name)));
              }
            }
          }
        });
    return Weights.of(tensors);
  }

  /** The folder's path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
