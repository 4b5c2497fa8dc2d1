package org.alignment4j.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.core.files.AtomicFiles;
import org.jspecify.annotations.Nullable;

/**
 * Saves a model in Hugging Face layout. Everything is first written to a staging folder beside the
 * target; a new target then appears by one rename, and an existing one has its files replaced one
 * by one, each atomically, so a full disk or a crash never leaves half a file.
 */
public final class CheckpointWriter {

  /** Files whose absence says something: one of another model would be read as this one's. */
  private static final Set<String> OPTIONAL =
      Stream.concat(TextFiles.NAMES.stream(), Stream.of(CheckpointFolder.GENERATION_CONFIG))
          .collect(Collectors.toUnmodifiableSet());

  private CheckpointWriter() {}

  /**
   * Saves a model.
   *
   * @param target folder to write; created, with its parents, if absent; files of another model's
   *     tokenizer, chat template or generation that this one has none of are removed from it
   * @param config content of {@code config.json}; its {@code torch_dtype} is set to {@code dtype}
   *     and its {@code quantization_config} to what is quantised
   * @param generation content of {@code generation_config.json}, or null
   * @param weights the model's parameters; a tied head is not among them
   * @param dtype of those that are not quantised, {@link DType#F32} or {@link DType#F16}
   * @param tokenizerFrom folder whose tokenizer files are copied, or null
   * @throws CheckpointException if a file cannot be read or written; what was in the folder is then
   *     whole
   */
  public static void save(
      Path target,
      ConfigJson config,
      @Nullable ConfigJson generation,
      Weights weights,
      DType dtype,
      @Nullable Path tokenizerFrom) {
    TextFiles texts = tokenizerFrom == null ? TextFiles.none() : TextFiles.read(tokenizerFrom);
    save(target, config, generation, texts, weights, dtype);
  }

  /**
   * Saves a model.
   *
   * @param target folder to write; created, with its parents, if absent; files of another model's
   *     tokenizer, chat template or generation that this one has none of are removed from it
   * @param config content of {@code config.json}; its {@code torch_dtype} is set to {@code dtype}
   *     and its {@code quantization_config} to what is quantised
   * @param generation content of {@code generation_config.json}, or null
   * @param texts tokenizer and chat template
   * @param weights the model's parameters; a tied head is not among them
   * @param dtype of those that are not quantised, {@link DType#F32} or {@link DType#F16}
   * @throws CheckpointException if a file cannot be written; what was in the folder is then whole
   */
  public static void save(
      Path target,
      ConfigJson config,
      @Nullable ConfigJson generation,
      TextFiles texts,
      Weights weights,
      DType dtype) {
    save(target, config, generation, texts, weights, dtype, AtomicFile.ON_DISK);
  }

  static void save(
      Path target,
      ConfigJson config,
      @Nullable ConfigJson generation,
      TextFiles texts,
      Weights weights,
      DType dtype,
      AtomicFile files) {
    save(
        target,
        QuantisedLayout.describe(typed(config, dtype), weights),
        generation,
        texts,
        staging ->
            SafetensorsWriter.write(
                staging.resolve(CheckpointFolder.SINGLE),
                weights,
                dtype,
                SafetensorsWriter.HUGGING_FACE,
                files),
        null,
        files);
  }

  /** Writes the files of a model's parameters. */
  @FunctionalInterface
  public interface Parameters {
    /**
     * Writes the files.
     *
     * @param staging the folder they go to; they are moved from there
     */
    void writeTo(Path staging);
  }

  /**
   * Saves a model whose parameters are in files of another format.
   *
   * @param target folder to write; created, with its parents, if absent; files of another model's
   *     tokenizer, chat template or generation that this one has none of are removed from it
   * @param config content of {@code config.json}; its {@code torch_dtype} is set to float32 and its
   *     {@code quantization_config} removed
   * @param generation content of {@code generation_config.json}, or null
   * @param texts tokenizer and chat template
   * @param parameters writes the files of the parameters
   * @param main the one of these files without which the others mean nothing: where the folder has
   *     it already, it is removed first and replaced last
   * @throws CheckpointException if a file cannot be written
   */
  public static void save(
      Path target,
      ConfigJson config,
      @Nullable ConfigJson generation,
      TextFiles texts,
      Parameters parameters,
      String main) {
    save(
        target,
        QuantisedLayout.describe(typed(config, DType.F32), Weights.of(List.of())),
        generation,
        texts,
        parameters,
        main,
        AtomicFile.ON_DISK);
  }

