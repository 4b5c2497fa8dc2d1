package org.alignment4j.runtime.checkpoint;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.core.files.AtomicFiles;
import org.jspecify.annotations.Nullable;

/**
 * The files of an adapter in the layout of Hugging Face PEFT: {@code adapter_config.json} and
 * {@code adapter_model.safetensors}. What they mean is not known here.
 *
 * @param path where the folder is
 * @param configText the content of {@code adapter_config.json}
 * @param infos what the header says about each tensor, in the order of the data
 * @param tensors every tensor as float32
 */
public record AdapterFolder(
    Path path, String configText, Map<String, TensorInfo> infos, Weights tensors) {

  /** Name of the configuration. */
  public static final String CONFIG = "adapter_config.json";

  /** Name of the tensors. */
  public static final String TENSORS = "adapter_model.safetensors";

  private static final String PICKLE = "adapter_model.bin";
  private static final long MAX_CONFIG_BYTES = 16L << 20;

  public AdapterFolder {
    infos = Collections.unmodifiableMap(new LinkedHashMap<>(infos));
  }

  /**
   * Reads a folder; float32 tensors are mapped, not copied.
   *
   * @param folder with the two files
   * @throws CheckpointException if a file is missing, damaged or a pickle, or a tensor is of a type
   *     that is not read
   */
  public static AdapterFolder read(Path folder) {
    Path config = folder.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      throw new CheckpointException(
          "an adapter must be a folder with "
              + CONFIG
              + " and "
              + TENSORS
              + " but "
              + folder
              + (Files.isDirectory(folder) ? " has no " + CONFIG : " is no folder")
              + "; save it in Python with model.save_pretrained(folder)");
    }
    Path tensors = folder.resolve(TENSORS);
    if (!Files.isRegularFile(tensors)) {
      throw new CheckpointException(
          Files.exists(folder.resolve(PICKLE))
              ? "adapters must be safetensors but "
                  + folder
                  + " has only "
                  + PICKLE
                  + ", and pickle files can run code when they are read; load the adapter in Python"
                  + " and save it again with save_pretrained(folder, safe_serialization=True)"
              : "an adapter must have " + TENSORS + " but " + folder + " has none");
    }
    String text = text(config);
    try (SafetensorsFile file = SafetensorsFile.open(tensors)) {
      List<WeightTensor> all = file.tensors().keySet().stream().map(file::read).toList();
      return new AdapterFolder(folder, text, file.tensors(), Weights.of(all));
    }
  }

  private static String text(Path config) {
    try {
      long size = Files.size(config);
      if (size > MAX_CONFIG_BYTES) {
        throw new CheckpointException(
            config + " must have at most " + MAX_CONFIG_BYTES + " bytes but has " + size);
      }
      return Files.readString(config, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new CheckpointException(config + " must be UTF-8 but is not", e);
    } catch (IOException e) {
      throw new CheckpointException("could not read " + config + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a folder: a new one appears whole or not at all, and in an existing one each file is
   * replaced whole.
   *
   * @param target created, with its parents, if absent
   * @param configText the content of {@code adapter_config.json}, written as it is
   * @param tensors in the order to store them
   * @param dtype {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}
   * @throws CheckpointException if a file cannot be written; what was in the folder is then whole
   */
  public static void write(Path target, String configText, Weights tensors, DType dtype) {
    Path staging = null;
    try {
      Path parent = CheckpointWriter.folderOf(target);
      Files.createDirectories(parent);
      staging = CheckpointWriter.stagingBeside(target, parent);
      SafetensorsWriter.write(staging.resolve(TENSORS), tensors, dtype);
      CheckpointWriter.writeBytes(
          AtomicFile.ON_DISK, staging.resolve(CONFIG), configText.getBytes(StandardCharsets.UTF_8));
      CheckpointWriter.publish(staging, target, null, Set.of());
      AtomicFiles.forceFolder(parent);
    } catch (IOException e) {
      throw new CheckpointException(
          "could not save the adapter to " + target + ": " + e.getMessage(), e);
    } finally {
      CheckpointWriter.deleteIfPresent(staging);
    }
  }

  /** The one type that every tensor is stored as, or null where they differ or there is none. */
  public @Nullable DType dtype() {
    List<DType> types = infos.values().stream().map(TensorInfo::dtype).distinct().toList();
    return types.size() == 1 ? types.get(0) : null;
  }
}
