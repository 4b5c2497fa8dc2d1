package org.alignment4j.eval.general;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.DataFormat;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.Row;
import org.alignment4j.eval.declared.ChoiceTask;
import org.alignment4j.eval.declared.FewShot;
import org.alignment4j.eval.declared.TemplatedSamples;
import org.alignment4j.eval.declared.TemplatedSamples.Source;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * Multiple choice in the format of MMLU (Hendrycks et al. 2021, arXiv 2009.03300): questions with
 * four answers by subject, few examples of the subject before each.
 *
 * <p>A folder holds either {@code dev} and {@code test} with a CSV file a subject ({@code
 * anatomy_dev.csv}, {@code anatomy_test.csv}: question, A, B, C, D, answer, with a header row or
 * without), or {@code dev.jsonl} and {@code test.jsonl} with {@code question}, {@code subject},
 * {@code choices} and {@code answer} from 0 to 3.
 *
 * <p>Metrics: {@code acc} over all questions, {@code acc/macro} over subjects, each counting alike,
 * and by subject, such as {@code acc/anatomy}; with full texts as answers {@code acc_norm} and
 * {@code acc_bytes} as well. Guessing scores 0.25.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Mmlu {

  private static final String PAPER = "Hendrycks et al. 2021, arXiv 2009.03300, section 4";
  private static final String LETTERS = "ABCD";

  private Mmlu() {}

  /**
   * Loads a benchmark with the usual options.
   *
   * @param folder the folder
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format
   */
  public static LoadedBenchmark of(Path folder) {
    return of(folder, MmluOptions.defaults());
  }

  /**
   * Loads a benchmark.
   *
   * @param folder the folder
   * @param options how it is run
   * @return the benchmark
   * @throws DataFormatException when a file is missing or breaks the format, an example is also
   *     scored, or a subject has too few examples
   */
  public static LoadedBenchmark of(Path folder, MmluOptions options) {
    boolean hub = Files.exists(folder.resolve("test.jsonl"));
    List<Source> test = hub ? hub(folder, "test", options) : tables(folder, "test", options);
    List<Source> dev =
        options.shots() == 0
            ? List.of()
            : hub ? hub(folder, "dev", options) : tables(folder, "dev", options);
    FewShot fewShot =
        new FewShot(options.shots(), options.seed(), dev.stream().map(Source::file).toList());
    return ChoiceTask.of(
        "mmlu",
        "1",
        options.template(),
        TemplatedSamples.read(options.template(), test, dev, fewShot),
        PAPER);
  }

  private static List<Source> hub(Path folder, String split, MmluOptions options) {
    Path file = folder.resolve(split + ".jsonl");
    return List.of(new Source(file, Mmlu::hubRow, options.reading().withFormat(DataFormat.JSONL)));
  }

  private static Map<String, List<String>> hubRow(Row row) {
    List<String> choices = row.plains("choices");
    if (choices.size() != LETTERS.length()) {
      throw row.fault("choices", "there must be four choices but there were " + choices.size());
    }
    long answer = row.integer("answer");
    if (answer < 0 || answer >= LETTERS.length()) {
      throw row.fault("answer", "the answer must be from 0 to 3 but was " + answer);
    }
    return Map.of(
        "subject", List.of(row.text("subject").replace('_', ' ')),
        "A", List.of(choices.get(0)),
        "B", List.of(choices.get(1)),
        "C", List.of(choices.get(2)),
        "D", List.of(choices.get(3)),
        "answer", List.of(LETTERS.substring((int) answer, (int) answer + 1)));
  }

  private static List<Source> tables(Path folder, String split, MmluOptions options) {
    Path files = folder.resolve(split);
    String end = "_" + split + ".csv";
    try (Stream<Path> listed = Files.list(files)) {
      List<Source> sources =
          listed
              .filter(file -> file.getFileName().toString().endsWith(end))
              .sorted()
              .map(file -> table(file, end, options.reading()))
              .toList();
      if (sources.isEmpty()) {
        throw new DataFormatException(
            files.toString(), 0, null, "the folder must hold files *" + end + " but has none");
      }
      return sources;
    } catch (IOException e) {
      throw new DataFormatException(
          files.toString(),
          0,
          null,
          "the folder must exist, or "
              + folder.resolve(split + ".jsonl").getFileName()
              + " beside it, but cannot be listed",
          e);
    }
  }

  private static Source table(Path file, String end, ReadOptions reading) {
    String name = file.getFileName().toString();
    String subject = name.substring(0, name.length() - end.length()).replace('_', ' ');
    return new Source(
        file,
        row -> Map.of("subject", List.of(subject)),
        hasHeader(file) ? reading : reading.withColumns("question", "A", "B", "C", "D", "answer"));
  }

  /** The authors' files have no header row, copies often do. */
  private static boolean hasHeader(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file, ISO_8859_1)) {
      String first = lines.readLine();
      return first != null && first.replace("\"", "").endsWith("question,A,B,C,D,answer");
    } catch (IOException e) {
      throw new DataFormatException(file.toString(), 0, null, "cannot read the file", e);
    }
  }
}