  private static void save(
      Path target,
      ConfigJson config,
      @Nullable ConfigJson generation,
      TextFiles texts,
      Parameters parameters,
      @Nullable String main,
      AtomicFile files) {
    Path staging = null;
    try {
      Path parent = folderOf(target);
      Files.createDirectories(parent);
      staging = stagingBeside(target, parent);
      parameters.writeTo(staging);
      writeText(files, staging.resolve(CheckpointFolder.CONFIG), config.text());
      if (generation != null) {
        writeText(files, staging.resolve(CheckpointFolder.GENERATION_CONFIG), generation.text());
      }
      texts.writeTo(staging, files);
      publish(staging, target, main, OPTIONAL);
      AtomicFiles.forceFolder(parent);
    } catch (IOException e) {
      throw new CheckpointException(
          "could not save the model to " + target + ": " + e.getMessage(), e);
    } finally {
      deleteIfPresent(staging);
    }
  }

  private static ConfigJson typed(ConfigJson config, DType dtype) {
    String name = dtype == DType.F16 ? "float16" : "float32";
    return config.with(config.has("dtype") ? "dtype" : "torch_dtype", name);
  }

  private static void writeText(AtomicFile files, Path file, String text) {
    writeBytes(files, file, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static void writeBytes(AtomicFile files, Path file, byte[] bytes) {
    files.replace(
        file,
        channel -> {
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
        });
  }

  static Path folderOf(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException("target must be a folder to create but was " + target);
    }
    return folder;
  }

  static Path stagingBeside(Path target, Path parent) throws IOException {
    long process = ProcessHandle.current().pid();
    for (int i = 0; ; i++) {
      Path candidate =
          parent.resolve("." + target.getFileName() + "." + process + "." + i + ".saving");
      try {
        return Files.createDirectory(candidate);
      } catch (FileAlreadyExistsException e) {
        // Another save's, or left by a killed process of the same number: take the next.
        continue;
      }
    }
  }

  /**
   * Moves staged files to their folder.
   *
   * @param main the file replaced last, or null
   * @param optional names of files that are removed from the folder where none is staged
   */
  static void publish(Path staging, Path target, @Nullable String main, Set<String> optional)
      throws IOException {
    if (!Files.exists(target)) {
      try {
        Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
        // The folder appeared meanwhile: replace its files instead.
      }
    }
    if (main != null) {
      Files.deleteIfExists(target.resolve(main));
      AtomicFiles.forceFolder(target);
    }
    removeUnstaged(optional, staging, target);
    for (Path file : list(staging)) {
      if (!file.getFileName().toString().equals(main)) {
        replace(file, target);
      }
    }
    AtomicFiles.forceFolder(target);
    if (main != null) {
      replace(staging.resolve(main), target);
      AtomicFiles.forceFolder(target);
    }
  }

  private static void removeUnstaged(Set<String> names, Path staging, Path target)
      throws IOException {
    for (String name : names) {
      if (!Files.exists(staging.resolve(name)) && Files.isRegularFile(target.resolve(name))) {
        Files.delete(target.resolve(name));
      }
    }
  }

  private static void replace(Path file, Path folder) throws IOException {
    Files.move(
        file,
        folder.resolve(file.getFileName()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  static void deleteIfPresent(@Nullable Path staging) {
    if (staging == null || !Files.isDirectory(staging)) {
      return;
    }
    try {
      for (Path file : list(staging)) {
        Files.delete(file);
      }
      Files.delete(staging);
    } catch (IOException e) {
      throw new CheckpointException(
          "could not remove the staging folder " + staging + ": " + e.getMessage(), e);
    }
  }
}
