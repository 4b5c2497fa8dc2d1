package org.alignment4j.eval.judged;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/**
 * A model's outputs in AlpacaEval's JSON format: a list of {@code instruction}, {@code output} and
 * {@code generator}, and perhaps {@code dataset}.
 *
 * @param generator the model's name
 * @param items in the order of the file
 * @param reports how the file was read; empty when there was none
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlpacaOutputs(String generator, List<Item> items, List<ReadReport> reports) {

  /**
   * An output.
   *
   * @param instruction what was asked
   * @param output what came back; may be empty
   * @param dataset where the instruction is from; empty when unknown
   */
  public record Item(String instruction, String output, String dataset) {
    /** Checks that nothing is missing. */
    public Item {
      Objects.requireNonNull(instruction, "instruction");
      Objects.requireNonNull(output, "output");
      Objects.requireNonNull(dataset, "dataset");
    }
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no output or an instruction occurs twice
   */
  public AlpacaOutputs {
    Objects.requireNonNull(generator, "generator");
    items = List.copyOf(items);
    reports = List.copyOf(reports);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("items must not be empty");
    }
    if (items.stream().map(Item::instruction).distinct().count() < items.size()) {
      throw new IllegalArgumentException("an instruction must occur once but one does again");
    }
  }

  /**
   * Reads a file.
   *
   * @param path a JSON file
   * @return the outputs
   * @throws DataFormatException when the file is missing, empty or breaks the format, an
   *     instruction occurs twice or there are several generators
   */
  public static AlpacaOutputs read(Path path) {
    Map<String, Long> seen = new HashMap<>();
    String[] generator = {""};
    Dataset<Item> rows =
        Dataset.read(
            path,
            ReadOptions.strict(),
            row -> {
              String instruction = row.text("instruction");
              Long before = seen.putIfAbsent(instruction, row.line());
              if (before != null) {
                throw row.fault(
                    "instruction",
                    "an instruction must occur once but this one did at "
                        + before
                        + " already; remove one of them");
              }
              String own = row.text("generator");
              if (!generator[0].isEmpty() && !generator[0].equals(own)) {
                throw row.fault(
                    "generator",
                    "outputs must be of one model, '"
                        + generator[0]
                        + "', but this one is of '"
                        + own
                        + "'; split the file");
              }
              generator[0] = own;
              return new Item(
                  instruction, row.string("output"), row.optionalString("dataset").orElse(""));
            });
    if (rows.isEmpty()) {
      throw new DataFormatException(
          path.toString(), 0, null, "a file of outputs must have one but is empty");
    }
    return new AlpacaOutputs(generator[0], rows, List.of(rows.report()));
  }

  /**
   * Writes the outputs in this format.
   *
   * @param path the file, which is replaced
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public void write(Path path) {
    List<Object> rows = new ArrayList<>();
    for (Item item : items) {
      Map<String, Object> fields = new LinkedHashMap<>();
      if (!item.dataset().isEmpty()) {
        fields.put("dataset", item.dataset());
      }
      fields.put("instruction", item.instruction());
      fields.put("output", item.output());
      fields.put("generator", generator);
      rows.add(fields);
    }
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < rows.size(); i++) {
      text.append(i == 0 ? "\n" : ",\n").append(PlainJson.write(rows.get(i)));
    }
    AtomicFiles.write(path, text.append("\n]\n").toString());
  }

  /**
   * Returns a model that gives these outputs, at no cost, to these instructions as text or as a
   * user's only message, and refuses any other prompt.
   */
  public LanguageModel asModel() {
    Map<String, String> outputs = new HashMap<>();
    items.forEach(item -> outputs.put(item.instruction(), item.output()));
    return new Recorded(generator, outputs);
  }

  private record Recorded(String id, Map<String, String> outputs) implements LanguageModel {
    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      List<Completion> completions = new ArrayList<>();
      for (Prompt prompt : prompts) {
        String output = outputs.get(PairPrompt.text(prompt));
        if (output == null) {
          throw new IllegalArgumentException(
              "the outputs of '"
                  + id
                  + "' must have the instruction but have none for '"
                  + PairPrompt.text(prompt)
                  + "'");
        }
        completions.add(Completion.of(output, FinishReason.EOS, Usage.NONE));
      }
      return completions;
    }
  }
}
