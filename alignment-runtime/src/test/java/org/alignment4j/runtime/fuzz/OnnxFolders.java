package org.alignment4j.runtime.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.OnnxLanguageModel;
import org.alignment4j.runtime.RotaryFamilies;
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
    CONFIGURATION
  }

  private static final ModelOptions CPU =
      ModelOptions.defaults().device(DevicePolicy.CPU).threads(1);

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
    Path outside = export(folder.resolve("model"), true).resolve("model.onnx");
    byte[] beside = Files.readAllBytes(outside);
    byte[] inline =
        Files.readAllBytes(export(folder.resolve("inline"), false).resolve("model.onnx"));
    List<byte[]> files = List.of(inline, beside);
    long base = 8 << 20;
    return switch (damaged) {
      case STRUCTURE ->
          new Fuzzing(
              outside, files, List.of(), base, 200, 20, file -> OnnxStructure.read(file).bytes());
      case BYTES -> new Fuzzing(outside, files, List.of(), base, 200, 20, file -> load());
      case GRAPH ->
          new Fuzzing(outside, files, new OnnxMutator(files)::input, base, 200, 20, file -> load());
      case CONFIGURATION -> {
        Path config = outside.resolveSibling("config.json");
        yield new Fuzzing(
            config,
            List.of(Files.readAllBytes(config)),
            List.of("\"eos_token_id\":[-1,5],", "\"num_key_value_heads\":", "\"n_positions\":1,"),
            base,
            200,
            20,
            file -> load());
      }
    };
  }

  private void load() throws IOException {
    try (OnnxLanguageModel model = OnnxLanguageModel.load(outsideFolder(), CPU)) {
      if (++accepted % BETWEEN_RUNS == 1) {
        run(model);
      }
    } finally {
      watchMemory();
    }
  }

  private Path outsideFolder() {
    return folder.resolve("model");
  }

  /** A damaged graph may compute anything, or fail as a run does. */
  private static void run(OnnxLanguageModel model) {
    try {
      model.logProbabilities(List.of(Continuation.of(Prompt.tokens(5, 6), TokenIds.of(4, 5))));
    } catch (AlignmentException e) {
      // As a model that was damaged with care would.
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
