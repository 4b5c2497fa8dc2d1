package org.alignment4j.runtime.onnx;

import java.nio.file.Path;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.TextFiles;
import org.alignment4j.runtime.graph.OnnxFile;
import org.jspecify.annotations.Nullable;

/** Writes a folder with an ONNX file, as Optimum lays it out. */
public final class OnnxFolder {

  static final String MODEL = "model.onnx";
  static final String DATA = "model.onnx_data";

  private OnnxFolder() {}

  /**
   * Writes the model, its configuration and its tokenizer.
   *
   * @param target folder to write; created, with its parents, if absent; files of another model's
   *     tokenizer, chat template or generation that this one has none of are removed from it
   * @param file the model
   * @param options where parameters go
   * @param config content of {@code config.json}
   * @param generation content of {@code generation_config.json}, or null
   * @param texts tokenizer and chat template
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written; what was in the
   *     folder is then whole, or lacks {@code model.onnx}
   */
  public static void write(
      Path target,
      OnnxFile file,
      OnnxExportOptions options,
      ConfigJson config,
      @Nullable ConfigJson generation,
      TextFiles texts) {
    boolean outside = options.externalData() || file.needsExternalData();
    CheckpointWriter.save(
        target,
        config,
        generation,
        texts,
        staging -> {
          if (outside) {
            write(staging.resolve(DATA), file::writeData);
            write(staging.resolve(MODEL), channel -> file.write(channel, DATA));
          } else {
            write(staging.resolve(MODEL), file::write);
          }
        },
        MODEL);
  }

  private static void write(Path path, AtomicFiles.Content content) {
    try {
      AtomicFiles.write(path, content);
    } catch (AlignmentException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    }
  }
}
