package org.alignment4j.runtime.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file, fully validated: known types, shapes whose product fits,
 * byte ranges that follow each other without overlap or hole and end where the file ends.
 *
 * @param tensors every tensor by name, in the order of the data
 * @param metadata the free-form {@code __metadata__} entries
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {

  private static final int MAX_NESTING = 8;
  private static final int MAX_RANK = 32;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNumberLength(32)
                  .build())
          .build();

  SafetensorsHeader {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Parses a header.
   *
   * @param file name of the file, for messages
   * @param json text of the header
   * @param dataBytes bytes that follow the header in the file
   * @throws CheckpointException if the header breaks a rule of the format
   */
  static SafetensorsHeader parse(String file, String json, long dataBytes) {
    try (JsonParser parser = JSON.createParser(json)) {
      return new Reader(file, parser, dataBytes).read();
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "the header of "
              + file
              + " must be a JSON object but is not: "
              + e.getOriginalMessage()
              + "; the file is damaged, fetch it again",
          e);
    } catch (IOException e) {
      throw new CheckpointException("could not read the header of " + file, e);
    }
  }

  private static final class Reader {
    private final String file;
    private final JsonParser parser;
    private final long dataBytes;

    Reader(String file, JsonParser parser, long dataBytes) {
      this.file = file;
      this.parser = parser;
      this.dataBytes = dataBytes;
    }

    SafetensorsHeader read() throws IOException {
      List<TensorInfo> found = new ArrayList<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "'" + key + "'");
        if (key.equals("__metadata__")) {
          readMetadata(metadata);
        } else {
          found.add(readTensor(key));
        }
      }
      expect(parser.currentToken(), JsonToken.END_OBJECT, "the header's end");
      if (parser.nextToken() != null) {
        throw broken("nothing may follow the JSON object of the header");
      }
      found.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
      checkCoverage(found);
      Map<String, TensorInfo> tensors = new LinkedHashMap<>();
      found.forEach(t -> tensors.put(t.name(), t));
      return new SafetensorsHeader(tensors, metadata);
    }

    private void readMetadata(Map<String, String> metadata) throws IOException {
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        expect(parser.nextToken(), JsonToken.VALUE_STRING, "'__metadata__." + key + "'");
        metadata.put(key, parser.getText());
      }
    }

    private TensorInfo readTensor(String name) throws IOException {
      String dtype = null;
      long[] shape = null;
      long[] offsets = null;
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        JsonToken value = parser.nextToken();
        switch (key) {
          case "dtype" -> {
            expect(value, JsonToken.VALUE_STRING, "dtype of '" + name + "'");
            dtype = parser.getText();
          }
          case "shape" -> shape = readLongs(value, "shape of '" + name + "'");
          case "data_offsets" -> offsets = readLongs(value, "data_offsets of '" + name + "'");
          default -> throw broken("tensor '" + name + "' has the unknown field '" + key + "'");
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        throw broken("tensor '" + name + "' must have dtype, shape and data_offsets");
      }
      return validated(name, dtype, shape, offsets);
    }

    private TensorInfo validated(String name, String dtypeName, long[] shape, long[] offsets) {
      DType dtype = DType.named(dtypeName);
      if (dtype == null) {
        throw broken(
            "dtype of '"
                + name
                + "' must be one of "
                + Arrays.toString(DType.values())
                + " but was '"
                + dtypeName
                + "'");
      }
      if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
        throw broken(
            "data_offsets of '"
                + name
                + "' must be [begin, end] within the file's "
                + dataBytes
                + " data bytes but were "
                + Arrays.toString(offsets));
      }
      long expected = byteCount(name, dtype, shape);
      if (offsets[1] - offsets[0] != expected) {
        throw broken(
            "tensor '"
                + name
                + "' of dtype "
                + dtype
                + " and shape "
                + Arrays.toString(shape)
                + " must take "
                + expected
                + " bytes but its data_offsets span "
                + (offsets[1] - offsets[0]));
      }
      return new TensorInfo(name, dtype, shape, offsets[0], offsets[1]);
    }

    private long byteCount(String name, DType dtype, long[] shape) {
      try {
        long bytes = dtype.bytes();
        for (long d : shape) {
          bytes = Math.multiplyExact(bytes, d);
        }
        return bytes;
      } catch (ArithmeticException e) {
        throw new CheckpointException(
            message("the size of '" + name + "' overflows: its shape is " + Arrays.toString(shape)),
            e);
      }
    }

    private long[] readLongs(@Nullable JsonToken value, String what) throws IOException {
      expect(value, JsonToken.START_ARRAY, what);
      long[] numbers = new long[MAX_RANK];
      int count = 0;
      for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
        expect(t, JsonToken.VALUE_NUMBER_INT, "an entry of the " + what);
        if (count == MAX_RANK) {
          throw broken(what + " must have at most " + MAX_RANK + " entries");
        }
        long number = parser.getLongValue();
        if (number < 0) {
          throw broken(what + " must not be negative but contains " + number);
        }
        numbers[count++] = number;
      }
      return Arrays.copyOf(numbers, count);
    }

    private void checkCoverage(List<TensorInfo> ordered) {
      long next = 0;
      String previous = "the header";
      for (TensorInfo t : ordered) {
        if (t.begin() != next) {
          throw broken(
              "tensors must follow each other without "
                  + (t.begin() < next ? "overlap" : "hole")
                  + " but '"
                  + t.name()
                  + "' begins at "
                  + t.begin()
                  + " and "
                  + previous
                  + " ends at "
                  + next);
        }
        next = t.end();
        previous = "'" + t.name() + "'";
      }
      if (next != dataBytes) {
        throw broken(
            "tensors must fill the file but end at " + next + " of " + dataBytes + " data bytes");
      }
    }

    private void expect(@Nullable JsonToken token, JsonToken expected, String what) {
      if (token != expected) {
        throw broken(what + " must be " + expected + " but was " + token);
      }
    }

    private CheckpointException broken(String problem) {
      return new CheckpointException(message(problem));
    }

    private String message(String problem) {
      return problem + " (header of " + file + "); the file is damaged, fetch it again";
    }
  }
}
