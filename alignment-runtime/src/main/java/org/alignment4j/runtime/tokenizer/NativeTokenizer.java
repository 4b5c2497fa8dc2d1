package org.alignment4j.runtime.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;

/** The native tokenizer: truncation and padding off, calls and close in order. */
final class NativeTokenizer implements AutoCloseable {

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private final Path file;
  private final HuggingFaceTokenizer tokenizer;
  private final int vocabularySize;
  private final TextBounds bounds;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private NativeTokenizer(
      Path file, HuggingFaceTokenizer tokenizer, int vocabularySize, TextBounds bounds) {
    this.file = file;
    this.bounds = bounds;
    this.vocabularySize = vocabularySize;
    this.tokenizer = tokenizer;
  }

  static NativeTokenizer create(
      Path file, String definition, int vocabularySize, TextBounds bounds) {
    setUnlessPresent("OPT_OUT_TRACKING", "true");
    // A CUDA flavour of the library would be downloaded; tokenising needs none.
    setUnlessPresent("RUST_FLAVOR", "cpu");
    byte[] bytes = definition.getBytes(StandardCharsets.UTF_8);
    try {
      return new NativeTokenizer(
          file,
          HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS),
          vocabularySize,
          bounds);
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException(
          "%s is not a tokenizer this library can load (%s); it may be damaged or of a newer format: copy"
                  .formatted(file, e.getMessage())
              + " the file again or save it with an older tokenizers version",
          e);
    }
  }

  private static void setUnlessPresent(String name, String value) {
    if (System.getenv(name) == null && System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  private <T> T call(Function<HuggingFaceTokenizer, T> operation) {
    lock.readLock().lock();
    try {
      requireOpen();
      return operation.apply(tokenizer);
    } catch (AlignmentException | IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CheckpointException(
          "%s does not work on a text (%s); it may be damaged: copy the file again"
              .formatted(file, e.getMessage()),
          e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the tokenizer of " + file + " is closed");
    }
  }

  Encoding encode(String text, boolean addSpecialTokens) {
    bounds.checkEncoded(file, text);
    String valid = withoutLoneSurrogates(text);
    return call(
        t -> {
          ai.djl.huggingface.tokenizers.Encoding encoding =
              t.encode(valid, addSpecialTokens, false);
          return converted(valid, encoding);
        });
  }

  /** Two texts with the special tokens that the tokenizer puts around a pair. */
  PairTokens encodePair(String first, String second) {
    bounds.checkEncoded(file, first);
    bounds.checkEncoded(file, second);
    String a = withoutLoneSurrogates(first);
    String b = withoutLoneSurrogates(second);
    return call(
        t -> {
          ai.djl.huggingface.tokenizers.Encoding encoding = t.encode(a, b, true, false);
          int[] ids = Arrays.stream(encoding.getIds()).mapToInt(this::token).toArray();
          return new PairTokens(TokenIds.of(ids), ImmutableLongArray.copyOf(encoding.getTypeIds()));
        });
  }

  private int token(long id) {
    if (id >= vocabularySize) {
      throw new CheckpointException(
          "%s gives the token id %s although its vocabulary ends at %s; it is damaged: copy the file again"
              .formatted(file, id, vocabularySize - 1));
    }
    return (int) id;
  }

  private Encoding converted(String text, ai.djl.huggingface.tokenizers.Encoding encoding) {
    long[] ids = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    CodePointIndex index = new CodePointIndex(text);
    ImmutableIntArray.Builder starts = ImmutableIntArray.builder(ids.length);
    ImmutableIntArray.Builder ends = ImmutableIntArray.builder(ids.length);
    int[] tokens = new int[ids.length];
    int last = 0;
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = token(ids[i]);
      CharSpan span = spans[i];
      starts.add(span == null ? last : index.utf16(span.getStart()));
      last = span == null ? last : index.utf16(span.getEnd());
      ends.add(last);
    }
    return new Encoding(TokenIds.of(tokens), starts.build(), ends.build());
  }

  /** Half a surrogate pair has no UTF-8 form; it becomes U+FFFD, one unit for one. */
  private static String withoutLoneSurrogates(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else {
        repaired = repaired == null ? new StringBuilder(text) : repaired;
        repaired.setCharAt(i, '\ufffd');
      }
    }
    return repaired == null ? text : repaired.toString();
  }

  String decode(TokenIds ids, boolean skipSpecial, long spelled) {
    bounds.checkDecoded(file, spelled);
    long[] values = ids.stream().asLongStream().toArray();
    return call(t -> t.decode(values, skipSpecial));
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
