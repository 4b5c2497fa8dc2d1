package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alignment4j.benchmarks.LoadedModel.Figures;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.DType;

/**
 * Times loading a folder and measures the memory of a model that scores, shows its activations and
 * generates: three compiled graphs on one set of weights. Every round is a process of its own, with
 * a heap of at most 2 GiB; its files are in the page cache. Arguments: a shape ({@code S}, {@code
 * M} or {@code QWEN}), the element type of its folder ({@code F32} or {@code BF16}), the number of
 * rounds, and {@code false} if weights are not to be packed for generation. The folder is written
 * where {@code java.io.tmpdir} says.
 */
public final class LoadBenchmark {

  private static final int WARM_UP = 1;
  private static final double MEBI = 1 << 20;

  private LoadBenchmark() {}

  /**
   * Prints a row of a Markdown table: shape, element type, milliseconds until the model is open and
   * until its first log-probability; resident memory then and after the three uses in MiB, each
   * after a collection; anonymous and mapped memory of the latter; its ratio to the weights in
   * float32; and the peak of resident memory. Medians, of most figures with ranges.
   */
  public static void main(String[] args) throws IOException {
    DecoderShape shape = DecoderShape.parse(args.length > 0 ? args[0] : "M");
    DType type = DType.valueOf(args.length > 1 ? args[1] : "F32");
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 7;
    boolean packed = args.length <= 3 || Boolean.parseBoolean(args[3]);
    List<Figures> all = new ArrayList<>();
    try (TemporaryFolder folder = TemporaryFolder.create("load-benchmark")) {
      shape.write(folder.path(), type);
      for (int round = -WARM_UP; round < rounds; round++) {
        Figures figures = inProcess(shape, folder.path(), packed);
        if (round >= 0) {
          all.add(figures);
        }
      }
    }
    double weights =
        Float.BYTES
            * shape.architecture().parameters().stream().mapToLong(Parameter::size).sum()
            / MEBI;
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s | %.0f | %.0f | %s | %.0f |%n",
        shape.name(),
        type,
        spread(all, Figures::opened).text(0),
        spread(all, Figures::scored).text(0),
        spread(all, f -> f.one().total()).text(0),
        spread(all, f -> f.three().total()).text(0),
        spread(all, f -> f.three().own()).median(),
        spread(all, f -> f.three().mapped()).median(),
        spread(all, f -> f.three().total() / weights).text(2),
        spread(all, Figures::peak).median());
  }

  private static Figures inProcess(DecoderShape shape, Path folder, boolean packed)
      throws IOException {
    List<String> command =
        ChildProcess.java(
            List.of("-Xmx2g", "-XX:MaxDirectMemorySize=8g"),
            LoadedModel.class,
            List.of(shape.name(), folder.toString(), Boolean.toString(packed)));
    try (ChildProcess process = new ChildProcess(command, Map.of())) {
      return Figures.parse(process.answer());
    }
  }

  private static Spread spread(List<Figures> all, ToDoubleFunction<Figures> figure) {
    return Spread.of(all.stream().mapToDouble(figure).boxed().toList());
  }
}
