package org.alignment4j.runtime.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.OnnxLanguageModel;
import org.alignment4j.runtime.OnnxTextClassifier;
import org.alignment4j.runtime.RotaryFamilies;
import org.alignment4j.runtime.TinyClassifier;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.graph.OnnxStructure;
import org.alignment4j.runtime.onnx.OnnxExportOptions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Loads damaged folders of an exported decoder, in a process whose heap is of one size, so that
 * what ONNX Runtime takes is seen in the resident memory, and a crash in the exit code. Arguments:
 * folder, what is damaged, {@code few} or {@code many}.
 */
final class OnnxFolders {

  /** What is damaged. */
  enum Damaged {
    /** The file before ONNX Runtime is given it, as bytes. */
    STRUCTURE,
    /** The file, as bytes. */
    BYTES,
    /** The file, as a whole message of damaged content. */
    GRAPH,
    CONFIGURATION,
    /** Of a classifier. */
    CLASSIFIER_GRAPH,
    /** Of a classifier. */
    CLASSIFIER_CONFIGURATION
  }

  private static final ModelOptions CPU =
      ModelOptions.defaults().device(DevicePolicy.CPU).threads(1);

  private static final List<String> WORDS =
      List.of(
          "\"eos_token_id\":[-1,5],",
          "\"num_key_value_heads\":",
          "\"n_positions\":1,",
          "\"num_labels\":",
          "\"problem_type\":\"multi_label_classification\",");

  private static final int BETWEEN_RUNS = 100;
  private static final int WARM = 200;

  /** What one load may add: a few sessions, and the collector's own tables. */
  private static final long MAX_KILOBYTES = 64 << 10;

  private final Path folder;
  private int loads;
  private int accepted;
  private long most;

  private OnnxFolders(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Fuzzing fuzzing = new OnnxFolders(folder).fuzzing(Damaged.valueOf(args[1]));
    Fuzzing.Outcome outcome = args[2].equals("many") ? fuzzing.many() : fuzzing.few();
    System.out.println("outcome " + outcome.loaded() + " " + outcome.refused());
    System.exit(0);
  }

  private static final String CLASSIFIER =
      "{\"vocab_size\":11,\"pad_token_id\":0,\"id2label\":{\"0\":\"calm\",\"1\":\"glad\",\"2\":\"sad\"},"
          + "\"max_position_embeddings\":32,\"problem_type\":\"regression\",\"model_type\":\"roberta\"}";

  private static Path export(Path target, boolean outside) {
    Map<String, Object> keys =
        Map.of(
            "model_type",
            "llama",
            "vocab_size",
            20,
            "hidden_size",
            8,
            "num_attention_heads",
            2,
            "num_hidden_layers",
            1,
            "intermediate_size",
            12,
            "max_position_embeddings",
            16);
    ConfigJson config = ConfigJson.of("config.json", keys);
    try (DecoderModel model =
        DecoderModel.of(config, RotaryFamilies.weights(config, 0.2), null, CPU)) {
      model.exportOnnx(target, OnnxExportOptions.defaults().externalData(outside));
    }
    return target;
  }

  /** The structure is read in blocks; of the graph names are held, and sizes of nodes. */
  private Fuzzing fuzzing(Damaged damaged) throws IOException {
    boolean classifier = damaged.name().startsWith("CLASSIFIER");
    Path model = Files.createDirectories(folder.resolve("model"));
    List<byte[]> files = new ArrayList<>();
    if (classifier) {
      new TinyClassifier(3, true, true).write(model, CLASSIFIER);
    } else {
      files.add(Files.readAllBytes(export(folder.resolve("inline"), false).resolve("model.onnx")));
      export(model, true);
    }
    Path onnx = model.resolve("model.onnx");
    Path config = model.resolve("config.json");
    files.add(Files.readAllBytes(onnx));
    Fuzzing.Loader loader = classifier ? file -> classify(model) : file -> write(model);
    return switch (damaged) {
      case STRUCTURE -> fuzzing(onnx, files, bytes(files), f -> OnnxStructure.read(f).bytes());
      case BYTES -> fuzzing(onnx, files, bytes(files), loader);
      case GRAPH, CLASSIFIER_GRAPH -> fuzzing(onnx, files, new OnnxMutator(files)::input, loader);
      case CONFIGURATION, CLASSIFIER_CONFIGURATION -> {
        List<byte[]> texts = List.of(Files.readAllBytes(config));
        yield fuzzing(config, texts, new Mutator(texts, WORDS)::input, loader);
      }
    };
  }

  private static LongFunction<byte[]> bytes(List<byte[]> files) {
    return new Mutator(files, List.of())::input;
  }

  private static Fuzzing fuzzing(
      Path file, List<byte[]> valid, LongFunction<byte[]> inputs, Fuzzing.Loader loader) {
    return new Fuzzing(file, valid, inputs, 8 << 20, 200, 20, loader);
  }

  private void write(Path model) throws IOException {
    try (OnnxLanguageModel read = OnnxLanguageModel.load(model, CPU)) {
      if (++accepted % BETWEEN_RUNS == 1) {
        read.logProbabilities(List.of(Continuation.of(Prompt.tokens(5, 6), TokenIds.of(4, 5))));
      }
    } catch (ModelExecutionException e) {
      // A damaged graph may compute anything, and may fail.
    } finally {
      watchMemory();
    }
  }

  private void classify(Path model) throws IOException {
    try (OnnxTextClassifier read = OnnxTextClassifier.load(model, CPU)) {
      if (++accepted % BETWEEN_RUNS == 1) {
        read.classify(List.of("the cat sat", ""), CancellationToken.none());
      }
    } catch (ModelExecutionException e) {
      // A damaged graph may compute anything, and may fail.
    } finally {
      watchMemory();
    }
  }

  private void watchMemory() throws IOException {
    long peak = peakKilobytes();
    if (++loads <= WARM) {
      most = peak;
    }
    if (peak > most + MAX_KILOBYTES) {
      throw new AssertionError(
          "resident memory rose to " + peak + " KiB where it was at most " + most);
    }
  }

  private static long peakKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmHWM");
  }
}
