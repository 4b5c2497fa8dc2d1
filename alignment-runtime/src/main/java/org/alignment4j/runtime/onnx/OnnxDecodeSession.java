package org.alignment4j.runtime.onnx;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.runtime.generate.DecodeSession;
import org.jspecify.annotations.Nullable;

/** Decoding with a decoder of an ONNX file; prompts are padded on the left. */
final class OnnxDecodeSession implements DecodeSession {

  private final OnnxDecoder decoder;
  private @Nullable OnnxRun run;

  OnnxDecodeSession(OnnxDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public float[] prefill(List<int[]> prompts) {
    int rows = prompts.size();
    int longest = prompts.stream().mapToInt(p -> p.length).max().orElse(0);
    int chunk = decoder.cached() ? decoder.chunk(rows) : longest;
    close();
    OnnxRun started = new OnnxRun(decoder, rows);
    run = started;
    float[] logits = new float[0];
    for (int start = 0; start < longest; start += chunk) {
      int seq = Math.min(chunk, longest - start);
      long[][] tokens = new long[rows][seq];
      long[][] marks = new long[rows][seq];
      for (int b = 0; b < rows; b++) {
        int[] prompt = prompts.get(b);
        int padding = longest - prompt.length;
        for (int t = Math.max(0, padding - start); t < seq; t++) {
          tokens[b][t] = prompt[start + t - padding];
          marks[b][t] = 1;
        }
      }
      logits = last(started.read(tokens, marks), rows, seq);
    }
    return logits;
  }

  @Override
  public float[] step(int[] next) {
    long[][] tokens = Arrays.stream(next).mapToObj(t -> new long[] {t}).toArray(long[][]::new);
    long[][] marks = Arrays.stream(next).mapToObj(t -> new long[] {1}).toArray(long[][]::new);
    return last(started().read(tokens, marks), next.length, 1);
  }

  /** Logits of the last column of every row. */
  private float[] last(FloatBuffer logits, int rows, int seq) {
    int vocab = decoder.config().vocabSize();
    float[] last = new float[rows * vocab];
    for (int b = 0; b < rows; b++) {
      logits.get((b * seq + seq - 1) * vocab, last, b * vocab, vocab);
    }
    return last;
  }

  @Override
  public void select(int[] rows) {
    started().select(rows);
  }

  private OnnxRun started() {
    if (run == null) {
      throw new IllegalStateException("prompts must be read before the first step");
    }
    return run;
  }

  @Override
  public void close() {
    if (run != null) {
      run.close();
      run = null;
    }
  }
}
