package org.alignment4j.rlhf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.SequenceLimits;

/**
 * The reference's log-probabilities in a file of the run folder, so that a resumed run does not
 * compute them again. A file of another reference, other data or an older version, or a damaged
 * one, is replaced. The folder must be owned by the run that reads and writes.
 */
final class ReferenceCache {

  static final String FILE = "reference-logprobs.json";
  private static final String FORMAT = "alignment4j-reference-logprobs";
  private static final int VERSION = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String key;
  private final int pairs;

  private ReferenceCache(Path file, String key, int pairs) {
    this.file = file;
    this.key = key;
    this.pairs = pairs;
  }

  /**
   * The cache of a run.
   *
   * @param modelId identity of the reference: weights, adapter and tokenizer
   */
  static ReferenceCache of(
      Path folder, String modelId, List<PreferenceExample> examples, SequenceLimits limits) {
    String content = modelId + '\n' + limits.maxLength() + '\n' + fingerprint(examples);
    return new ReferenceCache(
        folder.resolve(FILE), ContentHash.of(content).toString(), examples.size());
  }

  /** A hash of the tokens of all examples. */
  static String fingerprint(List<PreferenceExample> examples) {
    StringBuilder content = new StringBuilder();
    for (PreferenceExample e : examples) {
      content.append(e.index()).append(e.prompt()).append(e.chosen()).append(e.rejected());
      content.append(e.probability()).append('\n');
    }
    return ContentHash.of(content.toString()).toString();
  }

  /** What the file holds, or else what is computed, which is written. */
  AnswerLogProbs readOrWrite(Supplier<AnswerLogProbs> compute) {
    Optional<AnswerLogProbs> kept = read();
    if (kept.isPresent()) {
      return kept.get();
    }
    AnswerLogProbs computed = compute.get();
    write(computed);
    return computed;
  }

  /** What the file holds, if it is of this reference and data. */
  Optional<AnswerLogProbs> read() {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException damaged) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RunFolderException("could not read " + file + ": " + e.getMessage(), e);
    }
    if (root.path("format").asText().equals(FORMAT) && root.path("version").asInt() > VERSION) {
      throw new RunFolderException(
          "%s must have format %s up to version %s but has version %s; use a newer release"
              .formatted(file, FORMAT, VERSION, root.path("version").asInt()));
    }
    if (root.path("version").asInt() != VERSION || !root.path("key").asText().equals(key)) {
      return Optional.empty();
    }
    double[][] arrays = {
      doubles(root.path("chosen")),
      doubles(root.path("rejected")),
      doubles(root.path("sharedChosen")),
      doubles(root.path("sharedRejected"))
    };
    return Arrays.stream(arrays).allMatch(a -> a.length == pairs)
        ? Optional.of(new AnswerLogProbs(arrays[0], arrays[1], arrays[2], arrays[3]))
        : Optional.empty();
  }

  private static double[] doubles(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).doubleValue();
    }
    return values;
  }

  void write(AnswerLogProbs logProbs) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT).put("version", VERSION).put("key", key);
    put(root, "chosen", logProbs.chosen());
    put(root, "rejected", logProbs.rejected());
    put(root, "sharedChosen", logProbs.sharedChosen());
    put(root, "sharedRejected", logProbs.sharedRejected());
    AtomicFiles.write(file, root.toString());
  }

  private static void put(ObjectNode root, String name, double[] values) {
    ArrayNode array = root.putArray(name);
    for (double value : values) {
      array.add(value);
    }
  }
}
