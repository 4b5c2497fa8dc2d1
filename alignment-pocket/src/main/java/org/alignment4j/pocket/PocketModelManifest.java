package org.alignment4j.pocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.pocket.files.WholeFiles;

/**
 * What the pocket model's folder holds: version, world and the SHA-256 of every file. Stored as
 * {@code manifest.json} in the folder.
 *
 * @param modelVersion names the weights
 * @param worldVersion names the world the model was trained on
 * @param files the files in alphabetical order
 */
public record PocketModelManifest(String modelVersion, String worldVersion, List<Entry> files) {
  /** The manifest's own file name. */
  public static final String FILE_NAME = "manifest.json";

  /** The files every pocket model folder has. */
  public static final Set<String> REQUIRED_FILES =
      Set.of(
          "config.json",
          "generation_config.json",
          "model.safetensors",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "model-card.md");

  static final String FORMAT = "alignment4j-pocket-model";
  static final int FORMAT_VERSION = 1;

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** Copies and checks the list. */
  public PocketModelManifest {
    files = List.copyOf(files);
    Set<String> missing = new HashSet<>(REQUIRED_FILES);
    files.forEach(entry -> missing.remove(entry.name()));
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          "a pocket model needs the files %s but %s are missing"
              .formatted(sorted(REQUIRED_FILES), sorted(missing)));
    }
  }

  /**
   * One file of the model.
   *
   * @param name plain file name
   * @param bytes length
   * @param sha256 64 hexadecimal digits in lower case
   */
  public record Entry(String name, long bytes, String sha256) {
    /** Checks that the name cannot leave a folder. */
    public Entry {
      if (!PLAIN_NAME.matcher(name).matches()) {
        throw new CheckpointException(
            "a file of the pocket model must have a plain name but was '%s'".formatted(name));
      }
    }
  }

  /**
   * Hashes every required file of a folder and writes {@code manifest.json} beside them, whole or
   * not at all.
   *
   * @param folder a pocket model's folder
   * @param modelVersion names the weights
   * @param worldVersion names the world
   * @return what was written
   * @throws CheckpointException when a file is missing or cannot be read or written
   */
  public static PocketModelManifest write(Path folder, String modelVersion, String worldVersion) {
    List<Entry> entries = new ArrayList<>();
    try {
      for (String name : sorted(REQUIRED_FILES)) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file)) {
          entries.add(new Entry(name, Files.size(file), sha256(file)));
        }
      }
      PocketModelManifest manifest = new PocketModelManifest(modelVersion, worldVersion, entries);
      WholeFiles.write(folder.resolve(FILE_NAME), manifest.json());
      return manifest;
    } catch (IOException e) {
      throw new CheckpointException(
          "the pocket model's manifest could not be written in " + folder, e);
    }
  }

  /** Reads a manifest; {@code place} names it in errors. */
  static PocketModelManifest parse(InputStream in, String place) throws IOException {
    JsonNode root = parseJson(in.readAllBytes(), place);
    String format = root.path("format").asText();
    if (!format.equals(FORMAT)) {
      throw new CheckpointException(
          "format must be '%s' but was '%s' in %s".formatted(FORMAT, format, place));
    }
    int version = root.path("version").asInt(-1);
    if (version != FORMAT_VERSION) {
      throw new CheckpointException(
          "%s has version %s of the format '%s' but this library reads version %s; use a library of the same release"
              .formatted(place, version, FORMAT, FORMAT_VERSION));
    }
    List<Entry> entries = new ArrayList<>();
    for (JsonNode file : root.path("files")) {
      entries.add(
          new Entry(
              file.path("name").asText(),
              file.path("bytes").asLong(-1),
              file.path("sha256").asText()));
    }
    return new PocketModelManifest(
        root.path("modelVersion").asText(), root.path("worldVersion").asText(), entries);
  }

  private static JsonNode parseJson(byte[] bytes, String place) {
    try {
      return new ObjectMapper().readTree(new String(bytes, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new CheckpointException(place + " must be JSON; the file is damaged", e);
    }
  }

  private String json() throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode root = mapper.createObjectNode();
    root.put("format", FORMAT).put("version", FORMAT_VERSION);
    root.put("modelVersion", modelVersion).put("worldVersion", worldVersion);
    for (Entry entry : files) {
      root.withArray("files")
          .addObject()
          .put("name", entry.name())
          .put("bytes", entry.bytes())
          .put("sha256", entry.sha256());
    }
    return mapper.writeValueAsString(root).replace(System.lineSeparator(), "\n") + "\n";
  }

  private static String sha256(Path file) throws IOException {
    try (DigestInputStream in = Sha256.over(Files.newInputStream(file))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
