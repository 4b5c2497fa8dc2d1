package org.alignment4j.pocket.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a folder of evaluation sets holds; stored in it as {@code manifest.json}.
 *
 * @param worldVersion names the world the sets are about
 * @param options what they were drawn with
 * @param files the files in the order of writing
 */
public record BenchmarkManifest(String worldVersion, BenchmarkOptions options, List<Entry> files) {
  /** The manifest's own file name. */
  public static final String FILE_NAME = "manifest.json";

  static final String FORMAT = "alignment4j-pocket-benchmarks";
  static final int FORMAT_VERSION = 1;

  /** Copies the list. */
  public BenchmarkManifest {
    files = List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param name plain file name
   * @param layout the format of its rows, such as "TruthfulQA csv"
   * @param heldOut whether no training text has its questions
   * @param rows how many items it has, a header not counted
   * @param bytes length
   * @param sha256 64 hexadecimal digits in lower case
   */
  public record Entry(
      String name, String layout, boolean heldOut, int rows, long bytes, String sha256) {}

  String json() {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode root = mapper.createObjectNode();
    root.put("format", FORMAT).put("version", FORMAT_VERSION).put("worldVersion", worldVersion);
    root.putObject("options")
        .put("seed", options.seed())
        .put("feedbackRows", options.feedbackRows())
        .put("noise", options.noise())
        .put("passages", options.passages());
    for (Entry entry : files) {
      root.withArray("files")
          .addObject()
          .put("name", entry.name())
          .put("layout", entry.layout())
          .put("heldOut", entry.heldOut())
          .put("rows", entry.rows())
          .put("bytes", entry.bytes())
          .put("sha256", entry.sha256());
    }
    try {
      return mapper.writeValueAsString(root).replace(System.lineSeparator(), "\n") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values must be writable", e);
    }
  }
}
