package org.alignment4j.eval.factuality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.data.RowReader;

/**
 * Facts of files with how these were read.
 *
 * @param facts the facts
 * @param reports a report for each file or part of one
 */
record ClozeFiles(List<ClozeFact> facts, List<ReadReport> reports) {

  private static final String SLOT = "{}";

  static ClozeFiles known(Path path, ReadOptions reading) {
    Set<String> ids = new HashSet<>();
    Dataset<ClozeFact> facts = Dataset.read(path, reading, row -> known(row, ids));
    return new ClozeFiles(facts, List.of(facts.report()));
  }

  private static ClozeFact known(Row row, Set<String> ids) {
    String id = Long.toString(row.integer("known_id"));
    if (!ids.add(id)) {
      throw row.fault("known_id", "a fact's number must occur once but " + id + " occurs twice");
    }
    String subject = row.text("subject");
    String prompt = row.text("prompt").strip();
    if (!prompt.contains(subject)) {
      throw row.fault(
          "prompt",
          "the prompt must contain the subject '" + subject + "' but was '" + prompt + "'");
    }
    return new ClozeFact(
        id, "", row.text("relation_id"), subject, prompt, row.text("attribute").strip());
  }

  /** The relations of a folder's subfolders, which are kinds. */
  static ClozeFiles relations(
      Path folder, Set<String> kinds, ClozeFacts.Prompts prompts, ReadOptions reading) {
    List<ClozeFact> facts = new ArrayList<>();
    List<ReadReport> reports = new ArrayList<>();
    for (String kind : kinds) {
      for (Path file : files(folder.resolve(kind))) {
        String name = String.valueOf(file.getFileName());
        String relation = name.substring(0, name.lastIndexOf('.'));
        Dataset<String> templates = list(file, prompts.field(), reading, ClozeFiles::template);
        Dataset<String[]> pairs = list(file, "samples", reading, ClozeFiles::pair);
        reports.add(templates.report());
        reports.add(pairs.report());
        for (int t = 0; t < templates.size(); t++) {
          for (int i = 0; i < pairs.size(); i++) {
            String subject = pairs.get(i)[0];
            facts.add(
                new ClozeFact(
                    relation + "/" + t + "/" + i,
                    kind,
                    relation,
                    subject,
                    templates.get(t).replace(SLOT, subject),
                    pairs.get(i)[1]));
          }
        }
      }
    }
    return new ClozeFiles(facts, reports);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DataFormatException(
          folder.toString(),
          0,
          null,
          "a kind of relations must be a folder of JSON files but is none; name another kind");
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      if (found.isEmpty()) {
        throw new DataFormatException(
            folder.toString(), 0, null, "the folder must hold a .json file but holds none");
      }
      return found;
    } catch (IOException e) {
      throw new DataFormatException(
          folder.toString(), 0, null, "cannot list the folder: " + e.getMessage(), e);
    }
  }

  private static <T> Dataset<T> list(
      Path file, String name, ReadOptions reading, Function<Row, T> convert) {
    List<T> values = new ArrayList<>();
    try (RowReader rows = RowReader.openList(file, name, reading)) {
      rows.forEach(convert, values::add);
      if (values.isEmpty()) {
        throw new DataFormatException(
            file.toString(), 0, name, "the list must not be empty; see that the file is whole");
      }
      return new Dataset<>(values, rows.report());
    }
  }

  private static String template(Row row) {
    String template = row.text("text").strip();
    if (template.indexOf(SLOT) != template.lastIndexOf(SLOT) || !template.contains(SLOT)) {
      throw row.fault(
          "text", "a template must have {} once, for the subject, but was '" + template + "'");
    }
    return template;
  }

  private static String[] pair(Row row) {
    return new String[] {row.text("subject").strip(), row.text("object").strip()};
  }
}
