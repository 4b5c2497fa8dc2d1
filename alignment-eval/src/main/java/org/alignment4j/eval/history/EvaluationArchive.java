package org.alignment4j.eval.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.record.RecordFields;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A folder of finished evaluations, each under a label such as a date or a commit, with the scores
 * of every sample, so that later ones are compared with it sample by sample. Prompts and answers
 * are not in it. One file for each evaluation: lines of JSON, the figures first.
 *
 * <p>Immutable; threads and processes may share a folder as long as their labels differ.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EvaluationArchive {
  /** Value of the field {@code format} of a file's first line. */
  public static final String FORMAT = "alignment4j-archived-evaluation";

  /** Value of the field {@code version} of a file's first line. */
  public static final int VERSION = 1;

  private static final String SUFFIX = ".evaluation.jsonl";
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MAX_CHARS = 100_000_000;

  private final Path folder;

  /**
   * Takes a folder, which need not exist.
   *
   * @param folder where the files are
   */
  public EvaluationArchive(Path folder) {
    this.folder = Objects.requireNonNull(folder, "folder");
  }

  /**
   * Files an evaluation.
   *
   * @param label what to find it by: letters, digits, dots, hyphens and underscores
   * @param at when it was made
   * @throws IllegalArgumentException if the label has other characters or is taken
   * @throws AlignmentException if the disk fails
   */
  public void save(String label, Instant at, EvaluationRun run) {
    Path file = file(label);
    if (has(label)) {
      throw new IllegalArgumentException(
          "label must be new but '" + label + "' is taken by " + file + "; choose another");
    }
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("format", FORMAT);
    head.put("version", VERSION);
    head.put("label", label);
    head.put("at", at.toString());
    head.put("outcomes", run.outcomes().stream().map(OutcomeCodec::encode).toList());
    AtomicFiles.write(
        file,
        channel -> {
          line(channel, head);
          for (int i = 0; i < run.outcomes().size(); i++) {
            for (SampleResult sample : run.outcomes().get(i).samples()) {
              line(channel, OutcomeCodec.encode(i, sample));
            }
          }
        });
  }

  private static void line(WritableByteChannel channel, Map<String, ?> fields) throws IOException {
    channel.write(ByteBuffer.wrap((PlainJson.write(fields) + "\n").getBytes(UTF_8)));
  }

  /**
   * Returns the figures of all evaluations, the oldest first, without samples.
   *
   * @throws DataFormatException if a file breaks its format
   * @throws AlignmentException if the disk fails
   */
  public List<ArchivedEvaluation> all() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(SUFFIX))
          .map(f -> read(f, false))
          .sorted(
              Comparator.comparing(ArchivedEvaluation::at).thenComparing(ArchivedEvaluation::label))
          .toList();
    } catch (IOException e) {
      throw new AlignmentException("cannot list " + folder + ": " + AtomicFiles.reason(e), e);
    }
  }

  /**
   * Whether an evaluation is filed under a label.
   *
   * @throws IllegalArgumentException if the label has characters that none may have
   */
  public boolean has(String label) {
    return Files.exists(file(label));
  }

  /**
   * Returns an evaluation with the scores of its samples.
   *
   * @throws IllegalArgumentException if there is none of that label; lists those there are
   * @throws DataFormatException if the file breaks its format
   * @throws AlignmentException if the disk fails
   */
  public ArchivedEvaluation load(String label) {
    Path file = file(label);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "label must be one of "
              + all().stream().map(ArchivedEvaluation::label).toList()
              + " in "
              + folder
              + " but was '"
              + label
              + "'");
    }
    return read(file, true);
  }

  private Path file(String label) {
    if (!LABEL.matcher(label).matches()) {
      throw new IllegalArgumentException(
          "label must be letters, digits, dots, hyphens and underscores, at most 100, and begin"
              + " with a letter or digit, but was '"
              + label
              + "'");
    }
    return folder.resolve(label + SUFFIX);
  }

  private static ArchivedEvaluation read(Path file, boolean withSamples) {
    long line = 1;
    try (BufferedReader reader = Files.newBufferedReader(file, UTF_8)) {
      Map<?, ?> head = object(reader.readLine());
      requireFormat(head);
      List<Map<?, ?>> figures = new ArrayList<>();
      List<List<SampleResult>> samples = new ArrayList<>();
      for (Object outcome : RecordFields.list(head, "outcomes")) {
        figures.add(RecordFields.element("outcomes", outcome));
        samples.add(new ArrayList<>());
      }
      for (String text = reader.readLine(); withSamples && text != null; text = reader.readLine()) {
        line++;
        Map<?, ?> fields = object(text);
        long of = RecordFields.whole(fields, "outcome");
        if (of < 0 || of >= samples.size()) {
          throw new IllegalArgumentException(
              "field 'outcome' must be below " + samples.size() + " but was " + of);
        }
        samples.get((int) of).add(OutcomeCodec.sample(fields));
      }
      line = 1;
      List<BenchmarkOutcome> outcomes = new ArrayList<>();
      for (int i = 0; i < figures.size(); i++) {
        outcomes.add(OutcomeCodec.decode(figures.get(i), samples.get(i)));
      }
      return new ArchivedEvaluation(
          RecordFields.text(head, "label"), Instant.parse(RecordFields.text(head, "at")), outcomes);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new DataFormatException(file.toString(), line, null, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new AlignmentException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
    }
  }

  private static Map<?, ?> object(@Nullable String text) {
    if (text != null && PlainJson.read(text, MAX_CHARS) instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("must be a line with an object but was " + text);
  }

  private static void requireFormat(Map<?, ?> head) {
    String format = RecordFields.text(head, "format");
    long version = RecordFields.whole(head, "version");
    if (!format.equals(FORMAT) || version != VERSION) {
      throw new IllegalArgumentException(
          "must be of format "
              + FORMAT
              + " and version "
              + VERSION
              + " but is of "
              + format
              + " and version "
              + version);
    }
  }
}
