package org.alignment4j.eval.declared;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.Fault;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.apiguardian.api.API;

/**
 * Samples made of data files by a template, with examples before each question. All prompts of a
 * group begin with the same text. Immutable.
 *
 * @param samples the samples in the order of the files
 * @param reports how the files were read, those of the examples last
 * @param options what shaped the prompts, for the provenance: template and its hash, shots, seed,
 *     where each example stands
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TemplatedSamples(
    List<Sample> samples, List<ReadReport> reports, Map<String, String> options) {

  /** The metadata that holds an item's group. */
  public static final String GROUP = "group";

  /** Copies. */
  public TemplatedSamples {
    samples = List.copyOf(samples);
    reports = List.copyOf(reports);
    options = Map.copyOf(options);
  }

  /**
   * A data file.
   *
   * @param file the file
   * @param given values of fields that stand outside a row, such as in the file's name, or in
   *     another form; several are a list
   * @param reading how it is read
   */
  public record Source(
      Path file, Function<Row, Map<String, List<String>>> given, ReadOptions reading) {
    /** Checks that nothing is missing. */
    public Source {
      Objects.requireNonNull(file, "file");
      Objects.requireNonNull(given, "given");
      Objects.requireNonNull(reading, "reading");
    }

    /**
     * Returns a file whose rows say everything.
     *
     * @param file the file
     * @param reading how it is read
     * @return the source
     */
    public static Source of(Path file, ReadOptions reading) {
      return new Source(file, row -> Map.of(), reading);
    }

    private TemplateItem item(TaskTemplate template, Row row) {
      return template.item(row, given.apply(row));
    }
  }

  /**
   * Reads samples.
   *
   * @param template how rows are put
   * @param file what is scored
   * @param fewShot which examples stand before each question
   * @param reading how files are read
   * @return the samples
   * @throws DataFormatException when a file is missing or breaks its format, an id occurs twice, an
   *     example is also scored, or there are too few examples
   */
  public static TemplatedSamples read(
      TaskTemplate template, Path file, FewShot fewShot, ReadOptions reading) {
    List<Source> examples =
        fewShot.files().stream().map(shown -> Source.of(shown, reading)).toList();
    return read(template, List.of(Source.of(file, reading)), examples, fewShot);
  }

  /**
   * Reads samples of several files.
   *
   * @param template how rows are put
   * @param scored what is scored
   * @param examples what examples are taken from, in place of {@link FewShot#files}
   * @param fewShot how many examples, and how they are chosen
   * @return the samples
   * @throws DataFormatException as the short form does
   */
  public static TemplatedSamples read(
      TaskTemplate template, List<Source> scored, List<Source> examples, FewShot fewShot) {
    List<ReadReport> exampleReports = new ArrayList<>();
    Map<String, List<FewShot.Example>> pool =
        fewShot.shots() == 0 ? Map.of() : pool(template, examples, exampleReports);
    String place = examples.isEmpty() ? "" : examples.get(0).file().toString();
    Shots shots =
        new Shots(
            template,
            fewShot.shots(),
            group -> fewShot.choose(pool.getOrDefault(group, List.of()), group, place));
    fewShot.seed().ifPresent(seed -> shots.options.put("shotsSeed", Long.toString(seed)));
    return read(template, scored, shots, exampleReports);
  }

  /**
   * Reads samples of which all have the same examples.
   *
   * @param template how rows are put
   * @param scored what is scored
   * @param examples what stands before each question
   * @return the samples
   * @throws DataFormatException when a file is missing or breaks its format, an id occurs twice, or
   *     an example is also scored
   */
  public static TemplatedSamples read(
      TaskTemplate template, List<Source> scored, List<TemplateItem> examples) {
    List<FewShot.Example> shown = new ArrayList<>();
    for (TemplateItem item : examples) {
      shown.add(new FewShot.Example(item, "the examples", shown.size() + 1));
    }
    Shots shots = new Shots(template, shown.size(), group -> List.copyOf(shown));
    return read(template, scored, shots, List.of());
  }

  private static Map<String, List<FewShot.Example>> pool(
      TaskTemplate template, List<Source> files, List<ReadReport> reports) {
    Map<String, List<FewShot.Example>> pool = new LinkedHashMap<>();
    for (Source source : files) {
      Dataset<FewShot.Example> read =
          Dataset.read(
              source.file(),
              source.reading(),
              row -> new FewShot.Example(source.item(template, row), row.file(), row.line()));
      reports.add(read.report());
      for (FewShot.Example example : read) {
        pool.computeIfAbsent(example.item().group(), g -> new ArrayList<>()).add(example);
      }
    }
    return pool;
  }

  private static TemplatedSamples read(
      TaskTemplate template, List<Source> scored, Shots shots, List<ReadReport> exampleReports) {
    Set<String> ids = new HashSet<>();
    List<Sample> samples = new ArrayList<>();
    List<ReadReport> reports = new ArrayList<>();
    for (Source source : scored) {
      String before = scored.size() == 1 ? "" : source.file().getFileName() + " ";
      Dataset<Sample> read =
          Dataset.read(
              source.file(),
              source.reading(),
              row -> {
                TemplateItem item = source.item(template, row);
                String id = item.id().isEmpty() ? before + "line " + row.line() : item.id();
                if (!ids.add(id)) {
                  throw row.fault(
                      Fault.INVALID, "an id must occur once but '" + id + "' occurs twice");
                }
                return sample(id, item, shots.prefix(item, row));
              });
      samples.addAll(read);
      reports.add(read.report());
    }
    reports.addAll(exampleReports);
    Map<String, String> options = new HashMap<>(shots.options());
    options.put("template", template.name());
    options.put("templateHash", template.hash().hex());
    return new TemplatedSamples(samples, reports, options);
  }

  private static Sample sample(String id, TemplateItem item, String prefix) {
    return new Sample(
        id,
        Prompt.text(prefix + item.question()),
        item.choices(),
        item.targets(),
        item.cluster().isEmpty() ? id : item.cluster(),
        item.group().isEmpty() ? Map.of() : Map.of(GROUP, item.group()));
  }

  /**
   * Returns the groups of the samples.
   *
   * @return their names in the order of first appearance; none without groups
   */
  public List<String> groups() {
    return samples.stream()
        .map(sample -> sample.metadata().getOrDefault(GROUP, ""))
        .filter(group -> !group.isEmpty())
        .distinct()
        .toList();
  }

  /** The examples of each group, chosen when the group is first met. */
  private static final class Shots {

    private final TaskTemplate template;
    private final int count;
    private final Function<String, List<FewShot.Example>> choose;
    private final Map<String, List<FewShot.Example>> chosen = new TreeMap<>();
    private final Map<String, String> options = new HashMap<>();

    Shots(TaskTemplate template, int count, Function<String, List<FewShot.Example>> choose) {
      this.template = template;
      this.count = count;
      this.choose = choose;
    }

    String prefix(TemplateItem item, Row row) {
      if (count == 0) {
        return template.prefix(item.instruction(), List.of());
      }
      List<FewShot.Example> examples = chosen.computeIfAbsent(item.group(), choose);
      for (FewShot.Example example : examples) {
        if (example.item().asked().equals(item.asked())) {
          throw new DataFormatException(
              row.file(),
              row.line(),
              null,
              "a question must not be one of its own examples but it is the one at "
                  + example.place()
                  + "; take examples from a split apart from the one that is scored");
        }
      }
      return template.prefix(
          item.instruction(), examples.stream().map(FewShot.Example::item).toList());
    }

    Map<String, String> options() {
      Map<String, String> all = new HashMap<>(options);
      all.put("shots", Integer.toString(count));
      chosen.forEach(
          (group, examples) ->
              all.put(
                  group.isEmpty() ? "examples" : "examples " + group,
                  String.join(", ", examples.stream().map(e -> "line " + e.line()).toList())));
      return all;
    }
  }
}
