package org.alignment4j.rlhf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.alignment4j.rlhf.advantage.CompletionMask;
import org.alignment4j.rlhf.advantage.TokenValues;

/** Reads padded matrices of reference files as values of the tokens that are not padding. */
public final class ReferenceNumbers {

  private ReferenceNumbers() {}

  /** A reference file. */
  public static JsonNode read(String relative) throws IOException {
    return new ObjectMapper().readTree(Files.readString(SharedFiles.require(relative)));
  }

  /** A vector. */
  public static double[] vector(JsonNode node) {
    return IntStream.range(0, node.size()).mapToDouble(i -> node.get(i).doubleValue()).toArray();
  }

  /** A matrix. */
  public static double[][] matrix(JsonNode node) {
    return IntStream.range(0, node.size())
        .mapToObj(i -> vector(node.get(i)))
        .toArray(double[][]::new);
  }

  /** A matrix whose rows are cut after the tokens of a mask. */
  public static TokenValues tokens(JsonNode node, CompletionMask mask) {
    int[] lengths = IntStream.range(0, mask.sequences()).map(mask::length).toArray();
    return tokens(node, lengths);
  }

  /** A matrix whose rows are cut to lengths. */
  public static TokenValues tokens(JsonNode node, int... lengths) {
    double[][] rows = matrix(node);
    for (int s = 0; s < rows.length; s++) {
      rows[s] = Arrays.copyOf(rows[s], lengths[s]);
    }
    return TokenValues.of(rows);
  }

  /** How many tokens of each row a 0/1 matrix counts; they come first. */
  public static int[] lengths(JsonNode mask) {
    double[][] rows = matrix(mask);
    return Arrays.stream(rows).mapToInt(row -> (int) Arrays.stream(row).sum()).toArray();
  }
}
