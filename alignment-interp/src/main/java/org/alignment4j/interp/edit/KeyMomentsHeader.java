package org.alignment4j.interp.edit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.alignment4j.core.files.Sha256;

/**
 * The first line of a {@link KeyMomentsFile}. What it says and the numbers after it are under one
 * SHA-256: of the line's bytes before {@value #HASH}, which comes last in it, and of everything
 * after the line.
 */
record KeyMomentsHeader(String modelId, int layer, int width, long count) {

  /** The widest keys whose moments one array holds. */
  static final int WIDEST = 46340;

  private static final String HASH = ",\"sha256\":";

  static KeyMomentsHeader of(KeyMoments moments) {
    return new KeyMomentsHeader(
        moments.modelId(), moments.layer(), moments.width(), moments.count());
  }

  /** Bytes of the upper triangle of moments of a width. */
  static long payloadBytes(int width) {
    return (long) width * (width + 1) / 2 * Double.BYTES;
  }

  /** The line, with its end, for a digest that has seen {@link #hashed} and the numbers. */
  byte[] line(MessageDigest digest) {
    return bytes(fields() + HASH + "\"" + Sha256.hex(digest) + "\"}\n");
  }

  /** What of the line is hashed. */
  byte[] hashed() {
    return bytes(fields());
  }

  private String fields() {
    ObjectNode header = new ObjectMapper().createObjectNode();
    header.put("format", KeyMomentsFile.FORMAT);
    header.put("version", KeyMomentsFile.VERSION);
    header.put("model", modelId);
    header.put("layer", layer);
    header.put("width", width);
    header.put("count", count);
    String whole = header.toString();
    return whole.substring(0, whole.length() - 1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A line that was read.
   *
   * @param header what it says
   * @param hashed its bytes that are hashed
   * @param hash what it says of the hash
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Read(KeyMomentsHeader header, byte[] hashed, String hash) {}

  /** A line that is not one of these; says what is wrong. */
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String problem) {
      super(problem);
    }
  }

  /** Reads a line without its end. */
  static Read read(String line) throws Fault {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw new Fault("the file must begin with a line of JSON but does not");
    }
    if (!KeyMomentsFile.FORMAT.equals(json.path("format").asText())) {
      throw new Fault(
          "format must be " + KeyMomentsFile.FORMAT + " but was " + said(json, "format"));
    }
    long version = json.path("version").asLong(-1);
    if (version < 1 || version > KeyMomentsFile.VERSION) {
      throw new Fault(
          "version must be from 1 to "
              + KeyMomentsFile.VERSION
              + " but was "
              + said(json, "version")
              + "; a newer release wrote the file");
    }
    if (!json.path("model").isTextual()) {
      throw new Fault("model must be a text but was " + said(json, "model"));
    }
    KeyMomentsHeader header =
        new KeyMomentsHeader(
            json.path("model").asText(),
            (int) number(json, "layer", 0, Integer.MAX_VALUE),
            (int) number(json, "width", 1, WIDEST),
            number(json, "count", 0, Long.MAX_VALUE));
    String hash = json.path("sha256").asText();
    String end = HASH + "\"" + hash + "\"}";
    if (!line.endsWith(end)) {
      throw new Fault("sha256 must be a text and the last of the first line but is not");
    }
    return new Read(header, bytes(line.substring(0, line.length() - end.length())), hash);
  }

  private static long number(JsonNode json, String name, long least, long most) throws Fault {
    JsonNode value = json.path(name);
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.asLong() < least
        || value.asLong() > most) {
      throw new Fault(
          name
              + " must be a whole number from "
              + least
              + " to "
              + most
              + " but was "
              + said(json, name)
              + "; the file is damaged");
    }
    return value.asLong();
  }

  private static String said(JsonNode json, String name) {
    return json.has(name) ? json.path(name).toString() : "missing";
  }
}
