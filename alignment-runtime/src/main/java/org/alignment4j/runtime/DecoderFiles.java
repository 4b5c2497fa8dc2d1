package org.alignment4j.runtime;

import java.nio.file.Path;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.OutputHead;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.TextFiles;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.OnnxFile;
import org.alignment4j.runtime.onnx.DecoderExport;
import org.alignment4j.runtime.onnx.OnnxExportOptions;
import org.alignment4j.runtime.onnx.OnnxFolder;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.train.LoraAdapter;
import org.jspecify.annotations.Nullable;

/** Decoder language models as folders: what {@link DecoderModel} reads and writes. */
final class DecoderFiles {

  private DecoderFiles() {}

  /** The parts of the model in a folder of Hugging Face. */
  static ModelParts load(Path folder, ModelOptions options) {
    CheckpointFolder checkpoint = CheckpointFolder.open(folder);
    Architecture architecture = DecoderFamilies.read(checkpoint);
    TextFiles texts = TextFiles.read(folder);
    ModelSource source = new ModelSource(checkpoint.config(), checkpoint.generationConfig(), texts);
    return parts(
        source,
        texts.hasTokenizer() ? folder : null,
        architecture,
        options.read(checkpoint, architecture),
        options);
  }

  /**
   * The parts of a model of weights that are not in a folder.
   *
   * @param tokenizerFolder folder with the tokenizer's files, or null
   */
  static ModelParts parts(
      ConfigJson config, Weights weights, @Nullable Path tokenizerFolder, ModelOptions options) {
    Architecture architecture = DecoderFamilies.read(config, null, weights.names());
    Weights kept = options.keep(weights, architecture);
    TextFiles texts = tokenizerFolder == null ? TextFiles.none() : TextFiles.read(tokenizerFolder);
    ModelSource source = new ModelSource(config, null, texts);
    return parts(source, tokenizerFolder, architecture, kept, options);
  }

  private static ModelParts parts(
      ModelSource source,
      @Nullable Path texts,
      Architecture architecture,
      Weights checkpoint,
      ModelOptions options) {
    if (!(architecture.head() instanceof OutputHead.NextToken)) {
      throw source
          .config()
          .error(
              "architectures",
              "a language model must have a head over its vocabulary but this is a sequence"
                  + " classifier; load it as SequenceClassifier, a reward model as"
                  + " TrainedRewardModel");
    }
    Weights weights = architecture.adopt(checkpoint);
    return ModelParts.load(source, texts, architecture, weights, options);
  }

  /** Writes a model without adapter as a folder of Hugging Face. */
  static void save(ModelParts parts, Path folder) {
    if (parts.adapter() != null) {
      throw new IllegalStateException(
          "a model with an adapter cannot be saved as one folder; save merged() instead, or the"
              + " adapter alone with saveAdapter");
    }
    ModelSource source = parts.source();
    CheckpointWriter.save(
        folder, source.config(), source.generation(), source.texts(), parts.weights(), DType.F32);
  }

  /** Writes a model's adapter, and what adapters brought whole, as a folder of PEFT. */
  static void saveAdapter(ModelParts parts, Path folder) {
    LoraAdapter own = parts.adapter();
    if (own == null) {
      throw new IllegalStateException(
          "a model must have an adapter to save it but has none; save the model instead");
    }
    Weights whole =
        Weights.of(parts.brought().stream().sorted().map(parts.weights()::get).toList());
    PeftAdapter.of(own, whole, parts.architecture(), null).write(folder);
  }

  /** Writes a model, its adapter added to the weights, as a folder for other runtimes. */
  static void exportOnnx(ModelParts parts, Path folder, OnnxExportOptions options) {
    if (!parts.weights().quantised().isEmpty()) {
      throw new IllegalStateException(
          "a model must be float32 to be exported but is quantised; export dequantised()");
    }
    ModelSource source = parts.source();
    OnnxFile file = parts.instance().call(() -> DecoderExport.of(parts.engine(), parts.merged()));
    OnnxFolder.write(
        folder,
        file,
        options,
        DecoderExport.config(source.config(), parts.architecture().config()),
        source.generation(),
        source.texts());
  }
}
